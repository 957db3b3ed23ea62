"""`close`, 预计: the day on which a deal should be signed; without a day asks how it stands.

Nobody has to give one: the forecast and the pace use it where it is known, and the morning after
it has passed Repmate asks once for a new one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from handlers.contract.catalog import CATALOG, Command, action, command
from handlers.contract.desk import Desk
from handlers.contract.open_question import Question
from handlers.contract.refusals import ChoiceNeeded, TextRefusal
from handlers.contract.reply import Button, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.close_date import read_close_date, render_close_date
from handlers.deals.deal_terms import format_day
from handlers.deals.deal_view import render_headline
from handlers.deals.find_deal import EVERY, find_deal, find_named_deals, get_deal
from handlers.deals.record import offer_undo, record
from handlers.reports.deal_odds import CLEAR_WORDS
from handlers.reports.forecast import forecast
from handlers.selling.note import NOTE_CHARACTERS
from kb.funnel.figures.periods import find_period
from kb.states import OPEN, EventKind
from storage.tables.people_and_deals import Deal

ENDINGS = ("won", "lost")
DAY = "%Y%m%d"


@command(
    "close", "close date", "closing date", "预计签单", "预计签约", "预计成交", "预计成单",
    "预计签单日", "签单日期", "签约日期", "成交日期", "关单",
)  # fmt: skip
def close(request: Request, desk: Desk) -> Reply:
    """Saves the day a deal should be signed: `close acme 20 dec`; `close acme won` wins it."""
    deal, rest = find_deal(request, desk, "close", EVERY, lambda said: _says_close_date(said, desk))
    if rest.strip().casefold() in CLEAR_WORDS:
        return save_close_date(desk, deal, None)
    found, ending = read_close_date(rest, desk), _find_ending(rest)
    if ending is not None and (found is None or rest.strip().isascii()):
        how, reason = ending
        going_on = replace(request, text=reason, values={"deal": str(deal.id)})
        return how.handler(going_on, desk)
    if found is None:
        raise _ask_how_it_stands(desk, deal, rest.strip())
    return save_close_date(desk, deal, found.day, found.rest)


def _says_close_date(said: str, desk: Desk) -> bool:
    """Whether a text says a day, or that there is none, and nothing else."""
    found = read_close_date(said, desk)
    return said.strip().casefold() in CLEAR_WORDS or (found is not None and not found.rest)


def _find_ending(said: str) -> tuple[Command, str] | None:
    """The command that ends a deal, where a text begins with it: `won`, `lost price`."""
    found = CATALOG.parse(said)
    return found if found is not None and found[0].name in ENDINGS else None


@command("expected_close", "expected close", "预计")
def expect(request: Request, desk: Desk) -> Reply:
    """The close date where a line says when a deal is signed: 预计12月20日签; else the forecast."""
    found = read_close_date(request.text, desk)
    if found is not None and (found.says_signed or _names_deal(request.text, desk)):
        return close(request, desk)
    return forecast(request, desk)


def _names_deal(said: str, desk: Desk) -> bool:
    return find_named_deals(said, desk, OPEN).match.sure


@action("close")
def close_by_tap(request: Request, desk: Desk) -> Reply:
    """`close:<deal>` asks how it stands, `close:<deal>:<day or none>` saves a close date."""
    deal = get_deal(desk, request.number(0))
    said = request.word(1)
    if said == "none":
        return save_close_date(desk, deal, None).in_place()
    day = _read_day(said)
    if day is None:
        raise _ask_how_it_stands(desk, deal)
    return save_close_date(desk, deal, day).in_place()


def _read_day(written: str) -> date | None:
    """The day written in a button; None where it is not one."""
    try:
        return datetime.strptime(written, DAY).date()  # noqa: DTZ007 a day has no zone
    except ValueError:
        return None


def answer_mention(rest: str, deal: Deal, desk: Desk) -> Reply | None:
    """Saves the close date that follows a deal's name: "acme closes end of january".

    None where the line says anything else.
    """
    found = read_close_date(rest, desk)
    if found is None or found.rest or not found.foretells:
        return None
    return save_close_date(desk, deal, found.day)


def save_close_date(desk: Desk, deal: Deal, day: date | None, remark: str = "") -> Reply:
    """Saves a deal's close date, or with None that it has none; refuses a day that is past."""
    if deal.status not in OPEN:
        reopen = Button(desk.words.line("selling.move.do_reopen"), f"reopen:{deal.id}")
        raise TextRefusal("selling.move.illegal_closed", reopen, name=deal.customer.name)
    if day is not None and day < desk.calendar.local(desk.now).date():
        name, question = deal.customer.name, Question("close", deal.id)
        past = format_day(desk, day)
        choices = offer_days(desk, deal)
        raise TextRefusal(
            "selling.close_date.past", *choices, question=question, name=name, day=past
        )
    note = remark[:NOTE_CHARACTERS]
    event = record(desk, deal, EventKind.CLOSE_DATE, {"close_date": day}, note=note)
    text = lines(
        desk.words.say(
            "selling.close_date.kept" if day else "selling.close_date.cleared",
            deal=render_headline(desk, deal),
        ),
        render_close_date(desk, deal),
        desk.words.say("selling.lead.note", note=note) if note else (),
    )
    return Reply(text, buttons=((offer_undo(desk, event),),), about=deal.id)


def _ask_how_it_stands(desk: Desk, deal: Deal, said: str = "") -> TextRefusal:
    """The question whether a deal is won, lost or when it will be; quotes what was not read."""
    buttons = [
        Button(desk.words.line("selling.move.do_won"), f"won:{deal.id}"),
        Button(desk.words.line("selling.move.do_lost"), f"lost:{deal.id}"),
        *offer_days(desk, deal),
    ]
    question, name = Question("close", deal.id), deal.customer.name
    if said:
        return TextRefusal(
            "selling.close_date.unread", *buttons, question=question, name=name, said=said[:80]
        )
    return ChoiceNeeded("selling.close_date.which", *buttons, question=question, name=name)


def offer_days(desk: Desk, deal: Deal) -> list[Button]:
    """A button for the ends of this month, the next and the quarter; one that clears the date."""
    today = desk.calendar.local(desk.now).date()
    month, quarter = find_period("month", today), find_period("quarter", today)
    days = sorted({month.last, month.after.last, quarter.last, quarter.after.last} - {today})
    buttons = [
        Button(format_day(desk, day), f"close:{deal.id}:{day.strftime(DAY)}") for day in days
    ]
    if deal.close_date is not None:
        buttons.append(Button(desk.words.line("selling.close_date.none"), f"close:{deal.id}:none"))
    return buttons


def compose_slip(desk: Desk, deal: Deal) -> Reply:
    """What is asked once a close date has passed: a new one, or how the deal ended."""
    day = format_day(desk, deal.close_date) if deal.close_date else ""
    text = lines(
        desk.words.say("selling.close_date.ask_new", name=deal.customer.name, day=day),
        render_headline(desk, deal),
    )
    buttons = [
        *offer_days(desk, deal),
        Button(desk.words.line("selling.close_date.other"), f"close:{deal.id}"),
        Button(desk.words.line("selling.move.do_won"), f"won:{deal.id}"),
        Button(desk.words.line("selling.move.do_lost"), f"lost:{deal.id}"),
    ]
    return Reply(text, buttons=rows(buttons), about=deal.id)
