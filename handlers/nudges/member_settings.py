"""The member's own settings that a word or a tap changes, and what undo gives back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.act_log import ActKind, log_act, undoes
from handlers.contract.desk import Desk, calendar_of, next_digest
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Reply
from handlers.deals.attention import reschedule_all
from storage.deals.event_values import pack, unpack
from storage.scope import Scope
from storage.tables.people_and_deals import Audit


def change_setting(desk: Desk, what: str, **columns: Any) -> None:
    """Changes columns of the acting member and logs it; `what` is a key `undo.what_<what>`."""
    before = pack({name: getattr(desk.member, name) for name in columns})
    for name, value in columns.items():
        setattr(desk.member, name, value)
    named = {"what": desk.words.line(f"undo.what_{what}")}
    log_act(desk, ActKind.OWN_SETTING, named, before=before, after=pack(columns))


@undoes(ActKind.OWN_SETTING)
def undo_setting(desk: Desk, act: Audit) -> Reply:
    """Gives the member what they had before; refused where it was changed since."""
    give_back(desk, act.data["before"], act.data["after"])
    return Reply(desk.words.say("undo.own_setting_done", what=act.data["names"]["what"]))


def give_back(desk: Desk, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Gives the member's columns their packed values of before, where they are still as `after`."""
    if pack({name: getattr(desk.member, name) for name in after}) != after:
        raise TextRefusal("undo.changed_since", name=desk.member.name)
    for name, value in unpack(before).items():
        setattr(desk.member, name, value)
    reschedule_member(desk)


def reschedule_member(desk: Desk) -> None:
    """Computes anew when the member's digest and the nudges of their deals are due."""
    member = desk.member
    member.digest_due_at = next_digest(member, desk.now)
    deals = desk.memory.deals.within(Scope(desk.team.id, frozenset({member.id})))
    reschedule_all(desk.memory, deals, desk.funnel, {member.id: calendar_of(member)}, desk.now)
