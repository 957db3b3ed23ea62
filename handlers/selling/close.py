"""`won`, `lost`, `park`, `reopen`: closes a deal or parks it, and makes it live again.

What is allowed is the funnel's rule (`kb/funnel/move.py`), as it is for the moves along it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.open_question import Question, find_open_question
from handlers.contract.refusals import ChoiceNeeded, TextRefusal
from handlers.contract.reply import Button, Reply, lines
from handlers.contract.request import Request
from handlers.deals import amount_range
from handlers.deals.deal_view import format_parked_day, render_headline
from handlers.deals.find_deal import EVERY, find_deal, get_deal
from handlers.deals.record import record
from handlers.deals.steps import drop_all
from handlers.deals.when import cut_moment, read_moment
from handlers.reading import Money, When, find_closest_word, read_money
from handlers.selling.move import (
    TYPO_FLOOR,
    answer_move,
    get_changes,
    get_position,
    require_allowed,
)
from handlers.selling.note import NOTE_CHARACTERS
from kb.funnel import move as rule
from kb.funnel.move import Illegal
from kb.states import EventKind
from storage.tables.people_and_deals import Deal

PARK_CHOICES = (14, 30, 90)  # days
LONGEST_PARK = 3650  # days
AMOUNT_WORDS = 2  # 14k EUR
_UNTIL = ("", "until", "till", "for", "到")
SENTENCE_CHARACTERS = 300  # a longer one is searched for no single word
ECHO_CHARACTERS = 200
_REASON_OPEN = (rule.Why.REASON_NEEDED, rule.Why.UNKNOWN_REASON)


@command(
    "won", "close won", "closed won", "赢单", "成交", "成单", "赢了", "拿下", "到账", "已到账",
    "已回款", "回款了", "款到了",
)  # fmt: skip
def won(request: Request, desk: Desk) -> Reply:
    """Wins a deal: the contract is signed and the money is in."""
    deal, rest = find_deal(request, desk, "won", EVERY, lambda said: _is_amount(said, desk))
    money = read_money(rest, deal.currency) if rest.strip() else None
    return _win(desk, deal, money, money_in=False)


def _is_amount(said: str, desk: Desk) -> bool:
    return len(said.split()) <= AMOUNT_WORDS and read_money(said, desk.team.currency) is not None


@action("won")
def win_by_tap(request: Request, desk: Desk) -> Reply:
    """Wins a deal from its card."""
    return _win(desk, get_deal(desk, request.number(0)), None, money_in=False)


@action("won-paid")
def win_paid_by_tap(request: Request, desk: Desk) -> Reply:
    """Wins a deal that is signed and paid: `won-paid:<deal>:<amount>`."""
    deal = get_deal(desk, request.number(0))
    money = read_money(request.word(1), deal.currency) if request.word(1) else None
    return _win(desk, deal, money, money_in=True)


@command(
    "lost", "lose", "close lost", "closed lost", "输单", "丢单", "丢了", "输了", "失单", "黄了",
    "放弃", quotes=True,
)  # fmt: skip
def lost(request: Request, desk: Desk) -> Reply:
    """Loses a deal; the reason is required."""
    deal, rest = find_deal(
        request, desk, "lost", EVERY, lambda said: find_reason(said, desk) is not None
    )
    return lose(desk, deal, find_reason(rest, desk), rest)


@action("lost")
def lose_by_tap(request: Request, desk: Desk) -> Reply:
    """Loses a deal for the reason a button names: `lost:<deal>:<reason>`."""
    deal = get_deal(desk, request.number(0))
    asked = find_open_question(desk)
    remark = asked.said if asked and (asked.about, asked.deal_id) == ("lost", deal.id) else ""
    return lose(desk, deal, request.word(1) or None, remark)


@command("park", "搁置", "暂缓", "暂停", "挂起")
def park(request: Request, desk: Desk) -> Reply:
    """Parks a deal until a day."""
    deal, rest = find_deal(request, desk, "park", EVERY, lambda said: _is_day(said, desk))
    when = read_moment(rest, desk)
    if when is None:
        raise _ask_until_when(desk, deal, rest.strip())
    return park_until(desk, deal, when)


def _is_day(said: str, desk: Desk) -> bool:
    """Whether a text says a day and nothing else."""
    when = read_moment(said, desk)
    return when is not None and cut_moment(said, when).casefold() in _UNTIL


@action("park")
def park_by_tap(request: Request, desk: Desk) -> Reply:
    """Parks a deal: `park:<deal>` asks how long, `park:<deal>:<days>` does it."""
    deal = get_deal(desk, request.number(0))
    days = request.number(1)
    if not 0 < days <= LONGEST_PARK:
        raise _ask_until_when(desk, deal)
    return _park(desk, deal, (desk.calendar.local(desk.now) + timedelta(days=days)).date())


@command("reopen", "重新打开", "重启", "恢复", "激活", "重新激活", "重新跟进")
def reopen(request: Request, desk: Desk) -> Reply:
    """Makes a closed or parked deal live again, in the stage where it was."""
    deal, _rest = find_deal(request, desk, "reopen", EVERY)
    return _reopen(desk, deal)


@action("reopen")
def reopen_by_tap(request: Request, desk: Desk) -> Reply:
    """Reopens a deal from a button: `reopen:<deal>`."""
    return _reopen(desk, get_deal(desk, request.number(0)))


def find_reason(said: str, desk: Desk) -> str | None:
    """The reason for a loss that a text names, or one word of a sentence; slips allowed."""
    words = rule.list_reason_words(desk.funnel)
    found = rule.find_reason(said, desk.funnel) or find_closest_word(said, words, TYPO_FLOOR)
    if found is not None or len(said) > SENTENCE_CHARACTERS:
        return found
    folded = said.casefold()
    there = {key for word, key in words if _stands_in(word, folded)}
    return there.pop() if len(there) == 1 else None


def _stands_in(word: str, said: str) -> bool:
    if not word.isascii():
        return word in said
    return re.search(rf"\b{re.escape(word)}\b", said) is not None


def _ask_until_when(desk: Desk, deal: Deal, said: str = "") -> TextRefusal:
    """The question until when; a text that could not be read is quoted back."""
    name, choices = deal.customer.name, _offer_park_days(desk, deal)
    question = Question("park", deal.id)
    if said:
        unread = said[:80]
        return TextRefusal(
            "selling.close.park_unread", *choices, question=question, name=name, said=unread
        )
    return ChoiceNeeded("selling.close.park_until_when", *choices, question=question, name=name)


def _offer_park_days(desk: Desk, deal: Deal) -> list[Button]:
    return [
        Button(desk.words.line("selling.close.park_days", n=days), f"park:{deal.id}:{days}")
        for days in PARK_CHOICES
    ]


def _win(desk: Desk, deal: Deal, money: Money | None, *, money_in: bool) -> Reply:
    decision = rule.win(get_position(deal), desk.funnel_for(deal), money_in)
    if isinstance(decision, Illegal) and decision.why == rule.Why.NOT_SIGNED:
        raise _ask_how_far(desk, deal, money)
    changes = get_changes(desk, require_allowed(desk, deal, decision)) | drop_all(desk.memory, deal)
    event = record(desk, deal, EventKind.WON, changes | amount_range.to_columns(money))
    return answer_move(
        desk,
        deal,
        event,
        desk.words.say("selling.close.won", deal=render_headline(desk, deal)),
        money,
    )


def _ask_how_far(desk: Desk, deal: Deal, money: Money | None) -> ChoiceNeeded:
    """The question whether it is paid; both buttons carry the amount that was given."""
    amount = f":{money.amount} {money.currency}" if amount_range.to_columns(money) and money else ""
    last = desk.funnel_for(deal).selling[-1].key
    return ChoiceNeeded(
        "selling.close.not_signed",
        Button(desk.words.line("selling.close.only_signed"), f"to:{deal.id}:{last}{amount}"),
        Button(desk.words.line("selling.close.signed_and_paid"), f"won-paid:{deal.id}{amount}"),
        name=deal.customer.name,
    )


def lose(desk: Desk, deal: Deal, reason: str | None, remark: str = "") -> Reply:
    """Loses a deal; `remark` is saved as a note where it says more than the reason."""
    decision = rule.lose(get_position(deal), reason, desk.funnel_for(deal))
    if isinstance(decision, Illegal) and decision.why in _REASON_OPEN:
        raise ChoiceNeeded(
            "selling.close.why_lost",
            *_offer_reasons(desk, deal),
            question=Question("lost", deal.id, remark.strip()[:NOTE_CHARACTERS]),
            name=deal.customer.name,
        )
    changes = get_changes(desk, require_allowed(desk, deal, decision)) | drop_all(desk.memory, deal)
    note = (
        "" if rule.find_reason(remark, desk.funnel_for(deal)) else remark.strip()[:NOTE_CHARACTERS]
    )
    event = record(desk, deal, EventKind.LOST, changes, note=note, nudge_answer="lost")
    named = desk.funnel_for(deal).reason(deal.lost_reason)
    why = named.name[desk.words.language] if named else deal.lost_reason
    said = desk.words.say("selling.close.lost", name=deal.customer.name, reason=why)
    note_line = desk.words.say("selling.lead.note", note=note[:ECHO_CHARACTERS]) if note else ()
    return answer_move(desk, deal, event, lines(said, note_line))


def park_until(desk: Desk, deal: Deal, when: When) -> Reply:
    """Parks a deal until the day of a moment."""
    return _park(desk, deal, desk.calendar.local(when.at).date())


def _park(desk: Desk, deal: Deal, until: date) -> Reply:
    today = desk.calendar.local(desk.now).date()
    decision = rule.park(get_position(deal), until, today)
    if isinstance(decision, Illegal) and decision.why == rule.Why.DATE_PAST:
        choices = _offer_park_days(desk, deal)
        name, question = deal.customer.name, Question("park", deal.id)
        raise TextRefusal("selling.move.illegal_date_past", *choices, question=question, name=name)
    changes = get_changes(desk, require_allowed(desk, deal, decision)) | drop_all(desk.memory, deal)
    event = record(desk, deal, EventKind.PARKED, changes)
    said = desk.words.say(
        "selling.close.parked", name=deal.customer.name, day=format_parked_day(desk, deal)
    )
    return answer_move(desk, deal, event, said)


def _reopen(desk: Desk, deal: Deal) -> Reply:
    decision = rule.reopen(get_position(deal), desk.funnel_for(deal))
    event = record(
        desk, deal, EventKind.REOPENED, get_changes(desk, require_allowed(desk, deal, decision))
    )
    said = desk.words.say("selling.close.reopened", deal=render_headline(desk, deal))
    return answer_move(desk, deal, event, said)


def _offer_reasons(desk: Desk, deal: Deal) -> list[Button]:
    return [
        Button(reason.name[desk.words.language], f"lost:{deal.id}:{reason.key}")
        for reason in desk.funnel_for(deal).lost_reasons
    ]
