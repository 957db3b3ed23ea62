"""The column headings of a card's fields in a file, in English and Chinese."""

from collections.abc import Mapping
from functools import cache

from kb.objections.card import Language
from kb.objections.exchange.tidy import tidy

HEADINGS: Mapping[str, tuple[str, str]] = {
    "key": ("Key", "编号"),
    "language": ("Language", "语言"),
    "category": ("Category", "类别"),
    "state": ("State", "状态"),
    "objection": ("Objection", "异议"),
    "phrasings": ("Phrasings", "其他说法"),
    "ask": ("Ask", "反问"),
    "say": ("Say", "应答"),
    "angles": ("Angles", "其他角度"),
    "proof": ("Proof", "证据"),
    "proof_on": ("Proof date", "证据日期"),
    "internal": ("Internal", "仅限内部"),
    "stages": ("Stages", "阶段"),
    "industries": ("Industries", "行业"),
    "review_days": ("Review days", "复查天数"),
    "owner": ("Owner", "负责人"),
}
_SYNONYMS: Mapping[str, str] = {
    "id": "key", "键": "key", "lang": "language", "status": "state", "分类": "category",
    "customer says": "objection", "title": "objection", "客户异议": "objection",
    "客户说": "objection", "variants": "phrasings", "说法": "phrasings",
    "question": "ask", "提问": "ask",
    "answer": "say", "response": "say", "rebuttal": "say", "话术": "say", "回应": "say",
    "more angles": "angles", "角度": "angles", "evidence": "proof", "proof on": "proof_on",
    "industry": "industries", "stage": "stages", "review": "review_days", "内部": "internal",
}  # fmt: skip


def find_heading(name: str, language: Language) -> str:
    """Return the field's heading."""
    return HEADINGS[name][language == "zh"]


def find_field(said: str) -> str | None:
    """Return the field that a column, a heading or a key of a file names; None for no field."""
    return _collect_names().get(tidy(said[:200]).casefold().replace("_", " "))


@cache
def _collect_names() -> Mapping[str, str]:
    own = {
        name: field
        for field, (en, zh) in HEADINGS.items()
        for name in (field.replace("_", " "), en.casefold(), zh)
    }
    return {**_SYNONYMS, **own}
