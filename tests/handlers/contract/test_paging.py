"""Long answers in pages: cut between lines, leafed through by whoever got them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.contract.paging import PAGE, render_first_page, render_page
from handlers.contract.reply import Button, Reply, bold, lines, plain, text_of
from handlers.contract.words import Words
from tests.office import Office, action, labels, said

WORDS = Words("en")
LONG = Reply(lines(*(f"line {n} " + "x" * 90 for n in range(60))))


def test_a_short_answer_is_left_as_it_is() -> None:
    short = Reply(text_of("Hello ", bold("you")), buttons=((Button("Open", "open:1"),),))
    assert render_first_page(short, 1, WORDS) is short


def test_the_pages_hold_the_whole_text_once_and_no_line_is_cut() -> None:
    pages = [render_page(LONG, 1, number, WORDS) for number in range(3)]
    assert "".join(plain(page.text) for page in pages) == plain(LONG.text)
    for page in pages:
        assert len(plain(page.text)) <= PAGE
        assert all(row.startswith("line") for row in plain(page.text).splitlines())


def test_a_line_longer_than_a_page_is_cut_inside_and_keeps_its_style() -> None:
    first = render_first_page(Reply(text_of(bold("x" * (PAGE + 5)))), 1, WORDS)
    assert (first.text[0].style, len(first.text[0].text)) == ("bold", PAGE)


@pytest.mark.parametrize(
    ("number", "turns"), [(0, ["More"]), (1, ["Back", "More"]), (2, ["Back"]), (99, ["Back"])]
)
def test_the_pages_before_and_after_are_a_tap_away(number: int, turns: list[str]) -> None:
    with_button = replace(LONG, buttons=((Button("Open", "open:1"),),))
    assert labels(render_page(with_button, 7, number, WORDS)) == ["Open", *turns]


async def test_only_whoever_got_the_answer_turns_its_pages(office: Office) -> None:
    first = await office.says("Kim", "help all")
    more = action(first, "More")
    second = await office.taps("Kim", more)
    assert second.edit
    assert said(second) != said(first)
    assert "no longer here" in said(await office.taps("Ann", more))
