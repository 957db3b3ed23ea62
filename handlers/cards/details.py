"""Card details: category, owner, review interval, angles, internal lines, stages, industries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from handlers.cards.card_view import CATEGORIES, get_card, get_category_name, show_card
from handlers.cards.forms import LIMITS, OVER_LIMIT
from handlers.cards.state import save_change
from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Field, Form, Option, Reply, rows
from handlers.contract.request import Request
from handlers.deals.find_pipeline import find_card_stage, get_card_stage_name
from handlers.deals.industries import find_industry, get_industry_name
from handlers.objections.card_review import find_owner
from handlers.reading import NameIndex, clean_text, split_name
from kb.objections.card import LINES
from storage.tables.cards import Card
from storage.tables.people_and_deals import Member, Role

FIELDS = ("category", "owner", "review", "angles", "internal", "proof_on", "stages", "industries")
MAX_ANGLES = 6
MEMBERS_OFFERED = 8
MAX_REVIEW_DAYS = 3650  # days
_DAY_PATTERN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[日月]?")
_LIST_SEPARATORS = re.compile(r"[,，、;；\n]")
_ANGLE_SEPARATORS = re.compile(r"[;；\n|]")
_WORDS_FOR_NONE = frozenset({"-", "none", "no", "nobody", "无", "没有", "不限"})


@action("card-details", role=Role.MANAGER)
def edit_details(request: Request, desk: Desk) -> Reply:
    """Asks for a card's details and saves them: `card-details:<card>`."""
    card = get_card(desk, request.number(0))
    if request.kind != "form":
        return make_details_form(desk, card)
    values = {name: request.values.get(name, "").strip() for name in FIELDS}
    read, errors = _parse_values(desk, values)
    if errors:
        return _make_form(desk, card, values, errors)
    for name, value in read.items():
        setattr(card, name, value)
    save_change(desk, card, "edited")
    return show_card(desk, card, desk.words.say("cards.command.edited"))


@action("card-owner", role=Role.MANAGER)
def change_owner(request: Request, desk: Desk) -> Reply:
    """`card-owner:<card>` asks for the owner, `…:<member>` saves it (0: nobody)."""
    card = get_card(desk, request.number(0))
    if not request.word(1):
        return ask_owner(desk, card)
    member = desk.memory.members.get(desk.team.id, request.number(1))
    if member is None and request.word(1) != "0":
        raise NotFound
    return set_owner(desk, card, member)


def set_owner(desk: Desk, card: Card, member: Member | None) -> Reply:
    """Sets the card's owner; None for nobody."""
    card.owner_id = member.id if member is not None else None
    card.changed_at = desk.now
    log_change(desk, "card")
    desk.memory.cards.save_change(card, by=desk.member.id)
    name = member.name if member is not None else desk.words.line("cards.command.nobody")
    return show_card(desk, card, desk.words.say("cards.command.owner_changed", name=name))


def ask_owner(desk: Desk, card: Card) -> Reply:
    """Asks who is to own the card, a button for each member."""
    buttons = [
        Button(each.name, f"card-owner:{card.id}:{each.id}")
        for each in desk.memory.members.list_active(desk.team.id)[:MEMBERS_OFFERED]
    ]
    buttons.append(Button(desk.words.line("cards.command.nobody"), f"card-owner:{card.id}:0"))
    return Reply(
        desk.words.say("cards.command.whose", objection=card.objection), buttons=rows(buttons)
    )


def make_details_form(desk: Desk, card: Card) -> Reply:
    """The form of the card's details, filled with the present ones."""
    return _make_form(desk, card, _collect_values(desk, card), {})


def _make_form(desk: Desk, card: Card, values: Mapping[str, str], errors: dict[str, str]) -> Reply:
    fields = tuple(
        Field(
            name,
            desk.words.line(f"cards.command.field_{name}"),
            desk.words.line(f"cards.command.hint_{name}"),
            value=values[name],
            options=_list_options(desk, name),
            free=True,
            required=False,
            limit=(LIMITS["say"] + 1) * MAX_ANGLES if name == "angles" else OVER_LIMIT,
        )
        for name in FIELDS
    )
    title = desk.words.line("cards.command.details_of", objection=card.objection)
    return Reply(form=Form(f"card-details:{card.id}", title, fields, errors))


def find_member(desk: Desk, text: str) -> Member | None:
    """The member that a name, possibly misspelt, surely means; else None."""
    everyone = desk.memory.members.list_active(desk.team.id)
    match = split_name(text, NameIndex([(each.id, each.name) for each in everyone])).match
    sure = match.best[0].id if match.sure else 0
    return next((each for each in everyone if each.id == sure), None)


