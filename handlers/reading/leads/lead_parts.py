"""Cuts one field of a lead's line into names and plain words: "Jane at Acme wants a demo"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from handlers.reading.clean import same_length
from handlers.reading.leads.lead_words import (
    ARTICLES,
    COUNT,
    DONE,
    DONE_ZH,
    JOB,
    JOB_ZH,
    LINKS,
    NOBODY_ZH,
    PROSE,
    PROSE_ZH,
    SIGNS,
    THINGS,
)
from handlers.reading.leads.sources import source_of_field
from handlers.reading.names.name_evidence import (
    COMPANY_ZH,
    LEGAL_ZH,
    SURNAME,
    TITLE,
    has_company_word,
    is_hanzi,
    leaning,
)
from kb.objections.normalise import HANZI, has_hanzi

Role = Literal["customer", "person", "name", "hint", "note"]
Parts = list[tuple[str, Role]]

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


def parts_of(field: str) -> Parts:
    """The names in a field and the words around them; all of the field's words are in some part."""
    text = field.strip()
    if len(text) > _LONGEST_NAME * 4:
        return [(text, "note")]
    head, colon, tail = _colon(text)
    if colon:
        return [*parts_of(head), *parts_of(tail)]
    for read in (_bracketed, _job, _linked, _chinese):
        parts = read(text)
        if parts is not None:
            return parts
    return _leading(text)


def _colon(text: str) -> tuple[str, str, str]:
    """From the fair: Jane. What stands before a colon and behind it are read apart."""
    found = _COLON.search(text)
    return (text[: found.end()], found[0], text[found.end() :]) if found else (text, "", "")


def _bracketed(text: str) -> Parts | None:
    """Jane (Acme), Acme (Jane Doe), 王芳（华为）; with no evidence the firm is in the brackets."""
    found = _BRACKETED.fullmatch(text)
    if not found or not is_name(found["inside"]):
        return None
    words = found["out"].split()
    run = _run(words[::-1])[::-1]
    if not run or len(run) > _MOST_WORDS:
        return None
    names = (" ".join(run), found["inside"])
    person, company = names if leaning(names[0], "") <= leaning(names[1], "") else names[::-1]
    note = found["rest"] if len(run) == len(words) else text
    return [(company, "customer"), (person, "person"), (note, "note")]


def _job(text: str) -> Parts | None:
    """CEO of Acme; a job alone is only a note."""
    found = JOB.fullmatch(text)
    if JOB_ZH.fullmatch(text) or (found and not found["company"] and not has_company_word(text)):
        return [(text, "note")]
    if not found or not found["company"] or not is_name(found["company"]):
        return None
    return [(found["company"], "customer"), (text[: found.start("company")], "note")]


def _linked(text: str) -> Parts | None:
    """Jane Doe at Acme; met Jane from Acme at the fair; spoke to Acme."""
    words = text.replace("@", " @ ").split()
    links = [at for at, word in enumerate(words[1:-1], start=1) if word.lower() in LINKS]
    for at in links:
        before, after = _run(words[:at][::-1])[::-1], _run_of_firm(words[at + 1 :])
        if after and 0 < len(before) <= 3 and not _nobody(before):
            return _named(text, words, at, before, after)
    for at in links:
        after = _run_of_firm(words[at + 1 :])
        if after and after[0][0].isupper() and _only_things(_run(words[:at][::-1])):
            return [(" ".join(after), "hint"), (text, "note")]
    return None


def _run_of_firm(words: list[str]) -> list[str]:
    return [] if words[0].lower() in ARTICLES else _run(words)


def _only_things(words: list[str]) -> bool:
    return all(word.lower() in THINGS for word in words)


def _nobody(words: list[str]) -> bool:
    """Whether the words name nobody: "deal" of "deal with", "referral" of "referral from"."""
    return _only_things(words) or bool(source_of_field(" ".join(words)))


def _named(text: str, words: list[str], at: int, before: list[str], after: list[str]) -> Parts:
    parts: Parts = [(" ".join(after), "customer"), (" ".join(before), "person")]
    if len(before) == at:
        return [*parts, (" ".join(words[at + 1 + len(after) :]), "note")]
    return [*parts, (text, "note")]


def _run(words: Sequence[str]) -> list[str]:
    """The words up to the first that belongs to a sentence."""
    run: list[str] = []
    for word in words[:6]:
        plain = word.lower().strip(".,!?:'\"")
        if word not in SIGNS and (
            plain in PROSE or plain in ARTICLES or COUNT.fullmatch(word) or not plain.strip("-")
        ):
            break
        run.append(word)
    return run


def _chinese(text: str) -> Parts | None:
    if not has_hanzi(text):
        return None
    plain = same_length(text)
    done = DONE_ZH.match(plain)
    start = done.end() if done and not _is_company(plain) else 0
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
    return _tokens(text)


def _tokens(text: str) -> Parts:
    """Chinese names stand apart by blanks; Latin words beside each other are one name."""
    parts: Parts = []
    latin: list[str] = []
    for token in text.split():
        if has_hanzi(token):
            parts += [*_leading(" ".join(latin)), *_token(token)]
            latin = []
        else:
            latin.append(token)
    return [*parts, *_leading(" ".join(latin))]


def _token(token: str) -> Parts:
    plain = same_length(token)
    for pattern in (_COMPANY_AND_PERSON_ZH, _COMPANY_AND_TITLE_ZH):
        both = pattern.fullmatch(plain)
        if both:
            cut = both.start("person")
            return [(token[:cut], "customer"), (token[cut:], "person")]
    if JOB_ZH.fullmatch(plain):
        return [(token, "note")]
    prose = None if _is_company(plain) else PROSE_ZH.search(plain)
    if not prose:
        return [(token, "name" if len(token) <= _LONGEST_NAME else "note")]
    head = token[: prose.start()]
    if 2 <= len(head) <= 12 and is_hanzi(head) and not NOBODY_ZH.match(head):
        return [(head, "name"), (token[prose.start() :], "note")]
    return [(token, "note")]


def _is_company(plain: str) -> bool:
    return has_company_word(plain)


def _leading(text: str) -> Parts:
    """The name a field begins with, if it does, and the sentence that follows."""
    words = text.split()
    if not words:
        return []
    if has_company_word(text) and len(words) <= _MOST_WORDS and not _mostly_prose(words):
        return [(text, "name")]
    run = _run(words)
    if words[0] == "The" and len(words) > 1 and len(_run(words[1:])) == len(words) - 1:
        return [(text, "name")]
    if words[0].lower() in DONE and words[1:2] and words[1][0].isupper():
        return [(" ".join(_run(words[1:])), "hint"), (text, "note")]
    if not run or _nobody(run) or len(text) > _LONGEST_NAME or len(words) > 4 * _MOST_WORDS:
        return [(text, "note")]
    return [(" ".join(run), "name"), (" ".join(words[len(run) :]), "note")]


def _mostly_prose(words: Sequence[str]) -> bool:
    return any(word.lower() in PROSE for word in words)


def is_name(text: str) -> bool:
    """Whether all of the text can be a name: no word of it belongs to a sentence."""
    words = text.split()
    if not words or len(words) > 6 or len(text) > _LONGEST_NAME:
        return False
    if has_hanzi(text):
        return _is_company(same_length(text)) or not PROSE_ZH.search(same_length(text))
    return len(_run(words)) == len(words)
