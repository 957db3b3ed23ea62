"""The catalogue of commands and actions: each with its words, its help line and the role it needs.

It feeds the routing, `help`, each platform's command menu and the terminal. A word or an action
registered twice is an error at import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from handlers.contract import command_words
from handlers.contract.desk import Desk, Lobby
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from storage.tables.people_and_deals import Role

Handler = Callable[[Request, Desk], Reply]
LobbyHandler = Callable[[Request, Lobby], Reply]
Entry = TypeVar("Entry")


class RegisteredTwice(Exception):
    """Two handlers ask for the same word or action."""


@dataclass(frozen=True)
class Command:
    """A command: what a person asks for by typing a word.

    Its help line is the text `<skill>.help_<name>`, its examples `<skill>.usage_<name>`.
    """

    name: str
    words: tuple[str, ...]  # in both languages, the name first
    handler: Handler
    role: Role  # the least that it needs
    takes: bool  # whether something follows the word; else `today I can't` is no command
    skill: str  # its module by room and name: `selling.move`
    glues: bool = True  # whether Chinese may follow without a space: 备注华为, but not 团队不同意
    quotes: bool = False  # whether a customer's own words follow: 异议太贵了, but not 报价太贵了

    @property
    def help_key(self) -> str:
        """The key of its one-line help."""
        return f"{self.skill}.help_{self.name}"

    @property
    def usage_key(self) -> str:
        """The key of its examples."""
        return f"{self.skill}.usage_{self.name}"


@dataclass(frozen=True)
class Action:
    """An action: what a button or a form asks for, by the first part of its action string."""

    verb: str
    handler: Handler
    role: Role


class Catalog:
    """All commands, actions and lobby handlers that have been registered."""

    def __init__(self) -> None:
        self._words: dict[str, Command] = {}
        self._actions: dict[str, Action] = {}
        self._lobby: dict[str, LobbyHandler] = {}

    def command(
        self,
        name: str,
        *words: str,
        role: Role = Role.REP,
        takes: bool = True,
        glues: bool = True,
        quotes: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Registers a handler under its English name and further words in both languages."""

        def register(handler: Handler) -> Handler:
            skill = handler.__module__.removeprefix("handlers.")
            entry = Command(
                name, (name, *words), handler, role, takes, skill, takes and glues, quotes
            )
            for word in entry.words:
                self._register_once(self._words, command_words.normalise_spelling(word), entry)
            return handler

        return register

    def action(self, verb: str, role: Role = Role.REP) -> Callable[[Handler], Handler]:
        """Registers a handler for buttons and forms whose action begins with `verb`."""

        def register(handler: Handler) -> Handler:
            self._register_once(self._actions, verb, Action(verb, handler, role))
            return handler

        return register

    def lobby(self, verb: str) -> Callable[[LobbyHandler], LobbyHandler]:
        """Registers a handler for people in no team: a word they type or a button's verb."""

        def register(handler: LobbyHandler) -> LobbyHandler:
            self._register_once(self._lobby, verb.casefold(), handler)
            return handler

        return register

    def commands(self) -> Iterator[Command]:
        """Every command once, in the order of registration."""
        yield from dict.fromkeys(self._words.values())

    def find_command(self, word: str) -> Command | None:
        """The command of a word, in any case."""
        return self._words.get(command_words.normalise_spelling(word))

    def actions(self) -> Iterator[Action]:
        """Every action, in the order of registration."""
        yield from self._actions.values()

    def find_action(self, verb: str) -> Action | None:
        """The action of a verb."""
        return self._actions.get(verb)

    def find_lobby_handler(self, verb: str) -> LobbyHandler | None:
        """The handler for people in no team."""
        return self._lobby.get(verb.casefold())

    def parse(self, text: str) -> tuple[Command, str] | None:
        """The command a line asks for and what follows its word; None when it asks for none."""
        line = text.strip().lstrip("/／").strip()
        for word, rest in command_words.split_at_spaces(line):
            found = self._words.get(word)
            if found is not None and (found.takes or command_words.is_bare(rest)):
                return found, rest if found.takes else ""
        for word, rest in command_words.split_glued_word(line):
            found = self._words.get(word)
            if found is not None and _may_follow(found, rest):
                return found, command_words.clean_rest(rest) if found.glues else ""
        return None

    @staticmethod
    def _register_once(table: dict[str, Entry], key: str, entry: Entry) -> None:
        if key in table:
            raise RegisteredTwice(key)
        table[key] = entry


def _may_follow(found: Command, rest: str) -> bool:
    if not found.glues:
        return command_words.is_bare(rest)
    return found.quotes or not command_words.is_sentence(rest)


CATALOG = Catalog()
command = CATALOG.command
action = CATALOG.action
lobby = CATALOG.lobby
