"""The act log: what a member did to more than one deal, or to none, so that `undo` knows of it.

Each kind of act either has an undoer, registered with `@undoes(kind)`, or the texts say why it
can't be taken back: `undo.act_<kind>` names the act, `undo.why_<kind>` gives the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply
from storage.tables.people_and_deals import Audit

UNDONE = "undone"  # the kind of the fact that an act was taken back


class ActKind(StrEnum):
    """What a member did; a database keeps it as these words."""

    HANDED_OVER = "handed over"  # deals, to another member
    REMOVED = "removed"  # a member from the team, their deals handed over
    ROLE_CHANGED = "role changed"
    POOL_DAYS = "pool days"  # of the team's lead pool
    SETTINGS = "settings"  # the member's own: zone, hours, days, digest
    REMINDER = "reminder"  # of their own: booked, moved, done or dropped
    TEAM_SETTINGS = "team settings"  # its name and currency
    OWN_SETTING = "own setting"  # the member's own: language, days off, nudges a day, pictures
    FUNNEL = "funnel"  # the team's funnels: stages, templates, pipelines
    CHANGE = "change"  # of something else that undo cannot give back, and says so
    BULK = "bulk"  # many deals parked, or their steps moved


Undoer = Callable[[Desk, Audit], Reply]
UNDOERS: dict[ActKind, Undoer] = {}


def undoes(kind: ActKind) -> Callable[[Undoer], Undoer]:
    """Registers what takes acts of a kind back; it raises a refusal where that can't be done."""

    def register(undoer: Undoer) -> Undoer:
        if kind in UNDOERS:
            raise ValueError(f"{kind} has an undoer already")
        UNDOERS[kind] = undoer
        return undoer

    return register


def log_act(
    desk: Desk, kind: ActKind, names: Mapping[str, str] | None = None, **data: object
) -> Audit:
    """Logs an act of the member; `names` fill the text that names it, `data` is JSON values.

    It notes the member's newest event, so that the order of acts and events is sure.
    """
    newest = desk.memory.events.list_last_by(desk.team.id, desk.member.id, 1)
    return desk.memory.members.add_audit(
        desk.team.id,
        desk.member.id,
        kind,
        desk.now,
        **data,
        names=dict(names or {}),
        event=newest[0].id if newest else 0,
    )


def log_change(desk: Desk, what: str) -> None:
    """Logs a change that undo cannot take back, so that it takes back no older act instead.

    `what` is a key `undo.what_<what>`.
    """
    log_act(desk, ActKind.CHANGE, {"what": desk.words.line(f"undo.what_{what}")})


def mark_undone(desk: Desk, act: Audit) -> None:
    """Logs that an act was taken back, so that undo goes on to the one before it."""
    desk.memory.members.add_audit(desk.team.id, desk.member.id, UNDONE, desk.now, act=act.id)


def offer_act_undo(desk: Desk, act: Audit) -> Button:
    """The tap that takes an act back while its window is open."""
    return Button(desk.words.line("contract.common.undo"), f"undo-act:{act.id}")


def list_acts(desk: Desk, limit: int) -> list[Audit]:
    """The member's newest logged acts that were not taken back, newest first."""
    facts = desk.memory.members.list_last_audits_by(desk.team.id, desk.member.id, limit)
    undone = {fact.data.get("act") for fact in facts if fact.kind == UNDONE}
    return [
        fact
        for fact in facts
        if "event" in fact.data and fact.kind != UNDONE and fact.id not in undone
    ]
