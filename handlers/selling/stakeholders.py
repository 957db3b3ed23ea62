"""`contact`: the stakeholders of a deal, who decides and what each of them thinks of us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.catalog import action, command
from handlers.contract.command_words import normalise_spelling
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Field, Form, Option, Reply, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.contact_fields import add_contact, read_phone
from handlers.deals.deal_view import render_person
from handlers.deals.find_deal import find_deal, get_deal
from handlers.deals.person_line import (
    ATTITUDES,
    PARTS,
    PersonFacts,
    find_attitude,
    find_part,
    read_person,
)
from handlers.deals.record import offer_undo, record
from handlers.deals.stakeholder_map import (
    get_people,
    get_stakes,
    render_missing,
    render_part_and_attitude,
    render_stake,
)
from handlers.reading import clean_text
from handlers.reading.contact_points import find_emails
from kb.states import EventKind
from storage.tables.people_and_deals import Contact, Deal
from storage.tables.playbook import Stake

MAX_PEOPLE = 4  # people, each a tap away
_FORM_PRESETS = {"decider": {"part": "decides"}, "supporter": {"mood": "supportive"}}


@command("contact", "contacts", "联系人", "决策链", "决策关系", "关键人", "干系人")
def contact(request: Request, desk: Desk) -> Reply:
    """Saves what a line says of a person at the deal's customer; without one lists the people."""
    deal, rest = find_deal(request, desk, "contact")
    said = read_person(rest)
    if not rest.strip():
        return render_map(desk, deal)
    if not said.name:
        return _make_form(
            desk, deal, {"part": said.part, "mood": said.attitude, "title": said.title}
        )
    return save_person(desk, deal, said)


@action("who")
def ask_person(request: Request, desk: Desk) -> Reply:
    """`who:<deal>` asks for a person, `who:<deal>:decider` for who decides; saves the answer."""
    deal = get_deal(desk, request.number(0))
    if request.kind != "form":
        return _make_form(desk, deal, _FORM_PRESETS.get(request.word(1), {}))
    values = {name: clean_text(said, 200) for name, said in request.values.items()}
    said = read_person(values.get("name", ""))
    part, mood = find_part(values.get("part", "")), find_attitude(values.get("mood", ""))
    if not said.name:
        return _make_form(desk, deal, values)
    title = values.get("title", "")[:100] or said.title
    whole = PersonFacts(
        said.name, title, part or said.part, mood or said.attitude, said.phone, said.email
    )
    return save_person(desk, deal, whole)


@action("part")
def choose_part(request: Request, desk: Desk) -> Reply:
    """`part:<deal>:<contact>` asks for a person's part, `part:<deal>:<contact>:<part>` saves it."""
    deal, person = _get_person(request, desk)
    if request.word(2) in PARTS:
        _save(desk, deal, person, PersonFacts(person.name, part=request.word(2)))
        return _ask_attitude(desk, deal, person)
    said = desk.words.say(
        "selling.stakeholders.part_asked", person=person.name, name=deal.customer.name
    )
    buttons = [
        Button(
            desk.words.line(f"selling.stakeholders.part_{part}"),
            f"part:{deal.id}:{person.id}:{part}",
        )
        for part in PARTS
    ]
    return Reply(said, buttons=rows(buttons, 3), about=deal.id)


@action("mood")
def choose_attitude(request: Request, desk: Desk) -> Reply:
    """Saves a person's attitude: `mood:<deal>:<contact>:<attitude>`."""
    deal, person = _get_person(request, desk)
    if request.word(2) not in ATTITUDES:
        raise NotFound
    return _save_and_answer(
        desk, deal, person, PersonFacts(person.name, attitude=request.word(2))
    ).in_place()


def render_map(desk: Desk, deal: Deal) -> Reply:
    """The people at the customer with part and attitude, who is missing, and a button for each."""
    desk.member.deal_in_hand_id = deal.id
    people, stakes = get_people(desk, deal), get_stakes(desk, deal)
    listed = (
        text_of(render_person(each, render_stake(desk.words, stakes.get(each.id))))
        for each in people
    )
    text = lines(
        desk.words.say("selling.stakeholders.title", name=deal.customer.name),
        *(listed if people else [desk.words.say("selling.stakeholders.nobody")]),
        render_missing(desk, deal, list(stakes.values())),
    )
    buttons = [
        Button(each.name or each.phone or each.email, f"part:{deal.id}:{each.id}")
        for each in people[-MAX_PEOPLE:]
    ]
    buttons.append(Button(desk.words.line("selling.stakeholders.add"), f"who:{deal.id}"))
    return Reply(text, buttons=rows(buttons), about=deal.id)


