"""Which recogniser answers a plain line: the order is what people mean most likely."""

from __future__ import annotations

import pytest

from handlers.plain_language.recognisers import RECOGNISERS
from tests.office import Office, desk_of

LINES = [
    ("Acme won", "command on a deal"),
    ("thanks", "small talk"),
    ("adv acme", "shortened command"),
    ("acme friday 10am send the offer", "step"),
    ("Beta Labs, Jane Doe, jane@beta.example", "lead"),
    ("it's too expensive", "sure look-up"),
    ("mvoe acme", "mistyped command"),
    ("acme has a new logo", "news of a deal"),
    ("/foo", "unknown command"),
    ("zzzzzz qqqqqq", "look-up"),
]


async def recogniser_of(office: Office, line: str) -> str:
    """The name of the one that answers; a refusal is an answer too."""
    with desk_of(office, "Ann") as desk:
        for each in RECOGNISERS:
            with desk.memory.savepoint():
                try:
                    reply = each.recognise(office.request("Ann", text=line), desk)
                except Exception:  # noqa: BLE001 - which one refuses is all that is asked
                    return each.name
            if reply is not None:
                return each.name
    raise AssertionError(line)


@pytest.mark.parametrize(("line", "name"), LINES)
async def test_a_line_is_answered_by_the_first_that_it_fits(
    office: Office, line: str, name: str
) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    office.wait(hours=1)  # the question for the next step is stale
    assert await recogniser_of(office, line) == name


async def test_what_was_asked_is_answered_before_a_look_up(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    await office.says("Ann", "next acme")
    assert await recogniser_of(office, "friday 10am") == "answer to the open question"


async def test_a_name_with_a_command_behind_it_goes_before_the_open_question(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    await office.says("Ann", "next acme")
    assert await recogniser_of(office, "acme won") == "command on a deal"


def test_each_says_why_it_stands_where_it_does() -> None:
    assert len({each.name for each in RECOGNISERS}) == len(RECOGNISERS)
    assert all(len(each.why_here.split()) > 4 for each in RECOGNISERS)


async def test_the_last_answers_whatever_is_said(lasting: Office) -> None:
    with desk_of(lasting, "Ann") as desk:
        for line in ("", "?", "华为", "x" * 500):
            assert RECOGNISERS[-1].recognise(lasting.request("Ann", text=line), desk) is not None
