"""A stage's playbook: what a deal needs to enter, why people leave, and what wins them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.funnel.stages.template_fields import Table, Texts

CHECKABLE_FACTS = (
    "contact", "amount", "next_step", "decider", "supporter", "budget", "procurement",
)  # fmt: skip
LONGEST_WAIT = 365  # days
MOST_UPLIFT = 50


@dataclass(frozen=True)
class Check:
    """A fact that a deal needs to enter a stage; without it the move is warned of or blocked."""

    what: str
    blocks: bool = False


@dataclass(frozen=True)
class WinBack:
    """Why people leave in a stage and what wins them back."""

    why: Texts
    back: Texts
    after: int  # days until it is worth a try
    reasons: tuple[str, ...] = ()  # lost reasons it goes with; none: any that no other goes with


def find_missing(checks: Sequence[Check], known: Collection[str]) -> tuple[Check, ...]:
    """The checks that a deal with these known facts does not pass; those that block first."""
    failed = [check for check in checks if check.what not in known]
    return tuple(sorted(failed, key=lambda check: not check.blocks))


def find_win_back(win_backs: Sequence[WinBack], reason: str) -> WinBack | None:
    """What wins back somebody who left for this reason; the one for any reason where none fits."""
    fitting = [each for each in win_backs if reason and reason in each.reasons]
    general = [each for each in win_backs if not each.reasons]
    return next(iter([*fitting, *general, *win_backs[:1]]), None)


def read_checks(table: Table) -> tuple[Check, ...]:
    """The stage's entry checks: `{ warn = [...], block = [...] }`, both of which may be missing."""
    if not table.has("checks"):
        return ()
    listed = table.inner("checks")
    listed.only("warn", "block")
    found = [Check(what) for what in listed.words("warn")]
    found += [Check(what, blocks=True) for what in listed.words("block")]
    if len({check.what for check in found}) < len(found):
        raise listed.wrong("a check warns or blocks, and stands there once")
    strange = sorted({check.what for check in found} - set(CHECKABLE_FACTS))
    if strange:
        raise listed.wrong(f"nobody can check {strange[0][:40]!r}")
    return tuple(found)


def read_win_backs(table: Table) -> tuple[WinBack, ...]:
    """The stage's win-backs; none where the template has none."""
    if not table.has("leave"):
        return ()
    return tuple(_read_win_back(each) for each in table.tables("leave"))


def read_uplift(table: Table) -> Decimal | None:
    """What winning people back adds to the conversion into the next stage, in percent."""
    return table.percent("uplift", MOST_UPLIFT) if table.has("uplift") else None


def _read_win_back(table: Table) -> WinBack:
    table.only("why", "back", "after", "reasons")
    return WinBack(
        why=table.texts("why"),
        back=table.texts("back"),
        after=table.number("after", 0, LONGEST_WAIT),
        reasons=table.words("reasons"),
    )
