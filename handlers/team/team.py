"""`team`: lists the members; an admin changes roles and managers, and removes people."""

from __future__ import annotations

from collections.abc import Collection

from handlers.contract.act_log import ActKind, log_act, log_change, undoes
from handlers.contract.catalog import action, command
from handlers.contract.desk import RANKS, Desk
from handlers.contract.list_page import find_page
from handlers.contract.refusals import NotFound, TextRefusal, require_role
from handlers.contract.reply import Button, Reply, Text, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.reassign import hand_over
from handlers.objections import look_up
from handlers.reading import NameIndex, split_name
from handlers.team.join_team import list_roles_given
from storage.tables.people_and_deals import Audit, Member, Role

PAGE = 4


@command("team", "members", "团队", "团队成员", "成员", "同事", glues=False)
def team(request: Request, desk: Desk) -> Reply:
    """The team's members; for an admin each is a tap away."""
    said = f"team {request.text}".strip()
    if request.text.strip() and look_up.is_sure(said, desk):  # "team won't use it"
        return look_up.look_up(request.with_text(said), desk)
    if request.text.strip() and desk.may(Role.ADMIN):
        return _render_card(desk, _find_member(request, desk))
    return _render_members(desk, 0)


@action("team")
def turn_page(request: Request, desk: Desk) -> Reply:
    """Another page of the members: `team:<page>`."""
    return _render_members(desk, request.number(0)).in_place()


@command("remove", "移除", "移除成员", "删除成员", role=Role.ADMIN)
def remove(request: Request, desk: Desk) -> Reply:
    """Lets a member go; their deals are handed over first."""
    return _ask_for_heir(desk, _find_member(request, desk))


@action("member", role=Role.ADMIN)
def show_member(request: Request, desk: Desk) -> Reply:
    """One member, and what an admin can do: `member:<id>`."""
    return _render_card(desk, _load_member(desk, request.number(0)))


@action("role", role=Role.ADMIN)
def change_role(request: Request, desk: Desk) -> Reply:
    """Gives a member a role: `role:<member>:<role>`; never takes the last admin's."""
    found, word = _load_member(desk, request.number(0)), request.word(1)
    if word not in RANKS:
        raise NotFound
    role, was = Role(word), found.role
    if not desk.memory.members.change_role(found, role):
        raise TextRefusal("team.team.last_admin", name=found.name)
    led = _assign_unled_reps(desk, found) if role == Role.MANAGER else []
    names = {"name": found.name, "role": _name_role(desk, found)}
    log_act(desk, ActKind.ROLE_CHANGED, names, member=found.id, role=role, was=was, led=led)
    said = desk.words.say("team.team.role_changed", name=found.name, role=_name_role(desk, found))
    ended = _end_invites(desk, found, keep=list_roles_given(found))
    return Reply(lines(said, ended)).in_place()


def _end_invites(desk: Desk, maker: Member, keep: Collection[Role] = ()) -> Text:
    """Ends the member's open invites for all but those roles; says how many there were."""
    ended = desk.memory.invites.revoke_made_by(desk.team.id, maker.id, desk.now, keep=keep)
    if not ended:
        return ()
    desk.memory.members.add_audit(
        desk.team.id, desk.member.id, "invites revoked", desk.now, member=maker.id, invites=ended
    )
    return desk.words.say("team.team.invites_ended", name=maker.name, n=ended)


@undoes(ActKind.ROLE_CHANGED)
def undo_role(desk: Desk, act: Audit) -> Reply:
    """Gives a member the role they had before it was changed."""
    require_role(desk, Role.ADMIN)
    found = _load_member(desk, act.data["member"])
    if found.role != act.data["role"]:
        raise TextRefusal("undo.changed_since", name=found.name)
    if not desk.memory.members.change_role(found, Role(act.data["was"])):
        raise TextRefusal("team.team.last_admin", name=found.name)
    for each in desk.memory.members.list_active(desk.team.id):
        if each.id in act.data["led"] and each.manager_id == found.id:
            each.manager_id = None
    said = desk.words.say("team.team.role_changed", name=found.name, role=_name_role(desk, found))
    return Reply(lines(said, _end_invites(desk, found, keep=list_roles_given(found))))


@action("boss", role=Role.ADMIN)
def change_manager(request: Request, desk: Desk) -> Reply:
    """Says whom a member reports to: `boss:<member>` asks, `boss:<member>:<manager>` keeps."""
    found = _load_member(desk, request.number(0))
    if not request.word(1):
        choices = [
            Button(each.name, f"boss:{found.id}:{each.id}")
            for each in desk.memory.members.list_active(desk.team.id)
            if each.role != Role.REP and each.id != found.id
        ]
        return Reply(desk.words.say("team.team.whom", name=found.name), buttons=rows(choices[:8]))
    boss = _load_member(desk, request.number(1))
    if _stands_below(desk, found, boss):
        raise TextRefusal("team.team.circle", name=found.name, boss=boss.name)
    found.manager_id = boss.id
    log_change(desk, "reports_to")
    return Reply(desk.words.say("team.team.reports", name=found.name, boss=boss.name)).in_place()


