"""`funnel`: how many deals stand in each stage and what they are worth, as text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from handlers.catalog import command
from handlers.deal_view import stage_name
from handlers.desk import Desk
from handlers.refusals import Said
from handlers.reply import Button, Reply, Text, lines, rows
from handlers.request import Request
from kb.funnel.odds import chance, totals, weighted

MINE = frozenset({"mine", "me", "我的"})


@command("funnel", "pipeline", "漏斗", "销售漏斗", "销售管道", "管道", "盘子")
def funnel(request: Request, desk: Desk) -> Reply:
    """Counts and amounts per stage of all deals the member may see, or only their own."""
    deals = desk.memory.deals.within(desk.scope, ("live",))
    if request.text.strip().casefold() in MINE:
        deals = [deal for deal in deals if deal.owner_id == desk.member.id]
    if not deals:
        raise Said("deals.none")
    per_stage = totals((deal.stage, deal.amount, deal.currency) for deal in deals)
    shown = [
        _stage_line(desk, stage.key, per_stage[stage.key].count, per_stage[stage.key].amounts)
        for stage in desk.funnel.stages
        if stage.key in per_stage
    ]
    expected: dict[str, Decimal] = {}
    for deal in deals:
        if deal.amount is not None:
            percent = chance(deal.stage, deal.status, desk.funnel)
            worth = weighted(deal.amount, percent)
            expected[deal.currency] = expected.get(deal.currency, Decimal(0)) + worth
    title = desk.words.say("funnels.title", n=len(deals))
    foot = desk.words.say("funnels.expected", money=_money(desk, expected)) if expected else ()
    return Reply(lines(title, *shown, foot), buttons=rows(_stage_buttons(desk, per_stage), 3))


def _stage_line(desk: Desk, key: str, count: int, amounts: Mapping[str, Decimal]) -> Text:
    return desk.words.say(
        "funnels.stage",
        stage=stage_name(desk, key),
        n=count,
        money=_money(desk, amounts),
        percent=chance(key, "live", desk.funnel),
    )


def _money(desk: Desk, amounts: Mapping[str, Decimal]) -> str:
    """The amounts one beside the other: currencies are never added up silently."""
    written = [
        desk.words.money(amount.quantize(Decimal(1)), currency)
        for currency, amount in sorted(amounts.items())
    ]
    return " + ".join(written) or desk.words.line("common.no_amount")


def _stage_buttons(desk: Desk, per_stage: Mapping[str, object]) -> list[Button]:
    return [
        Button(stage.name[desk.words.language], f"list:0:0:{stage.key}")
        for stage in desk.funnel.stages
        if stage.key in per_stage
    ]
