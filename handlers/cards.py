"""`card`: managers add, edit and retire objection cards, and see what nothing was found for."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.card_view import drawn
from handlers.catalog import action, command
from handlers.desk import Desk
from handlers.reading import clean_text
from handlers.refusals import Asked, Gone, Said
from handlers.reply import Button, Field, Form, Reply, lines, rows
from handlers.request import Request
from storage.tables_cards import Card, Phrasing

PHRASINGS_AT_MOST = 20
LIMITS = {"objection": 120, "phrasings": 1600, "ask": 200, "say": 320, "proof": 240}
GAPS_SHOWN = 8


@command("card", "cards", "异议卡", "话术卡", "卡片", role="manager")
def card(request: Request, desk: Desk) -> Reply:
    """`card add`, `card edit <words>`, `card retire <words>`."""
    verb, _, rest = request.text.strip().partition(" ")
    verb, rest = verb.casefold(), rest.strip()
    if verb in ("add", "new", "新增", "添加"):
        return _form(desk, "card-add", {"objection": rest}, {})
    if verb in ("edit", "修改", "编辑"):
        return _edit(desk, _found(desk, rest))
    if verb in ("retire", "停用", "下架"):
        return _ask_to_retire(desk, _found(desk, rest))
    if not verb:
        count = len(desk.memory.cards.in_use(desk.team.id))
        add = Button(desk.words.line("cards.do_add"), "card-add")
        return Reply(desk.words.say("cards.how", n=count), buttons=((add,),))
    return _managed(desk, _found(desk, request.text))


@action("card-add", role="manager")
def add(request: Request, desk: Desk) -> Reply:
    """Asks for a new card, and keeps it."""
    if request.kind != "form":
        return _form(desk, "card-add", {}, {})
    values = _cleaned(request.values)
    if errors := _errors(desk, values):
        return _form(desk, "card-add", values, errors)
    made = Card(
        team_id=desk.team.id,
        key=f"own-{desk.make_secret()[:12]}",
        language=desk.words.language,
        category="own",
        objection=values["objection"],
        ask=values["ask"],
        say=values["say"],
        proof=values["proof"],
        made_by_id=desk.member.id,
        changed_at=desk.now,
        phrasings=[Phrasing(team_id=desk.team.id, text=text) for text in _phrasings(values)],
    )
    desk.memory.cards.add([made], by=desk.member.id)
    return Reply(lines(desk.words.say("cards.added"), drawn(made)), buttons=_acts(desk, made))


@action("card-write", role="manager")
def write(request: Request, desk: Desk) -> Reply:
    """Asks for the card that a look-up did not find: `card-write:<look-up>`."""
    gap = desk.memory.lookups.for_manager(desk.team.id, request.number(0))
    if gap is None:
        raise Gone
    return _form(desk, "card-add", {"objection": gap.query[:120], "phrasings": gap.query[:200]}, {})


@action("card-edit", role="manager")
def edit(request: Request, desk: Desk) -> Reply:
    """Asks for a card's new words, and keeps them: `card-edit:<card>`."""
    found = _by_id(desk, request.number(0))
    if request.kind != "form":
        return _edit(desk, found)
    values = _cleaned(request.values)
    if errors := _errors(desk, values):
        return _form(desk, f"card-edit:{found.id}", values, errors)
    found.objection, found.ask = values["objection"], values["ask"]
    found.say, found.proof, found.changed_at = values["say"], values["proof"], desk.now
    desk.memory.cards.changed(found, _phrasings(values), by=desk.member.id)
    return Reply(lines(desk.words.say("cards.edited"), drawn(found)), buttons=_acts(desk, found))


@action("card-retire", role="manager")
def retire(request: Request, desk: Desk) -> Reply:
    """Retires a card: nobody finds it any more. `card-retire:<card>`."""
    found = _by_id(desk, request.number(0))
    found.state, found.changed_at = "retired", desk.now
    desk.memory.cards.changed(found, kind="retired", by=desk.member.id)
    back = Button(desk.words.line("cards.do_restore"), f"card-restore:{found.id}")
    said = desk.words.say("cards.retired", objection=found.objection)
    return Reply(said, buttons=((back,),)).editing()


