"""Settled nudges: a nudge answered elsewhere is edited in its chat to say so.

Where a nudge's own button is pressed, the answer takes its place by itself.
"""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.reply import Reply, Text, from_json, lines, text_of
from handlers.outbox.enqueue import make_row
from storage.tables.messages import Outbox

KIND = "settled"


def enqueue_settlements(desk: Desk, *, deal_id: int = 0, step_id: int = 0) -> None:
    """Enqueues the edit of each message with a nudge that was answered just now, on every platform.

    A message that tells of several steps is edited at each answer, also at its own button's.
    """
    answered = desk.memory.outbox.list_of_answered_nudges(
        desk.team.id, desk.now, deal_id=deal_id, step_id=step_id
    )
    for sent in answered:
        several = len(desk.memory.nudges.list_in_message(sent.team_id, sent.subject_id or 0)) > 1
        if several or sent.message_ref != desk.pressed:
            key = f"{KIND}:{sent.id}" + (f":{int(desk.now.timestamp())}" if several else "")
            row = make_row(sent.team_id, sent.member_id, KIND, key, desk.now, sent.id)
            row.platform = sent.platform
            desk.memory.outbox.put(row)


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """Writes what replaces the nudge: what it asked, and that it is settled; no buttons."""
    sent = desk.memory.outbox.get(row.team_id, row.subject_id or 0)
    if sent is None or sent.body is None or not sent.message_ref:
        return None
    asked = _cut_first_line(from_json(sent.body).text)
    moment = desk.words.moment(row.due_at, desk.zone, desk.now)
    said = desk.words.say("nudges.nudge.settled", moment=moment)
    return Reply(lines(asked, said), replaces=sent.message_ref)


def _cut_first_line(text: Text) -> Text:
    line: list[Text] = []
    for span in text:
        head, newline, _ = span.text.partition("\n")
        line.append(text_of(type(span)(head, span.style, span.url)))
        if newline:
            break
    return text_of(*line)