def _list_options(desk: Desk, name: str) -> tuple[Option, ...]:
    if name == "owner":
        everyone = desk.memory.members.list_active(desk.team.id)[:MEMBERS_OFFERED]
        nobody = Option("-", desk.words.line("cards.command.nobody"))
        return (nobody, *(Option(each.name, each.name) for each in everyone))
    return ()


def _collect_values(desk: Desk, card: Card) -> dict[str, str]:
    comma, owner_ = desk.words.line("contract.common.comma"), find_owner(card, desk)
    stages = [get_card_stage_name(desk, each) for each in card.stages]
    return {
        "category": get_category_name(desk, card.category),
        "owner": owner_.name if owner_ is not None else "",
        "review": str(card.review_days),
        "angles": " | ".join(card.angles),
        "internal": comma.join(
            desk.words.line(f"cards.command.line_{name}") for name in card.internal
        ),
        "proof_on": card.proof_on.isoformat() if card.proof_on else "",
        "stages": comma.join(stages),
        "industries": comma.join(get_industry_name(desk.words, each) for each in card.industries),
    }


def _parse_values(
    desk: Desk, values: Mapping[str, str]
) -> tuple[dict[str, object], dict[str, str]]:
    """The values of the card's columns, and an error for each field that cannot be parsed."""
    given = {
        name: "" if text.casefold() in _WORDS_FOR_NONE else text for name, text in values.items()
    }
    member = find_member(desk, given["owner"]) if given["owner"] else None
    days, lines_ = _parse_days(given["review"]), _parse_lines(desk, given["internal"])
    angles = [
        clean_text(part, LIMITS["say"] + OVER_LIMIT)
        for part in _ANGLE_SEPARATORS.split(given["angles"])
    ]
    angles, stages = [each for each in angles if each], _parse_stages(desk, given["stages"])
    day, words = _parse_day(given["proof_on"], desk), desk.words
    errors = {
        "owner": words.line("cards.command.owner_unknown")
        if given["owner"] and member is None
        else "",
        "review": words.line("cards.command.days_unread") if days is None else "",
        "angles": _find_angle_error(desk, angles),
        "internal": words.line("cards.command.lines_unread") if lines_ is None else "",
        "proof_on": words.line("cards.command.day_unread")
        if given["proof_on"] and day is None
        else "",
        "stages": words.line("cards.command.stages_unread") if stages is None else "",
    }
    read: dict[str, object] = {
        "category": _parse_category(desk, given["category"]),
        "owner_id": member.id if member is not None else None,
        "review_days": days,
        "angles": angles,
        "internal": lines_,
        "proof_on": day,
        "stages": stages,
        "industries": [find_industry(part) for part in _split_parts(given["industries"])],
    }
    return read, {name: wrong for name, wrong in errors.items() if wrong}


def _split_parts(text: str) -> list[str]:
    return [part for each in _LIST_SEPARATORS.split(text) if (part := clean_text(each, 40))]


def _parse_days(text: str) -> int | None:
    number = re.search(r"\d{1,6}", text)
    days = int(number[0]) if number is not None else 0
    return days if 1 <= days <= MAX_REVIEW_DAYS else None


def _parse_day(text: str, desk: Desk) -> date | None:
    """A day such as 2026-03-01, 2026/3 or 2026年3月1日; None for others and for future days."""
    found = _DAY_PATTERN.search(text)
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None
    return day if day <= desk.calendar.local(desk.now).date() else None


def _parse_lines(desk: Desk, text: str) -> list[str] | None:
    """The lines that are named, by key or in the member's language; None for unknown names."""
    names = {desk.words.line(f"cards.command.line_{name}").casefold(): name for name in LINES}
    names |= {name: name for name in LINES}
    parts = [part.casefold() for part in _split_parts(text)]
    return None if any(part not in names for part in parts) else [names[part] for part in parts]


def _parse_stages(desk: Desk, text: str) -> list[str] | None:
    found = [find_card_stage(part, desk) for part in _split_parts(text)]
    return None if None in found else [stage for stage in found if stage is not None]


def _parse_category(desk: Desk, text: str) -> str:
    known = {get_category_name(desk, each).casefold(): each for each in CATEGORIES}
    word = clean_text(text, 40)
    return known.get(word.casefold(), word)


def _find_angle_error(desk: Desk, angles: list[str]) -> str:
    if len(angles) > MAX_ANGLES:
        return desk.words.line("cards.command.too_many", limit=MAX_ANGLES, n=len(angles))
    longest = max((len(each) for each in angles), default=0)
    limit = LIMITS["say"]
    return (
        desk.words.line("cards.command.too_long", limit=limit, n=longest) if longest > limit else ""
    )
