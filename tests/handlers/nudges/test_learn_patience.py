"""A team that has won enough deals is nudged in its own rhythm, and told so."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.loop import Delivery
from tests.bot.delivery.recorder import Recorder
from tests.office import Office

NAMES = """Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November
Oscar Papa Quebec Romeo Sierra Tango""".split()


async def test_a_team_is_nudged_by_what_its_own_won_deals_took(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "nudges 0")
    for name in NAMES:
        await office.says("Ann", f"lead {name}, 9k")
        await office.says("Ann", f"move {name} qualified")
    office.wait(days=7)
    for name in NAMES:
        await office.says("Ann", f"move {name} signed")
        await office.taps("Ann", f"won-paid:{office.deal(name)}")
    await delivery.tidy()
    assert '"qualified": 5' in office.one("select patience from team where id = 1")
    await office.says("Ann", "nudges 5")
    await office.says("Ann", "lead Acme, 9k")
    await office.says("Ann", "move acme qualified")
    await delivery.pass_time(office.clock, office.clock.now() + timedelta(days=6, hours=23))
    assert about_acme(post) == []  # the stage's own patience, three days, is over
    await delivery.pass_time(office.clock, office.clock.now() + timedelta(days=9))
    assert "your won deals take 5" in about_acme(post)[0]


def about_acme(post: Recorder) -> list[str]:
    return [text for text in post.texts if "Acme" in text]


async def test_other_teams_and_young_ones_keep_their_stages_patience(
    office: Office, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme, 9k")
    await delivery.tidy()
    assert {patience for (patience,) in office.rows("select patience from team")} == {"{}"}
