"""Loads what the funnel's figures are made of: whose deals, in which pipeline, at which rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date

from handlers.contract.desk import Desk
from handlers.contract.refusals import Said, require_role
from handlers.contract.reply import Text, lines
from handlers.deals.find_pipeline import find_pipeline, get_funnel_name
from handlers.reading import clean_text, find_closest_word
from kb.funnel.figures.deal_history import DealHistory, DealRow, EventRow, build_histories
from kb.funnel.figures.measures import Durations
from kb.funnel.figures.money import Amounts, Rate, Rates, Total, newest_rates
from kb.funnel.figures.periods import Period
from kb.funnel.odds.odds_model import Model, from_json
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.pipelines import MAIN
from storage.scope import Scope
from storage.tables.people_and_deals import Member, Role

TYPO_FLOOR = 75
MOST_LETTERS = 200  # of a name that is typed; matching a longer one costs its square
OWN = frozenset({"me", "mine", "my", "我", "我的", "自己"})


@dataclass(frozen=True)
class About:
    """Whose figures are meant, and in which pipeline. `member` is None for all one may see."""

    scope: Scope
    member: Member | None
    pipeline: str
    funnel: Funnel

    @property
    def who(self) -> int:
        """The member's id as a button carries it; 0 for all."""
        return self.member.id if self.member is not None else 0


def about(desk: Desk, said: str) -> About:
    """Whose figures a text names: a member's, those of a pipeline, both, or all one may see.

    Raises a refusal for a name that is nobody's, or nobody's below who asks.
    """
    words = clean_text(said, MOST_LETTERS).strip(" ,，、的").split()
    for cut in range(len(words)):
        pipeline = find_pipeline(" ".join(words[cut:]), desk)
        if pipeline is not None:
            return _of(desk, _named(desk, " ".join(words[:cut])), pipeline)
    return _of(desk, _named(desk, " ".join(words)), MAIN)


def about_by_id(desk: Desk, member_id: int, pipeline: str = MAIN) -> About:
    """The same from a button's numbers; whoever may not be seen counts as nobody."""
    below = {member.id: member for member in people(desk)}
    return _of(desk, below.get(member_id), desk.pipelines.key_of(pipeline))


def people(desk: Desk) -> list[Member]:
    """The present members whose deals one may see."""
    ids = desk.scope.member_ids
    every = desk.memory.members.active(desk.team.id)
    return [member for member in every if ids is None or member.id in ids]


def _of(desk: Desk, member: Member | None, pipeline: str) -> About:
    scope = desk.scope
    if member is not None:
        scope = desk.memory.members.scope_of(member)
        if desk.scope.member_ids is not None and scope.member_ids is not None:
            scope = Scope(scope.team_id, scope.member_ids & desk.scope.member_ids)
        elif scope.member_ids is None:
            scope = desk.scope
    return About(scope, member, pipeline, desk.pipelines.of(pipeline))


def _named(desk: Desk, name: str) -> Member | None:
    """The member of this name; None where none is said."""
    if not name:
        return None
    if name.casefold() in OWN:
        return desk.member
    seen = people(desk)
    known = [(member.name.casefold(), str(member.id)) for member in seen]
    exact = dict(known).get(name.casefold())
    found = exact or find_closest_word(name.casefold(), tuple(known), TYPO_FLOOR)
    if found is None:
        require_role(desk, Role.MANAGER)
        raise Said("reports.figures.nobody", name=name[:40])
    return next(member for member in seen if str(member.id) == found)


def loaded(desk: Desk, of: About, since: datetime | None = None) -> list[DealHistory]:
    """The courses of these deals; without those that have been quiet since before `since`."""
    pipeline = of.pipeline if desk.pipelines.several else ""
    return _load_histories(desk, of, since, pipeline)


def of_every_pipeline(desk: Desk, of: About, since: datetime | None = None) -> list[DealHistory]:
    """The same in all pipelines, for what is only added up."""
    return _load_histories(desk, of, since, "")


def _load_histories(
    desk: Desk, of: About, since: datetime | None, pipeline: str
) -> list[DealHistory]:
    histories = desk.memory.histories
    deals = map(DealRow._make, histories.deals(of.scope, since, pipeline))
    facts = map(EventRow._make, histories.facts(of.scope, since, pipeline))
    return build_histories(deals, facts, of.funnel)


def today_of(desk: Desk) -> date:
    """The member's local day."""
    return desk.calendar.local(desk.now).date()


