"""Answers in groups: a private reply goes to the person's own chat, the group sees one line."""

from __future__ import annotations

import structlog
from telegram.error import TelegramError

from bot.telegram.addressed_to_us import HELLO
from bot.telegram.errors import Calls, is_gone, passes, summary
from bot.telegram.inbound import Incoming, Me
from bot.telegram.outbound import Outbound, Place
from handlers.contract.reply import Button, Reply
from handlers.contract.words import Words, speaking

log = structlog.get_logger()


class Groups:
    """One bot's manners in groups."""

    def __init__(self, outbound: Outbound, me: Me) -> None:
        self._outbound = outbound
        self._me = me

    def toast(self, heard: Incoming, reply: Reply) -> str:
        """The word over a button pressed in a group: where the answer went, if it went away."""
        return (
            _words(heard).line("platforms.telegram.sent_privately")
            if reply.private
            else reply.toast
        )

    async def show(self, heard: Incoming, reply: Reply, calls: Calls) -> str:
        """Shows a reply to what was said in a group; gives back its message's reference.

        Raises TelegramError. When it is because the person never opened our chat, or left it,
        the group's line says so first, with a button that opens it.
        """
        if not reply.private:
            try:
                edits = heard.message_id if reply.edit and heard.editable else 0
                return await self._post(heard, reply, calls, edits)
            except TelegramError as error:  # thrown out or silenced: the person still gets it
                if passes(error):
                    raise
                log.info("no answer in the group", reason=summary(error))
                return await self._outbound.show(reply, Place(heard.own_chat), calls)
        try:
            reference = await self._outbound.show(reply, Place(heard.own_chat), calls)
        except TelegramError as error:
            if is_gone(error):
                await self._point(heard, "platforms.telegram.open_first", calls)
            raise
        if not heard.callback_id:
            await self._point(heard, "platforms.telegram.sent_privately", calls)
        return reference

    async def _point(self, heard: Incoming, key: str, calls: Calls) -> None:
        words = _words(heard)
        link = f"https://t.me/{self._me.username}?start={HELLO}"
        button = Button(words.line("platforms.telegram.open_chat"), url=link)
        try:
            await self._post(heard, Reply(words.say(key), ((button,),)), calls)
        except TelegramError as error:  # the answer itself has arrived, or could not anyway
            log.info("no pointer in the group", reason=summary(error))

    async def _post(self, heard: Incoming, reply: Reply, calls: Calls, edits: int = 0) -> str:
        under = 0 if heard.callback_id else heard.message_id
        place = Place(heard.chat_id, edits, under, heard.thread_id)
        return await self._outbound.show(reply, place, calls)


def _words(heard: Incoming) -> Words:
    return Words(speaking(heard.request.account.language))