@action("card-restore", role="manager")
def restore(request: Request, desk: Desk) -> Reply:
    """Brings a retired card back: `card-restore:<card>`."""
    found = _by_id(desk, request.number(0))
    found.state, found.changed_at = "approved", desk.now
    desk.memory.cards.changed(found, kind="restored", by=desk.member.id)
    return Reply(desk.words.say("cards.restored", objection=found.objection)).editing()


@command("gaps", "待补话术", "未答问题", "缺口", role="manager", takes=False)
def gaps(request: Request, desk: Desk) -> Reply:
    """What was looked up lately and found nothing, each a tap from becoming a card."""
    found = [each for each in desk.memory.lookups.for_team(desk.team.id) if not each.shown]
    newest = {each.query.casefold(): each for each in reversed(found)}
    shown = list(reversed(newest.values()))[:GAPS_SHOWN]
    if not shown:
        raise Asked("cards.no_gaps")
    buttons = [Button(each.query or "?", f"card-write:{each.id}") for each in shown]
    return Reply(desk.words.say("cards.gaps", n=len(newest)), buttons=rows(buttons, 1))


def _found(desk: Desk, words: str) -> Card:
    """The card these words find; a refusal with the add button when none does."""
    hits = desk.cards().search(words, limit=1) if words else []
    card = desk.memory.cards.get(desk.team.id, int(hits[0].card_id)) if hits else None
    if card is None:
        add_it = Button(desk.words.line("cards.do_add"), "card-add")
        raise Said("cards.which", add_it)
    return card


def _by_id(desk: Desk, card_id: int) -> Card:
    card = desk.memory.cards.get(desk.team.id, card_id)
    if card is None:
        raise Gone
    return card


def _managed(desk: Desk, found: Card) -> Reply:
    return Reply(drawn(found), buttons=_acts(desk, found))


def _acts(desk: Desk, found: Card) -> tuple[tuple[Button, ...], ...]:
    return rows(
        [
            Button(desk.words.line("deals.do_edit"), f"card-edit:{found.id}"),
            Button(desk.words.line("cards.do_retire"), f"card-retire:{found.id}"),
        ]
    )


def _ask_to_retire(desk: Desk, found: Card) -> Reply:
    sure = Button(desk.words.line("cards.do_retire"), f"card-retire:{found.id}")
    said = lines(desk.words.say("cards.retire_this"), drawn(found))
    return Reply(said, buttons=((sure,),))


def _edit(desk: Desk, found: Card) -> Reply:
    values = {
        "objection": found.objection,
        "ask": found.ask,
        "say": found.say,
        "proof": found.proof,
        "phrasings": "; ".join(phrasing.text for phrasing in found.phrasings),
    }
    return _form(desk, f"card-edit:{found.id}", values, {})


def _form(desk: Desk, verb: str, values: Mapping[str, str], errors: dict[str, str]) -> Reply:
    fields = tuple(
        Field(
            name,
            desk.words.line(f"cards.field_{name}"),
            desk.words.line(f"cards.hint_{name}"),
            value=values.get(name, ""),
            required=name in ("objection", "say"),
            limit=limit + 200,
        )
        for name, limit in LIMITS.items()
    )
    return Reply(form=Form(verb, desk.words.line("cards.form"), fields, errors))


def _cleaned(values: Mapping[str, str]) -> dict[str, str]:
    return {name: clean_text(values.get(name, ""), limit + 200) for name, limit in LIMITS.items()}


def _errors(desk: Desk, values: Mapping[str, str]) -> dict[str, str]:
    """A card must fit one look at a phone: what is too long is said, with the limit."""
    errors = {
        name: desk.words.line("cards.too_long", limit=limit, n=len(values[name]))
        for name, limit in LIMITS.items()
        if len(values[name]) > limit
    }
    missing = (name for name in ("objection", "say") if not values[name])
    return errors | {name: desk.words.line("cards.needed") for name in missing}


def _phrasings(values: Mapping[str, str]) -> list[str]:
    said = values["phrasings"].replace("；", ";").replace("\n", ";").split(";")
    unique = dict.fromkeys(clean_text(text, 120) for text in said)
    return [text for text in unique if text][:PHRASINGS_AT_MOST]
