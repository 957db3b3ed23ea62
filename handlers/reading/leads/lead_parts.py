"""Cuts one field of a lead's line into names and plain words: "Jane at Acme wants a demo"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from handlers.reading.clean import fold_in_place
from handlers.reading.leads.sources import read_source_field
from handlers.reading.names.name_evidence import (
    COMPANY_ZH,
    LEGAL_ZH,
    SURNAME,
    TITLE,
    has_company_word,
    is_all_hanzi,
    weigh_company,
)
from kb.objections.normalise import HANZI, has_hanzi

# What a run of words is. A "name" may yet be the customer's or the person's; a "hint" stands in a
# note too, and is the customer only if nothing else is.
Role = Literal["customer", "person", "name", "hint", "note"]
Parts = list[tuple[str, Role]]

# Words of a field that are no names.
_PROSE = frozenset(
    """
    wants want wanted needs need needed has have had is are was were will would could should can
    may might called call calls calling asked asks ask asking interested interest looking look
    looks met meet meeting spoke speak talked talk send sent about for in on by next last
    tomorrow today yesterday tonight monday tuesday wednesday thursday friday saturday sunday
    very please budget who that which their they he she we i you our my me us him her to from at
    with via through not no yes demo quote quotation seats seat users user licences licenses
    currently using uses use likes replied follow followup follow-up plans planning does did do
    because if when as it its this these up but also wait waiting decide decides decision hot
    warm cold urgent asap soon maybe around approx roughly per month year week day evaluating
    considering comparing renewal trial pilot poc
    """.split()
)
_LINKS = ("from", "at", "@", "with", "to", "for")
_THINGS = frozenset(
    "deal offer opportunity lead project contract chat coffee intro introduction business order "
    "request enquiry inquiry work works proposal quote new meeting call pitch visit".split()
)
_DONE = frozenset(
    "called met visited emailed rang phoned pitched contacted call email visit".split()
)
_ARTICLES = frozenset("the a an our their his her my noon lunch home work least last first".split())
_SIGNS = frozenset("&+")
_COUNT = re.compile(r"[\d.,:/%-]*(?:\d(?:k|m|am|pm|w|x|h|d|th|st|nd|rd)?)?")  # 12k, but not 3M
_JOB = re.compile(
    r"(?:the\s)?(?:(?:co-?)?founder|owner|ceo|cto|cfo|coo|cmo|cio|vp(?:\s\w+)?|head\sof\s\w+|president|"
    r"managing\sdirector|(?:\w+\s)?(?:director|manager|buyer|lead|engineer|consultant)|partner|buyer|"
    r"procurement|purchasing)(?:\s(?:of|at|from|for|@)\s(?P<company>.{1,80}))?",
    re.IGNORECASE,
)
_JOB_ZH = re.compile(
    r"(?:采购|销售|技术|市场|财务|行政|人事|运营|产品|项目|大区|区域|总)?(?:总监|经理|主管|负责人|总裁|董事长|主任|专员|老板|部长|总经理|创始人)"
)
_DONE_ZH = re.compile(
    r"(?:今天|昨天|刚刚?|在展会上?|展会上?)?(?:见了?|拜访了?|认识了?|联系了?|加了|遇到了?|聊了?|接触了?)(?=.)"
)
_PROSE_ZH = re.compile(
    r"想|需要|要求|要|希望|打算|联系|打电话|报价|演示|试用|了解|感兴趣|预算|合同|签约|见面|下周|下个?月|明天|后天|今天|上周|昨天|"
    r"已经?|了|请|没有|跟进|觉得|认为|比较|目前|正在|准备|计划|考虑|席位|账号|规模|很|太|不|\d+\s?[人个套台]"
)
_NOBODY_ZH = re.compile(
    r"我们?|你们?|他们?|她|它|客户|对方|这家|那家|有人|朋友|等|先|再|还|都|也|就|可能|应该|下|上|今|明|昨|后天|预计"
)
_MOST_WORDS = 8
_LONGEST_NAME = 120
_COLON = re.compile(r"(?<=[^\W\d])[:：](?=\s+\S|(?<=：)\S)")
_BRACKETED = re.compile(
    r"(?P<out>[^()（）]{1,120}?)\s*[(（](?P<inside>[^()（）]{1,120})[)）](?P<rest>(?:\s.*)?)", re.S
)
_OF_ZH = re.compile(
    rf"(?P<company>[{HANZI}A-Za-z0-9·&]{{2,30}}?)的(?P<person>{SURNAME}(?:[{HANZI}]{{0,2}}{TITLE}|[{HANZI}]{{1,2}}))"
    rf"(?![{HANZI}])(?P<rest>.*)",
    re.S,
)
_COMPANY_AND_PERSON_ZH = re.compile(
    rf"(?P<company>[{HANZI}A-Za-z0-9·]{{2,30}}?(?:{LEGAL_ZH}|{COMPANY_ZH}))"
    rf"(?P<person>{SURNAME}(?:[{HANZI}]{{0,2}}{TITLE}|[{HANZI}]{{1,2}}))"
)
_COMPANY_AND_TITLE_ZH = re.compile(
    rf"(?P<company>[{HANZI}A-Za-z0-9·]{{2,20}})(?P<person>{SURNAME}[{HANZI}]?{TITLE})"
)


def split_field(field: str) -> Parts:
    """Splits a field into names and the words around them; each word is in some part."""
    text = field.strip()
    if len(text) > _LONGEST_NAME * 4:
        return [(text, "note")]
    head, colon, tail = _split_colon(text)
    if colon:
        return [*split_field(head), *split_field(tail)]
    for read in (_read_brackets, _read_job, _read_link, _read_chinese):
        parts = read(text)
        if parts is not None:
            return parts
    return _split_leading(text)


def _split_colon(text: str) -> tuple[str, str, str]:
    """Splits the text behind a colon, for both sides are read apart: "From the fair: Jane"."""
    found = _COLON.search(text)
    return (text[: found.end()], found[0], text[found.end() :]) if found else (text, "", "")


def _read_brackets(text: str) -> Parts | None:
    """Reads Jane (Acme), Acme (Jane Doe), 王芳（华为）; by default the firm is in brackets."""
    found = _BRACKETED.fullmatch(text)
    if not found or not is_name(found["inside"]):
        return None
    words = found["out"].split()
    run = _take_run(words[::-1])[::-1]
    if not run or len(run) > _MOST_WORDS:
        return None
    names = (" ".join(run), found["inside"])
    person, company = (
        names if weigh_company(names[0], "") <= weigh_company(names[1], "") else names[::-1]
    )
    note = found["rest"] if len(run) == len(words) else text
    return [(company, "customer"), (person, "person"), (note, "note")]


def _read_job(text: str) -> Parts | None:
    """Reads "CEO of Acme"; a job alone is only a note."""
    found = _JOB.fullmatch(text)
    if _JOB_ZH.fullmatch(text) or (found and not found["company"] and not has_company_word(text)):
        return [(text, "note")]
    if not found or not found["company"] or not is_name(found["company"]):
        return None
    return [(found["company"], "customer"), (text[: found.start("company")], "note")]


def _read_link(text: str) -> Parts | None:
    """Reads "Jane Doe at Acme", "met Jane from Acme at the fair", "spoke to Acme"."""
    words = text.replace("@", " @ ").split()
    links = [at for at, word in enumerate(words[1:-1], start=1) if word.lower() in _LINKS]
    for at in links:
        before, after = _take_run(words[:at][::-1])[::-1], _take_firm_run(words[at + 1 :])
        if after and 0 < len(before) <= 3 and not _is_nobody(before):
            return _build_link_parts(text, words, at, before, after)
    for at in links:
        after = _take_firm_run(words[at + 1 :])
        if after and after[0][0].isupper() and _are_things(_take_run(words[:at][::-1])):
            return [(" ".join(after), "hint"), (text, "note")]
    return None


def _take_firm_run(words: list[str]) -> list[str]:
    return [] if words[0].lower() in _ARTICLES else _take_run(words)


def _are_things(words: list[str]) -> bool:
    return all(word.lower() in _THINGS for word in words)


def _is_nobody(words: list[str]) -> bool:
    """Whether the words name nobody: "deal" of "deal with", "referral" of "referral from"."""
    return _are_things(words) or bool(read_source_field(" ".join(words)))


def _build_link_parts(
    text: str, words: list[str], at: int, before: list[str], after: list[str]
) -> Parts:
    parts: Parts = [(" ".join(after), "customer"), (" ".join(before), "person")]
    if len(before) == at:
        return [*parts, (" ".join(words[at + 1 + len(after) :]), "note")]
    return [*parts, (text, "note")]


def _take_run(words: Sequence[str]) -> list[str]:
    """The words up to the first that belongs to a sentence."""
    run: list[str] = []
    for word in words[:6]:
        plain = word.lower().strip(".,!?:'\"")
        if word not in _SIGNS and (
            plain in _PROSE or plain in _ARTICLES or _COUNT.fullmatch(word) or not plain.strip("-")
        ):
            break
        run.append(word)
    return run


def _read_chinese(text: str) -> Parts | None:
    if not has_hanzi(text):
        return None
    plain = fold_in_place(text)
    done = _DONE_ZH.match(plain)
    start = done.end() if done and not has_company_word(plain) else 0
    of = _OF_ZH.match(plain, start)
    if of:
        rest = text if start else text[of.start("rest") :]
        return [
            (text[slice(*of.span("company"))], "customer"),
            (text[slice(*of.span("person"))], "person"),
            (rest, "note"),
        ]
    if start:
        return [(text[start:], "name"), (text[:start], "note")] if is_name(text[start:]) else None
    return _split_tokens(text)


def _split_tokens(text: str) -> Parts:
    """Splits at blanks, which part Chinese names; Latin words beside each other are one name."""
    parts: Parts = []
    latin: list[str] = []
    for token in text.split():
        if has_hanzi(token):
            parts += [*_split_leading(" ".join(latin)), *_split_token(token)]
            latin = []
        else:
            latin.append(token)
    return [*parts, *_split_leading(" ".join(latin))]


def _split_token(token: str) -> Parts:
    plain = fold_in_place(token)
    for pattern in (_COMPANY_AND_PERSON_ZH, _COMPANY_AND_TITLE_ZH):
        both = pattern.fullmatch(plain)
        if both:
            cut = both.start("person")
            return [(token[:cut], "customer"), (token[cut:], "person")]
    if _JOB_ZH.fullmatch(plain):
        return [(token, "note")]
    prose = None if has_company_word(plain) else _PROSE_ZH.search(plain)
    if not prose:
        return [(token, "name" if len(token) <= _LONGEST_NAME else "note")]
    head = token[: prose.start()]
    if 2 <= len(head) <= 12 and is_all_hanzi(head) and not _NOBODY_ZH.match(head):
        return [(head, "name"), (token[prose.start() :], "note")]
    return [(token, "note")]


def _split_leading(text: str) -> Parts:
    """The name a field begins with, if it does, and the sentence that follows."""
    words = text.split()
    if not words:
        return []
    if has_company_word(text) and len(words) <= _MOST_WORDS and not _has_prose(words):
        return [(text, "name")]
    run = _take_run(words)
    if words[0] == "The" and len(words) > 1 and len(_take_run(words[1:])) == len(words) - 1:
        return [(text, "name")]
    if words[0].lower() in _DONE and words[1:2] and words[1][0].isupper():
        return [(" ".join(_take_run(words[1:])), "hint"), (text, "note")]
    if not run or _is_nobody(run) or len(text) > _LONGEST_NAME or len(words) > 4 * _MOST_WORDS:
        return [(text, "note")]
    return [(" ".join(run), "name"), (" ".join(words[len(run) :]), "note")]


def _has_prose(words: Sequence[str]) -> bool:
    return any(word.lower() in _PROSE for word in words)


def is_name(text: str) -> bool:
    """Whether all of the text can be a name: no word of it belongs to a sentence."""
    words = text.split()
    if not words or len(words) > 6 or len(text) > _LONGEST_NAME:
        return False
    if has_hanzi(text):
        return has_company_word(fold_in_place(text)) or not _PROSE_ZH.search(fold_in_place(text))
    return len(_take_run(words)) == len(words)
