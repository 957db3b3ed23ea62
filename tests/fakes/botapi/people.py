"""The people of a test: what they do in their chats becomes updates for the bot."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.botapi.chats import Button, Chat, Message
from tests.fakes.botapi.entities import Formatted, found_in, utf16
from tests.fakes.botapi.errors import Json
from tests.fakes.botapi.files import document_json
from tests.fakes.botapi.groups import Group, standing
from tests.fakes.botapi.record import InlineAnswer
from tests.fakes.botapi.world import Account, World


@dataclass
class User:
    """A person with a private chat with the bot. Each action gives back the update it caused,
    or {} where Telegram tells the bot nothing.
    """

    id: int
    world: World
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""

    @property
    def json(self) -> Json:
        """The person as a User object."""
        return {"id": self.id, "is_bot": False, **self.names} | self._given("language_code")

    @property
    def names(self) -> Json:
        """What a private chat says of the person."""
        return {"first_name": self.first_name} | self._given("last_name", "username")

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.world.chats[self.id]

    @property
    def account(self) -> Account:
        """Whether the bot may write to this person."""
        return self.world.accounts[self.id]

    def starts(self, payload: str = "") -> Json:
        """Open the bot by its link: t.me/bot?start=payload."""
        return self.says(f"/start {payload}".rstrip())

    def says(self, text: str, chat: Group | None = None, reply_to: Message | None = None) -> Json:
        """Send a text, in private or in a group."""
        assert 0 < utf16(text) <= 4096, "a person's Telegram sends 1 to 4096 characters at once"
        return self._sends({}, chat, found_in(text), reply_to=reply_to)

    def edits(self, update: Json, text: str) -> Json:
        """Change the text of a message sent before, given as the update it was."""
        sent = update["message"]
        message = self.world.chat(sent["chat"]["id"]).message(sent["message_id"])
        assert message is not None, "the message is gone"
        message.formatted = found_in(text)
        message.raw["edit_date"] = self.world.date
        message.retell()
        return self.world.updates.add("edited_message", message.raw)

    def presses(self, button: str | Button, chat: Group | None = None) -> Json:
        """Press a button: by label the newest one that is there, as an object also an old one."""
        where = self._where(chat)
        if isinstance(button, str):
            button = where.find_button(button)
        if button.asks_contact:
            return self.shares_contact("+15550100", self.first_name, own=True)
        if button.message_id is None:
            return self.says(button.label, chat)
        assert button.data is not None, f"{button.label!r} opens {button.url}, the bot is not told"
        message = where.message(button.message_id)
        query = self.world.ask(self.id, button.data)
        content: Json = {"id": query.id, "from": self.json, "chat_instance": str(where.id)}
        content |= {"message": message.raw if message else None, "data": button.data}
        return self.world.updates.add("callback_query", content)

    def shares_contact(
        self, phone: str, first_name: str, last_name: str = "", *, own: bool = False
    ) -> Json:
        """Send a contact card, of somebody else unless `own`."""
        contact: Json = {"phone_number": phone, "first_name": first_name}
        contact |= {"last_name": last_name} if last_name else {}
        contact |= {"user_id": self.id} if own else {}
        return self._sends({"contact": contact})

    def forwards(self, text: str, from_name: str = "", from_user: User | None = None) -> Json:
        """Forward somebody's message: of a hidden account by name, or of a user."""
        origin: Json = {"type": "hidden_user", "sender_user_name": from_name}
        if from_user is not None:
            origin = {"type": "user", "sender_user": from_user.json}
        return self._sends(
            {"forward_origin": origin | {"date": self.world.date}}, None, found_in(text)
        )

    def sends_document(
        self,
        name: str,
        content: bytes,
        mime_type: str = "application/octet-stream",
        caption: str = "",
    ) -> Json:
        """Send a file."""
        file = self.world.store(name, mime_type, content, "documents")
        return self._sends({"document": document_json(file)}, None, found_in(caption), content)

    def inline(self, query: str, offset: str = "") -> Json:
        """Type @bot and a query in some chat."""
        asked = self.world.ask(self.id, query)
        content: Json = {"id": asked.id, "from": self.json, "query": query, "offset": offset}
        return self.world.updates.add("inline_query", content | {"chat_type": "sender"})

    def picks(self, answer: InlineAnswer, result_id: str) -> Json:
        """Choose a result of an inline answer (with inline feedback on)."""
        known = [result["id"] for result in answer.results]
        assert result_id in known, f"no result {result_id!r}; there are {known}"
        content = {"result_id": result_id, "from": self.json, "query": answer.query}
        return self.world.updates.add("chosen_inline_result", content)

    def blocks_bot(self) -> Json:
        """Block the bot: sends are refused from now on."""
        self.account.blocked = True
        return self.world.updates.add("my_chat_member", standing(self, self.chat, "kicked"))

    def unblocks_bot(self) -> Json:
        """Let the bot write again."""
        self.account.blocked = False
        return self.world.updates.add("my_chat_member", standing(self, self.chat, "member"))

    def _where(self, group: Group | None) -> Chat:
        if group is None:
            return self.chat
        assert self in group.members, f"{self.first_name} is not in {group.chat.title}"
        return group.chat

    def _sends(
        self,
        content: Json,
        group: Group | None = None,
        text: Formatted | None = None,
        file: bytes | None = None,
        reply_to: Message | None = None,
    ) -> Json:
        where = self._where(group)
        if reply_to is not None:
            content = {"reply_to_message": reply_to.quoted} | content
        message = self.world.post(where, self.json, content, text or Formatted(""), file)
        if group is None:
            self.account.wrote = True
        elif not group.hears(message):
            return {}
        return self.world.updates.add("message", message.raw)

    def _given(self, *names: str) -> Json:
        return {name: value for name in names if (value := getattr(self, name))}
