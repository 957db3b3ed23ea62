"""Carries out a change of the team's funnels: its deals, its history, and the way to undo it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlers.contract.desk import Desk, calendar_of
from handlers.contract.refusals import Gone, Said
from handlers.contract.reply import Button
from handlers.deals.attention import schedule_attention
from handlers.deals.record import UNDO_WINDOW
from kb.funnel.stages import pipelines as rule
from kb.funnel.stages.pipelines import MAIN, Data, Pipelines
from kb.funnel.stages.shaping_rules import CannotShape
from kb.funnel.stages.switch_template import suggest
from storage.scope import Scope
from storage.tables.people_and_deals import Deal
from storage.tables.playbook import FunnelChange

Places = Mapping[str, tuple[str, str]]  # by stage key: the pipeline and the stage its deals go to


def data_of(desk: Desk) -> dict[str, Data]:
    """The team's funnels as data, to be changed."""
    return rule.opened(desk.team.pipelines, desk.team.funnel)


def shaped(change: Callable[[], Any]) -> Any:
    """What a change gives; a refusal in words where the funnel's rules do not allow it."""
    try:
        return change()
    except CannotShape as refusal:
        facts: dict[str, Any] = refusal.facts
        raise Said(f"funnel_setup.edit_stages.cannot_{refusal.why.value}", **facts) from refusal


def apply(desk: Desk, data: Mapping[str, Data], kind: str, places: Places | None = None) -> Button:
    """Keeps the funnels, puts open deals where `places` says, and gives the tap to take it back."""
    change = _keep(desk, rule.kept(data), kind)
    if places:
        desk.memory.funnel_changes.restage(
            desk.team.id,
            places,
            by=desk.member.id,
            at=desk.now,
            platform=desk.account.platform,
        )
    count_anew(desk)
    return Button(desk.words.line("contract.common.undo"), f"funnel-undo:{change.id}")


def take_back(desk: Desk, change_id: int) -> None:
    """Undoes a change while its window is open and nothing was changed since; Gone or Said else."""
    change = desk.memory.funnel_changes.get(desk.team.id, change_id)
    if change is None:
        raise Gone
    newest = desk.memory.funnel_changes.history(desk.team.id, 1)
    if newest[0].id != change.id or change.undoes_id or change.after != desk.team.pipelines:
        raise Said("funnel_setup.edit_stages.changed_since")
    if desk.now - change.at > UNDO_WINDOW:
        raise Said("funnel_setup.edit_stages.too_late")
    now = desk.pipelines
    _keep(desk, change.before, "undone", change.id)
    _put_back(desk, change)
    _put_the_rest(desk, now)
    count_anew(desk)


def open_deals(desk: Desk, stage: str = "", pipeline: str = "") -> int:
    """How many of the team's open deals stand in a stage or a pipeline."""
    scope = Scope(desk.team.id)
    return len(desk.memory.deals.within(scope, stage=stage, pipeline=pipeline))


def count_anew(desk: Desk) -> None:
    """Recomputes when each of the team's open deals deserves a nudge."""
    active = desk.memory.members.active(desk.team.id)
    calendars = {member.id: calendar_of(member) for member in active}
    for deal in desk.memory.deals.within(Scope(desk.team.id)):
        if deal.owner_id in calendars:
            schedule_attention(deal, desk.funnel_for(deal), calendars[deal.owner_id], desk.now)


def _keep(desk: Desk, text: str, kind: str, undoes: int | None = None) -> FunnelChange:
    before, desk.team.pipelines = desk.team.pipelines, text
    desk.__dict__.pop("pipelines", None)  # the desk has read the funnels as they were
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


def _put_back(desk: Desk, change: FunnelChange) -> None:
    """The deals that the change put elsewhere and nobody has moved since."""
    for event in desk.memory.events.of_kind_at(desk.team.id, "restaged", change.at):
        deal = desk.memory.deals.get(Scope(desk.team.id), event.deal_id)
        if deal is not None and _stands(deal) == event.after:
            desk.memory.deals.change(
                deal, event.before, kind="restaged", by=desk.member.id, at=desk.now
            )


def _put_the_rest(desk: Desk, before: Pipelines) -> None:
    """Deals in a stage that is no more, moved since then: each goes to the nearest there is."""
    places: dict[str, tuple[str, str]] = {}
    for key, funnel in before.funnels.items():
        there = desk.pipelines.key_of(key)
        restored = desk.pipelines.of(there)
        for stage, into in suggest(funnel, restored).items():
            if not restored.has(stage):
                places[stage] = (there, into)
    if places:
        desk.memory.funnel_changes.restage(
            desk.team.id, places, by=desk.member.id, at=desk.now, platform=desk.account.platform
        )


def _stands(deal: Deal) -> dict[str, str]:
    return {"pipeline": deal.pipeline or MAIN, "stage": deal.stage}
