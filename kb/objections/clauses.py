"""Split a pasted mail into the few clauses in which an objection may hide."""

import re

from kb.objections.normalise import HANZI, has_hanzi

MAX_CLAUSES = 8
MAX_CLAUSE = 200  # characters
LONG_LATIN, LONG_HANZI = 75, 24  # characters, above which a text counts as pasted

# Long runs of blanks would cost the patterns below quadratic time.
_BLANKS = re.compile(r"[^\S\n\r]+")
_SENTENCE_END = re.compile(r"[.!?;:\n\r。！？；：…]+(?=\s|$|[^\w])|[\n\r。！？；：]+")
_COMMA = re.compile(r"[,，、]\s*|\s+[-–—]+\s+|\s+(?:but|however|because|although|while)\s+")
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)\b"
    r"[^,.!?\n]{0,40}[,.!?\n-]+\s*",
    re.IGNORECASE,
)
_CHINESE_GREETING = re.compile(
    rf"^\W*(?:[{HANZI}]{{0,4}}(?:您好|你好|好)"
    rf"|[{HANZI}]{{1,3}}(?:总|经理|老师|先生|女士|姐|哥))[,，.。!！:：\s]+"
)
_CLOSING = re.compile(
    r"(?:^|[\s,.!?])(?:(?:kind|best|warm|many)?\s*regards|best wishes|all the best|cheers|"
    r"sincerely|yours (?:truly|sincerely|faithfully)|many thanks|thanks(?: a lot| again)?)\W"
    r"[^.!?]{0,60}$",
    re.IGNORECASE,
)
_CHINESE_CLOSING = re.compile(
    r"[，。！,.!\s]*(?:谢谢|多谢|辛苦了?|祝好|顺祝商祺|此致|敬礼|麻烦了)[^，。]{0,12}$"
)
_COURTESY = re.compile(
    r"\s*(?:thanks|thank you|sorry|please find|i hope|nice to|good to|as discussed)\b|"
    r"\s*(?:谢谢|感谢|不好意思|辛苦|收到|麻烦您)",
    re.IGNORECASE,
)
_CUES = re.compile(
    r"n't|\b(?:not|no|too|but|unfortunately|cannot|need|worr|afraid|problem|cost|pric|budget|already"
    r"|never|why|how|could|would|until|before|without)|[不没太怕贵难慢但先等再换才]|担心|预算|价|能不能|怎么|已经",
    re.IGNORECASE,
)


def is_long(text: str) -> bool:
    """Return whether a query is a pasted message rather than a look-up typed on a phone."""
    return len(text) > (LONG_HANZI if has_hanzi(text) else LONG_LATIN)


def split_clauses(text: str) -> list[str]:
    """Return at most MAX_CLAUSES clauses in reading order, without greeting and signature."""
    body = _strip_courtesies(_BLANKS.sub(" ", text).strip())
    parts = [part for sentence in _SENTENCE_END.split(body) for part in _split_sentence(sentence)]
    found = [part.strip()[:MAX_CLAUSE] for part in parts if _says_something(part)]
    if len(found) > MAX_CLAUSES:
        promising = sorted(range(len(found)), key=lambda n: (-_count_cues(found[n]), n))
        found = [found[n] for n in sorted(promising[:MAX_CLAUSES])]
    return found or [text[:MAX_CLAUSE]]


def _strip_courtesies(text: str) -> str:
    for greeting in (_GREETING, _CHINESE_GREETING):
        text = greeting.sub("", text, count=1)
    # Only the end is searched, since that is where people sign.
    head, tail = text[:-160], text[-160:]
    for closing in (_CLOSING, _CHINESE_CLOSING):
        tail = closing.sub("", tail)
    return (head + tail) or text


def _split_sentence(sentence: str) -> list[str]:
    if not is_long(sentence) and not has_hanzi(sentence):
        return [sentence]
    return _glue_scraps([part for part in _COMMA.split(sentence) if part and part.strip()])


def _glue_scraps(parts: list[str]) -> list[str]:
    """Join a scrap to its neighbour: three words or four characters alone say little."""
    found: list[str] = []
    for part in parts:
        if found and (_is_scrap(part) or _is_scrap(found[-1])):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def _is_scrap(part: str) -> bool:
    return len(part) < 5 if has_hanzi(part) else part.count(" ") < 3


def _says_something(part: str) -> bool:
    hanzi = has_hanzi(part)
    if len(part.strip()) < (3 if hanzi else 6):
        return False
    return not (_COURTESY.match(part) and len(part) < (12 if hanzi else 50))


def _count_cues(part: str) -> int:
    return len(_CUES.findall(part))