@action("remove", role=Role.ADMIN)
def remove_by_tap(request: Request, desk: Desk) -> Reply:
    """`remove:<member>` asks who takes the deals, `remove:<member>:<heir>` does it."""
    leaving = _load_member(desk, request.number(0))
    if not request.word(1):
        return _ask_for_heir(desk, leaving)
    heir = _load_member(desk, request.number(1))
    if heir.id == leaving.id:
        raise NotFound
    if not desk.memory.members.remove(leaving, desk.now):
        raise TextRefusal("team.team.last_admin", name=leaving.name)
    moved = hand_over(desk, leaving, heir)
    for each in desk.memory.members.list_active(desk.team.id):
        if each.manager_id == leaving.id:
            each.manager_id = leaving.manager_id
    desk.memory.outbox.cancel_for(desk.team.id, leaving.id)
    desk.memory.drafts.forget_member(desk.team.id, leaving.id)
    names = {"name": leaving.name}
    log_act(desk, ActKind.REMOVED, names, member=leaving.id, heir=heir.id, deals=moved)
    said = desk.words.say("team.team.removed", name=leaving.name, heir=heir.name, n=moved)
    return Reply(lines(said, _end_invites(desk, leaving))).in_place()


def _render_members(desk: Desk, page: int) -> Reply:
    everyone = desk.memory.members.list_active(desk.team.id)
    shown = lines(
        desk.words.say("team.team.title", team=desk.team.name, n=len(everyone)),
        *(_render_member(desk, each) for each in everyone),
    )
    if not desk.may(Role.ADMIN):
        return Reply(shown)
    on_page = find_page(len(everyone), page, PAGE)
    buttons = [Button(each.name, f"member:{each.id}") for each in on_page.cut(everyone)]
    buttons += on_page.make_more_button(desk.words, "team:")
    return Reply(shown, buttons=rows(buttons))


def _render_member(desk: Desk, each: Member) -> Text:
    boss = desk.memory.members.get_name(desk.team.id, each.manager_id) if each.manager_id else ""
    said = desk.words.say("team.team.below", boss=boss) if boss else ()
    return text_of(f"{each.name} · {_name_role(desk, each)}", said)


def _render_card(desk: Desk, found: Member) -> Reply:
    words = desk.words
    buttons = [
        Button(words.line(f"team.team.make_{role}"), f"role:{found.id}:{role}")
        for role in RANKS
        if role != found.role
    ]
    buttons.append(Button(words.line("team.team.do_boss"), f"boss:{found.id}"))
    buttons.append(Button(words.line("team.team.do_remove"), f"remove:{found.id}"))
    return Reply(_render_member(desk, found), buttons=rows(buttons))


def _ask_for_heir(desk: Desk, leaving: Member) -> Reply:
    heirs = [
        Button(each.name, f"remove:{leaving.id}:{each.id}")
        for each in desk.memory.members.list_active(desk.team.id)
        if each.id != leaving.id
    ]
    if not heirs:
        raise TextRefusal("team.team.last_admin", name=leaving.name)
    return Reply(desk.words.say("team.team.who_takes", name=leaving.name), buttons=rows(heirs[:10]))


def _find_member(request: Request, desk: Desk) -> Member:
    everyone = desk.memory.members.list_active(desk.team.id)
    found = split_name(request.text, NameIndex([(each.id, each.name) for each in everyone])).match
    if found.sure:
        return next(each for each in everyone if each.id == found.best[0].id)
    buttons = [Button(match.name, f"member:{match.id}") for match in found.best]
    raise TextRefusal("team.team.nobody", *buttons, name=request.text[:60])


def _load_member(desk: Desk, member_id: int) -> Member:
    found = desk.memory.members.get(desk.team.id, member_id)
    if found is None:
        raise NotFound
    return found


def _stands_below(desk: Desk, found: Member, boss: Member) -> bool:
    """Whether `boss` already stands below `found`, so that it would become a circle."""
    above: Member | None = boss
    for _step in desk.memory.members.list_active(desk.team.id):
        if above is None or above.id == found.id:
            break
        above = desk.memory.members.get(desk.team.id, above.manager_id or 0)
    return above is not None and above.id == found.id


def _assign_unled_reps(desk: Desk, manager: Member) -> list[int]:
    """A team's only manager leads its reps who have nobody above them; returns who they are."""
    everyone = desk.memory.members.list_active(desk.team.id)
    if sum(each.role == Role.MANAGER for each in everyone) != 1:
        return []
    unled = [each for each in everyone if each.role == Role.REP and each.manager_id is None]
    for each in unled:
        each.manager_id = manager.id
    return [each.id for each in unled]


def _name_role(desk: Desk, found: Member) -> str:
    return desk.words.line(f"team.team.role_{found.role}")
