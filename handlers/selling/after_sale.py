"""`delivered`, `happy`, `refer`: delivery, satisfaction and referrals after a deal is won."""

from __future__ import annotations

from typing import Any

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.open_question import Question, ask
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, Field, Form, Reply, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import Words
from handlers.deals import follow_ups
from handlers.deals.find_deal import EVERY, find_deal, get_deal
from handlers.deals.record import offer_undo, record
from handlers.outbox.notices import notify_other
from handlers.reading import clean_text
from handlers.selling import lead
from handlers.selling.follow_up_messages import HAPPY, offer_scores
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Deal

UNHAPPY = 6
ASK_AGAIN = 30  # days
NOTE_CHARACTERS = 1000


@command("delivered", "delivery", "交付", "已交付", "交付了", "送到了")
def record_delivery(request: Request, desk: Desk) -> Reply:
    """Records the delivery; words after the name say what is missing."""
    deal, rest = find_deal(request, desk, "delivered", EVERY)
    return _record_delivery(desk, deal, rest.strip())


@action("delivered")
def answer_delivery(request: Request, desk: Desk) -> Reply:
    """Records the delivery, or trouble with it, from a button: `delivered:<deal>:<yes|no>`."""
    deal = get_deal(desk, request.number(0))
    if request.word(1) not in ("yes", "no"):
        raise NotFound
    return _record_delivery(desk, deal, "" if request.word(1) == "yes" else "?").in_place()


@command("happy", "satisfaction", "nps", "满意度", "评分", "打分", "满意", glues=False)
def happy(request: Request, desk: Desk) -> Reply:
    """Records the customer's satisfaction, 0 to 10: `happy acme 9 support is fast`."""
    deal, rest = find_deal(request, desk, "happy", EVERY)
    said = rest.strip().split(maxsplit=1)
    score = _read_score(said[0]) if said else None
    if score is None:
        _require_won(deal)
        raise _ask_score(deal)
    return _record_rating(desk, deal, score, said[1] if len(said) > 1 else "")


@action("happy")
def rate_by_tap(request: Request, desk: Desk) -> Reply:
    """`happy:<deal>` asks for the score, `happy:<deal>:<0-10>` keeps it."""
    deal = get_deal(desk, request.number(0))
    score = _read_score(request.word(1))
    if score is None:
        raise _ask_score(deal)
    return _record_rating(desk, deal, score, "").in_place()


@command("refer", "referral", "referred", "转介绍", "推荐", "介绍客户")
def refer(request: Request, desk: Desk) -> Reply:
    """Logs a lead that a customer recommended: `refer acme: Beta Ltd, Bob, +44 ...`."""
    deal, rest = find_deal(request, desk, "refer", EVERY)
    line = rest.strip(" ,，:：;；")
    return log_referral(desk, deal, line) if line else _make_refer_form(desk, deal)


@action("refer")
def refer_by_form(request: Request, desk: Desk) -> Reply:
    """Asks whom a deal's customer recommended, and logs them: `refer:<deal>`."""
    deal = get_deal(desk, request.number(0))
    line = request.values.get("lead", "").strip() if request.kind == "form" else ""
    return log_referral(desk, deal, line) if line else _make_refer_form(desk, deal)


def log_referral(desk: Desk, deal: Deal, line: str) -> Reply:
    """Logs a recommended lead with its origin, and moves the recommending deal on to referral."""
    reply = lead.log_line(desk, line, referred_by=deal)
    if reply.about is None or reply.form is not None:
        return reply
    advance_after_sale(desk, deal, "referral")
    follow_ups.drop(desk, deal, "referral")
    name = deal.customer.name
    said = lines(
        reply.text,
        desk.words.say("selling.after_sale.referred", name=name),
        desk.words.say("selling.after_sale.tell_them", name=name),
    )
    return Reply(said, buttons=reply.buttons, about=reply.about)


def save_reason(desk: Desk, deal: Deal, line: str) -> Reply:
    """Saves the reason for the customer's score as a note."""
    why = clean_text(line, NOTE_CHARACTERS)
    event = record(desk, deal, EventKind.NOTED, note=why)
    said = desk.words.say("selling.after_sale.why_kept", why=why)
    buttons = [*_offer_happy_acts(desk, deal), offer_undo(desk, event)]
    return Reply(said, buttons=rows(buttons), about=deal.id)


