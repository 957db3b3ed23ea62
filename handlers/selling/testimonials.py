"""`proof`: testimonials of happy customers, found mid-call and saved with their permission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.cards.card_view import CATEGORIES, get_category_name
from handlers.contract.catalog import action, command
from handlers.contract.command_words import normalise_spelling
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Field, Form, Option, Reply, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import LANGUAGES, Words
from handlers.deals import follow_ups
from handlers.deals.find_deal import EVERY, find_deal, get_deal
from handlers.deals.industries import (
    INDUSTRIES,
    find_industry,
    get_industry_name,
    list_industry_options,
)
from handlers.deals.record import record
from handlers.deals.testimonial_lines import (
    PERMISSIONS,
    filter_visible,
    get_speaker,
    render_testimonial,
)
from handlers.reading import clean_text, find_closest_word
from handlers.selling.after_sale import find_stage_after_sale
from kb.states import EventKind
from storage.tables.people_and_deals import Deal
from storage.tables.playbook import Proof

MAX_SHOWN = 3
MAX_SEARCHED = 200  # testimonials, the newest
TYPO_FLOOR = 80
QUOTE_CHARACTERS = (3, 600)
ANSWERABLE_CATEGORIES = tuple(each for each in CATEGORIES if each != "own")


@command("proof", "proofs", "testimonial", "testimonials", "案例", "客户案例", "证言", "口碑")
def proof(request: Request, desk: Desk) -> Reply:
    """Shows the newest testimonials that fit the words: industry, category, any text."""
    said = clean_text(request.text, 100)
    industry, category, rest = _read_filters(said)
    found = _search(desk, industry, category, rest)
    if found:
        return _render_list(desk, found)
    newest = _search(desk, "", "", ()) if said else []
    if not newest:
        return Reply(desk.words.say("selling.testimonials.none"))
    reply = _render_list(desk, newest)
    above = desk.words.say("selling.testimonials.nothing_like", said=said)
    return Reply(lines(above, reply.text), buttons=reply.buttons)


@command(
    "proof_add", "proof add", "add proof", "testimonial add", "添加案例", "记录案例", "新案例",
    "案例 添加",
)  # fmt: skip
def proof_add(request: Request, desk: Desk) -> Reply:
    """Shows the form for a testimonial of the deal's customer."""
    deal, rest = find_deal(request, desk, "proof_add", EVERY)
    return _make_form(desk, deal, {"quote": rest.strip(' ,，:："“”')}, {})


@action("proof-add")
def proof_by_form(request: Request, desk: Desk) -> Reply:
    """`proof-add:<deal>` asks for a testimonial of the deal's customer, and saves it."""
    deal = get_deal(desk, request.number(0))
    if request.kind != "form":
        return _make_form(desk, deal, {}, {})
    values = {name: clean_text(said, 700) for name, said in request.values.items()}
    shortest, longest = QUOTE_CHARACTERS
    if not shortest <= len(values.get("quote", "")) <= longest:
        return _make_form(
            desk, deal, values, {"quote": desk.words.line("selling.testimonials.too_short")}
        )
    return _save(desk, deal, values)


@action("proof-off")
def withdraw(request: Request, desk: Desk) -> Reply:
    """Withdraws a testimonial, so that nobody sees it; whoever may see its deal may do so."""
    found = desk.memory.proofs.get(desk.team.id, request.number(0))
    if found is None or desk.memory.deals.get(desk.scope, found.deal_id) is None:
        raise NotFound
    found.withdrawn_at = desk.now
    desk.memory.proofs.save_change(found)
    return Reply(desk.words.say("selling.testimonials.withdrawn")).in_place()


@action("proof-copy")
def copy_quote(request: Request, desk: Desk) -> Reply:
    """Shows the quote alone, to be sent on; never an internal one."""
    found = desk.memory.proofs.get(desk.team.id, request.number(0))
    if found is None or found.withdrawn_at is not None or found.permission == "internal":
        raise NotFound
    who = get_speaker(desk, found)
    return Reply(lines(f"“{found.quote}” — {who}"))


