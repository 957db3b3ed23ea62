"""Finds the person a line names, where it names no customer: Jane Doe, jane, 王芳, 王总."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.contract.command_words import normalise_spelling
from handlers.reading import Match, NameMatches, NameSplit
from handlers.reading.names.name_split import COMMON_WORDS
from kb.objections.normalise import HANZI, has_hanzi

HOW = "person"
SCORE = 90.0
LINE_CHARACTERS = 500
NEAREST = 3
_TITLE = (
    r"(?:总(?!是|结|共|部|额|价|体)|经理|主任|老师|工(?!作|厂|程|人)|先生|女士|小姐|老板|董|局|处长"
    r"|科长|部长|院长|校长|博士|律师|会计|姐|哥)"
)
_SHORTEST_GIVEN = 3


def split_person(text: str, people: Sequence[tuple[int, str]]) -> NameSplit | None:
    """The deals of the people a line names, among (deal's id, person's name); None for nobody.

    A name in full goes before a surname with a title or a given name. The line stays whole.
    """
    line = normalise_spelling(text[:LINE_CHARACTERS])
    for is_named in (_is_named_in_full, _is_named_in_part):
        found = {
            deal: name for deal, name in people if is_named(normalise_spelling(name.strip()), line)
        }
        if found:
            best = tuple(Match(deal, name, SCORE, HOW) for deal, name in found.items())
            one = len(found) == 1
            return NameSplit(NameMatches(best[:NEAREST], sure=one, ambiguous=not one), text.strip())
    return None


def _is_named_in_full(name: str, line: str) -> bool:
    if has_hanzi(name):
        return len(name) > 1 and name in line
    return " " in name and _has_word(name, line)


def _is_named_in_part(name: str, line: str) -> bool:
    if has_hanzi(name):
        return re.search(rf"{re.escape(name[0])}{_TITLE}", line) is not None
    given = name.split(" ", 1)[0]
    return len(given) >= _SHORTEST_GIVEN and given not in COMMON_WORDS and _has_word(given, line)


def _has_word(name: str, line: str) -> bool:
    return re.search(rf"(?<![^\W{HANZI}]){re.escape(name)}(?![^\W{HANZI}])", line) is not None
