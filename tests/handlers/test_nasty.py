"""Inputs that break programs, behind every command: always an answer, and nothing typed is lost."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.contract.catalog import CATALOG
from handlers.contract.reply import Reply, Span, plain
from handlers.routes import answer
from tests.handlers.nasty import LONG, MARKUP, NASTY, WORST, answered, with_a_deal
from tests.office import Office, action, desk_of, said

FINDING = "advance back call deal edit lost move note offer park reopen won".split()


@pytest.mark.parametrize("name", NASTY)
async def test_a_nasty_line_is_answered_by_itself_and_behind_any_name(
    lasting: Office, name: str
) -> None:
    await with_a_deal(lasting)
    text = NASTY[name]
    for line in (text, f"lead {text}", f"note acme {text}", f"obj {text}", f"next acme {text}"):
        await answered(lasting, lasting.request("Kim", text=line))
    await answered(lasting, lasting.request("Zoe", text=text))
    await answered(lasting, lasting.request("Kim", kind="query", text=text))
    await answered(lasting, lasting.request("Kim", text=text, forwarded_from=text, reply_to=text))


EVERY_WORD = sorted({word for each in CATALOG.commands() for word in each.words})
ONLY_MARKS = st.text(st.characters(categories=["P", "S", "Z"]), min_size=1, max_size=6) | st.text(
    "-–—~～,.，。、!?:;/…()+=@%$¥€#1 ", min_size=1, max_size=6
)


@given(
    word=st.sampled_from(EVERY_WORD), behind=st.sampled_from(["", " ", " acme "]), marks=ONLY_MARKS
)
@example(word="away", behind=" ", marks="-")
@example(word="请假", behind="", marks="—")
@settings(max_examples=150)
def test_only_punctuation_behind_a_command_is_answered(
    lasting: Office, word: str, behind: str, marks: str
) -> None:
    """Every word of every command, in both languages."""
    lines = ["lead Acme, Jane Doe, 12k", f"{word}{behind}{marks}"]
    reply = answer_and_forget(lasting, "Kim", lines)
    assert reply.text or reply.form or reply.picture or reply.document or reply.choices


class Forgotten(Exception):
    """Takes back what a test has done."""


def answer_and_forget(office: Office, who: str, lines: list[str]) -> Reply:
    """The reply to the last of the lines. Whatever goes wrong is raised, and nothing is kept."""
    replies: list[Reply] = []
    with desk_of(office, who) as desk, suppress(Forgotten), desk.memory.savepoint():
        replies += [answer(office.request(who, text=line), desk) for line in lines]
        raise Forgotten
    return replies[-1]


@pytest.mark.slow
@pytest.mark.parametrize("name", WORST)
async def test_a_nasty_word_is_answered_behind_every_command(lasting: Office, name: str) -> None:
    for command in CATALOG.commands():
        await with_a_deal(lasting)
        for line in (f"{command.name} {NASTY[name]}", f"/{command.name} acme {NASTY[name]}"):
            await answered(lasting, lasting.request("Kim", text=line))


@pytest.mark.slow
@pytest.mark.parametrize("name", NASTY)
async def test_every_command_takes_every_nasty_input(lasting: Office, name: str) -> None:
    turn = list(NASTY).index(name)  # each command hears every other one behind a deal
    for number, command in enumerate(CATALOG.commands(), turn):
        chinese = next(word for word in command.words if not word.isascii())
        await with_a_deal(lasting)
        said = f"{command.name} {NASTY[name]}" if number % 2 else f"{chinese} acme {NASTY[name]}"
        await answered(lasting, lasting.request("Kim", text=said))


@pytest.mark.slow
@pytest.mark.parametrize("verb", [each.verb for each in CATALOG.actions()])
async def test_a_forged_action_is_answered(lasting: Office, verb: str) -> None:
    await with_a_deal(lasting)
    for rest in ("", f":-1:{2**63}", ":x" * 20, ":1:\ud83d:\x00", ":1:1:1"):
        for kind in ("button", "form"):
            await answered(lasting, lasting.request("Kim", kind=kind, action=f"{verb}{rest}"))


@pytest.mark.parametrize("name", ["templates", "an open tag", "two scripts", "a database's end"])
async def test_a_name_that_no_deal_has_comes_back_as_it_was_typed(
    office: Office, name: str
) -> None:
    await with_a_deal(office)
    for command in FINDING:
        line = f"{command} {NASTY[name]}"
        reply = await answered(office, office.request("Bo", text=line))
        assert f"You wrote: {line}" in said(reply)
        assert Span(line, "code") in reply.text


@pytest.mark.parametrize("nasty", MARKUP)
async def test_a_name_with_markup_stays_one_plain_piece_of_text_wherever_it_is_shown(
    office: Office, nasty: str
) -> None:
    await office.fills("Ann", "lead", {"customer": "Acme"})
    with office.app.database.work() as memory:
        [customer] = memory.customers.list_name_keys(1)
        found = memory.customers.get(1, customer[0])
        assert found is not None
        found.name = nasty
    shown = [
        await office.says("Ann", "deals"),
        await office.taps("Ann", "open:1"),
        await office.taps("Ann", "step:1"),
        await office.taps("Ann", "advance:1"),
        await office.taps("Ann", "lost:1"),
        await office.taps("Ann", "lost:1:price"),
        await office.taps("Ann", "reopen:1"),
    ]
    for reply in shown:
        holding = [span for span in reply.text if nasty in span.text]
        assert holding or nasty not in plain(reply.text)
        assert all(span.style in ("plain", "bold") and span.url is None for span in reply.text)
    assert sum(any(nasty in span.text for span in reply.text) for reply in shown) >= 5


async def test_a_members_name_with_markup_is_only_ever_text(office: Office) -> None:
    bo = office.member("Bo")
    for nasty in MARKUP:
        with office.app.database.work() as memory:
            found = memory.members.get(1, bo)
            assert found is not None
            found.name = nasty
        for reply in (await office.says("Kim", "team"), await office.taps("Kim", f"member:{bo}")):
            assert nasty in plain(reply.text)
            assert all(span.style in ("plain", "bold") for span in reply.text)


@pytest.mark.parametrize("name", LONG)
async def test_however_long_the_input_the_answer_fits_a_few_messages(
    lasting: Office, name: str
) -> None:
    await with_a_deal(lasting)
    for command in ("lead", "note", "obj", "next", "edit", "report"):
        await fits(lasting, command, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
async def test_however_long_the_input_every_command_answers_in_a_few_messages(
    lasting: Office, name: str
) -> None:
    await with_a_deal(lasting)
    for command in CATALOG.commands():
        await fits(lasting, command.name, name)


async def fits(office: Office, command: str, name: str) -> None:
    request = office.request("Kim", text=f"{command} {NASTY[name]}")
    assert len(plain((await answered(office, request)).text)) < 6000


async def test_a_picked_line_goes_on_with_what_was_typed(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    reply = await office.says("Ann", f"note zebra {NASTY['templates']}")
    await office.taps("Ann", action(reply, "Acme"))
    assert NASTY["templates"] in office.one("select note from event where kind = 'noted'")
