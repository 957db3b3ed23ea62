"""`funnel`: three lines that say what matters, and the stages as a picture with its words."""

from __future__ import annotations

import io
from unittest.mock import patch

from PIL import Image

from handlers.contract.reply import Reply
from handlers.pictures import Bar, Bars, Theme
from handlers.pictures.themes import THEMES
from tests.office import Office, labels, said


def paper(reply: Reply) -> object:
    assert reply.picture is not None
    return Image.open(io.BytesIO(reply.picture.content)).convert("RGB").getpixel((2, 2))


async def drawn_bars(office: Office, who: str) -> tuple[Bar, ...]:
    """What the funnel's picture was made of."""
    with patch("handlers.reports.chart_files.render_png", return_value=b"") as draws:
        await office.says(who, "funnel")
    picture = draws.call_args.args[0]
    assert isinstance(picture, Bars)
    return picture.bars


async def with_deals(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "move acme negotiation")
    await office.says("Ann", "lead Beta, 5k")
    await office.says("Bo", "lead Gamma, $9000")


async def test_the_picture_has_words_that_name_each_stage_and_its_worth(office: Office) -> None:
    await with_deals(office)
    reply = await office.says("Ann", "funnel")
    assert reply.picture is not None
    alt = reply.picture.alt.replace("\u00a0", " ").splitlines()
    assert alt == ["Opportunity (0 %): 1 · €5,000", "Negotiation (70 %): 1 · €12,000"]
    assert labels(reply) == ["Opportunity", "Negotiation"]
    assert len(said(reply).splitlines()) == 3


async def test_what_has_no_rate_stands_apart_and_is_never_added_up(office: Office) -> None:
    await with_deals(office)
    told = said(await office.says("Mia", "funnel"))
    assert "3 live deals" in told
    assert "€17,000 + $9,000, €8,400 likely" in told


async def test_a_manager_may_ask_for_one_person_and_a_rep_for_no_other(office: Office) -> None:
    await with_deals(office)
    assert "1 live deal · Bo" in said(await office.says("Mia", "funnel Bo"))
    assert "Acme" not in said(await office.says("Bo", "funnel Ann"))
    assert (await office.says("Bo", "funnel Ann")).picture is None


async def test_deals_without_any_amount_are_drawn_by_their_number(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    reply = await office.says("Ann", "funnel")
    assert reply.picture is not None
    assert said(reply).startswith("1 live deal · ")


async def test_a_picture_is_drawn_in_the_colours_the_member_chose(office: Office) -> None:
    await with_deals(office)
    themes: tuple[Theme, ...] = ("dark", "light")
    for theme in themes:
        await office.says("Ann", f"pictures {theme}")
        colour = THEMES[theme].paper
        wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert paper(await office.says("Ann", "funnel")) == wanted


async def test_where_amounts_have_no_rate_each_stage_is_drawn_by_its_deals(office: Office) -> None:
    await with_deals(office)
    stood = await drawn_bars(office, "Mia")
    assert [(bar.label, bar.value, bar.part) for bar in stood] == [
        ("Opportunity", 2.0, None),
        ("Negotiation", 1.0, None),
    ]
    mine = await drawn_bars(office, "Ann")
    assert [(bar.value, bar.part) for bar in mine] == [(5000.0, 0.0), (12000.0, 8400.0)]
