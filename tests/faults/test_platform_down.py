"""Telegram is down for an hour, floods or refuses: nothing is lost, nothing tried in vain."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.clock import SetClock
from bot.delivery.loop import Delivery
from bot.delivery.outbox import TRIES
from bot.port import Address, Sent
from bot.telegram.adapter import TelegramAdapter
from handlers.contract.reply import Reply, lines, to_json
from handlers.contract.words import Words
from storage.engine import Database
from storage.tables.messages import Outbox
from tests.databases import without_waiting_for_the_disk
from tests.fakes.botapi import BotApi
from tests.faults import promises
from tests.faults.promises import BASE, FIRST_ACCOUNT, Promises, rows
from tests.faults.report import Report, sized

pytestmark = pytest.mark.faults

PEOPLE = sized(30, 200)
DOWN = sized(600.0, 3600.0)  # seconds of outage
STEP = sized(5.0, 1.0)  # between two ticks
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
NO_PORT = "http://127.0.0.1:9"  # the discard service, which nobody runs
NO_HOST = "http://telegram.invalid"
REPEAT = Words("en").line("digest.due_messages.may_repeat")


class Bot:
    """A bot of these people, on a clock of its own; `line` is what its messages leave by."""

    platform = "telegram"

    def __init__(self, path: Path, api: BotApi) -> None:
        self.path, self.api = path, api
        if not path.exists():
            promises.keep(path, Promises({}), PEOPLE)
        database = Database(f"sqlite:///{path}")
        without_waiting_for_the_disk(database)
        self.clock = SetClock(BASE)
        self.app = App(database, self.clock)
        self.good = self.adapter(api.base_url)
        self.line = self.good
        self.delivery = Delivery(self.app, {self.platform: self})
        self.tries = 0

    def adapter(self, base_url: str) -> TelegramAdapter:
        """An adapter whose pace keeps to the bot's own clock."""

        async def sleep(seconds: float) -> None:
            self.clock.move(timedelta(seconds=seconds))
            await asyncio.sleep(0)

        with patch("bot.telegram.rate_limits._now", lambda: self.clock.now().timestamp()):
            place = (self.api.token, base_url, self.api.base_file_url)
            return TelegramAdapter(self.app, *place, sleep=sleep, messages_a_second=30)

    async def send(self, address: Address, reply: Reply) -> Sent:
        self.tries += 1
        return await self.line.send(address, reply)

    async def start(self) -> None:
        """The adapters are opened by the test."""

    async def stop(self) -> None:
        """And closed by it."""

    def put(self, count: int, kind: str = "hello", people: int = PEOPLE) -> list[str]:
        """So many notices, due now, one for each of the people in turn."""
        texts = [f"{kind} {number}" for number in range(count)]
        ids = [row_id for (row_id,) in rows(self.path, "select id from member where role = 'rep'")]
        with self.app.database.work() as memory:
            for number, text in enumerate(texts):
                memory.outbox.put(
                    Outbox(
                        team_id=1,
                        member_id=ids[number % people],
                        key=text,
                        kind="notice",
                        due_at=self.clock.now(),
                        body=to_json(Reply(lines(text))),
                    )
                )
        return texts

    async def passes(self, seconds: float, step: float = STEP) -> None:
        """Time goes by, tick by tick."""
        for _step in range(int(seconds / step)):
            await self.delivery.tick()
            self.clock.move(timedelta(seconds=step))

    def states(self) -> Counter[str]:
        return Counter(state for (state,) in rows(self.path, "select state from outbox"))


@asynccontextmanager
async def opened(path: Path, api: BotApi) -> AsyncIterator[Bot]:
    """A bot that may send; it receives nothing here."""
    bot = Bot(path, api)
    await bot.good._saved_limits.restore()
    await bot.good._api.open()
    try:
        with capture_logs():
            yield bot
    finally:
        await bot.good._api.close_client()
        bot.app.close()


@pytest.fixture
async def bot(api: BotApi, tmp_path: Path) -> AsyncIterator[Bot]:
    promises.introduce(api, PEOPLE)
    async with opened(tmp_path / "down.db", api) as bot:
        yield bot


@asynccontextmanager
async def broken(bot: Bot, way: str, report: Report) -> AsyncIterator[None]:
    """The platform is down in this way while the block runs."""
    urls = {
        "refused": f"{NO_PORT}/bot",
        "no such host": f"{NO_HOST}/bot",
        "tls error": bot.api.base_url.replace("http://", "https://"),
    }
    if way in urls:
        bot.line = bot.adapter(urls[way])
        await bot.line._api.open()
    elif way == "502 html page":
        bot.api.fail_next("sendMessage", 502, HTML, times=100_000)
    elif way == "cut off":
        bot.api.drop_next("sendMessage", times=100_000, applied=False)
    elif way == "hang":
        bot.api.hang_next("sendMessage", times=100_000)
    before = bot.tries
    try:
        with patch("bot.delivery.loop.SEND_SECONDS", 0.3):
            yield
    finally:
        report.fault(way, bot.tries - before)
        if bot.line is not bot.good:
            await bot.line._api.close_client()
            bot.line = bot.good
        bot.api.faults._script.clear()


