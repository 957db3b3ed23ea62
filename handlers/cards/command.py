"""`card`: everything a person can ask for about objection cards, by word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.cards import details, lists, phrasings, proposals
from handlers.cards.forms import card_form, cleaned, errors_in, new_card
from handlers.cards.gap_actions import write as write_gap
from handlers.cards.history import history
from handlers.cards.merge import merge
from handlers.cards.card_view import found, sheet
from handlers.cards.state import ask_to_retire, edit_form
from handlers.contract.catalog import Role, action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone, NotAllowed
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from handlers.objections import look_up
from handlers.objections.card_review import may_change

Do = Callable[[Desk, str], Reply]


@dataclass(frozen=True)
class Verb:
    """What may follow `card`: its words, what it does with the rest, and the role it needs."""

    words: tuple[str, ...]
    do: Do
    role: Role = "rep"


@command("card", "cards", "异议卡", "话术卡", "卡片")
def card(request: Request, desk: Desk) -> Reply:
    """`card add`, `card edit <words>`, `card list`…; as a reply it makes a card of the message."""
    said = request.text.strip()
    if not said and request.replied_text.strip():
        return proposals.of_message(desk, _quoted(request))
    if not said:
        return lists.overview(desk)
    verb, rest = _verb(said)
    if verb is None and not desk.may("manager"):  # "card payments fail" is a customer's line
        return look_up.look_up(request, desk)
    if verb is None:
        return sheet(desk, found(desk, said))
    if not desk.may(verb.role):
        raise NotAllowed(verb.role)
    return verb.do(desk, rest)


@action("card-add")
def add(request: Request, desk: Desk) -> Reply:
    """Asks for a new card, and keeps it: a manager's is in use at once, a rep's is a draft."""
    if not desk.may("manager"):
        return proposals.propose(request, desk)
    if request.kind != "form":
        return card_form(desk, "card-add", {})
    values = cleaned(request.values)
    if errors := errors_in(desk, values):
        return card_form(desk, "card-add", values, errors)
    return proposals.kept(desk, new_card(desk, values, "approved"))


@action("card-write", role="manager")
def write(request: Request, desk: Desk) -> Reply:
    """Asks for the card that a look-up did not find: `card-write:<look-up>`."""
    lookup = desk.memory.lookups.for_manager(desk.team.id, request.number(0))
    if lookup is None:
        raise Gone
    if lookup.gap_id is None:
        return card_form(desk, "card-add", {"objection": lookup.query[:120]})
    return write_gap(replace(request, action=f"gap-write:{lookup.gap_id}"), desk)


def _add(desk: Desk, rest: str) -> Reply:
    how = () if desk.may("manager") else desk.words.say("cards.command.how_proposed")
    return card_form(desk, "card-add", {"objection": rest}, above=how)


def _propose(desk: Desk, rest: str) -> Reply:
    how = desk.words.say("cards.command.how_proposed")
    return card_form(desk, "card-propose", {"objection": rest}, above=how)


def _edit(desk: Desk, rest: str) -> Reply:
    card = found(desk, rest, ("approved", "draft"))
    if not may_change(card, desk):
        raise NotAllowed("manager")
    return edit_form(desk, card)


def _details(desk: Desk, rest: str) -> Reply:
    return details.form_of(desk, found(desk, rest))


def _owner(desk: Desk, rest: str) -> Reply:
    """`card owner too expensive` asks who; `card owner too expensive: Mia` says so."""
    words, _, name = rest.replace("：", ":").partition(":")
    card = found(desk, words.strip(), ("approved", "draft"))
    member = details.member_named(desk, name.strip()) if name.strip() else None
    if member is None:
        return details.ask_owner(desk, card)
    return details.owned(desk, card, member)


def _phrasings(desk: Desk, rest: str) -> Reply:
    """`card phrasings too expensive` lists them; what stands behind a colon is added."""
    words, _, more = rest.replace("：", ":").partition(":")
    card = found(desk, words.strip(), ("approved", "draft"))
    if more.strip():
        return phrasings.added(desk, card, more)
    return phrasings.phrasings(desk, card, 0)


def _approve(desk: Desk, rest: str) -> Reply:
    return sheet(desk, found(desk, rest, ("draft",))) if rest else _listed(desk, "draft")


def _verify(desk: Desk, rest: str) -> Reply:
    return sheet(desk, found(desk, rest, ("approved",))) if rest else _listed(desk, "due")


def _retire(desk: Desk, rest: str) -> Reply:
    return ask_to_retire(desk, found(desk, rest, ("approved",)))


def _restore(desk: Desk, rest: str) -> Reply:
    return sheet(desk, found(desk, rest, ("retired",))) if rest else _listed(desk, "retired")


def _history(desk: Desk, rest: str) -> Reply:
    return history(desk, found(desk, rest), 0)


def _listed(desk: Desk, kind: str) -> Reply:
    return lists.asked_for(desk, kind)


VERBS = (
    Verb(("add", "new", "新增", "添加", "新建"), _add),
    Verb(("propose", "suggest", "提议", "建议", "推荐"), _propose),
    Verb(("show", "see", "查看", "显示"), lambda desk, rest: sheet(desk, found(desk, rest))),
    Verb(("list", "all", "列表", "清单", "全部"), lists.asked_for),
    Verb(("drafts", "draft", "草稿", "待审"), lambda desk, _: _listed(desk, "draft")),
    Verb(("due", "review", "到期", "待复核"), lambda desk, _: _listed(desk, "due")),
    Verb(("unused", "idle", "闲置", "没人用"), lambda desk, _: _listed(desk, "unused"), "manager"),
    Verb(("retired", "已停用"), lambda desk, _: _listed(desk, "retired"), "manager"),
    Verb(("edit", "change", "修改", "编辑"), _edit),
    Verb(("details", "detail", "详情", "设置"), _details, "manager"),
    Verb(("owner", "负责人"), _owner, "manager"),
    Verb(("phrasings", "phrasing", "ways", "说法"), _phrasings, "manager"),
    Verb(("approve", "批准", "通过", "审核"), _approve, "manager"),
    Verb(("verify", "复核", "核实"), _verify),
    Verb(("retire", "停用", "下架"), _retire, "manager"),
    Verb(("restore", "恢复", "启用"), _restore, "manager"),
    Verb(("merge", "合并"), merge, "manager"),
    Verb(("history", "revert", "历史", "还原"), _history, "manager"),
)
_WORDS = {word: verb for verb in VERBS for word in verb.words}
_LONGEST_FIRST = sorted((word for word in _WORDS if not word.isascii()), key=len, reverse=True)
_QUOTED = re.compile("“([^”]{2,})”")


def _verb(said: str) -> tuple[Verb | None, str]:
    """The verb a line begins with and the rest; Chinese may follow its verb without a space."""
    word, _, rest = said.partition(" ")
    if word.casefold() in _WORDS:
        return _WORDS[word.casefold()], rest.strip()
    glued = next((each for each in _LONGEST_FIRST if said.startswith(each)), "")
    return (_WORDS[glued], said.removeprefix(glued).strip()) if glued else (None, said)


def _quoted(request: Request) -> str:
    """The message that was replied to; of one of ours, the customer's words that it quotes."""
    quoted = _QUOTED.search(request.replied_text) if request.reply_to else None
    return quoted[1] if quoted is not None else request.replied_text
