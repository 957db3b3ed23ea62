"""What a test makes happen: people and groups, raw updates, faults."""

from __future__ import annotations

from tests.fakes.botapi.chats import Chat
from tests.fakes.botapi.errors import Json
from tests.fakes.botapi.faults import Fault, Faults, answer_body
from tests.fakes.botapi.groups import Group
from tests.fakes.botapi.people import User
from tests.fakes.botapi.updates import UpdateQueue
from tests.fakes.botapi.world import SUPERGROUP_LIMIT, Account, World


class Script:
    """The test's hand in the fake. All of it is plain calls; the bot notices over HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()

    @property
    def updates(self) -> UpdateQueue:
        """The queue behind getUpdates."""
        return self.world.updates

    def user(
        self,
        id: int,  # noqa: A002 - Telegram's own word
        first_name: str = "Ann",
        language_code: str = "en",
        *,
        last_name: str = "",
        username: str = "",
        wrote: bool = False,
    ) -> User:
        """A person. Until they write (or with `wrote`) the bot may not write to them."""
        person = User(id, self.world, first_name, last_name, username, language_code)
        self.world.chats[id] = Chat(id, "private", person=person.names)
        self.world.accounts[id] = Account(wrote=wrote)
        return person

    def group(self, id: int, title: str = "Sales", members: list[User] | None = None) -> Group:  # noqa: A002 - Telegram's own word
        """A group that the bot is in: a supergroup if the id is below -1,000,000,000,000."""
        chat = Chat(id, "supergroup" if id < SUPERGROUP_LIMIT else "group", title)
        self.world.chats[id] = chat
        return Group(chat, self.world, list(members or []))

    def migrate(self, group: Group) -> Group:
        """Make a supergroup of a group: two service messages, and sends to the old id refused."""
        new = self.group(SUPERGROUP_LIMIT + group.id, group.chat.title, group.members)
        group.chat.migrated_to = new.id
        by = group.members[0].json
        for chat, content in (
            (group.chat, {"migrate_to_chat_id": new.id}),
            (new.chat, {"migrate_from_chat_id": group.id}),
        ):
            self.updates.add("message", self.world.post(chat, by, content).raw)
        return new

    def block(self, user: User) -> Json:
        """The person blocks the bot."""
        return user.blocks_bot()

    def unblock(self, user: User) -> Json:
        """The person lets the bot write again."""
        return user.unblocks_bot()

    def push(self, raw: Json) -> Json:
        """Deliver exactly this update, with its update_id if it has one: also twice, also old."""
        return self.updates.push(raw)

    def expire_queries(self) -> None:
        """Everything pressed and asked so far is too old to be answered."""
        for query in self.world.queries.values():
            query.live = False

    def fail_next(
        self,
        method: str,
        status: int,
        body: Json | str | None = None,
        times: int = 1,
        chat: int | None = None,
        *,
        retry_after: int | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*": any but getUpdates), in one chat if given.

        The answer is `body`, or what Telegram says with this status; with `retry_after` also
        the header of that name. Text is sent as it is, as a proxy in between would.
        """
        text = answer_body(status, body, retry_after)
        self.faults.add(Fault("answer", method, times, chat, status=status, body=text))

    def drop_next(
        self, method: str, times: int = 1, chat: int | None = None, *, applied: bool = True
    ) -> None:
        """Cut the connection instead of answering; with `applied` after doing what was asked."""
        self.faults.add(Fault("drop", method, times, chat, applied))

    def cut_next(self, method: str, times: int = 1, chat: int | None = None) -> None:
        """Do what was asked and answer with 200, but cut the connection before the body."""
        self.faults.add(Fault("cut", method, times, chat, applied=True))

    def garble_next(self, method: str, body: str, times: int = 1) -> None:
        """Do what was asked, and answer with 200 and this as JSON, whatever it is."""
        fault = Fault("answer", method, times, applied=True, body=body)
        fault.content_type = "application/json"
        self.faults.add(fault)

    def hang_next(
        self, method: str, times: int = 1, chat: int | None = None, *, applied: bool = False
    ) -> None:
        """Take the call and never answer, until the caller hangs up or the server stops."""
        self.faults.add(Fault("hang", method, times, chat, applied))