def _record_delivery(desk: Desk, deal: Deal, trouble: str) -> Reply:
    _require_won(deal)
    note = clean_text(trouble, NOTE_CHARACTERS) if trouble != "?" else ""
    changes = find_stage_after_sale(desk, deal, "onboarding")
    follow_ups.drop(desk, deal, "delivery")
    if trouble:
        undo = offer_undo(desk, record(desk, deal, EventKind.TROUBLE, changes, note=note))
        said = desk.words.say("selling.after_sale.trouble", name=deal.customer.name)
        follow_ups.schedule(desk, deal, "delivery", 7)
        buttons = [Button(desk.words.line("selling.deal_list.do_note"), f"note:{deal.id}"), undo]
        return Reply(said, buttons=rows(buttons), about=deal.id)
    undo = offer_undo(desk, record(desk, deal, EventKind.DELIVERED, changes))
    said = desk.words.say("selling.after_sale.delivered", name=deal.customer.name)
    follow_ups.schedule(desk, deal, "satisfaction", 7)
    ask_now = Button(desk.words.line("selling.after_sale.ask_now"), f"happy:{deal.id}")
    return Reply(said, buttons=rows([ask_now, undo]), about=deal.id)


def _record_rating(desk: Desk, deal: Deal, score: int, why: str) -> Reply:
    _require_won(deal)
    changes: dict[str, Any] = {"satisfaction": score}
    if score >= HAPPY:
        changes |= find_stage_after_sale(desk, deal, "delighted")
    event = record(desk, deal, EventKind.RATED, changes, note=clean_text(why, NOTE_CHARACTERS))
    _schedule_follow_ups(desk, deal, score)
    words = desk.words
    more = "selling.after_sale.mend" if score <= UNHAPPY else "selling.after_sale.middle"
    text = lines(
        words.say("selling.after_sale.rated", name=deal.customer.name, score=score),
        () if score >= HAPPY else words.say(more),
        () if why else words.say("selling.after_sale.why"),
    )
    if not why:
        ask(desk, Question("rated", deal.id))
    buttons = [*_offer_happy_acts(desk, deal), offer_undo(desk, event)]
    return Reply(text, buttons=rows(buttons), about=deal.id)


def _schedule_follow_ups(desk: Desk, deal: Deal, score: int) -> None:
    follow_ups.drop(desk, deal, "satisfaction", "proof", "referral")
    if score >= HAPPY:
        for kind, days in follow_ups.AFTER_HAPPY_ANSWER.items():
            follow_ups.schedule(desk, deal, kind, days)
    elif score <= UNHAPPY:
        follow_ups.schedule(desk, deal, "satisfaction", ASK_AGAIN)
        _tell_manager(desk, deal, score)


def _tell_manager(desk: Desk, deal: Deal, score: int) -> None:
    name, who = deal.customer.name, desk.member.name

    def compose(words: Words) -> Reply:
        see = Button(words.line("undo.see"), f"open:{deal.id}")
        text = words.say("selling.after_sale.told_manager", name=name, score=score, who=who)
        return Reply(text, buttons=((see,),), about=deal.id)

    notify_other(
        desk, desk.member.manager_id, f"unhappy:{deal.id}:{int(desk.now.timestamp())}", compose
    )


def _offer_happy_acts(desk: Desk, deal: Deal) -> list[Button]:
    if (deal.satisfaction or 0) < HAPPY:
        return []
    words = desk.words
    return [
        Button(words.line("selling.follow_up_messages.they_said"), f"proof-add:{deal.id}"),
        Button(words.line("selling.follow_up_messages.refer"), f"refer:{deal.id}"),
    ]


def _ask_score(deal: Deal) -> ChoiceNeeded:
    """Asks for the score from 0 to 10, a tap each."""
    scores = offer_scores(deal)
    return ChoiceNeeded("selling.after_sale.which_score", *scores, name=deal.customer.name)


def _read_score(said: str) -> int | None:
    number = said.strip(" ,，:：。分").partition("/")[0]
    score = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 11
    return score if score <= 10 else None


def _require_won(deal: Deal) -> None:
    if deal.status != DealStatus.WON:
        raise TextRefusal("selling.after_sale.not_won", name=deal.customer.name)


def find_stage_after_sale(desk: Desk, deal: Deal, like: str) -> dict[str, Any]:
    """The columns that move a won deal on to the stage like this one; none where it is there."""
    funnel = desk.funnel_for(deal)
    there = next((s for s in funnel.afterwards if funnel.like(s.key) == like), None)
    if there is None or deal.status != DealStatus.WON:
        return {}
    if funnel.has(deal.stage) and funnel.index(deal.stage) >= funnel.index(there.key):
        return {}
    return {"stage": there.key, "stage_since": desk.now}


def advance_after_sale(desk: Desk, deal: Deal, like: str) -> None:
    """Moves a won deal on to the after-sale stage like this one, where its funnel has it."""
    changes = find_stage_after_sale(desk, deal, like)
    if changes:
        record(desk, deal, EventKind.MOVED, changes)


def _make_refer_form(desk: Desk, deal: Deal) -> Reply:
    words = desk.words
    field = Field("lead", words.line("selling.after_sale.field_lead"), limit=300)
    title = words.line("selling.after_sale.refer_form", name=deal.customer.name)
    return Reply(form=Form(f"refer:{deal.id}", title, (field,)), about=deal.id)
