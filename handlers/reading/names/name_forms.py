"""The forms a customer's name can be typed in: folded, without its company form, in pinyin."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kb.objections.normalise import has_hanzi, simplify

LONGEST_NAME = 200
_LATIN_FORMS = frozenset(
    "ag bv co company corp corporation gmbh group holding inc incorporated kg limited llc llp ltd "
    "nv plc pty sa sarl srl".split()
)
_CHINESE_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "分公司", "总公司", "集团", "公司",
)  # fmt: skip
_PLACE = re.compile(
    r"\A(?:中国|北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|青岛|厦门|宁波|无锡|合肥|郑州|"
    r"(?:广东|浙江|江苏|山东|福建|四川|湖北|湖南|河北|河南|安徽|江西|陕西|辽宁)省?)市?"
)
_TRADE = re.compile(
    r"(?:科技|技术|网络|信息|软件|电子|通信|实业|工业|贸易|商贸|物流|传媒|咨询|投资|控股|股份|生物|医药|文化|教育){1,4}\Z"
)
_SHORTEST_BRAND = 2  # characters


@dataclass(frozen=True)
class NameForms:
    """The forms of one name; `brand`, `sounds` and the pinyin are empty without hanzi."""

    whole: str  # folded
    core: str  # its words without the company form, joined by spaces
    initials: str  # of two or more words
    brand: str  # the core without its place and trade
    sounds: tuple[str, ...]  # its syllables in pinyin

    @property
    def pinyin(self) -> str:
        """The syllables as one word: huawei."""
        return "".join(self.sounds)

    @property
    def pinyin_initials(self) -> str:
        """The first letters of the syllables: hw."""
        return "".join(sound[0] for sound in self.sounds)

    @property
    def brand_initials(self) -> str:
        """The initials of the brand alone, where every syllable is a character of the core."""
        if len(self.sounds) != len(self.core) or not self.brand:
            return ""
        at = self.core.find(self.brand)
        return self.pinyin_initials[at : at + len(self.brand)]


@lru_cache(maxsize=100_000)
def build_forms(name: str) -> NameForms:
    """The forms of a name; the same name is taken apart once a process."""
    words = fold(name).split()
    core = _drop_company_form(words)
    initials = "".join(word[0] for word in core) if len(core) > 1 else ""
    chinese = has_hanzi("".join(core))
    sounds = _list_sounds(" ".join(core)) if chinese else []
    return NameForms(
        whole=" ".join(words),
        core=" ".join(core),
        initials=initials,
        brand=_find_brand("".join(core)) if chinese else "",
        sounds=tuple(sound.replace(" ", "") for sound in sounds if sound.strip()),
    )


def _list_sounds(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 350 ms and 55 MB, only for Chinese

    return lazy_pinyin(text)


def fold(text: str) -> str:
    """The text without case, width, accents, marks or traditional characters, single-spaced."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_NAME]).casefold()
    bare = "".join(_replace_mark(char) for char in plain)
    words = unicodedata.normalize("NFC", " ".join(bare.split()))
    return words if words.isascii() else simplify(words)


def _replace_mark(char: str) -> str:
    if unicodedata.combining(char) or char in "'’.":
        return ""
    return char if char.isalnum() else " "


def _drop_company_form(words: list[str]) -> list[str]:
    core = list(words)
    while len(core) > 1 and core[-1] in _LATIN_FORMS:
        core.pop()
    if core:
        core[-1] = _drop_chinese_form(core[-1])
    return core


def _drop_chinese_form(word: str) -> str:
    for form in _CHINESE_FORMS:
        if word.endswith(form) and len(word) - len(form) >= 2:
            return _drop_chinese_form(word.removesuffix(form))
    return word


def _find_brand(core: str) -> str:
    """字节跳动 of 北京字节跳动科技; the core where nothing would be left."""
    shorter = _PLACE.sub("", _TRADE.sub("", core), count=1)
    return shorter if len(shorter) >= _SHORTEST_BRAND else core
