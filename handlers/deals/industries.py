"""A customer's industry: a short word, the same in every language, so that cards can name it."""

from __future__ import annotations

from handlers.contract.reply import Option
from handlers.contract.words import LANGUAGES, Words
from handlers.reading import clean_text

INDUSTRIES = (
    "manufacturing", "retail", "healthcare", "saas", "logistics", "education", "construction",
    "finance", "hospitality", "public",
)  # fmt: skip
LONGEST = 40


def list_industry_options(words: Words) -> tuple[Option, ...]:
    """The usual industries, to be tapped; any other may be typed."""
    return tuple(Option(slug, get_industry_name(words, slug)) for slug in INDUSTRIES)


def find_industry(said: str) -> str:
    """The industry that is meant, by its word or its name in any language; else as it was said."""
    folded = clean_text(said, LONGEST).casefold()
    names = {
        get_industry_name(Words(language), slug).casefold(): slug
        for language in LANGUAGES
        for slug in INDUSTRIES
    }
    return folded if folded in INDUSTRIES else names.get(folded, folded)


def get_industry_name(words: Words, slug: str) -> str:
    """How a member reads an industry."""
    return words.line(f"selling.edit.industry_{slug}") if slug in INDUSTRIES else slug
