"""Industries of customers: a slug that is the same in every language, and its name in each."""

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
    """The usual industries as options of a form; any other may be typed."""
    return tuple(Option(slug, get_industry_name(words, slug)) for slug in INDUSTRIES)


def find_industry(said: str) -> str:
    """The slug of an industry given by slug or by name in any language; else the text as given."""
    folded = clean_text(said, LONGEST).casefold()
    names = {
        get_industry_name(Words(language), slug).casefold(): slug
        for language in LANGUAGES
        for slug in INDUSTRIES
    }
    return folded if folded in INDUSTRIES else names.get(folded, folded)


def get_industry_name(words: Words, slug: str) -> str:
    """An industry's name in the language of these words."""
    return words.line(f"selling.edit.industry_{slug}") if slug in INDUSTRIES else slug
