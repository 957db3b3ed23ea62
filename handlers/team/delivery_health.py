"""`health`: shows an admin what could not be sent and why, what waits, and a way to retry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from storage.tables.messages import Outbox, OutboxState
from storage.tables.people_and_deals import Role

SHOWN = 5
OVERDUE = timedelta(minutes=2)  # what has waited longer is worth a line
# How what went wrong begins, as the outbox keeps it.
REASONS = {
    "not composed": "composed",
    "not written": "composed",
    "too long": "long",
    "the adapter failed": "failed",
}
KINDS = frozenset({"nudge", "digest", "catch_up", "notice", "chore", "gap", "unwritten"})


@command("health", "运行状态", "系统状态", "健康检查", role=Role.ADMIN, takes=False)
def health(request: Request, desk: Desk) -> Reply:
    """Shows what was given up, what waits, and who cannot be reached."""
    return _render_health(desk)


@action("health", role=Role.ADMIN)
def retry_or_forget(request: Request, desk: Desk) -> Reply:
    """`health:retry` sends what was given up once more, `health:forget` lets it go."""
    outbox, team_id = desk.memory.outbox, desk.team.id
    if request.word(0) == "retry":
        said = desk.words.say(
            "team.delivery_health.retried", n=outbox.retry_dead(team_id, desk.now)
        )
    elif request.word(0) == "forget":
        said = desk.words.say("team.delivery_health.forgotten", n=outbox.forget_dead(team_id))
    else:
        raise NotFound
    desk.memory.members.add_audit(
        team_id, desk.member.id, f"dead messages {request.word(0)}", desk.now
    )
    return Reply(said).in_place()


def _render_health(desk: Desk) -> Reply:
    words, counts = desk.words, desk.memory.outbox.count_by_state(desk.team.id)
    dead = desk.memory.outbox.list_in_state(desk.team.id, OutboxState.DEAD, SHOWN)
    n = counts.get(OutboxState.DEAD, 0)
    title = (
        words.say("team.delivery_health.dead", n=n) if n else words.say("team.delivery_health.well")
    )
    more = words.say("team.delivery_health.more", n=n - len(dead)) if n > len(dead) else ()
    text = lines(
        title, *(_render_message(desk, row) for row in dead), more, *_render_waiting(desk, counts)
    )
    if not n:
        return Reply(text)
    taps = [
        Button(words.line("team.delivery_health.do_retry"), "health:retry"),
        Button(words.line("team.delivery_health.do_forget"), "health:forget"),
    ]
    return Reply(text, buttons=rows(taps))


def _render_message(desk: Desk, row: Outbox) -> Text:
    words = desk.words
    why = next((key for begin, key in REASONS.items() if row.trouble.startswith(begin)), "refused")
    kind = row.kind if row.kind in KINDS else "notice"
    return words.say(
        "team.delivery_health.line",
        name=desk.memory.members.get_name(desk.team.id, row.member_id),
        what=words.line(f"team.delivery_health.kind_{kind}"),
        day=words.moment(row.wanted_at or row.due_at, desk.zone, desk.now),
        why=words.line(f"team.delivery_health.why_{why}"),
        detail=row.trouble,
    )


def _render_waiting(desk: Desk, counts: Mapping[OutboxState, int]) -> list[Text]:
    words, told = desk.words, []
    since = desk.memory.outbox.find_longest_waiting(desk.team.id)
    if since is not None and since < desk.now - OVERDUE:
        moment = words.moment(since, desk.zone, desk.now)
        told.append(words.say("team.delivery_health.overdue", moment=moment))
    if counts.get(OutboxState.PARKED):
        told.append(words.say("team.delivery_health.parked", n=counts[OutboxState.PARKED]))
    away = [
        member.name
        for member in desk.memory.members.list_active(desk.team.id)
        if not any(
            each.reachable for each in desk.memory.members.list_identities(desk.team.id, member.id)
        )
    ]
    if away:
        told.append(
            words.say(
                "team.delivery_health.unreachable",
                names=words.line("contract.common.comma").join(away),
            )
        )
    return told
