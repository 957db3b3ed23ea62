"""What every platform's adapter keeps to, whatever the platform."""

from __future__ import annotations

import base64
import inspect
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.port import Adapter, Address, DeliveryError, Sent
from handlers.contract.reply import Button, Choice, File, Reply, Span, lines, rows, text_of
from tests.contract.platforms import FAULTS, PLATFORMS, Platform
from tests.office import Office, opened

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = "<b>unclosed & *_@channel_* [red]x[/red] &lt;b&gt; {0.__class__} %s `code` 👩‍👩‍👧‍👦"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


@pytest.fixture(params=PLATFORMS)
async def platform(
    request: pytest.FixtureRequest, office: Office, tmp_path: Path
) -> AsyncIterator[Platform]:
    async with PLATFORMS[request.param](office, tmp_path / "files") as platform:
        await platform.adapter.start()
        yield platform
        await platform.adapter.stop()


async def outcome(platform: Platform, address: Address, reply: Reply) -> Sent | DeliveryError:
    try:
        return await platform.adapter.send(address, reply)
    except DeliveryError as error:
        return error


async def test_it_has_the_ports_methods_and_its_platforms_name(platform: Platform) -> None:
    wanted = {name for name, _ in inspect.getmembers(Adapter) if not name.startswith("_")}
    for name in wanted - {"platform"}:
        of_port, own = getattr(Adapter, name), getattr(type(platform.adapter), name)
        assert inspect.iscoroutinefunction(own)
        assert list(inspect.signature(own).parameters) == list(
            inspect.signature(of_port).parameters
        )
    assert platform.adapter.platform == platform.address.platform


async def test_stopping_twice_and_before_a_start_is_harmless(
    office: Office, tmp_path: Path
) -> None:
    for make in PLATFORMS.values():
        async with make(office, tmp_path) as platform:
            await platform.adapter.stop()
            await platform.adapter.start()
            await platform.adapter.stop()
            await platform.adapter.stop()


async def test_each_message_that_is_sent_has_a_reference_of_its_own(platform: Platform) -> None:
    sent = [
        await platform.adapter.send(platform.address, Reply(lines(f"message {number}")))
        for number in range(3)
    ]
    assert len({each.message_ref for each in sent}) == 3
    assert all(0 < len(each.message_ref) <= 100 for each in sent)
    assert [f"message {n}" in text for n, text in enumerate(platform.shown())] == [True] * 3


async def test_a_name_with_markup_arrives_as_it_was_typed_in_every_style(
    platform: Platform,
) -> None:
    for style in ("plain", "bold", "italic", "code"):
        reply = Reply(text_of("for ", Span(HOSTILE, style), "!"))
        await platform.adapter.send(platform.address, reply)
        assert f"for {HOSTILE}!" in platform.shown()[-1]


@pytest.mark.parametrize("unit", ["word ", "华为", "😀", "é", "line\n", "<&>", "x" * 500 + " "])
async def test_a_text_of_any_length_arrives_whole(platform: Platform, unit: str) -> None:
    text = unit * (9000 // len(unit))
    await platform.adapter.send(platform.address, Reply(lines(text)))
    arrived = "".join("".join(platform.shown()).split())
    assert arrived.endswith("".join(text.split()))


async def test_a_reply_with_everything_is_sent(platform: Platform) -> None:
    buttons = [Button(f"Tap {number} {'x' * 40}", "a" * 60 + f":{number}") for number in range(11)]
    reply = Reply(
        lines(Span("Acme", "bold"), Span("site", "link", "https://example.com/?a=1&b=2")),
        buttons=(*rows(buttons), (Button("Open", url="https://example.com/?a=1&b=2"),)),
        picture=File("chart.png", PIXEL, "a chart"),
        document=File("deals <b>.csv", b"a,b\n1,2\n", "the deals"),
        choices=(Choice("1", "t", "d", lines("c")),),
        private=False,
        edit=True,
        toast="✓",
        about=7,
    )
    sent = await platform.adapter.send(platform.address, reply)
    assert sent.message_ref
    shown = "\n".join(platform.shown())
    assert "Acme" in shown
    assert "the deals" in shown


@pytest.mark.parametrize("content", [b"", b"no picture at all", PIXEL[:40]])
async def test_a_picture_the_platform_cannot_draw_fails_in_a_known_way_or_is_sent_as_a_file(
    platform: Platform, content: bytes
) -> None:
    picture = File("chart.png", content, "a chart")
    became = await outcome(platform, platform.address, Reply(lines("Look"), picture=picture))
    if isinstance(became, DeliveryError):
        assert not became.gone
    else:
        assert "Look" in "\n".join(platform.shown())


async def test_nothing_to_say_is_no_failure(platform: Platform) -> None:
    await platform.adapter.send(platform.address, Reply())


@pytest.mark.parametrize("chat", ["", "nobody", "-", "9" * 40, "١٢٣", "1; drop table"])
async def test_an_address_that_is_none_is_a_delivery_error_or_harmless(
    platform: Platform, chat: str
) -> None:
    address = Address(platform.address.platform, chat, chat)
    became = await outcome(platform, address, Reply(lines("hello")))
    assert isinstance(became, Sent) or "hello" not in str(became)


@pytest.mark.parametrize(("name", "fault"), FAULTS)
async def test_every_failure_is_a_delivery_error_without_an_address_and_the_next_send_works(
    office: Office, tmp_path: Path, name: str, fault: str
) -> None:
    async with PLATFORMS[name](office, tmp_path) as platform:
        await platform.adapter.start()
        platform.faults[fault]()
        with pytest.raises(DeliveryError) as failed:
            await platform.adapter.send(platform.address, Reply(lines("lost")))
        platform.mended()
        await platform.adapter.send(platform.address, Reply(lines("found")))
        await platform.adapter.stop()
        assert platform.shown()[-1].endswith("found")
    assert "://" not in str(failed.value)
    assert failed.value.gone == (fault == "blocked")
    assert failed.value.retryable == (fault not in ("blocked", "refused"))
    assert failed.value.retry_after == (3 if fault == "flood" else None)


async def test_a_reply_that_replaces_a_message_leaves_no_second_one(platform: Platform) -> None:
    sent = await platform.adapter.send(platform.address, Reply(text_of("Did you call Acme?")))
    count = len(platform.shown())
    settled = Reply(text_of("✓ Settled"), replaces=sent.message_ref)
    assert await platform.adapter.send(platform.address, settled) == sent
    shown = platform.shown()
    assert sum("Did you call" in text or "Settled" in text for text in shown[count - 1 :]) <= 2
    following = await platform.adapter.send(platform.address, Reply(text_of("next")))
    assert following.message_ref != sent.message_ref
