"""Settled nudges: a nudge answered elsewhere is edited in its chat to say so.

Where a nudge's own button is pressed, the answer takes its place by itself.
"""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.reply import Reply, Text, from_json, lines, text_of
from handlers.outbox.enqueue import make_row
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Deal

KIND = "settled"


def enqueue_settlements(desk: Desk, deal: Deal) -> None:
    """Enqueues the edit of each nudge of the deal that was answered just now, on every platform."""
    for sent in desk.memory.outbox.list_of_answered_nudges(deal.team_id, deal.id, desk.now):
        if sent.message_ref != desk.pressed:
            key = f"{KIND}:{sent.id}"
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
