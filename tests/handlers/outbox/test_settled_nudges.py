"""A nudge that was answered elsewhere says so where it stands, and asks nothing any more."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.loop import Delivery
from handlers.contract.reply import plain
from tests.bot.delivery.recorder import Recorder
from tests.office import Office


async def nudged(office: Office, post: Recorder) -> Delivery:
    """Ann has been asked about Acme in the message that `post` received last."""
    await office.says("Ann", "lead Acme")
    office.wait(days=2)
    delivery = Delivery(office.app, {post.platform: post})
    await delivery.tick()
    assert len(post.received) == 1
    return delivery


def sent_ref(office: Office) -> str:
    return str(office.one("select message_ref from outbox where kind = 'nudge'"))


async def test_an_answer_typed_elsewhere_settles_the_nudge_where_it_stands(
    office: Office, post: Recorder
) -> None:
    delivery = await nudged(office, post)
    await office.says("Ann", "note acme called, all is well")
    await delivery.tick()
    settled = post.settled[-1].reply
    assert settled.replaces == sent_ref(office)
    assert settled.buttons == ()
    assert "Acme" in plain(settled.text)
    assert "✓ Settled" in plain(settled.text)
    await delivery.tick()
    assert (len(post.received), len(post.settled)) == (1, 1)


async def test_a_nudge_whose_own_button_was_pressed_is_left_to_its_answer(
    office: Office, post: Recorder
) -> None:
    delivery = await nudged(office, post)
    nudge = post.received[-1].reply
    done = nudge.buttons[0][0].action
    request = office.request("Ann", kind="button", action=done)
    await office.answer(replace(request, pressed=sent_ref(office)))
    await delivery.tick()
    assert post.settled == []


async def test_a_nudge_pressed_in_a_message_of_another_platform_is_settled_too(
    office: Office, post: Recorder
) -> None:
    delivery = await nudged(office, post)
    nudge = post.received[-1].reply
    request = office.request("Ann", kind="button", action=nudge.buttons[0][0].action)
    await office.answer(replace(request, pressed="D1:1700000000.1"))
    await delivery.tick()
    assert post.settled[-1].reply.replaces == sent_ref(office)


async def test_what_nobody_has_answered_stays(office: Office, post: Recorder) -> None:
    delivery = await nudged(office, post)
    await office.says("Ann", "lead Beta")
    await delivery.tick()
    assert post.settled == []
