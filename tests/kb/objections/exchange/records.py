"""Cards to export and import: plain ones, and any that can be kept."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from kb.objections.card import LINES
from kb.objections.exchange.record import LISTS, CardRecord
from kb.objections.exchange.tidy import tidy
from kb.states import CardState

PLAIN = CardRecord(
    key="too-dear",
    language="en",
    category="price",
    objection="It costs a fortune",
    phrasings=("Way over what we planned", "Steep; really"),
    ask="Compared with what?",
    say="Let us count what it saves. Then decide.",
    angles=("Start with one team.",),
    proof="Acme saved 12 %",
    proof_on=date(2026, 3, 1),
    internal=("proof",),
    stages=("demo", "negotiation"),
    industries=("retail",),
    review_days=60,
    owner="Mia",
)
CHINESE = CardRecord(
    key="too-dear",
    language="zh",
    objection="价格太高了",
    say="我们一起算算它能省多少。",
    phrasings=("太贵了", "超出预算；有点多"),
)
# What breaks formats: signs of formulas, Markdown, YAML, CSV, XML and Excel's own escapes.
SIGNS = [
    *"= + - @ ' \" ; ； | , # ## \\ * > --- : & < ]]> ~ % ! [ { ` ？ ＝ ＋".split(),
    *"_x000D_ _x0041_ #N/A #REF! TRUE null no 1e9 &#0; 01 0.10 2026-01-01".split(),
    *("\t", "\r\n", "\n", " ", "\u200b", "\u2028", "\ufeff", "e\u0301", "😀"),
    *("\ud800", "\x00", "\ufffe", "\ue000"),
]


def texts(limit: int, *, empty: bool = True) -> st.SearchStrategy[str]:
    """Any tidy text of at most `limit` characters."""
    least = 0 if empty else 1
    signs = st.lists(st.sampled_from(SIGNS), min_size=least, max_size=8).map("".join)
    raw = st.text(min_size=least, max_size=min(limit, 12)) | signs
    return raw.map(lambda text: tidy(tidy(text)[:limit]) or ("" if empty else "x"))


def lists(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Any list of such texts."""
    most, limit = LISTS[name]
    return st.lists(texts(min(limit, 20), empty=False), max_size=min(most, 3), unique=True).map(
        tuple
    )


def records() -> st.SearchStrategy[CardRecord]:
    """Any card that can be kept."""
    return st.builds(
        CardRecord,
        key=texts(20, empty=False),
        language=st.sampled_from(("en", "zh")),
        category=texts(20),
        state=st.sampled_from(CardState),
        objection=texts(30, empty=False),
        say=texts(30, empty=False),
        phrasings=lists("phrasings"),
        ask=texts(30),
        angles=lists("angles"),
        proof=texts(30),
        proof_on=st.none() | st.dates(),
        internal=st.sets(st.sampled_from(LINES)).map(
            lambda named: tuple(line for line in LINES if line in named)
        ),
        stages=lists("stages"),
        industries=lists("industries"),
        review_days=st.integers(1, 3650),
        owner=texts(20),
    )
