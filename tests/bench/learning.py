"""Replay a month of made-up use: python -m tests.bench.learning --cards FILE... --queries FILE...

Each card's wordings are split in two. The reps of a few made-up teams type the earlier ones in that
month, some of them often and many mistyped. They use the right card if they are shown it, a wrong
one now and then, and if it is not there they may say so and try other words. Then a second month is
typed, anew mistyped: wordings of the first and the others, which nobody has typed. Prints JSON: how
often the right card comes first in it without what was learned and with it, and what got worse.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kb.objections import learning as rule
from kb.objections.card import Card, LearnedWording
from kb.objections.search import SURE, CardIndex
from tests.bench.lookup_data import Query, read_cards, read_queries

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, TEAMS, SHOWN = 30, 5, 3
WRONG = 0.07  # of all uses are of a wrong card
LANDED, MISSED = 0.4, 0.2  # of all uses; of the others nothing is said
MISTYPED = 0.4
GIVEN_UP = 0.5  # of the look-ups that show nothing right; the others are tried in other words
OFTEN = 4  # times a wording is typed at most


@dataclass
class Month:
    """A team's month: its cards, and what it has learned (card, letters) -> (text, weight, at)."""

    cards: dict[int | str, Card]
    chance: random.Random
    wrong: float = WRONG
    known: dict[tuple[int | str, str], tuple[str, float, datetime]] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index = CardIndex(self.cards.values())

    def lived(self, queries: Sequence[Query]) -> CardIndex:
        """The index after a month in which these queries were typed."""
        for one in queries:
            self.others.setdefault(min(one.relevant), []).append(one.text)
        typed = [one for one in queries for _ in range(self.chance.randint(1, OFTEN))]
        days = sorted((self.chance.randrange(DAYS), n) for n in range(len(typed)))
        for day, number in days:
            self._use(typed[number], BEGIN + timedelta(days=day))
        return self._faded(set(self.cards), BEGIN + timedelta(days=DAYS))

    def _use(self, query: Query, now: datetime) -> None:
        text = self.typed(query.text)
        card = self._picked(query, text)
        if card is not None:
            self._learn(card, text, now)
        elif self.chance.random() >= GIVEN_UP:
            again = self.chance.choice(self.others[min(query.relevant)])
            card = self._picked(query, again)
            if card is not None:
                self._learn(card, again, now)
                self._learn(card, text, now, retyped=True)

    def _picked(self, query: Query, text: str) -> int | str | None:
        """The card that the rep uses of those shown: the right one, now and then a wrong one."""
        shown = [hit.card_id for hit in self.index.search(text, query.language, SHOWN)]
        wrong = self.chance.random() < self.wrong
        fitting = [card for card in shown if (card in query.relevant) != wrong]
        return fitting[0] if fitting else None

    def _learn(self, card: int | str, text: str, now: datetime, retyped: bool = False) -> None:
        wording = rule.extract_wording(text)
        if not wording or self.index.find_by_wording(wording):
            return
        place, luck = (card, rule.make_key(wording)), self.chance.random()
        known, weight, at = self.known.get(place, (wording, 0.0, now))
        weight = rule.decay_weight(weight, at, now)
        if luck < MISSED:
            weight = rule.weaken(weight)
        else:
            weight = rule.strengthen(weight, landed=luck < MISSED + LANDED, retyped=retyped)
        self.known[place] = known, weight, now
        self._faded({card}, now)

    def _faded(self, cards: Iterable[int | str], now: datetime) -> CardIndex:
        """The index with what these cards' learned wordings count by now."""
        taught = {card: self._taught(card, now) for card in cards}
        self.index = self.index.with_changes(
            [replace(self.cards[card], learned=learned) for card, learned in taught.items()]
        )
        return self.index

    def _taught(self, card: int | str, now: datetime) -> tuple[LearnedWording, ...]:
        weighed = [
            LearnedWording(text, rule.decay_weight(weight, at, now))
            for (owner, _), (text, weight, at) in self.known.items()
            if owner == card
        ]
        best = sorted((one for one in weighed if one.weight > 0), key=lambda one: -one.weight)
        return tuple(best[: rule.MAX_WORDINGS])

    def typed(self, text: str) -> str:
        if len(text) < 4 or self.chance.random() >= MISTYPED:
            return text
        place = self.chance.randrange(1, len(text))
        return text[: place - 1] + text[place:]


