"""A stage's playbook: what entering it needs, why people leave there, and what wins them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.funnel.stages.template_fields import Table, Texts

WHAT = ("contact", "amount", "next_step", "decider", "supporter", "budget", "procurement")
LONGEST_WAIT = 365  # days
MOST_UPLIFT = 50


@dataclass(frozen=True)
class Check:
    """Something a deal has when it enters a stage; without it the move is warned of or `blocks`."""

    what: str
    blocks: bool = False


@dataclass(frozen=True)
class Leaving:
    """Why people leave in a stage and what wins them back, worth a try `after` so many days.

    `reasons` are the lost reasons it goes with; none means any that has no leaving of its own.
    """

    why: Texts
    back: Texts
    after: int
    reasons: tuple[str, ...] = ()


def missing(checks: Sequence[Check], there: Collection[str]) -> tuple[Check, ...]:
    """The checks that a deal does not pass which has what is `there`; those that block first."""
    open_ = [check for check in checks if check.what not in there]
    return tuple(sorted(open_, key=lambda check: not check.blocks))


def way_back(leaving: Sequence[Leaving], reason: str) -> Leaving | None:
    """What wins back somebody who left for this reason; the one for any reason where none fits."""
    fitting = [each for each in leaving if reason and reason in each.reasons]
    general = [each for each in leaving if not each.reasons]
    return next(iter([*fitting, *general, *leaving[:1]]), None)


def checks_of(table: Table) -> tuple[Check, ...]:
    """The stage's entry checks: `{ warn = [...], block = [...] }`, both of which may be missing."""
    if not table.has("checks"):
        return ()
    listed = table.inner("checks")
    listed.only("warn", "block")
    found = [Check(what) for what in listed.words("warn")]
    found += [Check(what, blocks=True) for what in listed.words("block")]
    if len({check.what for check in found}) < len(found):
        raise listed.wrong("a check warns or blocks, and stands there once")
    strange = sorted({check.what for check in found} - set(WHAT))
    if strange:
        raise listed.wrong(f"nobody can check {strange[0][:40]!r}")
    return tuple(found)


def leaving_of(table: Table) -> tuple[Leaving, ...]:
    """Why people leave the stage, which may be missing."""
    if not table.has("leave"):
        return ()
    return tuple(_leaving(each) for each in table.tables("leave"))


def uplift_of(table: Table) -> Decimal | None:
    """What winning people back adds to the conversion into the next stage, in percent."""
    return table.percent("uplift", MOST_UPLIFT) if table.has("uplift") else None


def _leaving(table: Table) -> Leaving:
    table.only("why", "back", "after", "reasons")
    return Leaving(
        why=table.texts("why"),
        back=table.texts("back"),
        after=table.number("after", 0, LONGEST_WAIT),
        reasons=table.words("reasons"),
    )
