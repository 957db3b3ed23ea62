"""Reads a plain line that names a deal: shows it, runs the command behind it, offers a note."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.contract.catalog import CATALOG, Command
from handlers.contract.command_words import is_bare
from handlers.contract.desk import Desk
from handlers.contract.drafts import save_line
from handlers.contract.refusals import AmbiguousDeal
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request
from handlers.deals import find_person
from handlers.deals.find_deal import (
    EVERY,
    find_named_deals,
    get_deal,
    list_nearest,
    require_deal_in_hand,
)
from handlers.objections import look_up
from handlers.plain_language import did_you_mean
from handlers.selling import close_date, move
from kb.funnel import move as rule
from kb.states import OPEN, DealStatus
from storage.tables.people_and_deals import Deal

NAMED_WITHIN = 500  # characters
# Behind a name the English words for moves make sentences: "Acme back in March".
_BEHIND = frozenset({"won", "lost", "reopen", "note"})
_BEHIND_IN_CHINESE = _BEHIND | {"move", "advance", "back", "offer", "park", "next", "edit"}
_ASKED = re.compile(
    r"(?:帮我|给我)?(?:看看|看下|看一下|查下|查一下|怎么样了?|怎样了|什么情况|情况|到哪一?步了|进展|进度|详情)[\s?？。]*"
)
_THIS = re.compile(r"(?:这|那)(?:一?单|个单子|个客户|个商机)")
_FILLING = re.compile(
    r"\A(?:[把将]|这单|那单|这个?单子|的(?:单子|项目|商机|合同)|(?:单子|项目)|已经?|刚刚|刚才|刚|终于|[\s,，:：])+"
)
_REACHED = re.compile(r"(已经?|刚刚?|进入|进到|到)?了?(.{1,12}?)(?:阶段)?(了)?[\s。！!]*")


def answer_mention(request: Request, desk: Desk) -> Reply | None:
    """Shows the deal of a bare name, or runs the command or stage behind a name: 华为赢单了."""
    named = _find_named_deal(request.text, desk)
    if named is None:
        return None
    deal, rest = named
    if is_bare(rest) or _ASKED.fullmatch(rest):
        sure = look_up.is_sure(request.text, desk)
        return None if sure else _run_command("deal", "", deal, request, desk)
    return (
        close_date.answer_mention(rest, deal, desk)
        or _run_command_behind(request, rest, deal, desk)
        or _move_to_reached_stage(rest, deal, desk)
    )


def offer_note_or_step(request: Request, desk: Desk) -> Reply | None:
    """Offers to save a line about a deal as a note or a next step; None where it names none."""
    named = _find_named_deal(request.text, desk)
    if named is None or named[0].status not in OPEN:
        return None
    deal = named[0]
    said = desk.words.say("plain_language.deal_mentions.about", name=deal.customer.name)
    buttons = (
        Button(
            desk.words.line("plain_language.deal_mentions.note"),
            f"pick:{_save_line(request, 'note', desk)}:{deal.id}",
        ),
        Button(
            desk.words.line("plain_language.deal_mentions.step"),
            f"pick:{_save_line(request, 'next', desk)}:{deal.id}",
        ),
        Button(
            desk.words.line("contract.refusals.look_up"),
            f"pick-card:{_save_line(request, 'obj', desk)}",
        ),
    )
    return Reply(said, buttons=rows(buttons), about=deal.id)


def ask_which_deal(request: Request, desk: Desk) -> Reply | None:
    """Asks which deal is meant where a line names several; None where it names one or none.

    A tap runs the command behind the name, shows the deal of a bare name, or keeps a note.
    """
    line = request.text.strip()
    if len(line) > NAMED_WITHIN:
        return None
    split = find_named_deals(line, desk)
    if not split.match.ambiguous:
        return None
    nearest = list_nearest(desk, split)
    name, rest = nearest[0].customer.name, split.rest
    if is_bare(rest) or _ASKED.fullmatch(rest):
        raise AmbiguousDeal(name, nearest, "deal", "")
    for said in dict.fromkeys((rest, _FILLING.sub("", rest))):
        found = CATALOG.parse(said)
        if found is not None and _may_stand_behind(found[0], said):
            raise AmbiguousDeal(name, nearest, found[0].name, found[1])
    raise AmbiguousDeal(name, nearest, "note", line)


def offer_for_closed_deal(request: Request, desk: Desk) -> Reply | None:
    """Offers a note, a new deal or reopening for news of a won or lost customer; else None."""
    named = _find_named_deal(request.text, desk)
    if named is None or named[0].status in OPEN or did_you_mean.is_nearly_of_deals(request.text):
        return None
    deal = named[0]
    name = deal.customer.name
    new_deal = save_line(desk, "lead", name, request.text).id
    buttons = (
        Button(
            desk.words.line("plain_language.deal_mentions.note"),
            f"pick:{_save_line(request, 'note', desk)}:{deal.id}",
        ),
        Button(desk.words.line("plain_language.deal_mentions.new_deal"), f"lead-anyway:{new_deal}"),
        Button(desk.words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}"),
        Button(
            desk.words.line("contract.refusals.look_up"),
            f"pick-card:{_save_line(request, 'obj', desk)}",
        ),
    )
    key = "about_won" if deal.status == DealStatus.WON else "about_lost"
    said = desk.words.say(f"plain_language.deal_mentions.{key}", name=name)
    return Reply(said, buttons=rows(buttons), about=deal.id)


def _find_named_deal(text: str, desk: Desk) -> tuple[Deal, str] | None:
    """The deal a line surely names, a live one before a closed one, and the rest of the line."""
    if len(text) > NAMED_WITHIN:
        return None
    for statuses in (OPEN, EVERY):
        split = find_named_deals(text, desk, statuses)
        if split.match.sure:
            best = split.match.best[0]
            alone = split.rest == text.strip() and (
                best.how != find_person.HOW or best.name == text
            )
            return get_deal(desk, best.id), "" if alone else split.rest
    return _find_deal_in_hand(text.strip(), desk)


def _find_deal_in_hand(line: str, desk: Desk) -> tuple[Deal, str] | None:
    said = _THIS.match(line)
    if said is None or not desk.member.deal_in_hand_id:
        return None
    return require_deal_in_hand(desk, "deal"), line[said.end() :]


def _run_command_behind(request: Request, rest: str, deal: Deal, desk: Desk) -> Reply | None:
    for line in dict.fromkeys((rest, _FILLING.sub("", rest))):
        found = CATALOG.parse(line)
        if found is not None and _may_stand_behind(found[0], line):
            return _run_command(found[0].name, found[1], deal, request, desk)
    return None


def _may_stand_behind(command: Command, line: str) -> bool:
    return command.name in (_BEHIND if line[0].isascii() else _BEHIND_IN_CHINESE)


def _move_to_reached_stage(rest: str, deal: Deal, desk: Desk) -> Reply | None:
    """The move to a stage that a deal is said to have reached: 华为签约了, 华为到演示阶段."""
    said = _REACHED.fullmatch(rest)
    if said is None or not (said[1] or said[3]):
        return None
    stage = rule.find_stage(said[2], desk.funnel_for(deal))
    return move.move_to_stage(desk, deal, stage) if stage else None


def _run_command(name: str, said: str, deal: Deal, request: Request, desk: Desk) -> Reply | None:
    command = CATALOG.find_command(name)
    going_on = replace(request, text=said, values={"deal": str(deal.id)})
    return command.handler(going_on, desk) if command is not None else None


def _save_line(request: Request, command: str, desk: Desk) -> int:
    return save_line(desk, command, request.text, request.text).id