@dataclass
class Tally:
    """How the same queries fared before and after, all teams together."""

    count: int = 0
    before: int = 0
    after: int = 0
    better: int = 0
    worse: int = 0

    def add(self, before: bool, after: bool) -> None:
        """Take one query's two outcomes."""
        self.count += 1
        self.before += before
        self.after += after
        self.better += after and not before
        self.worse += before and not after

    def report(self) -> dict[str, float]:
        """The counts, and the shares before and after."""
        whole = max(1, self.count)
        shares = {"before": round(self.before / whole, 4), "after": round(self.after / whole, 4)}
        return {"queries": self.count, **shares, "better": self.better, "worse": self.worse}


def split(queries: Sequence[Query], chance: random.Random) -> tuple[list[Query], list[Query]]:
    """Half of each card's queries to be typed in the month, and the others for afterwards."""
    of_card: dict[str, list[Query]] = {}
    for one in queries:
        if one.relevant:
            of_card.setdefault(min(one.relevant), []).append(one)
    earlier, later = [], []
    for card in sorted(of_card):
        own = chance.sample(of_card[card], len(of_card[card]))
        earlier += own[: len(own) // 2]
        later += own[len(own) // 2 :]
    return earlier, later


def first_is_right(index: CardIndex, query: Query) -> bool:
    """Whether the right card comes first."""
    hits = index.find_nearest(query.text, query.language, 1)
    return bool(hits) and str(hits[0].card_id) in query.relevant


def is_sure(index: CardIndex, query: Query) -> bool:
    """Whether some card is shown alone."""
    hits = index.search(query.text, query.language, 1)
    return bool(hits) and hits[0].score >= SURE


@dataclass
class Figures:
    """What all teams together come to."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    cards: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, part: str, query: Query, before: bool, after: bool) -> None:
        """Take one query of the second month."""
        for tally in (self.tallies[part], self.tallies["all"], self.kinds[query.kind]):
            tally.add(before, after)
        self.cards[min(query.relevant)].add(before, after)

    def report(self) -> dict[str, object]:
        """All of it, ready to print."""
        ends = Counter(
            (one.after > one.before) - (one.after < one.before) for one in self.cards.values()
        )
        return {
            **{part: tally.report() for part, tally in self.tallies.items()},
            "cards": {"better": ends[1], "same": ends[0], "worse": ends[-1]},
            "kinds": {kind: self.kinds[kind].report() for kind in sorted(self.kinds)},
        }


def bench(
    cards: Sequence[Card], queries: Sequence[Query], teams: int = TEAMS, wrong: float = WRONG
) -> dict[str, object]:
    """Everything that is printed."""
    fresh, found = CardIndex(cards), Figures()
    off_topic = [one for one in queries if not one.relevant]
    for team in range(teams):
        chance = random.Random(team)
        typed, unseen = split(queries, chance)
        month = Month({card.id: card for card in cards}, chance, wrong)
        index = month.lived(typed)
        for part, asked in (("typed_before", typed), ("never_typed", unseen)):
            for one in asked:
                again = replace(one, text=month.typed(one.text))
                found.add(part, one, first_is_right(fresh, again), first_is_right(index, again))
        for one in off_topic:
            found.tallies["off_topic_sure"].add(is_sure(fresh, one), is_sure(index, one))
    return found.report()


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", nargs="+", type=Path, required=True)
    parser.add_argument("--queries", nargs="+", type=Path, required=True)
    parser.add_argument("--teams", type=int, default=TEAMS)
    parser.add_argument("--wrong", type=float, default=WRONG, help="share of wrong cards used")
    given = parser.parse_args()
    cards, queries = read_cards(given.cards), read_queries(given.queries)
    json.dump(bench(cards, queries, given.teams, given.wrong), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
