"""`help`: the commands of every day, one command in full, or all of them."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.contract.catalog import CATALOG, Command, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, bold, lines, text_of
from handlers.contract.request import Request
from handlers.reading import find_closest_word
from storage.tables.people_and_deals import Role

# Asked for every day, the most important first.
FIRST = ("lead", "move", "next", "today", "obj", "deals")
TYPO_FLOOR = 70


@command("help", "commands", "帮助", "怎么用", "命令", "菜单", "使用说明", "?", glues=False)
def help_(request: Request, desk: Desk) -> Reply:
    """The short help; `help move` explains one command, `help all` lists every one."""
    said = request.text.strip().lstrip("/")
    if said.casefold() in ("all", "全部"):
        return _render_all(desk)
    if not said:
        return _render_short(desk)
    found = CATALOG.find_command(said)
    if found is None:
        name = find_closest_word(said, _list_words(), TYPO_FLOOR)
        found = CATALOG.find_command(name) if name else None
    return _explain_command(desk, found) if found is not None else _render_short(desk)


def sort_commands(commands: Iterable[Command]) -> list[Command]:
    """Sorts commands: those of every day first, then the others, then those that take a role."""

    def rank(each: Command) -> tuple[bool, int]:
        often = FIRST.index(each.name) if each.name in FIRST else len(FIRST)
        return each.role != Role.REP, often

    return sorted(commands, key=rank)


def _render_short(desk: Desk) -> Reply:
    shown = [found for name in FIRST if (found := CATALOG.find_command(name)) is not None]
    rest = (desk.words.say(found.usage_key) for found in shown)
    everything = Button(desk.words.line("team.help.all"), "say:help all")
    return Reply(
        lines(desk.words.say("team.help.title"), *rest, desk.words.say("team.help.free")),
        buttons=((everything,),),
        private=False,
    )


def _render_all(desk: Desk) -> Reply:
    allowed = (found for found in CATALOG.commands() if desk.may(found.role))
    return Reply(
        lines(*(_render_title(found, desk) for found in sort_commands(allowed))), private=False
    )


def _explain_command(desk: Desk, found: Command) -> Reply:
    comma = desk.words.line("contract.common.comma")
    own, latin = choose_word(found, desk), desk.words.language == "en"
    others = comma.join(
        word
        for word in found.words
        if word != own and word.isascii() == latin and not _is_run_together(word, found)
    )
    also = desk.words.say("team.help.also", words=others) if others else ()
    usage = desk.words.say(found.usage_key)
    return Reply(lines(_render_title(found, desk), usage, also), private=False)


def _render_title(found: Command, desk: Desk) -> Text:
    colon = desk.words.line("contract.common.colon")
    return text_of(bold(choose_word(found, desk)), colon, desk.words.say(found.help_key))


def choose_word(found: Command, desk: Desk) -> str:
    """The command's word in the member's language."""
    latin = desk.words.language == "en"
    own = [word for word in found.words if word.isascii() == latin]
    read = [word for word in own if not _is_run_together(word, found)]
    return next(iter(read or own), found.name)


def _is_run_together(word: str, found: Command) -> bool:
    """Whether nobody writes it so: `whatif` and `card_export`, beside `what if`, `card export`."""
    bare = word.replace("_", "")
    return any(" " in other and other.replace(" ", "") == bare for other in found.words)


def _list_words() -> list[tuple[str, str]]:
    return [(word, found.name) for found in CATALOG.commands() for word in found.words]