def _save(desk: Desk, deal: Deal, values: Mapping[str, str]) -> Reply:
    permission, category = values.get("permission", ""), values.get("category", "")
    kept = desk.memory.proofs.add(
        Proof(
            team_id=desk.team.id,
            deal_id=deal.id,
            member_id=desk.member.id,
            industry=find_industry(values.get("industry", "")) or deal.customer.industry,
            category=category if category in ANSWERABLE_CATEGORIES else "",
            quote=values["quote"],
            permission=permission if permission in PERMISSIONS else "internal",
            said_on=desk.calendar.local(desk.now).date(),
            created_at=desk.now,
        )
    )
    record(
        desk, deal, EventKind.PROOF, find_stage_after_sale(desk, deal, "advocate"), note=kept.quote
    )
    follow_ups.drop(desk, deal, "proof")
    text = lines(
        desk.words.say("selling.testimonials.kept"),
        render_testimonial(desk, kept, _get_category_name(desk, kept.category)),
    )
    off = Button(desk.words.line("selling.testimonials.withdraw"), f"proof-off:{kept.id}")
    refer = Button(desk.words.line("selling.follow_up_messages.refer"), f"refer:{deal.id}")
    return Reply(text, buttons=rows([refer, off]), about=deal.id)


def _search(desk: Desk, industry: str, category: str, rest: Sequence[str]) -> list[Proof]:
    every = desk.memory.proofs.list_newest(desk.team.id, industry, category, MAX_SEARCHED)
    found = filter_visible(desk, every)
    return [
        each
        for each in found
        if all(
            word in normalise_spelling(f"{each.quote} {get_speaker(desk, each)}") for word in rest
        )
    ]


def _render_list(desk: Desk, found: Sequence[Proof]) -> Reply:
    shown = found[:MAX_SHOWN]
    buttons = [
        Button(desk.words.line("selling.testimonials.copy", n=number), f"proof-copy:{each.id}")
        for number, each in enumerate(shown, start=1)
        if each.permission != "internal"
    ]
    text = lines(
        *(render_testimonial(desk, each, _get_category_name(desk, each.category)) for each in shown)
    )
    return Reply(text, buttons=rows(buttons, 3), private=True)


def _read_filters(said: str) -> tuple[str, str, list[str]]:
    """The industry and the objection's category that the words name (slips allowed); the rest."""
    industry = category = ""
    rest: list[str] = []
    for word in normalise_spelling(said).split():
        meant = find_closest_word(word, _list_vocabulary(), TYPO_FLOOR) or ""
        if meant in INDUSTRIES and not industry:
            industry = meant
        elif meant in ANSWERABLE_CATEGORIES and not category:
            category = meant
        else:
            rest.append(word)
    return industry, category, rest


def _list_vocabulary() -> list[tuple[str, str]]:
    words = []
    for language in LANGUAGES:
        said = Words(language)
        words += [(normalise_spelling(get_industry_name(said, slug)), slug) for slug in INDUSTRIES]
        words += [
            (normalise_spelling(said.line(f"cards.command.category_{key}")), key)
            for key in ANSWERABLE_CATEGORIES
        ]
    return [*words, *((slug, slug) for slug in (*INDUSTRIES, *ANSWERABLE_CATEGORIES))]


def _get_category_name(desk: Desk, category: str) -> str:
    return get_category_name(desk, category) if category else ""


def _make_form(desk: Desk, deal: Deal, values: Mapping[str, str], errors: dict[str, str]) -> Reply:
    words = desk.words
    kinds = tuple(Option(key, get_category_name(desk, key)) for key in ANSWERABLE_CATEGORIES[:9])
    allowed = tuple(
        Option(key, words.line(f"selling.testimonials.permission_{key}")) for key in PERMISSIONS
    )
    industry = get_industry_name(words, values.get("industry") or deal.customer.industry)
    fields = (
        Field(
            "quote",
            words.line("selling.testimonials.field_quote"),
            value=values.get("quote", ""),
            limit=700,
        ),
        Field(
            "category",
            words.line("selling.testimonials.field_category"),
            value=values.get("category", ""),
            required=False,
            options=kinds,
        ),
        Field(
            "industry",
            words.line("selling.testimonials.field_industry"),
            value=industry,
            required=False,
            options=list_industry_options(words)[:9],
            free=True,
        ),
        Field(
            "permission",
            words.line("selling.testimonials.field_permission"),
            value=values.get("permission", ""),
            options=allowed,
        ),
    )
    title = words.line("selling.testimonials.form", name=deal.customer.name)
    return Reply(form=Form(f"proof-add:{deal.id}", title, fields, errors), about=deal.id)
