"""`card`: the command for objection cards and its subcommands, such as `card edit`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.cards import details, lists, phrasings, proposals
from handlers.cards.card_view import find_card, show_card
from handlers.cards.forms import clean_values, find_errors, make_card, make_card_form
from handlers.cards.gap_actions import write_card as write_gap
from handlers.cards.history import render_history
from handlers.cards.merge import merge_by_words
from handlers.cards.state import ask_to_retire, make_edit_form
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotAllowed, NotFound, require_role
from handlers.contract.reply import Reply, plain
from handlers.contract.request import Request
from handlers.objections import look_up
from handlers.objections.card_review import may_change
from kb.states import CardState
from storage.tables.people_and_deals import Role

Run = Callable[[Desk, str], Reply]


@dataclass(frozen=True)
class Subcommand:
    """A word that may follow `card`."""

    words: tuple[str, ...]  # English and Chinese
    run: Run  # called with what follows the word
    role: Role = Role.REP  # the lowest that may use it


@command("card", "cards", "异议卡", "话术卡", "卡片")
def card(request: Request, desk: Desk) -> Reply:
    """`card add`, `card edit <words>`, `card list`…; as a reply, makes a card of the message."""
    text = request.text.strip()
    if not text and (words := _find_quoted_message(request, desk)).strip():
        return proposals.propose_from_message(desk, words)
    if not text:
        return lists.show_overview(desk)
    verb, rest = _parse_subcommand(text)
    if verb is None and not desk.may(Role.MANAGER):  # "card payments fail" is a customer's line
        return look_up.look_up(request, desk)
    if verb is None:
        return show_card(desk, find_card(desk, text))
    require_role(desk, verb.role)
    return verb.run(desk, rest)


@action("card-add")
def add_card(request: Request, desk: Desk) -> Reply:
    """Asks for a new card and saves it: a manager's is in use at once, a rep's is a draft."""
    if not desk.may(Role.MANAGER):
        return proposals.propose_card(request, desk)
    if request.kind != "form":
        return make_card_form(desk, "card-add", {})
    values = clean_values(request.values)
    if errors := find_errors(desk, values):
        return make_card_form(desk, "card-add", values, errors)
    return proposals.save_card(desk, make_card(desk, values, CardState.APPROVED))


@action("card-write", role=Role.MANAGER)
def write_missing_card(request: Request, desk: Desk) -> Reply:
    """Asks for a card that a look-up did not find: `card-write:<look-up>`."""
    lookup = desk.memory.lookups.get_of_team(desk.team.id, request.number(0))
    if lookup is None:
        raise NotFound
    if lookup.gap_id is None:
        return make_card_form(desk, "card-add", {"objection": lookup.query[:120]})
    return write_gap(replace(request, action=f"gap-write:{lookup.gap_id}"), desk)


def _add(desk: Desk, rest: str) -> Reply:
    how = () if desk.may(Role.MANAGER) else desk.words.say("cards.command.how_proposed")
    return make_card_form(desk, "card-add", {"objection": rest}, above=how)


def _propose(desk: Desk, rest: str) -> Reply:
    how = desk.words.say("cards.command.how_proposed")
    return make_card_form(desk, "card-propose", {"objection": rest}, above=how)


def _edit(desk: Desk, rest: str) -> Reply:
    card = find_card(desk, rest, (CardState.APPROVED, CardState.DRAFT))
    if not may_change(card, desk):
        raise NotAllowed(Role.MANAGER)
    return make_edit_form(desk, card)


def _edit_details(desk: Desk, rest: str) -> Reply:
    return details.make_details_form(desk, find_card(desk, rest))


def _change_owner(desk: Desk, rest: str) -> Reply:
    """`card owner too expensive` asks who; `card owner too expensive: Mia` sets the owner."""
    words, _, name = rest.replace("：", ":").partition(":")
    card = find_card(desk, words.strip(), (CardState.APPROVED, CardState.DRAFT))
    member = details.find_member(desk, name.strip()) if name.strip() else None
    if member is None:
        return details.ask_owner(desk, card)
    return details.set_owner(desk, card, member)


def _edit_phrasings(desk: Desk, rest: str) -> Reply:
    """`card phrasings too expensive` lists them; text after a colon is added."""
    words, _, more = rest.replace("：", ":").partition(":")
    card = find_card(desk, words.strip(), (CardState.APPROVED, CardState.DRAFT))
    if more.strip():
        return phrasings.add_wordings(desk, card, more)
    return phrasings.render_phrasings(desk, card, 0)


def _approve(desk: Desk, rest: str) -> Reply:
    return (
        show_card(desk, find_card(desk, rest, (CardState.DRAFT,)))
        if rest
        else _show_list(desk, "draft")
    )


def _verify(desk: Desk, rest: str) -> Reply:
    return (
        show_card(desk, find_card(desk, rest, (CardState.APPROVED,)))
        if rest
        else _show_list(desk, "due")
    )


def _retire(desk: Desk, rest: str) -> Reply:
    return ask_to_retire(desk, find_card(desk, rest, (CardState.APPROVED,)))


def _restore(desk: Desk, rest: str) -> Reply:
    return (
        show_card(desk, find_card(desk, rest, (CardState.RETIRED,)))
        if rest
        else _show_list(desk, "retired")
    )


def _show_history(desk: Desk, rest: str) -> Reply:
    return render_history(desk, find_card(desk, rest), 0)


def _show_list(desk: Desk, kind: str) -> Reply:
    return lists.show_named_list(desk, kind)


SUBCOMMANDS = (
    Subcommand(("add", "new", "新增", "添加", "新建"), _add),
    Subcommand(("propose", "suggest", "提议", "建议", "推荐"), _propose),
    Subcommand(
        ("show", "see", "查看", "显示"), lambda desk, rest: show_card(desk, find_card(desk, rest))
    ),
    Subcommand(("list", "all", "列表", "清单", "全部"), lists.show_named_list),
    Subcommand(("drafts", "draft", "草稿", "待审"), lambda desk, _: _show_list(desk, "draft")),
    Subcommand(("due", "review", "到期", "待复核"), lambda desk, _: _show_list(desk, "due")),
    Subcommand(
        ("unused", "idle", "闲置", "没人用"),
        lambda desk, _: _show_list(desk, "unused"),
        Role.MANAGER,
    ),
    Subcommand(("retired", "已停用"), lambda desk, _: _show_list(desk, "retired"), Role.MANAGER),
    Subcommand(("edit", "change", "修改", "编辑"), _edit),
    Subcommand(("details", "detail", "详情", "设置"), _edit_details, Role.MANAGER),
    Subcommand(("owner", "负责人"), _change_owner, Role.MANAGER),
    Subcommand(("phrasings", "phrasing", "ways", "说法"), _edit_phrasings, Role.MANAGER),
    Subcommand(("approve", "批准", "通过", "审核"), _approve, Role.MANAGER),
    Subcommand(("verify", "复核", "核实"), _verify),
    Subcommand(("retire", "停用", "下架"), _retire, Role.MANAGER),
    Subcommand(("restore", "恢复", "启用"), _restore, Role.MANAGER),
    Subcommand(("merge", "合并"), merge_by_words, Role.MANAGER),
    Subcommand(("history", "revert", "历史", "还原"), _show_history, Role.MANAGER),
)
_BY_WORD = {word: verb for verb in SUBCOMMANDS for word in verb.words}
_LONGEST_FIRST = sorted((word for word in _BY_WORD if not word.isascii()), key=len, reverse=True)
_QUOTED = re.compile("“([^”]{2,})”")


def _parse_subcommand(text: str) -> tuple[Subcommand | None, str]:
    """The subcommand that a line begins with, and the rest; Chinese words need no space after."""
    word, _, rest = text.partition(" ")
    if word.casefold() in _BY_WORD:
        return _BY_WORD[word.casefold()], rest.strip()
    glued = next((each for each in _LONGEST_FIRST if text.startswith(each)), "")
    return (_BY_WORD[glued], text.removeprefix(glued).strip()) if glued else (None, text)


def _find_quoted_message(request: Request, desk: Desk) -> str:
    """The message that was replied to; of one by the bot, the customer's words quoted in it.

    Where a thread only goes on, just the words of a look-up that found nothing are meant.
    """
    is_ours = bool(request.reply_to) or request.goes_on
    quoted = _QUOTED.search(request.replied_text) if is_ours else None
    words = quoted[1] if quoted is not None else request.replied_text
    if request.goes_on and request.replied_text != plain(look_up.render_nothing(desk, words)):
        return ""
    return words
