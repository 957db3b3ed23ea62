"""Reads a line that gives deals to somebody: "give harbour to ann", 把李雷的商机都转给韩梅梅."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 300  # characters; a longer line is a story
WHO_WORDS = 4
_VERB = re.compile(
    r"\A(?:(?:please|pls|can you|could you)\s+)?"
    r"(?:give|hand(?:\s*over)?|pass(?:\s+on)?|transfer|assign|re-?assign|turn\s+over)\s+",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\A(.*?)(?:(?<!\S)|\s+)(?:over\s+)?to\s+((?:(?!\sto\s).)+)\Z", re.IGNORECASE | re.DOTALL
)
_POLITE = re.compile(r"(?:[\s,]+(?:please|pls|now|thanks|thx))*[\s.!。！?？]*\Z", re.IGNORECASE)
_ASKED = re.compile(r"\A(?:请|麻烦|帮我|给我)*")
_PASSED = r"(?:(?:移交|转交|交接|转让|划转|分配|分派|指派|移|转|交|分|划)给)"
# 给 alone gives nothing without a 把 before it.
_CHINESE = re.compile(
    rf"\A(?:(?P<take>[把将])\s*)?(?P<what>.*?)\s*(?:统统|全部|一起|都|全|也)?\s*"
    rf"(?:{_PASSED}|(?(take)给|(?!)))\s*(?P<who>.+)\Z",
    re.DOTALL,
)
_BEHIND = re.compile(
    r"\A(?P<what>.*?)\s*(?:统统|全部|都|全)?\s*(?:移|转|交)?给\s*(?P<who>.+)\Z", re.DOTALL
)
_TAIL = re.compile(r"(?:来)?(?:跟进|负责|接手|处理|管)?(?:一下)?(?:吧|了|啦|哦)?[\s。！!.？?]*\Z")
_DEALS = r"(?:open\s+)?(?:deals?|leads?|customers?|clients?|accounts?|opportunit(?:y|ies)|pipeline)"
_ALL_OF = (
    re.compile(
        rf"\A(?:all|every|each)?\s*(?:of\s+)?(?P<owner>my|mine|.+?['’]s?)\s*{_DEALS}\Z",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\A(?:all|every(?:thing)?)\s*(?:the\s+)?(?:{_DEALS}\s+)?(?:of|from)\s+(?P<owner>.+)\Z",
        re.IGNORECASE,
    ),
    re.compile(
        r"\A(?:所有|全部)?(?P<owner>.+?)(?:的|名下的?|手上的?|手里的?)+(?:所有的?|全部的?)?"
        r"(?:商机|单子|客户|线索|项目|生意|单)\Z"
    ),
    re.compile(r"\A(?P<owner>我)(?:所有|全部)?的?(?:所有|全部)?的?(?:商机|单子|客户|线索|项目)\Z"),
)
_MORE = re.compile(
    r"\s*[,，、;；&]\s*(?:and\s+)?|\s+and\s+|(?<=[^\x00-\x7f])[和跟及](?=[^\x00-\x7f])",
    re.IGNORECASE,
)
_FILLING = re.compile(
    r"\A(?:the|my|our)\s+|\s+(?:deal|lead|account|one)\Z|(?:这单|这个?单子|的?(?:单子|商机|项目|这单))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class HandOverLine:
    """What a line gives, and to whom; the names as they were typed."""

    what: str
    who: str  # empty where the line does not say
    is_firm: bool  # whether its verb means nothing else: 转给 does, "give" and 给 do not

    @property
    def owner(self) -> str:
        """Whose deals are meant where all of a person's are; else empty."""
        for pattern in _ALL_OF:
            found = pattern.match(self.what)
            if found is not None:
                return re.sub(r"['’]s?\Z", "", found["owner"]).strip()
        return ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of several deals, as "acme and beta" has them."""
        return tuple(strip_filling(part) for part in _MORE.split(self.what) if part.strip())


def strip_filling(name: str) -> str:
    """A deal's name without the words around it: "the acme deal" -> acme."""
    return _FILLING.sub("", _FILLING.sub("", name.strip())).strip()


def read_hand_over(text: str) -> HandOverLine | None:
    """A whole line that may give something to somebody; None for any other."""
    if len(text) > LONGEST or "\n" in text.strip():
        return None
    line = " ".join(text.split())
    verb = _VERB.match(line)
    if verb is not None:
        said = read_behind_verb(line[verb.end() :])
        firm = not verb[0].casefold().strip().endswith(("give", "pass", "hand"))
        return HandOverLine(said.what, said.who, firm) if said.who else None
    found = _CHINESE.match(_ASKED.sub("", line, count=1))
    if found is None or not found["what"].strip():
        return None
    return _make(found["what"], found["who"], bool(re.search(_PASSED, line)))


def read_behind_verb(text: str) -> HandOverLine:
    """What stands behind a hand-over's verb: "acme to bo", 小米给李雷, 给李雷, "acme"."""
    line = " ".join(text[:LONGEST].split())
    for pattern in (_TO, _BEHIND):
        found = pattern.match(line) or pattern.match(f" {line}")
        if found is not None:
            return _make(found[1], found[2], firm=True)
    return _make(line, "", firm=True)


def _make(what: str, who: str, firm: bool) -> HandOverLine:
    named = _TAIL.sub("", _POLITE.sub("", who.strip())).strip()
    if len(named.split()) > WHO_WORDS:
        named = ""
    return HandOverLine(_POLITE.sub("", what.strip()), named, firm)
