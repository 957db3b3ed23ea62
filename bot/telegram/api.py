"""The library's Bot, with updates as raw JSON and its token hidden.

Parsing an update into the library's objects takes ten times as long as reading the few fields we
need, and would lose whatever this version of the library does not know.
"""

from __future__ import annotations

from typing import Any

from telegram import Bot
from telegram.error import NetworkError

from bot.inbound.json_fields import number, part
from bot.telegram.wire import AiohttpRequest

Raw = dict[str, Any]

UPDATE_KINDS = ("message", "callback_query", "inline_query", "my_chat_member")
BATCH_SIZE = 100
GRACE_SECONDS = 10.0  # beyond the long poll's own seconds, before the connection counts as dead


class Api(Bot):
    """The Bot API. One client serves both the long poll and everything else."""

    __slots__ = ()

    def __init__(self, token: str, base_url: str, base_file_url: str) -> None:
        wire = AiohttpRequest()
        super().__init__(
            token,
            base_url=base_url,
            base_file_url=base_file_url,
            request=wire,
            get_updates_request=wire,
        )

    def __repr__(self) -> str:
        """Without the token, which the library would show."""
        return "Api()"

    async def open(self) -> None:
        """Opens the client. `initialize` would also log in, and name the token when it can't."""
        await self.request.initialize()

    async def close_client(self) -> None:
        """Closes the client's connections."""
        await self.request.shutdown()

    async def _post(self, endpoint: str, data: Raw | None = None, **options: Any) -> Any:
        """The result of a method; of a message that was sent only what identifies it.

        Telegram has sent it by then: whatever else its answer holds, or lacks, must not look like
        a failure. The ids are 0 where they can't be read.
        """
        result = await super()._post(endpoint, data, **options)
        if endpoint.startswith("edit"):
            return True
        if endpoint.startswith("send") and endpoint != "sendChatAction":
            return _reduce_message(result)
        return result

    async def fetch_updates(self, offset: int | None, seconds: int) -> list[Raw]:
        """Waits up to `seconds` for updates from `offset` on; asking confirms all below it.

        Each has an integer `update_id`. Raises TelegramError, NetworkError among others for an
        answer that is no list of updates.
        """
        data: Raw = {"timeout": seconds, "limit": BATCH_SIZE, "allowed_updates": UPDATE_KINDS}
        if offset is not None:
            data["offset"] = offset
        answer: Any = await self._post("getUpdates", data, read_timeout=seconds + GRACE_SECONDS)
        if not isinstance(answer, list) or not all(_is_update(each) for each in answer):
            raise NetworkError("the answer is no list of updates")
        return answer


def _reduce_message(result: object) -> Raw:
    """What the library can make a Message of."""
    raw = result if isinstance(result, dict) else {}
    chat = {"id": number(part(raw, "chat"), "id"), "type": "private"}
    return {"message_id": number(raw, "message_id"), "date": 0, "chat": chat}


def _is_update(raw: object) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
