"""What left and whether it should have, counted by hand beside the app: the promises as a tally."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

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
    "every booked step rings once, at its minute",
)
MINUTE = timedelta(minutes=1)


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
            self._nudge(me, reply, deal, now)
        else:
            self._rings_together(reply, now)

    def _digest(self, me: Person, theirs: list[Plain], text: str, now: datetime) -> None:
        owed = [deal for deal in theirs if deal.belongs_in_the_digest(me, now)]
        overdue = sum(deal.is_overdue(now) for deal in owed)
        stalled = sum(deal.is_stalled(me, now) for deal in owed)
        own = by_hand.reminders_until(self.rows, me, me.local(now).date())
        rest = len(owed) + own - overdue - stalled
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

    def _nudge(self, me: Person, reply: Reply, deal: Plain | None, now: datetime) -> None:
        # A step rings although an act on its deal has answered the nudge before it left.
        named = [*nudges_of(reply), 0][0]
        [(number, kind, n, key, made_at)] = self.rows(
            "select id, kind, n, key, made_at from nudge where id = ? or (? = 0 and deal_id = ?"
            " and not folded and answered_at is null and member_id = ?) order by id desc limit 1",
            named,
            named,
            reply.about,
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
        rang_for = ring_time(key)
        at_its_time = rang_for is not None and now - rang_for <= STILL_ON_TIME
        self.check("no deal with a booked step", bool(rang_for) or not deal.is_booked(now), where)
        alive = deal.status == ("parked" if kind == "unpark" else "live")
        self.check("live deals of their own", alive, where)
        self.check("all in working hours", me.works_at(now) or at_its_time, where)
        booked = rang_for is not None  # that the owner asked for: it rings, full day or not
        self.check("the day's budget", booked or self.per_day[day] <= self.budgets[day], where)
        due_now = rang_for <= now if rang_for is not None else is_time(deal, kind, me, now)
        self.check("nothing early", due_now, where)
        due = rang_for or due_at(deal, kind, n, me, by_hand.read(made_at))
        late = now - due if due is not None and due >= BEGIN else None
        self.nudges.append(Nudge(now, me.local(now), number, deal.id, me.id, kind, late))
        self.told[deal.id] = now

    def _rings_together(self, reply: Reply, now: datetime) -> None:
        """Several steps of one minute in one message: each nudge arrives once, and tells of it."""
        for number in nudges_of(reply):
            self.numbers[number] += 1
            self.check("one nudge once", self.numbers[number] == 1, f"nudge {number} at {now}")
            [(deal_id,)] = self.rows("select deal_id from nudge where id = ?", number)
            if deal_id is not None:
                self.told[deal_id] = now

    def steps(self, begin: datetime, end: datetime, asleep: Callable[[datetime], bool]) -> None:
        """Looks at every step that is still open and whose time came since `begin`."""
        for number, deal_id, written in self.rows(
            "select id, deal_id, at from step where state = 'open' and at >= ? and at < ?",
            f"{begin:%Y-%m-%d %H:%M:%S}",
            f"{end - MINUTE:%Y-%m-%d %H:%M:%S}",
        ):
            at = by_hand.read(written)
            rings = [
                by_hand.read(made_at)
                for (made_at,) in self.rows(
                    "select made_at from nudge where step_id = ? and key = ? and not folded",
                    number,
                    f"ring:{number}:{int(at.timestamp())}",
                )
            ]
            on_time = len(rings) == 1 and at <= rings[0] <= at + MINUTE
            excused = len(rings) == 1 and at <= rings[0] and self._came_back(deal_id, at, rings[0])
            kept = on_time or excused or asleep(at)
            rule = "every booked step rings once, at its minute"
            self.check(rule, kept, f"step {number} at {at}: {rings}")

    def _came_back(self, deal_id: int | None, at: datetime, rang: datetime) -> bool:
        """Whether an act after its time brought the step back: an undo, or a deal live again."""
        query = (
            "select count(*) from event where deal_id = ? and kind in ('undone', 'reopened')"
            " and at > ? and at <= ?"
        )
        span = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (at, rang + MINUTE))
        [(count,)] = self.rows(query, deal_id or 0, *span)
        return bool(count)

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


def ring_time(key: str) -> datetime | None:
    """The instant that a step was booked for, where it rings; None for any other nudge."""
    kind, *_, at = key.split(":")
    return datetime.fromtimestamp(int(at), UTC) if kind == "ring" else None


def nudges_of(reply: Reply) -> list[int]:
    """The ids of the nudges that a message's buttons answer, each once."""
    actions = (button.action for row in reply.buttons for button in row)
    numbers = (action.split(":")[1] for action in actions if action.startswith("nudge:"))
    return [*dict.fromkeys(map(int, numbers))]


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
    if kind == "stall" and n == 1:
        return deal.patient_until(me)
    return made_at if n > 1 else None
