"""Lines that change many deals at once: "all stalled to next week", 5千以下的全部搁置到一月.

A line counts only where every word of it is understood; any other is left to other readers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_EN = re.compile(
    r"\A(?:please\s+)?(?:(?P<verb>park|move|push|postpone|shift|reschedule|put|set)\s+)?"
    r"(?:all|everything|every)(?:\s+of)?(?:\s+(?:my|the))?\b\s*(?P<which>.*?)\s*"
    r"\b(?:to|until|till)\s+(?P<day>.+?)(?:\s+please)?[\s.!]*\Z",
    re.IGNORECASE,
)
_ZH = re.compile(
    r"\A请?把?(?P<which>.*?)(?P<verb>搁置|暂停|暂缓|推迟|改|移|挪|推|延)(?:到|至)(?P<day>.+?)[\s。！]*\Z"
)
_ZH_ALL = re.compile("所有|全部|一切|都")
_PARK = frozenset({"park", "搁置", "暂停", "暂缓"})
_FAULTS = (
    ("stalled", re.compile(r"\bstalled\b|停滞|没动静", re.IGNORECASE)),
    (
        "no_step",
        re.compile(
            r"\b(?:without|with no|that have no|no)\s+(?:an?\s+)?(?:next\s+)?steps?\b"
            r"|(?:没有|没|无)(?:约)?下一步",
            re.IGNORECASE,
        ),
    ),
    ("overdue", re.compile(r"\boverdue\b|逾期|过期|超期", re.IGNORECASE)),
)
_UNDER = re.compile(
    r"\b(?:under|below|less than)\s+(?P<a>\S*\d\S*(?:\s(?:eur|usd|cny|k))?)"
    r"|(?:低于|不到|少于)(?P<b>[^的]*\d[^的]*?)(?=的|全|所|\Z)|(?P<c>\d[^的]*?)以下",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:over|above|more than)\s+(?P<a>\S*\d\S*(?:\s(?:eur|usd|cny|k))?)"
    r"|(?:高于|超过|多于)(?P<b>[^的]*\d[^的]*?)(?=的|全|所|\Z)|(?P<c>\d[^的]*?)以上",
    re.IGNORECASE,
)
_FILLING = re.compile(
    r"\b(?:deals?|leads?|ones?|that|which|are|is|and)\b|我的|商机|线索|单子|客户|的|都|[\s,，、]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class BulkLine:
    """What a line asks for on many deals; the texts are as typed."""

    act: Literal["park", "step"]
    fault: str  # stalled, overdue, no_step, or "" for any
    under: str  # the amount, "" for none
    over: str
    day: str


def read_bulk(line: str) -> BulkLine | None:
    """The change to many deals that a line asks for; None where a word says something else."""
    text = line.strip()
    found = _EN.match(text) or (_ZH.match(text) if _ZH_ALL.search(text) else None)
    if found is None:
        return None
    left = _ZH_ALL.sub("", found["which"])
    under, left = _cut_amount(_UNDER, left)
    over, left = _cut_amount(_OVER, left)
    faults = [name for name, words in _FAULTS if words.search(left)]
    for _name, words in _FAULTS:
        left = words.sub("", left)
    if _FILLING.sub("", left) or len(faults) > 1:
        return None
    if not (found["verb"] or faults or under or over):  # "everything to friday" asks for nothing
        return None
    act: Literal["park", "step"] = "park" if (found["verb"] or "").casefold() in _PARK else "step"
    return BulkLine(act, faults[0] if faults else "", under, over, found["day"])


def _cut_amount(words: re.Pattern[str], text: str) -> tuple[str, str]:
    found = words.search(text)
    if found is None:
        return "", text
    said = next(part for part in found.groups() if part)
    return said, text[: found.start()] + " " + text[found.end() :]
