"""Notes and calls: what is saved on the deal, and what is asked next."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.routes import answer
from kb.states import EventKind
from tests.office import Office, action, desk_of, labels, said

LAST = "select kind, note from event order by id desc limit 1"
STEP = "select next_step, next_step_at from deal"


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("note acme wants a demo", ("noted", "wants a demo")),
        ("备注 acme 想要演示", ("noted", "想要演示")),
        ("call acme left a voicemail", ("called", "left a voicemail")),
        ("called acme", ("called", "")),
    ],
)
async def test_a_note_or_call_is_saved_and_the_next_step_asked_for(
    office: Office, line: str, stored: tuple[str, str]
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", line)
    assert office.rows(LAST) == [stored]
    assert "Tomorrow 9:00" in labels(reply)


async def test_a_deal_with_a_step_is_not_asked_for_another(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "next acme tomorrow 3pm call")
    assert labels(await office.says("Ann", "note acme wants a demo")) == ["Undo"]


async def test_a_call_that_is_still_to_come_is_booked_and_not_recorded(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "call acme on Friday about the price")
    assert office.rows(STEP) == [("call Acme about the price", "2026-11-20 08:00:00.000000")]
    assert office.rows("select count(*) from event where kind = 'called'") == [(0,)]


@pytest.mark.parametrize(
    "line",
    ["call acme", "call acme asap", "call acme after easter", "call acme when he is back",
     "call acme next time i'm in town", "call acme about the price", "call acme jane on friday",
     "打电话 acme", "打电话 acme 节后", "电话 acme 等他回来再打", "致电 acme 尽快"],
)  # fmt: skip
async def test_a_call_of_which_nothing_is_told_is_asked_about_and_not_recorded(
    office: Office, line: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", line)
    assert {"✓ I called", "Other time"} <= set(labels(reply))
    assert office.rows("select count(*) from event where kind = 'called'") == [(0,)]
    assert office.rows("select count(*) from step") == [(0,)]
    await office.taps("Ann", reply.buttons[0][0].action)
    assert office.rows("select count(*) from event where kind = 'called'") == [(1,)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("call acme every monday", "every"),
        ("next acme every 2 weeks friday 9am send the report", "every"),
        ("every friday 3pm visit acme", "every"),
        ("下一步 acme 每周一 发周报", "每"),
        ("remind me every friday 4pm to book the room", "every"),
    ],
)
async def test_a_repetition_is_said_not_to_be_kept_and_stays_out_of_the_text(
    office: Office, line: str, words: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    assert "can't repeat" in said(await office.says("Ann", line))
    [(text,)] = office.rows("select text from step")
    assert words not in text


async def test_a_moment_in_a_note_is_offered_as_the_next_step(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", "note acme they decide on Friday 10am")
    assert labels(reply)[0].startswith("▶ Fri 20 Nov")
    await office.taps("Ann", reply.buttons[0][0].action)
    assert office.one("select next_step_at from deal") == "2026-11-20 09:00:00.000000"


async def test_a_note_without_words_asks_for_them_in_a_form(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    request = office.request("Ann", text="note acme", draws_forms=True)
    form = (await office.answer(request)).reply.form
    assert form is not None
    await office.fills("Ann", form.action, {"note": "wants a demo"})
    assert office.rows(LAST) == [("noted", "wants a demo")]


async def test_a_long_note_is_saved_whole_and_echoed_in_short(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    long = "they want a demo " * 20
    reply = await office.says("Ann", f"note acme {long}")
    assert office.rows(LAST) == [("noted", long.strip())]
    assert "…" in said(reply)
    assert long.strip() not in said(reply)


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("note Müller -5 % discount", "-5 % discount"),
        ("note Mu\u0308ller –5 % discount", "–5 % discount"),
        ("note müller: they said yes!", "they said yes!"),
        ("备注müller，-5%折扣。", "-5%折扣。"),
        ("备注 müller-5%折扣", "-5%折扣"),
        ("note müller !!!", "!!!"),
        ("note müller— they like it", "they like it"),
        ("call müller -5 % is too little...", "-5 % is too little..."),
        ("note lunch with Mu\u0308ller -5 %.", "lunch with Müller -5 %."),
        ("note müller 👩\u200d💻 is in", "👩\u200d💻 is in"),
    ],
)
async def test_marks_stay_and_only_a_separator_at_the_name_goes(
    office: Office, line: str, stored: str
) -> None:
    await office.says("Ann", "lead Müller, 10k")
    await office.says("Ann", line)
    assert office.one("select note from event order by id desc limit 1") == stored


async def test_marks_stay_also_where_the_deal_is_chosen_by_a_tap(office: Office) -> None:
    await office.says("Ann", "lead Acme East, 10k")
    await office.says("Ann", "lead Acme West, 10k")
    asked = await office.says("Ann", "note acme -5 % discount!")
    await office.taps("Ann", action(asked, "Acme East"))
    assert office.rows(LAST) == [("noted", "-5 % discount!")]


@pytest.mark.parametrize("line", ["note acme", "note acme:", "note acme.", "备注 acme："])
async def test_marks_alone_at_a_name_are_nothing_to_note(office: Office, line: str) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", line)
    assert office.rows(LAST) == [("created", "")]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("next acme tomorrow 15:00 - send the offer.", "send the offer"),
        ("next acme - send the offer tomorrow 15:00", "send the offer"),
        ("next acme: tomorrow 15:00: send the offer!", "send the offer!"),
        ("next acme tomorrow 15:00 -5 % offer", "-5 % offer"),
        ("下一步 acme 明天15:00——发合同。", "发合同"),
    ],
)
async def test_a_step_holds_neither_the_name_nor_the_dash_in_front(
    office: Office, line: str, step: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", line)
    assert office.rows(STEP) == [(step, "2026-11-19 14:00:00.000000")]


SIGNS = "-–—−~,.，。、!！?？:：;；/…()+=@%$¥€#'\"*_ 5"
TYPED = (
    st.text(SIGNS, min_size=1, max_size=8)
    | st.text(min_size=1, max_size=20)
    | st.tuples(
        st.text(SIGNS, max_size=3),
        st.sampled_from(["they called", "5 % off", "他们要打折", "👨\u200d👩\u200d👧"]),
        st.text(SIGNS, max_size=3),
    ).map("".join)
)


@given(
    typed=TYPED, name=st.sampled_from(["Müller", "华为"]), word=st.sampled_from(["note", "备注"])
)
@example(typed="-5 % discount", name="Müller", word="note")
@settings(max_examples=100)
def test_what_is_typed_behind_the_name_is_in_the_note(
    lasting: Office, typed: str, name: str, word: str
) -> None:
    """All of it but white space at the ends and control characters."""
    lines = [f"lead {name}, 12k", f"{word} {name} {typed}"]
    with desk_of(lasting, "Kim") as desk, suppress(Forgotten), desk.memory.savepoint():
        for line in lines:
            answer(lasting.request("Kim", text=line), desk)
        [last] = desk.memory.events.list_last_by(1, desk.member.id, 1)
        raise Forgotten
    assert clean(last.note if last.kind == EventKind.NOTED else "") == clean(typed)


class Forgotten(Exception):
    """Takes back what a test has done."""


def clean(text: str) -> str:
    """The text in NFC, a space for any white space, without control characters and surrogates."""
    kept = (char for char in text if char.isspace() or unicodedata.category(char) not in UNKEPT)
    return unicodedata.normalize("NFC", "".join(" " if c.isspace() else c for c in kept)).strip()


UNKEPT = ("Cc", "Cs")
