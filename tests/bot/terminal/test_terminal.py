"""The terminal: lines in, messages out, its own words, and nothing a name could steer."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.bot.terminal.session import NOW, Session

VCARD = "BEGIN:VCARD\nFN:Jane Doe\nTEL;TYPE=cell:+44 20 7946 0958\nEND:VCARD\n"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path)


async def test_a_newcomer_to_the_sample_is_told_what_to_try_and_met_with_no_pile(
    session: Session,
) -> None:
    shown = await session.types("today", sample=True, name="")
    assert "lead Acme, Jane Doe, 12k, inbound" in session.greeting
    assert len(session.greeting.splitlines()) <= 4
    assert len(shown) == 1


async def test_messages_are_plain_text_with_one_blank_line_between(session: Session) -> None:
    await session.types("", "lead Acme, 12k", "   ", "deals", "help", "card add", ":now")
    assert "\x1b" not in session.printed
    assert "> " not in session.printed
    assert "\n\n\n" not in session.printed
    assert not session.printed.startswith("\n")
    assert session.printed.endswith("\n")
    assert not session.printed.endswith("\n\n")
    assert len(session.shown) == 5


async def test_a_number_presses_the_latest_messages_button_of_that_number(
    session: Session,
) -> None:
    lead, undone = await session.types("lead Acme, 12k", "3")
    assert "[1] Next step  [2] Edit  [3] Undo" in lead
    assert "Acme" in undone
    assert session.rows("select status from deal") == [("withdrawn",)]


async def test_a_number_without_a_button_is_a_message(session: Session) -> None:
    shown = await session.types("lead Acme", "0", "4", "99999999999999999999", "-1", "１")
    assert len(shown) == 6
    assert session.rows("select status, next_step_at from deal") == [("live", None)]


async def test_buttons_stay_pressable_below_a_message_that_has_none(session: Session) -> None:
    shown = await session.types("lead Acme", ":now", "1")
    assert "When is the next step with Acme?" in shown[-1]


async def test_a_form_is_asked_field_by_field(session: Session) -> None:
    shown = await session.types("lead", "Acme", "Jane Doe", "skip", "jane@acme.com", "12k", "1")
    assert [re.search(r"\((\d)/6\)", each) is not None for each in shown] == [True] * 6 + [False]
    assert "jane@acme.com" in shown[-1]
    assert [Decimal(amount) for (amount,) in session.rows("select amount from deal")] == [12000]


async def test_as_becomes_another_member_or_a_stranger(session: Session) -> None:
    shown = await session.types(
        ":as mia", "deals", ":as Nobody", "deals", ":as", ":as Ma", sample=True, name=""
    )
    assert shown[0].startswith("You are Mia, manager of")
    assert "Nobody, a member of no team" in shown[2]
    assert "only work for teams" in shown[3]
    assert "a member of no team" in shown[4]


async def test_a_stranger_can_come_in_by_an_invite_and_is_a_member_from_then_on(
    session: Session,
) -> None:
    invited = await session.last("invite")
    secret = invited.splitlines()[-2].removeprefix("/start ")
    shown = await session.types(":as Zoe", f"/start {secret}", ":as Ann", ":as Zoe", "deals")
    assert "Welcome to Ann's team, Zoe!" in shown[1]
    assert shown[3] == "You are Zoe, rep of Ann's team."


async def test_an_invite_in_a_second_session_with_the_same_clock_is_another_one(
    session: Session,
) -> None:
    first = await session.last("invite")
    with capture_logs() as log:
        second = await session.last("invite")
    assert log == []
    assert first.splitlines()[-2] != second.splitlines()[-2]
    assert session.rows("select count(*) from invite") == [(2,)]


async def test_waiting_delivers_what_comes_due_in_order_each_headed_by_its_local_time(
    session: Session,
) -> None:
    shown = await session.types(
        "lead Beta",
        "next beta today 15:00 call",
        "lead Acme",
        "next acme today 12:00 mail",
        ":wait 6h",
    )
    headings = [each.splitlines()[0] for each in shown[4:]]
    assert headings == ["[Wed 18 Nov 12:00]", "[Wed 18 Nov 15:00]", "Wed 18 Nov 16:00"]
    assert "Acme: mail" in shown[4]
    assert "Beta: call" in shown[5]


async def test_a_message_to_somebody_else_is_headed_by_their_name_and_waits_for_their_tap(
    session: Session,
) -> None:
    invited = await session.last("invite")
    secret = invited.splitlines()[-2]
    shown = await session.types(
        ":as Bo",
        secret,
        "lead Acme",
        "next acme today 12:00 mail",
        ":as Ann",
        ":wait 3h",
        ":as Bo",
        "1",
    )
    assert shown[5].startswith("[Wed 18 Nov 12:00 → Bo]\n")
    assert "Done: Acme" in shown[-1]


@pytest.mark.parametrize("span", ["", "0h", "-1d", "soon", "10y", "1e9d", "9" * 400 + "h"])
async def test_a_wait_that_makes_no_sense_is_explained_and_moves_nothing(
    session: Session, span: str
) -> None:
    shown = await session.types(f":wait {span}", ":now")
    assert "Say how long" in shown[0]
    assert shown[1] == "Wed 18 Nov 10:00"


async def test_a_contact_card_is_attached_from_a_file(session: Session, tmp_path: Path) -> None:
    (tmp_path / "jane.vcf").write_text(VCARD, encoding="utf-8")
    shown = await session.types(f":attach {tmp_path / 'jane.vcf'}", "1")
    assert "Jane Doe" in shown[0]
    assert "+44 20 7946 0958" in shown[0]
    assert session.rows("select phone from contact") == [("+442079460958",)]


@pytest.mark.parametrize(
    "path",
    ["", ".", "/", "nothing.vcf", "~nobody-of-that-name/x", "x" * 5000, "a\x00b", "/proc/1/mem"],
)
async def test_a_file_that_is_not_there_or_cannot_be_read_is_said_so(
    session: Session, path: str
) -> None:
    shown = await session.types(f":attach {path}", "deals")
    assert "There is no file" in shown[0]
    assert len(shown) == 2


async def test_any_other_file_is_answered_kindly(session: Session, tmp_path: Path) -> None:
    (tmp_path / "offer.pdf").write_bytes(b"%PDF-1.7 \x00\xff")
    assert "offer.pdf" in await session.last(f":attach {tmp_path / 'offer.pdf'}")


async def test_a_reply_to_a_nudge_is_a_note_on_its_deal(session: Session) -> None:
    await session.types(
        "lead Acme",
        "next acme today 12:00 mail",
        "lead Beta",
        ":wait 3h",
        ":reply they want a demo",
    )
    noted = "select note from event where kind = 'noted' and deal_id = 1"
    assert session.rows(noted) == [("they want a demo",)]


async def test_contacts_and_forwarded_messages_can_be_played(session: Session) -> None:
    shown = await session.types(
        ":contact Jane Doe, +44 20 7946 0958",
        ":forward Jane: please call me",
        ":contact",
        ":forward",
    )
    assert "Jane Doe" in shown[0]
    assert "Jane" in shown[1]
    assert len(shown) == 4


async def test_an_unknown_word_of_the_terminals_is_said_so(session: Session) -> None:
    assert "I don't know :walk" in await session.last(":walk 3d")


async def test_nothing_after_quit_is_read(session: Session) -> None:
    assert await session.types("deals", ":quit", "lead Acme") == [session.shown[0]]
    assert session.rows("select count(*) from deal") == [(0,)]


async def test_a_name_cannot_steer_the_terminal(session: Session) -> None:
    hostile = "\x1b[2J\x1b]0;pwned\x07Ac\x9b31mme\x08\x08\r\x00 \u202ecod.exe\u2066 \u009dx"
    await session.types(f"lead {hostile}, 12k", "deals", f"note acme {hostile}", f":walk{hostile}")
    await session.types(f"/start {hostile}", name=f"Ann{hostile}", now=NOW)
    for char in session.printed:
        bad = unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in "\u202e\u2066"
        assert char == "\n" or not bad, repr(char)
