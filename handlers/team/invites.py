"""`invite` makes a way into the team; `link` makes one for a member's own second account."""

from __future__ import annotations

from datetime import timedelta

from handlers.contract.act_log import log_change
from handlers.contract.catalog import action, command
from handlers.contract.desk import RANKS, Desk
from handlers.contract.refusals import ChoiceNeeded, NotAllowed, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, lines, rows, text_of
from handlers.contract.request import Request
from handlers.team.onboarding import require_own_chat
from storage.tables.people_and_deals import Invite, Role
from storage.team.invites import hash_secret

VALID = timedelta(days=7)
LINK_VALID = timedelta(minutes=15)
USES_AT_MOST = 100
ROLE_WORDS = {
    "rep": Role.REP,
    "销售": Role.REP,
    "manager": Role.MANAGER,
    "主管": Role.MANAGER,
    "经理": Role.MANAGER,
    "admin": Role.ADMIN,
    "管理员": Role.ADMIN,
}


@command("invite", "邀请", "邀请同事", "邀请成员", "拉人", role=Role.MANAGER)
def invite(request: Request, desk: Desk) -> Reply:
    """Makes an invite: `invite`, `invite manager`, `invite 5`; `invite list` shows open ones."""
    said = request.text.casefold().split()
    if any(word in ("list", "列表") for word in said):
        return _list_invites(desk)
    roles = [ROLE_WORDS[word] for word in said if word in ROLE_WORDS]
    uses = [int(word) for word in said if word.isascii() and word.isdigit() and len(word) < 10]
    return _make_invite(desk, roles[0] if roles else Role.REP, max(1, uses[0]) if uses else 1)


@action("revoke", role=Role.MANAGER)
def revoke(request: Request, desk: Desk) -> Reply:
    """Ends an invite: `revoke:<invite>`; a manager's tap ends none that an admin made."""
    found = desk.memory.invites.get(desk.team.id, request.number(0))
    if found is None or not _may_revoke(desk, found):
        raise NotFound
    if not desk.memory.invites.revoke(desk.team.id, found.id, desk.now):
        raise NotFound
    desk.memory.members.add_audit(
        desk.team.id, desk.member.id, "invite revoked", desk.now, invite=found.id
    )
    return Reply(desk.words.say("team.invites.revoked")).in_place()


def _may_revoke(desk: Desk, invite: Invite) -> bool:
    """Whether it lets in others, to a role up to the member's own, and nobody above made it.

    A link code is its maker's alone, and ends by itself.
    """
    maker = desk.memory.members.get(desk.team.id, invite.made_by_id)
    made_by = maker.role if maker is not None else Role.REP
    return invite.member_id is None and desk.may(invite.role) and desk.may(made_by)


@command("link", "关联", "关联账号", "绑定", "绑定账号", takes=False)
def link(request: Request, desk: Desk) -> Reply:
    """Makes a one-time code that joins another account to this member."""
    require_own_chat(request)
    secret = _save_invite(desk, Role.REP, 1, LINK_VALID, desk.member.id)
    minutes = int(LINK_VALID.total_seconds() // 60)
    said = desk.words.say("team.invites.link", code=f"/start {secret}", minutes=minutes)
    return Reply(said, fleeting=True)


def _make_invite(desk: Desk, role: Role, uses: int) -> Reply:
    if RANKS[role] > RANKS[desk.member.role]:
        raise NotAllowed(role)
    if uses > USES_AT_MOST:
        raise TextRefusal("team.invites.too_many", n=USES_AT_MOST)
    secret = _save_invite(desk, role, uses, VALID, None)
    made = desk.memory.invites.find_valid(secret, desk.now)
    button = Button(desk.words.line("team.invites.do_revoke"), f"revoke:{made.id if made else 0}")
    said = desk.words.say(
        "team.invites.made",
        n=uses,
        role=desk.words.line(f"team.team.role_{role}"),
        team=desk.team.name,
        day=desk.words.day(desk.now + VALID, desk.zone, desk.now),
    )
    text = lines(said, desk.invite_link(secret))
    return Reply(text, buttons=((button,),), fleeting=True)


def _save_invite(desk: Desk, role: Role, uses: int, valid: timedelta, member_id: int | None) -> str:
    secret = desk.make_secret()
    log_change(desk, "invite")
    desk.memory.invites.add(
        Invite(
            team_id=desk.team.id,
            made_by_id=desk.member.id,
            member_id=member_id,
            role=role,
            secret_hash=hash_secret(secret),
            uses_left=uses,
            expires_at=desk.now + valid,
            created_at=desk.now,
        )
    )
    kind = "invite made" if member_id is None else "link made"
    desk.memory.members.add_audit(
        desk.team.id, desk.member.id, kind, desk.now, role=role, uses=uses
    )
    return secret


def _list_invites(desk: Desk) -> Reply:
    found = desk.memory.invites.list_open(desk.team.id, desk.now)[-4:]
    if not found:
        raise ChoiceNeeded("team.invites.none")
    shown = [
        text_of(
            f"{number}. ",
            desk.words.say(
                "team.invites.open",
                role=desk.words.line(f"team.team.role_{each.role}"),
                n=each.uses_left,
                day=desk.words.day(each.expires_at, desk.zone, desk.now),
            ),
        )
        for number, each in enumerate(found, start=1)
    ]
    buttons = [
        Button(f"{desk.words.line('team.invites.do_revoke')} {number}", f"revoke:{each.id}")
        for number, each in enumerate(found, start=1)
        if _may_revoke(desk, each)
    ]
    return Reply(lines(*shown), buttons=rows(buttons))
