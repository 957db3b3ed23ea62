"""A nudge says whom to call, and what was answered by mistake is asked again."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.loop import Delivery
from handlers.contract.reply import Reply
from storage.tables.people_and_deals import Contact
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, action, labels, said

DAY = timedelta(days=1)


def dialled(reply: Reply) -> list[tuple[str, str | None]]:
    """The numbers of a reply that a tap dials, as they are shown and as they are dialled."""
    return [(span.text, span.url) for span in reply.text if span.url]


async def with_two_people(office: Office) -> None:
    """A deal of Ann's, with Jane noted first and Tom after her."""
    await office.says("Ann", "lead Acme, Jane Doe, +44 20 7946 0958, 12k")
    deal = office.deal("Acme")
    with office.app.database.work() as memory:
        memory.customers.add_contact(
            Contact(
                team_id=1,
                customer_id=office.one("select customer_id from deal where id = ?", deal),
                name="Tom Fox",
                phone="+442079460000",
                created_at=office.clock.now(),
            )
        )


async def test_a_call_by_name_shows_the_number_of_that_very_person(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await with_two_people(office)
    await office.says("Ann", "next acme tomorrow 10am call Tom about the paper")
    await delivery.pass_time(office.clock, office.clock.now() + DAY)
    [reply] = [each.reply for each in post.received]
    assert "Tom Fox" in said(reply)
    assert "Jane" not in said(reply)
    assert dialled(reply) == [("+44 20 7946 0000", "tel:+442079460000")]


async def test_who_is_named_by_nobody_is_whoever_was_noted_first(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await with_two_people(office)
    await office.says("Ann", "next acme tomorrow 10am send the paper")
    await delivery.pass_time(office.clock, office.clock.now() + DAY)
    [reply] = [each.reply for each in post.received]
    assert dialled(reply) == [("+44 20 7946 0958", "tel:+442079460958")]


async def test_an_answer_taken_back_counts_as_none(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, office.clock.now() + 2 * DAY)
    nudge = office.one("select id from nudge")
    answered = await office.taps("Ann", f"nudge:{nudge}:done")
    assert office.one("select answer from nudge") == "done"
    again = await office.taps("Ann", action(answered, "Undo"))
    assert office.one("select answer from nudge") == ""
    assert "Have you reached Acme yet?" in said(again)
    assert labels(again)[0] == "Done"
    assert office.one("select nudges_sent from deal") == 1


async def test_a_nudge_of_somebody_else_explains_nothing(
    office: Office, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, office.clock.now() + 2 * DAY)
    nudge = office.one("select id from nudge")
    for who in ("Bo", "Eve"):
        assert "Acme" not in said(await office.taps(who, f"why:{nudge}"))


async def test_days_off_taken_back_repeat_no_nudge(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "next acme tomorrow 10am call")
    await office.says("Ann", "away until Monday")
    await delivery.pass_time(office.clock, office.clock.now() + 5 * DAY)
    await office.says("Ann", "away 24 Dec - 2 Jan")
    await delivery.tick()
    assert sum(text.startswith("⏰ Acme") for text in post.texts) == 1


async def test_nothing_is_told_of_a_colleague_s_doing_at_night(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, office.clock.now() + 14 * DAY + timedelta(hours=12))
    slip = office.one("select id from nudge where kind = 'escalate'")
    post.received.clear()
    await office.taps("Mia", f"slip:{slip}:ask")
    await delivery.tick()
    assert post.received == []
    await delivery.pass_time(office.clock, office.clock.now() + DAY)
    assert any("Mia asks" in text for text in post.texts)