def rates_of(desk: Desk, by: date | None = None) -> Rates:
    """The newest rates that the team has given by a day; by today where none is said."""
    own = desk.team.currency
    kept = (Rate(*row) for row in desk.memory.rates.of_team(desk.team.id, own))
    return newest_rates(kept, own, by or today_of(desk))


def targets_of(desk: Desk, day: date) -> dict[str, int]:
    """The share in percent that is to go on from a stage: one's own word, else one's manager's."""
    found: dict[str, int] = {}
    above: Member | None = desk.member
    seen: set[int] = set()
    while above is not None and above.id not in seen:
        seen.add(above.id)
        for goal in desk.memory.goals.around(desk.team.id, above.id, day):
            if goal.stage and goal.percent is not None:
                found.setdefault(goal.stage, goal.percent)
        above = desk.memory.members.get(desk.team.id, above.manager_id or 0)
    return found


def model_of(desk: Desk, pipeline: str) -> Model:
    """What the team has learned of its odds; nothing before it has."""
    kept = desk.memory.learned_odds.get(desk.team.id, pipeline)
    return from_json(kept.model if kept is not None else {})


def money(desk: Desk, amount: Decimal, currency: str = "") -> str:
    """An amount in whole units."""
    return desk.words.money(amount.quantize(Decimal(1)), currency or desk.team.currency)


def rough(desk: Desk, amount: Decimal) -> str:
    """An estimate in the team's currency: three digits that count, and no more pretended."""
    step = Decimal(10) ** max(0, amount.adjusted() - 2) if amount else Decimal(1)
    return money(desk, (amount / step).quantize(Decimal(1)) * step)


def listed(desk: Desk, amounts: Amounts) -> str:
    """Amounts one beside the other: currencies are never added up silently."""
    written = (money(desk, amount, code) for code, amount in sorted(amounts.items()))
    return " + ".join(written)


def rate_notes(desk: Desk, totals: Sequence[Total]) -> Text:
    """At which rates sums were made, and what is in none of them for want of one."""
    days = [total.at_rates_of for total in totals if total.at_rates_of is not None]
    codes = sorted({code for total in totals for code in total.converted})
    apart: dict[str, None] = dict.fromkeys(code for total in totals for code in total.apart)
    used = (
        desk.words.say(
            "reports.figures.at_rates", codes=", ".join(codes), day=day_of(desk, min(days))
        )
        if days
        else ()
    )
    missing = (
        desk.words.say("reports.figures.no_rate", codes=", ".join(sorted(apart)), code=min(apart))
        if apart
        else ()
    )
    return lines(used, missing)


def with_apart(desk: Desk, total: Total) -> str:
    """A sum, and beside it what has no rate."""
    apart = listed(desk, total.apart)
    if apart and not total.amount:
        return apart
    return f"{money(desk, total.amount)} + {apart}" if apart else money(desk, total.amount)


def day_of(desk: Desk, day: date) -> str:
    """A day without its weekday: 3 Nov, 11月3日."""
    year = "" if day.year == today_of(desk).year else " y"
    if desk.words.language == "zh":
        return format_date(day, ("y年" if year else "") + "M月d日", locale="zh_Hans_CN")
    return format_date(day, f"d MMM{year}", locale="en")


def period_name(desk: Desk, period: Period) -> str:
    """A period as one says it: this week, October 2026, Q4 2026."""
    key, first = f"reports.figures.{period.kind}", period.first
    return desk.words.line(
        key,
        day=day_of(desk, first),
        month=_month_name(desk, first),
        quarter=(first.month + 2) // 3,
        year=first.year,
    )


def _month_name(desk: Desk, first: date) -> str:
    pattern, locale = ("M月", "zh_Hans_CN") if desk.words.language == "zh" else ("MMMM", "en")
    return format_date(first, pattern, locale=locale)


def whose(desk: Desk, of: About) -> str:
    """Whose figures they are, and in which pipeline where there are several."""
    name = of.member.name if of.member is not None else ""
    if not name:
        key = "reports.figures.everybody" if desk.may(Role.MANAGER) else "reports.figures.yours"
        name = desk.words.line(key)
    several = desk.pipelines.several
    return f"{name} · {get_funnel_name(of.funnel, desk)}" if several else name


def in_days(desk: Desk, days: Durations, which: str = "median") -> str:
    """How long something took, in days, or in hours where it is less than one."""
    took = days.median if which == "median" else days.p80
    if took is None:
        return "–"
    if took < 1:
        hours = max(1, round(took * 24))
        return desk.words.line("reports.figures.hours", n=hours)
    return desk.words.line("reports.figures.days", n=round(took))
