"""People who ask for what is not theirs, in every way there is to ask, and what came of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from bot.app import App
from handlers import routes
from handlers.contract.catalog import CATALOG
from handlers.contract.request import Account, Attachment, Request, SharedContact
from tests.handlers.worlds import COMPANIES

MODULES = routes.MODULES  # imported for what they register
WORDS = sorted(word for command in CATALOG.commands() for word in command.words)
VERBS = sorted(action.verb for action in CATALOG.actions())
OUTSIDE = ["ask", "found", "redeem", "retype", "say", "start"]  # heard before the catalogue
RESTS = ["", "negotiation", "price", "tomorrow 10am call", "9k", "in 2 weeks", "all", "zq000"]
SECONDS = [
    "",
    "1",
    "done",
    "lost",
    "negotiation",
    "price",
    "admin",
    "rep",
    "tomorrow",
    "30",
    "phone",
]
FIELDS = {
    "customer": "Newcomer",
    "person": "Pat",
    "phone": "+49 30 901820",
    "email": "pat@example.com",
    "amount": "5k",
    "source": "event",
    "industry": "retail",
    "competitor": "Globex",
    "note": "was here",
    "when": "tomorrow 10am",
    "what": "call",
    "objection": "Too dear",
    "say": "Not so",
    "name": "Mine",
    "language": "en",
    "zone": "Europe/Berlin",
    "currency": "EUR",
    "hours": "9-18",
    "days": "01234",
    "digest": "8",
    "invite": "guess",
}
DIGITS = re.compile(r"(?<=\d)[\s\u00a0,.'’()/-]+(?=\d)")


@dataclass(frozen=True)
class Probe:
    """One thing somebody tries, as a request without its sender."""

    request: Request

    @property
    def typed(self) -> str:
        """Everything the attacker said in it, and so knew."""
        asked = self.request
        parts = [asked.text, asked.action, *asked.values.values()]
        if asked.contact is not None:
            parts += [asked.contact.name, asked.contact.phone]
        return " ".join(parts)


def text(said: str, **more: Any) -> Probe:
    return Probe(Request("", Account("", ""), text=said, **more))


def pressed(action: str) -> Probe:
    return Probe(Request("", Account("", ""), "button", action=action))


def filled(action: str) -> Probe:
    return Probe(Request("", Account("", ""), "form", action=action, values=FIELDS))


def others(phone: str) -> list[Probe]:
    """Contacts, files and as-typed queries."""
    asked = Request("", Account("", ""))
    card = f"BEGIN:VCARD\nFN:Pat\nTEL:{phone}\nEND:VCARD".encode()
    return [
        Probe(replace(asked, kind="contact", contact=SharedContact("Pat", phone))),
        Probe(replace(asked, kind="file", attachment=Attachment("p.vcf", "text/vcard", 9, card))),
        Probe(replace(asked, kind="query", text="too expensive")),
        text("who is this", forwarded_from="Acme"),
        text(f"{phone} Pat"),
        text(f"lead Newco, {phone}"),
        text("they want a demo", reply_to="message-1"),
        text("card", replied_text="they want a demo"),
    ]


def every(ids: Iterable[int]) -> list[Probe]:
    """Each word and each verb, bare and aimed."""
    typed = [f"{word} {company}" for word in WORDS for company in ("", COMPANIES[1])]
    aimed = [f"{verb}:{at}" for verb in (*VERBS, *OUTSIDE) for at in ids]
    return [*map(text, typed), *map(pressed, aimed), *map(filled, aimed)]


def probes() -> st.SearchStrategy[list[Probe]]:
    """Anything that may be asked: ids of whatever there is, of nothing, negative and huge."""
    ids = st.one_of(st.integers(0, 30), st.sampled_from(["", "-1", "abc", str(2**63), "１"]))
    names = st.sampled_from([*COMPANIES, "Rep", "Manager", "Team", "zq000", ""])
    words = st.sampled_from(WORDS)
    rests = st.sampled_from(RESTS)
    lines = st.builds(lambda *said: text(" ".join(said).strip()), words, names, rests)
    seconds = st.one_of(ids, st.sampled_from(SECONDS))
    verbs = st.sampled_from([*VERBS, *OUTSIDE])
    actions = st.builds(lambda verb, a, b: f"{verb}:{a}:{b}"[:64], verbs, ids, seconds)
    replies = st.builds(lambda at: text("a note", reply_to=f"message-{at}"), st.integers(0, 9))
    elsewise = st.sampled_from(others("+49 30 7014117"))
    aimed = st.one_of(actions.map(pressed), actions.map(filled))
    return st.lists(st.one_of(lines, aimed, aimed, replies, elsewise), min_size=5, max_size=25)


@dataclass
class Attack:
    """Somebody's tries on a world, and the replies they got, whole, as the inbox keeps them."""

    app: App
    path: str
    who: Account
    tries: dict[int, Probe] = field(default_factory=dict)

    async def makes(self, tries: Sequence[Probe]) -> None:
        """Tries each in turn."""
        for probe in tries:
            event = f"{self.who.id}-{len(self.tries)}"
            request = replace(probe.request, event_id=event, account=self.who)
            answer = await self.app.answer(request)
            assert answer.row_id, f"an error answered {probe}"
            self.tries[answer.row_id] = probe

    def leaks(self, secrets: Sequence[str]) -> list[str]:
        """Which of these secrets the replies hold, other than those the attacker had said."""
        found, known = [], ""
        for row_id, reply in rows(self.path, "select id, reply from inbox order by id"):
            if row_id in self.tries:
                probe = self.tries[row_id]
                known += _folded(probe.typed)
                told = _folded(reply or "")
                found += [
                    f"{secret}: {probe.typed!r} -> {reply}"
                    for secret in secrets
                    if secret in told and secret not in known
                ]
        return found


def _folded(said: str) -> str:
    """The words in lower case, numbers without what stands between their digits."""
    return f" {DIGITS.sub('', said.casefold())} "


def rows(path: str, query: str) -> list[Any]:
    """What a query finds in the file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()
