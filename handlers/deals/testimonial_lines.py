"""Renders testimonials: who may see one, the speaker's name, and the one for an objection card."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, lines
from handlers.deals.deal_terms import format_day
from handlers.deals.industries import get_industry_name
from storage.scope import Scope
from storage.tables.playbook import Proof

PERMISSIONS = ("named", "anonymous", "internal")
MAX_CANDIDATES = 5


def filter_visible(desk: Desk, proofs: Iterable[Proof]) -> list[Proof]:
    """The testimonials the member may see: internal ones only where they may see the deal."""
    return [each for each in proofs if each.permission != "internal" or _is_theirs(desk, each)]


def find_fitting(desk: Desk, category: str, industry: str = "") -> Proof | None:
    """The newest testimonial for a category of objection, if possible of the same industry."""
    of = desk.memory.proofs.list_newest
    near = of(desk.team.id, industry, category, MAX_CANDIDATES) if industry else ()
    found = filter_visible(desk, near) or filter_visible(
        desk, of(desk.team.id, "", category, MAX_CANDIDATES)
    )
    return found[0] if found else None


def render_on_card(desk: Desk, category: str, industry: str) -> Text:
    """The testimonial under an objection card; empty where none fits."""
    proof = find_fitting(desk, category, industry) if category else None
    if proof is None:
        return ()
    who, day = get_speaker(desk, proof), format_day(desk, proof.said_on)
    lock = desk.words.say("selling.testimonials.locked") if proof.permission == "internal" else ()
    return lines(
        desk.words.say("selling.testimonials.on_card", quote=proof.quote, who=who, day=day), lock
    )


def render_testimonial(desk: Desk, proof: Proof, category: str) -> Text:
    """The quote, who said it and when, and what it answers; `category` is its name in words."""
    words = desk.words
    about = words.line("selling.testimonials.answers", category=category) if category else ""
    said_by = words.say(
        "selling.testimonials.from",
        who=get_speaker(desk, proof),
        about=about,
        day=format_day(desk, proof.said_on),
    )
    lock = words.say("selling.testimonials.locked") if proof.permission == "internal" else ()
    return lines(words.say("selling.testimonials.quote", quote=proof.quote), said_by, lock)


def get_speaker(desk: Desk, proof: Proof) -> str:
    """The speaker: the customer's name, or only the industry where they wish to stay anonymous."""
    words = desk.words
    if proof.permission != "anonymous":
        deal = desk.memory.deals.get(Scope(desk.team.id), proof.deal_id)
        if deal is not None:
            return deal.customer.name
    if proof.industry:
        return words.line(
            "selling.testimonials.somebody_of", industry=get_industry_name(words, proof.industry)
        )
    return words.line("selling.testimonials.somebody")


def _is_theirs(desk: Desk, proof: Proof) -> bool:
    return desk.memory.deals.get(desk.scope, proof.deal_id) is not None
