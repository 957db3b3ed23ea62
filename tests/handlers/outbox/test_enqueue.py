"""Putting a message into the outbox: whose it is, when it is due, and once a key ever."""

from __future__ import annotations

from datetime import timedelta

from handlers.contract.reply import Reply, from_json, text_of
from handlers.outbox.enqueue import NOTICE, enqueue
from tests.office import Office, desk_of


def test_a_message_waits_for_its_time_at_its_member(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        due_at = desk.now + timedelta(hours=3)
        assert enqueue(desk.memory, desk.member, "gap", "gap:7", due_at, 7)
    assert office.rows("select team_id, member_id, kind, subject_id, state, body from outbox") == [
        (1, office.member("Ann"), "gap", 7, "pending", None)
    ]
    with desk_of(office, "Ann") as desk:
        assert desk.memory.claims.next_due_at() == due_at


def test_a_key_goes_out_once_whoever_asks(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert enqueue(desk.memory, desk.member, "gap", "gap:7", desk.now)
    with desk_of(office, "Mia") as desk:
        assert not enqueue(desk.memory, desk.member, "gap", "gap:7", desk.now)
    assert office.rows("select member_id from outbox") == [(office.member("Ann"),)]


def test_a_written_reply_is_kept_as_it_is(office: Office) -> None:
    reply = Reply(text_of("<b>Acme</b>"), about=3)
    with desk_of(office, "Ann") as desk:
        enqueue(desk.memory, desk.member, NOTICE, "n:1", desk.now, reply=reply)
    assert from_json(office.one("select body from outbox")) == reply