def save_person(desk: Desk, deal: Deal, said: PersonFacts) -> Reply:
    """Saves what was said of a person, who is found by name or given name, or added."""
    person = _find_known(desk, deal, said.name) or add_contact(desk, deal.customer_id)
    return _save_and_answer(desk, deal, person, said)


def _save_and_answer(desk: Desk, deal: Deal, person: Contact, said: PersonFacts) -> Reply:
    undo = _save(desk, deal, person, said)
    stakes = get_stakes(desk, deal)
    line = render_person(person, render_stake(desk.words, stakes.get(person.id)))
    text = lines(
        desk.words.say("selling.stakeholders.kept", person=line),
        bold(deal.customer.name),
        render_missing(desk, deal, list(stakes.values())),
    )
    buttons = [undo, Button(desk.words.line("selling.stakeholders.add"), f"who:{deal.id}")]
    return Reply(text, buttons=rows(buttons), about=deal.id)


def _save(desk: Desk, deal: Deal, person: Contact, said: PersonFacts) -> Button:
    """Saves the facts on the contact and the stake; returns the undo button."""
    stake = get_stakes(desk, deal).get(person.id) or desk.memory.stakes.add(
        Stake(team_id=desk.team.id, deal_id=deal.id, contact_id=person.id, created_at=desk.now)
    )
    changes: dict[str, Any] = {}
    if not person.name:
        changes[f"contact:{person.id}.name"] = said.name
    found = {
        f"contact:{person.id}.role": said.title,
        f"contact:{person.id}.phone": read_phone(desk, said.phone),
        f"contact:{person.id}.email": next((e.value for e in find_emails(said.email)), "")[:254],
        f"stake:{stake.id}.part": said.part,
        f"stake:{stake.id}.attitude": said.attitude,
    }
    changes |= {name: value for name, value in found.items() if value}
    known = (
        said.name or person.name,
        said.title,
        render_part_and_attitude(desk.words, said.part, said.attitude),
    )
    note = " · ".join(each for each in known if each)
    return offer_undo(desk, record(desk, deal, EventKind.MAPPED, changes, note=note))


def _find_known(desk: Desk, deal: Deal, name: str) -> Contact | None:
    """The contact of this name, or the only one of this given name; None for none or several."""
    wanted = normalise_spelling(name)
    people = get_people(desk, deal)
    full = [each for each in people if normalise_spelling(each.name) == wanted]
    given = [each for each in people if normalise_spelling(each.name).split(" ", 1)[0] == wanted]
    longer = [
        each
        for each in people
        if each.name and wanted.split(" ", 1)[0] == normalise_spelling(each.name)
    ]
    for found in (full, given, longer):
        if found:
            return found[0] if len(found) == 1 or found is full else None
    return None


def _get_person(request: Request, desk: Desk) -> tuple[Deal, Contact]:
    deal = get_deal(desk, request.number(0))
    people = {each.id: each for each in get_people(desk, deal)}
    person = people.get(request.number(1))
    if person is None:
        raise NotFound
    return deal, person


def _ask_attitude(desk: Desk, deal: Deal, person: Contact) -> Reply:
    buttons = [
        Button(
            desk.words.line(f"selling.stakeholders.mood_{mood}"),
            f"mood:{deal.id}:{person.id}:{mood}",
        )
        for mood in ATTITUDES
    ]
    said = desk.words.say("selling.stakeholders.mood_asked", person=person.name)
    return Reply(said, buttons=rows(buttons, 3), about=deal.id).in_place()


def _make_form(desk: Desk, deal: Deal, values: Mapping[str, str]) -> Reply:
    words = desk.words
    parts = tuple(Option(part, words.line(f"selling.stakeholders.part_{part}")) for part in PARTS)
    moods = tuple(
        Option(mood, words.line(f"selling.stakeholders.mood_{mood}")) for mood in ATTITUDES
    )
    fields = (
        Field(
            "name",
            words.line("selling.stakeholders.field_name"),
            value=values.get("name", ""),
            limit=200,
        ),
        Field(
            "title",
            words.line("selling.stakeholders.field_title"),
            value=values.get("title", ""),
            required=False,
            limit=100,
        ),
        Field(
            "part",
            words.line("selling.stakeholders.field_part"),
            value=values.get("part", ""),
            required=False,
            options=parts,
        ),
        Field(
            "mood",
            words.line("selling.stakeholders.field_mood"),
            value=values.get("mood", ""),
            required=False,
            options=moods,
        ),
    )
    title = words.line("selling.stakeholders.form", name=deal.customer.name)
    return Reply(form=Form(f"who:{deal.id}", title, fields), about=deal.id)