WAYS = ("refused", "no such host", "tls error", "hang", "cut off", "502 html page")


@pytest.mark.parametrize("way", WAYS)
async def test_an_outage_loses_nothing_uses_up_nothing_and_drains_within_the_rates(
    api: BotApi, bot: Bot, report: Report, way: str
) -> None:
    first = bot.put(PEOPLE)
    async with broken(bot, way, report):
        await bot.passes(DOWN / 2)
        more = bot.put(PEOPLE, "meanwhile")
        await bot.passes(DOWN / 2)
        report.holds("nothing leaves meanwhile", not api.sent, len(api.sent))
        [(most,)] = rows(bot.path, "select max(attempts) from outbox")
        report.holds("no message uses up its tries", most < TRIES // 2, most)
    api.door.rates._monotonic = lambda: bot.clock.now().timestamp()
    api.enforce_rates = True
    await bot.passes(90, 1.0)
    texts = Counter(sent.text.splitlines()[0] for sent in api.sent)
    report.holds("all of it arrives, once", texts == Counter([*first, *more]), len(texts))
    report.holds("all is marked", bot.states() == {"sent": 2 * PEOPLE}, dict(bot.states()))
    floods = [refusal for refusal in api.refusals if refusal.code == 429]
    report.holds("within the rates", not floods, len(floods))
    marked = sum(REPEAT in sent.text for sent in api.sent)
    sure = way in ("refused", "no such host", "tls error", "502 html page")
    report.holds("what cannot have left is not called a repeat", not (sure and marked), marked)


@pytest.mark.parametrize("seconds", [1, 35, 3600])
async def test_a_flood_in_one_chat_makes_that_chat_wait_as_told_even_across_a_restart(
    api: BotApi, tmp_path: Path, report: Report, seconds: int
) -> None:
    promises.introduce(api, PEOPLE)
    chat = FIRST_ACCOUNT
    async with opened(tmp_path / "down.db", api) as bot:
        api.fail_next("sendMessage", 429, chat=chat, retry_after=seconds)
        report.fault("429")
        bot.put(PEOPLE)
        told_at = bot.clock.now()
        await bot.passes(max(1.0, seconds / 2 - 1), max(0.5, seconds / 100))
        others = [sent for sent in api.sent if sent.chat_id != chat]
        report.holds("all other chats get theirs", len(others) == PEOPLE - 1, len(others))
        at = bot.clock.now()
    async with opened(tmp_path / "down.db", api) as bot:
        bot.clock.move_to(at)
        report.fault("restart")
        bot.put(1, "second", people=1)  # nor may anything else go to that chat
        when: datetime | None = None
        while when is None and bot.clock.now() < told_at + timedelta(seconds=2 * seconds + 20):
            await bot.passes(max(0.5, seconds / 100), max(0.5, seconds / 100))
            if any(sent.chat_id == chat for sent in api.sent):
                when = bot.clock.now()
        wait = (when - told_at).total_seconds() if when else -1.0
        report.holds("that chat waits as long as told", seconds <= wait, f"{wait:.1f} s")
        report.holds("and not much longer", 0 < wait <= seconds * 1.1 + 10, f"{wait:.1f} s")
        [(most,)] = rows(bot.path, "select max(attempts) from outbox")
        report.holds("waiting uses up no tries", most <= 1, most)


REFUSED: dict[str, tuple[int, str, str]] = {
    "blocked": (403, "Forbidden: bot was blocked by the user", "parked"),
    "deactivated": (403, "Forbidden: user is deactivated", "parked"),
    "chat not found": (400, "Bad Request: chat not found", "parked"),
    "markup": (400, "Bad Request: can't parse entities: unexpected end tag", "sent"),
    "too long": (400, "Bad Request: message is too long", "dead"),
    "token revoked": (401, "Unauthorized", "sent"),
}


async def test_what_telegram_refuses_ends_where_it_belongs_and_is_tried_no_more(
    api: BotApi, bot: Bot, report: Report
) -> None:
    texts = bot.put(len(REFUSED) + 10, people=len(REFUSED) + 10)
    for number, (kind, (code, said, _state)) in enumerate(REFUSED.items()):
        body: dict[str, Any] = {"ok": False, "error_code": code, "description": said}
        api.fail_next("sendMessage", code, body, chat=FIRST_ACCOUNT + number)
        report.fault(kind)
    await bot.passes(300, 5.0)
    tried = api.calls["sendMessage"]
    state = dict(rows(bot.path, "select key, state from outbox"))
    for number, (kind, (_code, _said, wanted)) in enumerate(REFUSED.items()):
        report.holds(f"{kind}: {wanted}", state[texts[number]] == wanted, state[texts[number]])
    rest = {state[text] for text in texts[len(REFUSED) :]}
    report.holds("the others are sent", rest == {"sent"}, rest)
    await bot.passes(3600, 60.0)
    again = api.calls["sendMessage"]
    report.holds("nothing is tried any more", again - tried == 0, again - tried)
    [(told,)] = rows(bot.path, "select count(*) from outbox where key like 'trouble:%'")
    report.holds("the admin is told once", told == 1, told)
