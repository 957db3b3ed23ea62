"""Reassigns deals to another member with all their history."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.act_log import ActKind, log_act, undoes
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, lines
from handlers.contract.words import Words, choose_words
from handlers.deals.attention import schedule_for_owner
from handlers.deals.deal_view import render_headline
from handlers.deals.followers import DealChange, follow_undo
from handlers.deals.steps import refresh_steps
from handlers.outbox.notices import notify, notify_other
from kb.states import EventKind
from storage.scope import Scope
from storage.tables.people_and_deals import Audit, Deal, Event, Member


def hand_over(desk: Desk, leaving: Member, heir: Member) -> int:
    """Reassigns every deal of `leaving` to `heir`, who is told; returns how many there were."""
    deals = desk.memory.deals.list_of_owner(desk.team.id, leaving.id)
    for deal in deals:
        reassign(desk, deal, heir)
    if deals:
        _tell(desk, leaving, heir, len(deals))
    return len(deals)


def reassign(desk: Desk, deal: Deal, heir: Member, **more_changes: object) -> Event:
    """Makes `heir` the deal's owner, and recomputes its dates by their working time.

    It is not activity on the deal: its patience goes on as it was. Its next step and its open
    nudges go with it.
    """
    owner_id = deal.owner_id
    owner_name = desk.memory.members.get_name(desk.team.id, owner_id)
    event = desk.memory.deals.change(
        deal,
        {"owner_id": heir.id, **more_changes},
        kind=EventKind.HANDED_OVER,
        by=desk.member.id,
        at=desk.now,
        platform=desk.account.platform,
        note=f"{owner_name} → {heir.name}",
    )
    desk.memory.nudges.pass_on(desk.team.id, deal.id, owner_id, heir.id)
    refresh_steps(desk.memory, deal)
    schedule_for_owner(desk, deal)
    return event


def log_hand_over(desk: Desk, deals: Sequence[Deal], heir: Member, events: list[Event]) -> Audit:
    """Logs one hand-over of deals, which `undo` takes back as a whole."""
    names = desk.words.line("contract.common.comma").join(d.customer.name for d in deals[:3])
    if len(deals) > 3:
        names += " …"
    said = {"heir": heir.name, "deals": names}
    ids = [event.id for event in events]
    return log_act(desk, ActKind.HANDED_OVER, said, heir=heir.id, events=ids)


@undoes(ActKind.HANDED_OVER)
def undo_hand_over(desk: Desk, act: Audit) -> Reply:
    """Gives the deals of one hand-over back; those that changed hands since stay where they are."""
    back = [deal for each in act.data["events"] if (deal := _give_back(desk, each)) is not None]
    left = len(act.data["events"]) - len(back)
    if not back:
        raise TextRefusal("undo.changed_since", name=str(act.data["names"]["deals"]))
    heir_id = int(act.data["heir"])
    notify_other(
        desk, heir_id, f"handed-back:{act.id}", lambda words: _say_taken_back(desk, words, back)
    )
    words, heir = desk.words, desk.memory.members.get_name(desk.team.id, heir_id)
    stayed = words.say("undo.given_stayed", n=left) if left else ()
    if len(back) > 1:
        return Reply(lines(words.say("undo.given_back", n=len(back), heir=heir), stayed))
    [deal] = back
    see = Button(words.line("undo.see"), f"open:{deal.id}")
    what = words.line(f"selling.deal_list.event_{EventKind.HANDED_OVER}")
    said = words.say("undo.done", what=what, deal=render_headline(desk, deal))
    return Reply(lines(said, stayed), buttons=((see,),), about=deal.id)


def _give_back(desk: Desk, event_id: int) -> Deal | None:
    """The deal of one event of a hand-over, given back; None where it changed hands since."""
    event = desk.memory.events.get(desk.team.id, event_id)
    # Whoever gave it away may not see it any more.
    deal = desk.memory.deals.get(Scope(desk.team.id), event.deal_id) if event else None
    if event is None or deal is None:
        return None
    heir_id = deal.owner_id
    if not desk.memory.deals.undo(
        event, by=desk.member.id, at=desk.now, platform=desk.account.platform
    ):
        return None
    desk.memory.nudges.pass_on(desk.team.id, deal.id, heir_id, deal.owner_id)
    follow_undo(desk, DealChange(deal, event.after))
    return deal


def _say_taken_back(desk: Desk, words: Words, back: list[Deal]) -> Reply:
    name = desk.member.name
    if len(back) == 1:
        return Reply(words.say("undo.took_back_one", name=name, deal=back[0].customer.name))
    return Reply(words.say("undo.took_back_many", name=name, n=len(back)))


def _tell(desk: Desk, leaving: Member, heir: Member, count: int) -> None:
    words = choose_words(heir.language)
    said = Reply(words.say("team.team.handed_over", name=leaving.name, n=count))
    key = f"handover:{leaving.id}:{heir.id}:{int(desk.now.timestamp())}"
    notify(desk.memory, heir, key, said, desk.now)
