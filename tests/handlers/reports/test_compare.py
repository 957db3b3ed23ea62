"""`compare`: who won most comes first, and whoever may compare sees their own people only."""

from __future__ import annotations

from tests.office import Office, action, said


async def win(office: Office, who: str, customer: str, amount: str) -> None:
    await office.says(who, f"lead {customer}, {amount}")
    await office.says(who, f"won {customer}")
    await office.taps(who, f"won-paid:{office.deal(customer)}")


async def test_whoever_won_most_comes_first(office: Office) -> None:
    await win(office, "Ann", "Acme", "5k")
    await win(office, "Bo", "Beta", "9k")
    text = said(await office.says("Mia", "compare"))
    assert text.index("Bo: €9,000") < text.index("Ann: €5,000")


async def test_a_chart_has_a_bar_for_each_and_says_the_same_in_words(office: Office) -> None:
    await win(office, "Ann", "Acme", "5k")
    await office.says("Bo", "lead Beta, 9k")
    reply = await office.says("Mia", "compare")
    assert reply.picture is not None
    assert [line.partition(":")[0] for line in reply.picture.alt.splitlines()[1:]] == ["Ann", "Bo"]


async def test_a_month_without_anything_done_says_so_and_offers_the_one_before(
    office: Office,
) -> None:
    reply = await office.says("Mia", "compare last month")
    assert reply.picture is None
    earlier = await office.taps("Mia", action(reply, "September 2026"))
    assert "September 2026" in said(earlier)


async def test_a_rep_may_not_compare(office: Office) -> None:
    await win(office, "Bo", "Beta", "9k")
    assert "€9,000" not in said(await office.says("Ann", "compare"))
    assert "€9,000" not in said(await office.taps("Ann", "compare:month:739922:0:main"))


async def test_a_forged_period_is_refused(office: Office) -> None:
    reply = await office.taps("Mia", "compare:decade:1:0:main")
    assert reply.picture is None
