"""Saves a change of the team's funnels, restages its deals, and undoes it within ten minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlers.contract.act_log import ActKind, list_acts, log_act, mark_undone, undoes
from handlers.contract.desk import Desk, calendar_of
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Reply
from handlers.deals.attention import schedule_attention
from handlers.deals.record import UNDO_WINDOW
from kb.funnel.stages.funnel_changes import CannotChange
from kb.funnel.stages.pipelines import MAIN, FunnelData, Pipelines, dump_data, load_data
from kb.funnel.stages.stage_mapping import suggest_mapping
from kb.states import EventKind
from storage.scope import Scope
from storage.tables.people_and_deals import Audit, Deal
from storage.tables.playbook import FunnelChange

ACTS_READ = 40
Places = Mapping[str, tuple[str, str]]  # by stage key: the pipeline and the stage its deals go to


def load_funnel_data(desk: Desk) -> dict[str, FunnelData]:
    """The team's funnels as data that may be changed."""
    return load_data(desk.team.pipelines, desk.team.funnel)


def try_change(change: Callable[[], Any]) -> Any:
    """The result of a change; the refusal in words where the funnel rules do not allow it."""
    try:
        return change()
    except CannotChange as refusal:
        facts: dict[str, Any] = refusal.facts
        raise TextRefusal(
            f"funnel_setup.edit_stages.cannot_{refusal.why.value}", **facts
        ) from refusal


def save_change(
    desk: Desk, data: Mapping[str, FunnelData], kind: str, places: Places | None = None
) -> Button:
    """Saves the funnels, restages open deals as `places` says, and returns the undo button."""
    change = _save(desk, dump_data(data), kind)
    if places:
        desk.memory.funnel_changes.restage(
            desk.team.id,
            places,
            by=desk.member.id,
            at=desk.now,
            platform=desk.account.platform,
        )
    update_attention(desk)
    log_act(desk, ActKind.FUNNEL, change=change.id)
    return Button(desk.words.line("contract.common.undo"), f"funnel-undo:{change.id}")


def undo_change(desk: Desk, change_id: int) -> None:
    """Undoes a change within its time, if it is the newest one; else raises a refusal."""
    change = desk.memory.funnel_changes.get(desk.team.id, change_id)
    if change is None:
        raise NotFound
    newest = desk.memory.funnel_changes.list_newest(desk.team.id, 1)
    if newest[0].id != change.id or change.undoes_id or change.after != desk.team.pipelines:
        raise TextRefusal("funnel_setup.edit_stages.changed_since")
    if desk.now - change.at > UNDO_WINDOW:
        raise TextRefusal("funnel_setup.edit_stages.too_late")
    undone = desk.pipelines
    _save(desk, change.before, "undone", change.id)
    _restore_deals(desk, change)
    _restage_stranded_deals(desk, undone)
    update_attention(desk)


def undo_by_button(desk: Desk, change_id: int) -> None:
    """Undoes a change by the button under it, so that plain undo need not offer it once more."""
    undo_change(desk, change_id)
    for act in list_acts(desk, ACTS_READ):
        if act.kind == ActKind.FUNNEL and act.data["change"] == change_id:
            mark_undone(desk, act)


@undoes(ActKind.FUNNEL)
def undo_last_change(desk: Desk, act: Audit) -> Reply:
    """Takes back a change of the funnels, as its own button does."""
    undo_change(desk, int(act.data["change"]))
    return Reply(desk.words.say("undo.funnel_done"))


def count_open_deals(desk: Desk, stage: str = "", pipeline: str = "") -> int:
    """How many of the team's open deals stand in a stage or a pipeline."""
    scope = Scope(desk.team.id)
    return len(desk.memory.deals.within(scope, stage=stage, pipeline=pipeline))


def update_attention(desk: Desk) -> None:
    """Recomputes when each of the team's open deals deserves a nudge."""
    active = desk.memory.members.list_active(desk.team.id)
    calendars = {member.id: calendar_of(member) for member in active}
    for deal in desk.memory.deals.within(Scope(desk.team.id)):
        if deal.owner_id in calendars:
            schedule_attention(deal, desk.funnel_for(deal), calendars[deal.owner_id], desk.now)


def _save(desk: Desk, text: str, kind: str, undoes: int | None = None) -> FunnelChange:
    before, desk.team.pipelines = desk.team.pipelines, text
    desk.__dict__.pop("pipelines", None)  # the desk has cached the funnels as they were
    return desk.memory.funnel_changes.add(
        FunnelChange(
            team_id=desk.team.id,
            member_id=desk.member.id,
            kind=kind,
            at=desk.now,
            before=before,
            after=text,
            undoes_id=undoes,
        )
    )


def _restore_deals(desk: Desk, change: FunnelChange) -> None:
    """Puts back the deals that the change restaged and nobody has moved since."""
    for event in desk.memory.events.list_of_kind_at(desk.team.id, EventKind.RESTAGED, change.at):
        deal = desk.memory.deals.get(Scope(desk.team.id), event.deal_id)
        if deal is not None and _place_of(deal) == event.after:
            desk.memory.deals.change(
                deal, event.before, kind=EventKind.RESTAGED, by=desk.member.id, at=desk.now
            )


def _restage_stranded_deals(desk: Desk, undone: Pipelines) -> None:
    """Moves deals in a stage that the undo has removed to the nearest stage there is."""
    places: dict[str, tuple[str, str]] = {}
    for key, funnel in undone.funnels.items():
        pipeline = desk.pipelines.key_of(key)
        restored = desk.pipelines.of(pipeline)
        for stage, into in suggest_mapping(funnel, restored).items():
            if not restored.has(stage):
                places[stage] = (pipeline, into)
    if places:
        desk.memory.funnel_changes.restage(
            desk.team.id, places, by=desk.member.id, at=desk.now, platform=desk.account.platform
        )


def _place_of(deal: Deal) -> dict[str, str]:
    """The deal's pipeline and stage, as a `restaged` event has them."""
    return {"pipeline": deal.pipeline or MAIN, "stage": deal.stage}
