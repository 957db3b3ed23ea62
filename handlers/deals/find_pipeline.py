"""Finds the pipeline or stage that a line names, among all pipelines of the team."""

from __future__ import annotations

import re

from handlers.contract.command_words import normalise_spelling
from handlers.contract.desk import Desk
from handlers.reading import find_closest_word
from kb.funnel.move import find_stage, list_stage_words
from kb.funnel.stages.funnel import Funnel, Stage
from kb.funnel.stages.funnel_templates import load_funnel

TYPO_FLOOR = 75
NAME_FLOOR = 85  # of a pipeline: partner, partnres
_AROUND = re.compile(
    r"\A(?:(?:over|back|to|into|in|the|到|进|入)(?:\s+|(?<=[到进入])))+|\s*(?:pipeline|funnel|管道|漏斗)\s*\Z",
    re.IGNORECASE,
)
TEMPLATES = ("odds6", "crm6", "journey8", "aida5", "flywheel")  # the default first
NAME_CHARACTERS = 40
_IN = re.compile(
    r"\A(?P<rest>.*)(?:[\s,，;；]+(?:in|into|to)\s+(?:the\s+)?|[\s,，;；]*(?:走|进入|放到|放进|归到|在)\s*)"
    r"(?P<name>[^,，;；]{1,40}?)\s*(?:pipeline|funnel|管道|漏斗)?\s*\Z",
    re.IGNORECASE,
)


def find_pipeline(said: str, desk: Desk) -> str | None:
    """The key of the pipeline with this exact name or key; None for none."""
    word = normalise_spelling(said.strip())
    for key, funnel in desk.pipelines.funnels.items():
        if word and word in (key, *(normalise_spelling(name) for name in funnel.name.values())):
            return key
    return None


def find_pipeline_in_words(said: str, desk: Desk) -> str | None:
    """The pipeline that a target names: "over to the partner pipeline"; slips allowed."""
    if not desk.pipelines.several:
        return None
    word = _AROUND.sub("", said.strip()).strip()
    names = tuple(
        (normalise_spelling(name), key)
        for key, funnel in desk.pipelines.funnels.items()
        for name in (key, *funnel.name.values())
    )
    return find_pipeline(word, desk) or find_closest_word(
        normalise_spelling(word), names, NAME_FLOOR
    )


def split_pipeline(line: str, desk: Desk) -> tuple[str, str | None]:
    """Cuts a pipeline's name off the end of a line: `Acme 12k in Partners`."""
    if not desk.pipelines.several:
        return line, None
    found = _IN.match(line.strip()) if len(line) <= 2000 else None
    key = find_pipeline(found["name"], desk) if found is not None else None
    return (found["rest"].strip(), key) if found is not None and key else (line, None)


def find_any_stage(said: str, desk: Desk) -> str | None:
    """The stage of this name in any pipeline, the main one first; typing slips allowed."""
    for funnel in desk.pipelines.funnels.values():
        found = find_stage(said, funnel)
        if found is not None:
            return found
    words = [
        word for funnel in desk.pipelines.funnels.values() for word in list_stage_words(funnel)
    ]
    return find_closest_word(said, tuple(words), TYPO_FLOOR)


def list_stages(desk: Desk) -> list[Stage]:
    """Every stage of the team: those in use in their order, then those removed."""
    used = [stage for _, stage in desk.pipelines.stages()]
    keys = {stage.key for stage in used}
    return [*used, *(stage for stage in desk.funnel.elsewhere if stage.key not in keys)]


def list_card_stages(desk: Desk) -> set[str]:
    """The stages a card may name: those of the default funnel and those of the team."""
    default = load_funnel(TEMPLATES[0])
    return {stage.key for stage in (*default.stages, *list_stages(desk))}


def find_card_stage(said: str, desk: Desk) -> str | None:
    """The stage a card names, as the default funnel's equivalent; None for no such stage."""
    found = find_any_stage(said, desk) or find_stage(said, load_funnel(TEMPLATES[0]))
    return desk.funnel.like(found) if found is not None else None


def get_card_stage_name(desk: Desk, key: str) -> str:
    """The team's own name for a stage that a card names, else the default funnel's name."""
    language = desk.words.language
    for stage in (*list_stages(desk), *load_funnel(TEMPLATES[0]).stages):
        if key in (stage.key, stage.like):
            return stage.name[language]
    return key


def get_pipeline_name(desk: Desk, key: str) -> str:
    """A pipeline's name in the member's language."""
    return get_funnel_name(desk.pipelines.of(key), desk)


def get_funnel_name(funnel: Funnel, desk: Desk) -> str:
    """A funnel's name in the member's language."""
    return funnel.name[desk.words.language]


def find_template(said: str) -> str | None:
    """The funnel template of this key, name or number, typing slips allowed."""
    word = normalise_spelling(said.strip())
    if word.isascii() and word.isdigit() and 0 < int(word[:2]) <= len(TEMPLATES):
        return TEMPLATES[int(word[:2]) - 1]
    named = [
        (normalise_spelling(n), key) for key in TEMPLATES for n in load_funnel(key).name.values()
    ]
    known = [*named, *((key, key) for key in TEMPLATES)]
    return find_closest_word(word, tuple(known), TYPO_FLOOR) if word else None
