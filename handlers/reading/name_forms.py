"""The forms a customer's name can be typed in: folded, without its company form, in pinyin."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

LONGEST_NAME = 200
_LATIN_FORMS = frozenset(
    "ag bv co company corp corporation gmbh group holding inc incorporated kg limited llc llp ltd "
    "nv plc pty sa sarl srl".split()
)
_CHINESE_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "分公司", "总公司", "集团", "公司",
)  # fmt: skip


@dataclass(frozen=True)
class Forms:
    """One name: `words` folded, `core` its words without the company form, joined by spaces.

    `initials` are those of two or more words; `pinyin` and `pinyin_initials` are empty for a name
    without hanzi.
    """

    whole: str
    core: str
    initials: str
    pinyin: str
    pinyin_initials: str


@lru_cache(maxsize=100_000)
def forms(name: str) -> Forms:
    """The forms of a name; the same name is taken apart once a process."""
    words = fold(name).split()
    core = _without_company_form(words)
    initials = "".join(word[0] for word in core) if len(core) > 1 else ""
    syllables = lazy_pinyin(" ".join(core), style=Style.NORMAL) if _has_hanzi(core) else []
    syllables = [syllable.strip() for syllable in syllables if syllable.strip()]
    return Forms(
        whole=" ".join(words),
        core=" ".join(core),
        initials=initials,
        pinyin="".join(syllables).replace(" ", ""),
        pinyin_initials="".join(syllable[0] for syllable in syllables),
    )


def fold(text: str) -> str:
    """Case, width, accents, traditional characters and marks folded away; words by one space."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_NAME]).casefold()
    kept = "".join(_kept(char) for char in plain)
    return _simplified(unicodedata.normalize("NFC", " ".join(kept.split())))


def _kept(char: str) -> str:
    if unicodedata.combining(char) or char in "'’.":
        return ""
    return char if char.isalnum() else " "


def _without_company_form(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _LATIN_FORMS:
        kept.pop()
    if kept:
        kept[-1] = _without_chinese_form(kept[-1])
    return kept


def _without_chinese_form(word: str) -> str:
    for form in _CHINESE_FORMS:
        if word.endswith(form) and len(word) - len(form) >= 2:
            return _without_chinese_form(word.removesuffix(form))
    return word


def _has_hanzi(words: list[str]) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for word in words for char in word)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _simplified(text: str) -> str:
    return text if text.isascii() else str(_converter().convert(text))
