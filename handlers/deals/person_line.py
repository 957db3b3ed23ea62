"""Reads what a line says of a person at a customer: name, title, part in the decision, attitude."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.contract.command_words import normalise_spelling
from handlers.reading import clean_text

PARTS = ("decides", "buys", "influences", "uses", "blocks")
ATTITUDES = ("supportive", "neutral", "against")
LINE_CHARACTERS = 300
NAME_CHARACTERS, TITLE_CHARACTERS = 200, 100

_PARTS: Mapping[str, str] = {
    "decides": "decides|decide|decider|decision[ -]maker|dm|signs(?: off)?|has the last word"
    "|approves|拍板(?:人|的)?|决策(?:人|者)?|决定(?:人|者|权)?|说了算|最终决定|关键人",
    "buys": "buys|buyer|purchasing|procurement|purchaser|pays|holds the budget|economic buyer"
    "|采购(?:员|负责人|人)?|买单|付款(?:人)?|管预算|管钱",
    "influences": "influences|influence|influencer|advises|adviser|advisor|recommends|champion"
    "|coach|影响(?:者|人)?|有影响力|顾问|建议者|推荐人|内线|教练",
    "uses": "uses|user|end[ -]user|works with it|使用(?:者|人|方)?|用户|最终用户|一线",
    "blocks": "blocks|blocker|gatekeeper|has a veto|veto|can say no"
    "|把关(?:人)?|守门(?:人)?|阻碍(?:者)?|否决(?:权)?|卡着",
}
_ATTITUDES: Mapping[str, str] = {
    "supportive": "supportive|supporter|supports(?: us)?|for us|positive|friendly|likes us"
    "|on our side|a fan|champion|支持(?:我们|者)?|赞成|看好(?:我们)?|偏向我们|倾向我们|认可|友好",
    "neutral": "neutral|undecided|unsure|open|on the fence|中立|观望|犹豫|没表态|未表态|一般",
    "against": "against(?: us)?|negative|opposed|opposes|opponent|hostile|sceptical|skeptical"
    "|for the competitor|反对(?:我们|者)?|抵触|不看好|不支持|偏向对手|倾向对手|有意见",
}
_RANK = r"(?:s?vp|vice president|head|chief|director)\b(?: of)?(?: [\w&-]+)?"
_JOB = r"director|manager|engineer|officer|lead|architect|controller|accountant|assistant"
_ALONE = r"c[eftosimr]o|cpo|ciso|owner|founder|partner|chairman|president|boss|foreman|secretary"
_HANZI_JOB = (
    "总监|总经理|副总|经理|厂长|主任|部长|处长|科长|院长|校长|老板|董事长|工程师|会计|主管|财务"
    "|秘书|专员|总裁|店长"
)
_TITLE = re.compile(
    rf"(?P<latin>\b(?:{_RANK}|(?:[\w&-]+ )?(?:{_JOB})|{_ALONE})\b)"
    rf"|(?P<hanzi>(?:[\u4e00-\u9fff]{{0,4}})(?:{_HANZI_JOB}))",
    re.IGNORECASE,
)
_EDGES = " ,，、;；:：.。-–—·|/\t\n"
_PHONE = re.compile(r"\+?\d[\d ().-]{5,22}\d")
_EMAIL = re.compile(r"[^\s,，;；<>]{1,64}@[^\s,，;；<>]{1,190}\.[A-Za-z]{2,24}")


@dataclass(frozen=True)
class PersonFacts:
    """What a line says of a person; what it does not say is empty."""

    name: str
    title: str = ""
    part: str = ""
    attitude: str = ""
    phone: str = ""
    email: str = ""


def read_person(line: str) -> PersonFacts:
    """`Jane CFO decides, supportive`, `王芳 财务总监 拍板 支持`: in this order or another."""
    left = clean_text(line, LINE_CHARACTERS)
    email, left = _take_match(_EMAIL, left)
    phone, left = _take_match(_PHONE, left)
    attitude, left = _take_key(left, _ATTITUDES)
    part, left = _take_key(left, _PARTS, also=attitude == "supportive" and _is_champion(line))
    name, title = _split_name_and_title(left)
    return PersonFacts(name, title, part, attitude, phone, email)


def find_part(word: str) -> str:
    """The part that one word or key names; empty for none."""
    return _take_key(word, _PARTS)[0]


def find_attitude(word: str) -> str:
    """The attitude that one word or key names; empty for none."""
    return _take_key(word, _ATTITUDES)[0]


def _is_champion(line: str) -> bool:
    return re.search(r"\bchampion\b", line, re.IGNORECASE) is not None


def _take_key(line: str, words: Mapping[str, str], *, also: bool = False) -> tuple[str, str]:
    """The key whose pattern matches longest in the line, and the line without that match."""
    plain = normalise_spelling(line)
    found = [
        (match.end() - match.start(), key, match.span())
        for key, pattern in words.items()
        for match in re.finditer(rf"(?<![a-z])(?:{pattern})(?![a-z])", plain)
    ]
    if not found:
        return ("influences" if also else ""), line
    _, key, (begin, end) = max(found)
    return key, f"{line[:begin]}, {line[end:]}"


def _take_match(pattern: re.Pattern[str], line: str) -> tuple[str, str]:
    found = pattern.search(line)
    if found is None:
        return "", line
    return found[0].strip(), f"{line[: found.start()]}, {line[found.end() :]}"


def _split_name_and_title(left: str) -> tuple[str, str]:
    """Splits name from title: at a word for a job, or else at the first comma."""
    pieces = [piece for each in re.split("[,，、;；]", left) if (piece := each.strip(_EDGES))]
    if not pieces:
        return "", ""
    first, rest = pieces[0], pieces[1:]
    found = _TITLE.search(first)
    if found is not None and found["latin"] and found.start() > 0:
        rest.insert(0, first[found.start() :])
        first = first[: found.start()]
    elif found is not None and found["hanzi"] and " " in first:
        first, _, behind = first.partition(" ")
        rest.insert(0, behind)
    title = ", ".join(piece.strip(_EDGES) for piece in rest if piece.strip(_EDGES))
    return first.strip(_EDGES)[:NAME_CHARACTERS], title[:TITLE_CHARACTERS]
