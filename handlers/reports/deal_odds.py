"""`odds`: a deal's chance of being won and what it comes from, and its owner's own number."""

from __future__ import annotations

import re

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Reply, Text, lines, text_of
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name, render_headline
from handlers.deals.find_deal import EVERY, find_deal
from handlers.deals.record import offer_undo, record
from handlers.reports.report_data import load_model, load_rates
from kb.funnel.figures.measures import DAY
from kb.funnel.odds.odds_model import Odds, predict
from kb.funnel.odds.snapshots import Snapshot
from kb.states import OPEN, EventKind
from storage.tables.people_and_deals import Deal

_PERCENT = re.compile(r"(?<![\d.])(?P<n>\d{1,3})\s*(?:%|％|percent|成)?\s*\Z")
_TENTHS = "成"
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
CLEAR_WORDS = frozenset({"none", "off", "clear", "-", "无", "清除", "取消"})


@command("odds", "chance", "赢率", "胜率", "把握", "可能性")
def odds(request: Request, desk: Desk) -> Reply:
    """Shows a deal's odds, or saves its owner's own number: `odds acme 60%`."""
    deal, rest = find_deal(request, desk, "odds", EVERY, _is_number)
    text = rest.strip()
    if not text:
        return Reply(
            lines(render_headline(desk, deal), _render_deal_odds(desk, deal)), about=deal.id
        )
    if deal.status not in OPEN:
        raise TextRefusal("reports.deal_odds.ended", name=deal.customer.name)
    if text.casefold() in CLEAR_WORDS:
        return _save_own_odds(desk, deal, None)
    percent = read_percent(text)
    if percent is None:
        raise TextRefusal("reports.deal_odds.unread", name=deal.customer.name)
    return _save_own_odds(desk, deal, percent)


def _is_number(text: str) -> bool:
    return read_percent(text) is not None or text.strip().casefold() in CLEAR_WORDS


def read_percent(text: str) -> int | None:
    """A chance in percent: 60, 60%, 六成 as 6成; None for anything not from 0 to 100."""
    plain = text.strip().translate(_DIGITS)
    found = _PERCENT.search(plain)
    if found is None or plain[: found.start()].strip(" ，,:：到to"):
        return None
    number = int(found["n"]) * (10 if _TENTHS in found[0] else 1)
    return number if number <= 100 else None


def _save_own_odds(desk: Desk, deal: Deal, percent: int | None) -> Reply:
    event = record(
        desk,
        deal,
        EventKind.ODDS,
        {"own_odds": percent},
        note="" if percent is None else f"{percent} %",
    )
    key = "reports.deal_odds.cleared" if percent is None else "reports.deal_odds.kept"
    saved = desk.words.say(key, name=deal.customer.name, n=percent)
    return Reply(
        lines(saved, _render_deal_odds(desk, deal)),
        buttons=((offer_undo(desk, event),),),
        about=deal.id,
    )


def _render_deal_odds(desk: Desk, deal: Deal) -> Text:
    """The odds of a deal as it is now; empty where it has ended."""
    if deal.status not in OPEN:
        return ()
    funnel = desk.funnel_for(deal)
    rate = load_rates(desk).of(deal.currency)
    amount = float(deal.amount * rate) if deal.amount is not None and rate is not None else None
    age = max(0.0, (desk.now - deal.stage_since) / DAY)
    snapshot = Snapshot(deal.id, funnel.here(deal.stage), age, deal.source, deal.owner_id, amount)
    model = load_model(desk, deal.pipeline)
    return render_odds(desk, snapshot.stage, predict(model, funnel, snapshot), deal.own_odds)


def render_odds(desk: Desk, stage: str, odds: Odds, own: int | None) -> Text:
    """`31 %: 11 of 36 past deals at Offer after 8 days were won; your own number 60 %`."""
    words, name = desk.words, get_stage_name(desk, stage)
    percent, fixed = round(100 * odds.chance), round(100 * odds.fixed)
    beside = words.say("reports.deal_odds.own", n=own) if own is not None else ()
    if not odds.learned:
        return text_of(words.say("reports.deal_odds.by_stage", n=fixed, stage=name), beside)
    past = words.say(
        "reports.deal_odds.learned", percent=percent, won=odds.won, past=odds.past, stage=name,
        n=odds.days, fixed=fixed,
    )  # fmt: skip
    reasons = [
        words.line(f"reports.deal_odds.because_{what}", shift=f"{shift:+.0f}")
        for what, shift in odds.shifts[:2]
    ]
    comma = words.line("contract.common.comma")
    why = words.say("reports.deal_odds.because", what=comma.join(reasons)) if reasons else ()
    return text_of(past, why, beside)
