"""What left and whether it should have, counted by hand beside the app: the promises as a tally."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from handlers.contract.reply import Reply
from tests import by_hand
from tests.by_hand import Person, Plain, Rows
from tests.office import said
from tests.simulation.floor import BEGIN

STILL_ON_TIME = timedelta(hours=1)
EXAMPLES = 5
PROMISES = (
    "no deal with a booked step",
    "nothing early",
    "all in working hours",
    "the day's budget",
    "one nudge once",
    "nobody who is away",
    "live deals of their own",
    "digests name all that waits",
    "nothing lost on the way",
    "nobody forgotten",
)


@dataclass(frozen=True)
class Nudge:
    """One nudge that arrived."""

    at: datetime
    local: datetime
    number: int
    deal_id: int
    member_id: int
    kind: str
    late: timedelta | None  # since it came due; None where that can't be told by hand


@dataclass
class Ledger:
    """What arrived at whom. `broken` are the promises that were, `checked` how often each held."""

    rows: Rows
    nudges: list[Nudge] = field(default_factory=list)
    digests: Counter[date] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    per_day: Counter[tuple[int, date]] = field(default_factory=Counter)
    budgets: dict[tuple[int, date], int] = field(default_factory=dict)
    numbers: Counter[int] = field(default_factory=Counter)
    told: dict[int, datetime] = field(default_factory=dict)
    waiting: dict[date, tuple[int, int, int]] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def arrived(self, member_id: int, reply: Reply, now: datetime) -> None:
        """Takes down a message in the moment in which it arrives."""
        me, text = by_hand.person(self.rows, member_id), said(reply)
        theirs = by_hand.deals(self.rows, member_id)
        if text.startswith(("Good morning", "I was away for a while")):
            self._digest(me, theirs, text, now)
        elif reply.about and is_nudge(reply):
            deal = next((deal for deal in theirs if deal.id == reply.about), None)
            self._nudge(me, reply.about, deal, now)

    def _digest(self, me: Person, theirs: list[Plain], text: str, now: datetime) -> None:
        owed = [deal for deal in theirs if deal.belongs_in_the_digest(me, now)]
        overdue = sum(deal.is_overdue(now) for deal in owed)
        stalled = sum(deal.is_stalled(me, now) for deal in owed)
        rest = len(owed) - overdue - stalled
        parts = ((overdue, "overdue"), (rest, "to do"), (stalled, "stalled"))
        counts = ", ".join(f"{n} {what}" for n, what in parts if n)
        self.check(
            "digests name all that waits",
            counts in text or not owed,
            f"{text[:80]!r} at {now} for {me.id}: {counts}",
        )
        self.digests[me.local(now).date()] += 1
        for deal in owed:
            self.told[deal.id] = now

    def _nudge(self, me: Person, deal_id: int, deal: Plain | None, now: datetime) -> None:
        [(number, kind, n, key, made_at)] = self.rows(
            "select id, kind, n, key, made_at from nudge where deal_id = ? and not folded"
            " and answered_at is null and member_id = ? order by id desc limit 1",
            deal_id,
            me.id,
        )
        where = f"{key} to {me.id} at {now}"
        self.numbers[number] += 1
        self.check("one nudge once", self.numbers[number] == 1, where)
        self.check("nobody who is away", not me.days_off(me.local(now).date()), where)
        if deal is None:
            self.check("live deals of their own", False, f"{where}: not theirs")
            return
        day = me.id, me.local(now).date()
        self.per_day[day] += 1
        self.budgets[day] = max(me.budget, self.budgets.get(day, 0))
        at_its_time = (
            deal.step_at is not None and kind == "step" and now - deal.step_at <= STILL_ON_TIME
        )
        self.check("no deal with a booked step", not deal.is_booked(now), where)
        alive = deal.status == ("parked" if kind == "unpark" else "live")
        self.check("live deals of their own", alive, where)
        self.check("all in working hours", me.works_at(now) or at_its_time, where)
        booked = kind == "step" and n == 1  # that the owner asked for: it rings, full day or not
        self.check("the day's budget", booked or self.per_day[day] <= self.budgets[day], where)
        self.check("nothing early", is_time(deal, kind, me, now), where)
        due = due_at(deal, kind, n, me, by_hand.read(made_at))
        late = now - due if due is not None and due >= BEGIN else None
        self.nudges.append(Nudge(now, me.local(now), number, deal.id, me.id, kind, late))
        self.told[deal.id] = now

    def closed(self) -> None:
        """Counts at the end what became of every nudge: answered, left, or in the digest."""
        query = "select kind, folded, answered_at is not null, count(*) from nudge group by 1, 2, 3"
        for kind, folded, answered, n in self.rows(query):
            part = "digest" if folded else "answered" if answered else "left"
            self.outcomes[kind, part] += n

    def day(self, day: date, live: list[Plain], me: Person, now: datetime) -> None:
        """Adds a member's live deals to the day's: all, those without a step, those stalled."""
        bare = sum(deal.step_at is None or deal.step_at <= now for deal in live)
        stalled = sum(deal.is_stalled(me, now) for deal in live)
        before = self.waiting.get(day, (0, 0, 0))
        self.waiting[day] = (before[0] + len(live), before[1] + bare, before[2] + stalled)

    def check(self, promise: str, kept: bool, example: str) -> None:
        """Takes down that a promise was kept, or that it was not."""
        self.checked[promise] += 1
        if not kept:
            self.broken[promise] += 1
            self.examples[promise][EXAMPLES:] = []
            self.examples[promise].append(example)


def is_nudge(reply: Reply) -> bool:
    """Whether a message about a deal is a nudge: it can be answered as one."""
    actions = {button.action.partition(":")[0] for row in reply.buttons for button in row}
    return "nudge" in actions or {"reopen", "park"} <= actions


def is_due(deal: Plain, me: Person, now: datetime) -> bool:
    """Whether a live deal's step is due by the end of the day."""
    midnight = datetime.combine(me.local(now).date() + by_hand.DAY, datetime.min.time())
    return deal.step_at is not None and deal.step_at < me.instant(midnight)


def is_time(deal: Plain, kind: str, me: Person, now: datetime) -> bool:
    """Whether what the nudge is about has come: the step, the end of the patience, the day."""
    if kind == "step":
        return deal.step_at is not None and deal.step_at <= now
    if kind == "unpark":
        return deal.parked_until is not None and deal.parked_until <= me.local(now).date()
    if kind == "escalate":
        return deal.is_overdue(now) or deal.is_stalled(me, now)
    return deal.is_stalled(me, now)


def due_at(deal: Plain, kind: str, n: int, me: Person, made_at: datetime) -> datetime | None:
    """When it came due: a first nudge by hand, one that is repeated when it was written down."""
    if kind == "step" and deal.step_at is not None and made_at - deal.step_at < by_hand.DAY:
        return deal.step_at
    if kind == "stall" and n == 1:
        return deal.patient_until(me)
    return made_at if n > 1 else None
