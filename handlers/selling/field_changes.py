"""Changes of one field said in one line: `edit bob phone +44…`, "jane's email is …", 改金额 50万.

A person is looked for among those at the deal in hand, then among all whom the member may see.
Where several fit or nobody does, the answer asks and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.drafts import LINE, find_draft, save_line
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.contact_fields import add_contact, read_phone
from handlers.deals.deal_view import format_phone, render_headline
from handlers.deals.find_deal import EVERY, find_deal_in_hand, find_named_deals, get_deal
from handlers.deals.find_person import HOW, split_person
from handlers.deals.record import offer_undo, record
from handlers.reading import read_money
from handlers.reading.contact_points import find_emails
from handlers.selling.edit_fields import find_choice, get_label, get_values, read_answers
from kb.states import EventKind
from storage.tables.people_and_deals import Contact, Deal

LINE_CHARACTERS = 300
MOST_PEOPLE = 3  # buttons of people; beside them stand a new one and the lead
COLUMNS = {"person": "name", "phone": "phone", "email": "email"}  # of a contact
_UNREAD = {
    "phone": "selling.edit.phone_unread",
    "email": "selling.edit.email_unread",
    "amount": "selling.edit.amount_unread",
}
_WORDS = {
    "phone": r"(?:tele|mobile |cell ?)?phone(?: number)?|mobile(?: number)?|cell|tel|number"
    r"|联系电话|电话号码|手机号码|电话|手机号?|号码",
    "email": r"e-?mail(?: address)?|邮箱地址|电子邮箱|邮箱|电子邮件|邮件地址",
    "amount": r"amount|金额",
    "person": r"person|contact person|联系人",
    "customer": r"customer|客户名称?",
    "close_date": r"(?:expected )?close(?: date)?|预计签单日|预计签单",
    "source": r"source|来源",
    "industry": r"industry|行业",
    "competitor": r"competitor|竞争对手",
    "budget": r"budget|预算",
    "procurement": r"how they buy|procurement|采购流程",
    "discount": r"discount(?:, until when)?|优惠及截止日|优惠|折扣",
}
_ALL = "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
_LINK = r"is now|is|to|=|[:：]|改成|改为|换成|变成|现在是|是|为"
# Beside a Latin letter or a digit only a Chinese field begins or ends: 电话13800138000.
_BEGINS, _ENDS = r"(?:(?<![A-Za-z0-9])|(?=[^\x00-\x7f]))", r"(?:(?<=[^\x00-\x7f])|(?![A-Za-z0-9]))"
_CHANGE = re.compile(
    r"\A(?P<who>[^,，;；\n]{0,60}?)(?P<whose>['’]s?(?!\w)|的)?\s*"
    rf"{_BEGINS}(?:{_ALL}){_ENDS}\s*(?P<link>(?:{_LINK}){_ENDS})?\s*(?P<value>\S.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_VERB = re.compile(r"\A\s*(?:修改|更改|更新|编辑|把|将|改)(?!成|为|到)\s*")
_ASKED = re.compile(
    r"[?？]\s*\Z|[吗呢么]\s*\Z|\A\s*(?:what|whose|who|is|does|if)\b|什么|多少|谁", re.I
)
_PHONE_ALONE = re.compile(r"\A[+(（]?\d[\d\s().（）/-]*\Z")
_NOBODY = re.compile(r"\A(?:the|its?|his|her|their|this|that|他|她|它|这单|那单|对方)?\Z", re.I)


@dataclass(frozen=True)
class FieldChange:
    """One field and its new value, as they were typed, and whose it is ("" for what is in hand)."""

    who: str
    field: str
    value: str
    said: bool  # "jane's email is …" or 张总的邮箱是…: a statement that names whose it is


def read_field_change(text: str) -> FieldChange | None:
    """The field, the value and the owner in a line behind `edit`; None where a part is missing."""
    found = _CHANGE.match(text.strip()) if len(text) <= LINE_CHARACTERS else None
    if found is None:
        return None
    field = next(name for name in _WORDS if found[name])
    who = "" if _NOBODY.match(found["who"].strip()) else found["who"].strip()
    said = bool(found["link"]) and (not who or bool(found["whose"]))
    return FieldChange(who, field, found["value"].strip(), said)


def change_by_command(request: Request, desk: Desk) -> Reply | None:
    """What `edit` does with a line that has a field and its value; None for any other line."""
    chosen = request.values.get("deal")
    deal = get_deal(desk, int(chosen)) if chosen else None
    change, held = read_field_change(request.text), find_deal_in_hand(desk)
    of_held = change and change.who and held and _find_people(desk, held, change.who)
    if change is not None and deal is None and not of_held:
        split = find_named_deals(request.text, desk, EVERY)
        if split.match.sure and split.match.best[0].how != HOW:
            deal, change = get_deal(desk, split.match.best[0].id), read_field_change(split.rest)
    return _change(change, request, desk, deal) if change is not None else None


def answer_statement(request: Request, desk: Desk) -> Reply | None:
    """Changes what a plain line says of a contact or the deal in hand; None for all other lines."""
    if request.reply_to or _ASKED.search(request.text):
        return None
    verb = _VERB.match(request.text)
    change = read_field_change(request.text[verb.end() if verb else 0 :])
    if change is None or not (_is_order(change, desk) if verb else _is_fact(change, desk)):
        return None
    if not change.who and find_deal_in_hand(desk) is None:
        return None
    return _change(change, request, desk, None)


def _is_order(change: FieldChange, desk: Desk) -> bool:
    """Whether 改金额 50万 can be carried out: the deal is known, and an amount can be read."""
    if change.field in COLUMNS:
        return True
    readable = change.field != "amount" or _read_value(desk, change) is not None
    return readable and (not change.who or _find_customers_deal(desk, change.who) is not None)


def _is_fact(change: FieldChange, desk: Desk) -> bool:
    """Whether "jane's email is …" gives a value that can be read, and nothing beside it."""
    facts = ("phone", "email", "amount")
    if not change.said or change.field not in facts or _read_value(desk, change) is None:
        return False
    return change.field in COLUMNS or _is_order(change, desk)


@action("put")
def put_by_tap(request: Request, desk: Desk) -> Reply:
    """Saves a value for the person chosen: `put:<draft>:<deal>:<contact>`, 0 for a new one."""
    draft = find_draft(desk, LINE, request.number(0))
    if draft is None or draft.data.get("field") not in COLUMNS:
        raise NotFound
    deal, wanted, data = get_deal(desk, request.number(1)), request.number(2), draft.data
    people = {each.id: each for each in _list_people(desk, deal)}
    if wanted and wanted not in people:
        raise NotFound
    person = people.get(wanted) or add_contact(desk, deal.customer_id)
    desk.memory.drafts.drop(draft)
    name = "" if wanted else data["name"]
    return _save_person(desk, deal, person, data["field"], data["value"], name)


def _change(change: FieldChange, request: Request, desk: Desk, deal: Deal | None) -> Reply | None:
    """Saves the change of the person's or the deal's field, or asks whose it is."""
    value = _read_value(desk, change)
    if value is None:
        return Reply(desk.words.say(_UNREAD[change.field], said=change.value[:40]))
    if change.field in COLUMNS:
        return _change_person(change, value, request, desk, deal)
    if deal is None:
        held = find_deal_in_hand(desk)
        deal = _find_customers_deal(desk, change.who) if change.who else held
    return None if deal is None else change_deal(change, desk, deal)


def _read_value(desk: Desk, change: FieldChange) -> str | None:
    """The value as it is stored; None for one that cannot be read."""
    said = change.value.rstrip(" .!。！")
    if change.field == "phone":
        return (read_phone(desk, said) or None) if _PHONE_ALONE.match(said) else None
    if change.field == "email":
        found = find_emails(said)
        return found[0].value[:254] if len(found) == 1 and found[0].span == (0, len(said)) else None
    if change.field == "amount":
        money = read_money(said, desk.team.currency)
        alone = money is not None and money.high is None and money.span == (0, len(said))
        return said if alone else None
    return change.value[:200]


def change_deal(change: FieldChange, desk: Desk, deal: Deal) -> Reply | None:
    """Saves a field of the deal and names its old value and the new; None for no value of it."""
    value = find_choice(desk, change.field, change.value)
    changes, errors = read_answers(desk, deal, {change.field: value})
    if errors:
        return Reply(desk.words.say("selling.edit.kept_as_is", why=" ".join(errors.values())))
    if not changes:
        return None
    old = get_values(desk, deal)[change.field]
    event = record(desk, deal, EventKind.EDITED, changes)
    new = get_values(desk, deal)[change.field]
    text = lines(
        desk.words.say("selling.edit.kept", deal=render_headline(desk, deal)),
        _render_change(desk, change.field, old, new),
    )
    return Reply(text, buttons=((offer_undo(desk, event),),), about=deal.id)


def _render_change(desk: Desk, field: str, old: str, new: str) -> str:
    none = desk.words.line("selling.edit.nothing")
    label = get_label(desk, field)
    return desk.words.line("selling.edit.from_to", field=label, old=old or none, new=new or none)


def _change_person(
    change: FieldChange, value: str, request: Request, desk: Desk, deal: Deal | None
) -> Reply:
    places = _find_places(change.who, desk, deal)
    if len(places) == 1:
        there, person = places[0]
        contact = person or add_contact(desk, there.customer_id)
        return _save_person(desk, there, contact, change.field, value)
    return _ask_whose(change, value, request, desk, places, deal or find_deal_in_hand(desk))


def _find_places(who: str, desk: Desk, deal: Deal | None) -> Sequence[tuple[Deal, Contact | None]]:
    """Where a value may belong: the people who fit, each with a deal; None is a customer's first.

    Several are for the person to choose from, none is nobody known.
    """
    held = deal or find_deal_in_hand(desk)
    if not who:
        return _list_places(desk, held) if held is not None else ()
    there = _find_people(desk, held, who) if held is not None else []
    if held is not None and (there or deal is not None):
        return [(held, each) for each in there]
    named = _find_customers_deal(desk, who)
    return _list_places(desk, named) if named is not None else _find_everywhere(desk, who)


def _list_places(desk: Desk, deal: Deal) -> Sequence[tuple[Deal, Contact | None]]:
    return [(deal, each) for each in _list_people(desk, deal)] or [(deal, None)]


def _find_everywhere(desk: Desk, who: str) -> Sequence[tuple[Deal, Contact | None]]:
    """The people of this name at every customer the member may see, each once."""
    found: dict[int, tuple[Deal, Contact | None]] = {}
    people = desk.memory.deals.list_people(desk.scope, EVERY)
    for deal_id in dict.fromkeys(id_ for id_, name in people if _fits(name, who)):
        deal = get_deal(desk, deal_id)
        for each in _find_people(desk, deal, who):
            found.setdefault(each.id, (deal, each))
    return list(found.values())


def _find_customers_deal(desk: Desk, who: str) -> Deal | None:
    """A deal of the one customer that a text surely names; None for none or several customers."""
    match = find_named_deals(who, desk, EVERY).match
    if not match.best or match.best[0].how == HOW or not (match.sure or match.ambiguous):
        return None
    deals = [get_deal(desk, each.id) for each in (match.best[:1] if match.sure else match.best)]
    return deals[0] if len({each.customer_id for each in deals}) == 1 else None


def _find_people(desk: Desk, deal: Deal, who: str) -> list[Contact]:
    people = [each for each in _list_people(desk, deal) if each.name]
    full = [each for each in people if each.name.casefold() == who.casefold()]
    return full or [each for each in people if _fits(each.name, who)]


def _fits(name: str, who: str) -> bool:
    return name.casefold() == who.casefold() or split_person(who, [(1, name)]) is not None


def _list_people(desk: Desk, deal: Deal) -> Sequence[Contact]:
    return desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)


def _save_person(
    desk: Desk, deal: Deal, person: Contact, field: str, value: str, name: str = ""
) -> Reply:
    column = COLUMNS[field]
    old = getattr(person, column)
    changes = {f"contact:{person.id}.{column}": value}
    if name and field != "person":
        changes[f"contact:{person.id}.name"] = name
    whose = person.name or name or deal.customer.name
    event = record(desk, deal, EventKind.EDITED, changes)
    old, new = (format_phone(old) if old else "", format_phone(value)) if field == "phone" else (
        old, value
    )  # fmt: skip
    text = lines(
        desk.words.say("selling.edit.kept_person", person=whose, name=deal.customer.name),
        _render_change(desk, field, old, new),
    )
    return Reply(text, buttons=((offer_undo(desk, event),),), about=deal.id)


def _ask_whose(
    change: FieldChange,
    value: str,
    request: Request,
    desk: Desk,
    places: Sequence[tuple[Deal, Contact | None]],
    held: Deal | None,
) -> Reply:
    """Asks whose the value is, with the likeliest people as buttons; nothing is written."""
    line, more = request.text, {"field": change.field, "value": value, "name": change.who[:200]}
    draft = save_line(desk, "lead", line, line, **more).id
    known = places or (_list_places(desk, held) if held is not None else ())
    buttons = [
        Button(_name_place(deal, person), f"put:{draft}:{deal.id}:{person.id}")
        for deal, person in known[:MOST_PEOPLE]
        if person is not None
    ]
    if change.who and not places and held is not None and change.field != "person":
        label = desk.words.line("selling.edit.add", person=change.who, name=held.customer.name)
        buttons.append(Button(label, f"put:{draft}:{held.id}:0"))
    if not places and change.field != "person":
        label = desk.words.line("plain_language.step_or_lead.log")
        buttons.append(Button(label, f"pick-lead:{draft}"))
    key = "selling.edit.which_person" if places else "selling.edit.whose"
    field = get_label(desk, change.field)
    shown = format_phone(value) if change.field == "phone" else value
    said = desk.words.say(key, field=field, value=shown, who=change.who or "–")
    return Reply(said, buttons=rows(buttons))


def _name_place(deal: Deal, person: Contact) -> str:
    name = person.name or person.phone or person.email
    return f"{name} · {deal.customer.name}" if name else deal.customer.name
