"""Answers in groups: a private reply goes to the person's own chat, the group sees one line."""

from __future__ import annotations

import structlog
from telegram.error import TelegramError

from bot.telegram.addressed_to_us import HELLO
from bot.telegram.errors import Calls, is_gone, is_temporary, summarize
from bot.telegram.inbound import Incoming, Me
from bot.telegram.outbound import Outbound, Place
from handlers.contract.reply import Button, Reply
from handlers.contract.words import Words, choose_words

log = structlog.get_logger()


class Groups:
    """Shows answers to what was said in groups."""

    def __init__(self, outbound: Outbound, me: Me) -> None:
        self._outbound = outbound
        self._me = me

    def choose_toast(self, incoming: Incoming, reply: Reply) -> str:
        """The toast over a button pressed in a group; it says so where the answer is private."""
        return (
            _find_words(incoming).line("platforms.telegram.sent_privately")
            if reply.private
            else reply.toast
        )

    async def show(self, incoming: Incoming, reply: Reply, calls: Calls) -> str:
        """Shows a reply to what was said in a group; returns its message's reference.

        Raises TelegramError. If the person never opened our chat, or left it, a line in the group
        says so first, with a button that opens it.
        """
        if not reply.private:
            try:
                edits = incoming.message_id if reply.edit and incoming.editable else 0
                return await self._post(incoming, reply, calls, edits)
            except TelegramError as error:  # removed or muted: the person still gets the answer
                if is_temporary(error):
                    raise
                log.info("answer not shown in the group", reason=summarize(error))
                return await self._outbound.show(reply, Place(incoming.own_chat), calls)
        try:
            reference = await self._outbound.show(reply, Place(incoming.own_chat), calls)
        except TelegramError as error:
            if is_gone(error):
                await self._point_to_own_chat(incoming, "platforms.telegram.open_first", calls)
            raise
        if not incoming.callback_id:
            await self._point_to_own_chat(incoming, "platforms.telegram.sent_privately", calls)
        return reference

    async def _point_to_own_chat(self, incoming: Incoming, key: str, calls: Calls) -> None:
        words = _find_words(incoming)
        link = f"https://t.me/{self._me.username}?start={HELLO}"
        button = Button(words.line("platforms.telegram.open_chat"), url=link)
        try:
            await self._post(incoming, Reply(words.say(key), ((button,),)), calls)
        except TelegramError as error:  # the answer itself has arrived, or could not anyway
            log.info("line in the group not shown", reason=summarize(error))

    async def _post(self, incoming: Incoming, reply: Reply, calls: Calls, edits: int = 0) -> str:
        under = 0 if incoming.callback_id else incoming.message_id
        place = Place(incoming.chat_id, edits, under, incoming.thread_id)
        return await self._outbound.show(reply, place, calls)


def _find_words(incoming: Incoming) -> Words:
    return choose_words(incoming.request.account.language)
