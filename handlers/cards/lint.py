"""`card lint`: checks for what makes cards hard to find, read or trust, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice

from pydantic import TypeAdapter

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import save_draft
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, shorten, text_of
from handlers.contract.request import Request
from handlers.contract.words import Words
from handlers.deals.find_pipeline import list_card_stages
from handlers.objections.index_cache import make_search_card
from handlers.outbox.background_jobs import Data, register_job, start_job
from kb.objections.card import Card
from kb.objections.exchange.headings import find_heading
from kb.objections.lint import (
    RULES,
    Finding,
    check_card,
    compare_with_others,
    find_untranslated,
    sort_findings,
)
from storage.tables.messages import Draft
from storage.tables.people_and_deals import Role

KIND = "card_lint"
CARDS_A_STEP = 15  # cards a transaction: each is looked up a dozen times, and reps wait meanwhile
PAGE = 5
MAX_QUOTED = 60


@command(
    "card_lint", "card lint", "cards lint", "lint cards", "card check", "cards check",
    "检查异议卡", "异议卡检查", "异议卡 检查", "卡片检查", "检查卡片", "检查话术",
    role=Role.MANAGER,
)  # fmt: skip
def start_lint(request: Request, desk: Desk) -> Reply:
    """Starts a check of the cards in use, or of one category; the findings come as a message."""
    text = request.text.strip().casefold()
    cards = desk.memory.cards.list_approved(desk.team.id)
    due = [card for card in cards if text in ("", card.category.casefold())]
    if not due:
        raise TextRefusal("cards.lint.no_category")
    start_job(desk, "lint", {"after": 0, "found": [], "only": text})
    return Reply(desk.words.say("cards.lint.begun", n=len(due)))


@action("lint-more", role=Role.MANAGER)
def show_more(request: Request, desk: Desk) -> Reply:
    """Shows the next few findings: `lint-more:<draft>:<from>`."""
    draft = desk.memory.drafts.get_of_member(desk.team.id, desk.member.id, request.number(0))
    if draft is None or draft.kind != KIND:
        raise NotFound
    return _render_page(desk, draft, request.number(1))


def describe_finding(words: Words, finding: Finding) -> str:
    """A finding as a sentence."""
    return words.line(
        f"cards.lint.rule_{finding.rule}",
        field=find_heading(finding.about, words.language) if finding.about else "",
        quote=shorten(finding.quote, MAX_QUOTED),
        other=shorten(finding.other, MAX_QUOTED),
        number=finding.n,
        limit=finding.limit,
    )


def count_findings(words: Words, findings: Sequence[Finding]) -> list[str]:
    """How often each rule found something, as texts, the worst first."""
    found = Counter(finding.rule for finding in findings)
    return [words.line(f"cards.lint.count_{rule}", n=found[rule]) for rule in RULES if found[rule]]


def _report_stop(desk: Desk, data: Data) -> Reply:
    return Reply(desk.words.say("cards.lint.stopped"))


@register_job("lint", _report_stop)
def lint_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Checks the next few cards; after the last one reports the findings."""
    cards = [
        make_search_card(card, desk.now) for card in desk.memory.cards.list_approved(desk.team.id)
    ]
    chosen = [card for card in cards if data["only"] in ("", card.category.casefold())]
    due = [card for card in chosen if int(card.id) > data["after"]]
    found = [
        *_get_adapter().validate_python(data["found"]),
        *_find_faults(desk, cards, due[:CARDS_A_STEP]),
    ]
    if len(due) > CARDS_A_STEP:
        found_so_far = _get_adapter().dump_python(found)
        return {**data, "after": due[CARDS_A_STEP - 1].id, "found": found_so_far}, None
    ids = {card.id for card in chosen}
    untranslated = [finding for finding in find_untranslated(cards) if finding.card_id in ids]
    return None, _report_findings(desk, sort_findings([*found, *untranslated]), len(chosen))


def _find_faults(desk: Desk, cards: Sequence[Card], some: Sequence[Card]) -> list[Finding]:
    objections = {card.id: card.objection for card in cards}
    stages = list_card_stages(desk)
    today = desk.calendar.local(desk.now).date()
    index = desk.cards()
    return [
        finding
        for card in some
        for finding in (
            *check_card(card, today, stages),
            *compare_with_others(card, index, objections),
        )
    ]


def _report_findings(desk: Desk, findings: Sequence[Finding], looked_at: int) -> Reply:
    if not findings:
        return Reply(desk.words.say("cards.lint.nothing", n=looked_at))
    objections = {card.id: card.objection for card in desk.memory.cards.list_approved(desk.team.id)}
    data = {
        "found": _get_adapter().dump_python(list(findings)),
        "said": {str(f.card_id): objections.get(int(f.card_id), "") for f in findings},
    }
    draft = save_draft(desk, KIND, data)
    reply = _render_page(desk, draft, 0)
    affected = len({finding.card_id for finding in findings})
    title = desk.words.say("cards.lint.found", n=affected, all=looked_at)
    listed = desk.words.line("contract.common.comma").join(count_findings(desk.words, findings))
    return Reply(lines(title, listed, reply.text), buttons=reply.buttons)


def _render_page(desk: Desk, draft: Draft, start: int) -> Reply:
    """A page of cards, the worst first, each with its findings and a button to edit it."""
    grouped: dict[int, list[Finding]] = {}
    for finding in _get_adapter().validate_python(draft.data["found"]):
        grouped.setdefault(int(finding.card_id), []).append(finding)
    objections: Mapping[str, str] = draft.data["said"]
    cards = list(islice(grouped.items(), start, start + PAGE))
    texts = [_render_card(desk.words, objections[str(card_id)], found) for card_id, found in cards]
    buttons = [
        Button(
            desk.words.line(
                "cards.lint.do_edit", name=shorten(objections[str(card_id)], MAX_QUOTED)
            ),
            f"card-edit:{card_id}",
        )
        for card_id, _ in cards
    ]
    if start + PAGE < len(grouped):
        buttons.append(
            Button(desk.words.line("contract.common.more"), f"lint-more:{draft.id}:{start + PAGE}")
        )
    return Reply(lines(*texts), buttons=rows(buttons, 1))


def _render_card(words: Words, objection: str, findings: Sequence[Finding]) -> Text:
    sentences = [f"• {describe_finding(words, finding)}" for finding in findings[:3]]
    return lines(text_of(bold(shorten(objection, MAX_QUOTED))), *sentences)


@cache  # made when first needed: a start of the bot need not wait for it
def _get_adapter() -> TypeAdapter[list[Finding]]:
    return TypeAdapter(list[Finding])
