"""`reassign`: hands deals over to another member; one at once, several after a tap on the list.

A rep gives away their own deals, a manager those of the people below them, an admin any. What was
won or lost stays with whoever did it.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.act_log import offer_act_undo
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.refusals import (
    AmbiguousDeal,
    ChoiceNeeded,
    NotFound,
    TextRefusal,
    UnknownDeal,
)
from handlers.contract.reply import Button, Reply, Text, lines, rows, text_of
from handlers.contract.request import Request
from handlers.contract.words import Words
from handlers.deals import find_person
from handlers.deals.deal_view import render_deal_row, render_headline
from handlers.deals.find_deal import (
    EVERY,
    find_named_deals,
    get_deal,
    list_nearest,
    require_deal_in_hand,
)
from handlers.deals.find_member import find_member
from handlers.deals.reassign import log_hand_over, reassign
from handlers.outbox.notices import notify_other
from handlers.reading import NameIndex, split_name
from handlers.reading.hand_over_line import (
    HandOverLine,
    read_behind_verb,
    read_hand_over,
    strip_filling,
)
from handlers.reading.names.name_split import COMMON_WORDS
from kb.objections.normalise import has_hanzi
from kb.states import OPEN, DealStatus
from storage.scope import Scope
from storage.tables.people_and_deals import Audit, Deal, Member

KIND = "hand_over"  # of the draft that holds several deals until their tap
LISTED = 8
NAMED = 5
HEIRS = 8
_IT = frozenset(
    {"", "it", "this", "that", "this one", "that one", "this deal", "这单", "它", "这个"}
)

# What a customer is given time to do.
_VERBS = frozenset(
    "answer check compare consider decide digest discuss read reply respond review sign sleep "
    "talk test think try understand".split()
)


@command("reassign", "hand over", "handover", "移交", "转交", "交接")
def hand_over(request: Request, desk: Desk) -> Reply:
    """Hands deals over: `reassign acme to ann`, `reassign all bo's deals to ann`."""
    line = read_behind_verb(request.text)
    if "deal" in request.values:
        return _hand_over_to(desk, [get_deal(desk, int(request.values["deal"]))], line.who)
    deals = _find_deals(desk, line)
    if deals is None:
        raise UnknownDeal(line.what[:60], (), "reassign", request.text)
    return _hand_over_to(desk, deals, line.who)


def answer_hand_over(request: Request, desk: Desk) -> Reply | None:
    """Hands over what a plain line gives to a member: "give acme to bo", 把小米转给李雷.

    None where it names no deal, or nobody the verb alone would make a receiver of: "give acme to
    think" and 把华为给拿下 say something else.
    """
    line = read_hand_over(request.text)
    if line is None:
        return None
    if find_member(desk, line.who)[0] is None and not _may_be_a_name(line):
        return None
    deals = _find_deals(desk, line)
    return None if deals is None else _hand_over_to(desk, deals, line.who)


def _may_be_a_name(line: HandOverLine) -> bool:
    """Whether what stands behind the "to" may be a member's name that was not read."""
    if line.what.casefold() in _IT:
        return False
    if line.is_firm:
        return True
    first = line.who.casefold().split(" ", 1)[0]
    return not has_hanzi(line.what + line.who) and first not in COMMON_WORDS | _VERBS


@action("give")
def give_by_tap(request: Request, desk: Desk) -> Reply:
    """One deal from a button: `give:<deal>` asks to whom, `give:<deal>:<member>` does it."""
    deal = get_deal(desk, request.number(0))
    heir = desk.memory.members.get(desk.team.id, request.number(1))
    return _ask_to_whom(desk, [deal], "") if heir is None else _give(desk, [deal], heir).in_place()


@action("give-many")
def give_many_by_tap(request: Request, desk: Desk) -> Reply:
    """Several: `give-many:<draft>:<member>` lists them, `give-many:<draft>` does what was listed.

    `give-many:<draft>:0` leaves them where they are.
    """
    draft = find_draft(desk, KIND, request.number(0))
    if draft is None:
        raise NotFound
    heir = desk.memory.members.get(desk.team.id, request.number(1) or draft.data["heir"])
    deals = [
        deal
        for each in draft.data["deals"]
        if (deal := desk.memory.deals.get(desk.scope, each)) is not None and deal.status in OPEN
    ]
    desk.memory.drafts.drop(draft)
    if request.word(1) == "0":
        return Reply(desk.words.say("selling.hand_over.left")).in_place()
    if heir is None:
        raise NotFound
    if request.word(1):
        return _list_first(desk, deals, heir).in_place()
    return _give(desk, deals, heir).in_place()


def _find_deals(desk: Desk, line: HandOverLine) -> list[Deal] | None:
    """The deals a line gives; None where it names none."""
    owner = find_member(desk, line.owner)[0] if line.owner else None
    if owner is not None:
        return _list_open_deals_of(desk, owner)
    if line.what.casefold() in _IT:
        return [_require_open(desk, require_deal_in_hand(desk, "reassign"))]
    whole = _find_deal(desk, strip_filling(line.what), line.who)
    if whole is not None:
        return [whole]
    if len(line.names) < 2:
        return None
    found = [_find_deal(desk, name, line.who) for name in line.names]
    several = [deal for deal in found if deal is not None]
    return several if len(several) == len(found) else None


def _list_open_deals_of(desk: Desk, owner: Member) -> list[Deal]:
    if not desk.scope.covers(desk.team.id, owner.id):
        raise TextRefusal("selling.hand_over.not_your_people", name=owner.name)
    deals = desk.memory.deals.within(Scope(desk.team.id, frozenset({owner.id})))
    if not deals:
        raise ChoiceNeeded("selling.hand_over.none_open", name=owner.name)
    return list(deals)


def _find_deal(desk: Desk, name: str, who: str) -> Deal | None:
    """The open deal that a text names and says nothing else; None where it names none.

    Raises a refusal for one that is closed, or a colleague's, and where several are called so.
    """
    for statuses in (OPEN, EVERY):
        split = find_named_deals(name, desk, statuses)
        if not split.match.best or split.match.best[0].how == find_person.HOW:
            continue
        if split.rest.strip() not in ("", name):
            continue
        if split.match.ambiguous:
            nearest = list_nearest(desk, split)
            to = "给" if has_hanzi(who) else "to "
            raise AmbiguousDeal(name, nearest, "reassign", f"{to}{who}" if who else "")
        if split.match.sure:
            return _require_open(desk, get_deal(desk, split.match.best[0].id))
    _refuse_deal_of_colleague(desk, name)
    return None


def _refuse_deal_of_colleague(desk: Desk, name: str) -> None:
    """Says whose a deal is that the member may not give away; nothing where there is none.

    It repeats what was typed: the customer's full name is not theirs to read.
    """
    names = desk.memory.deals.list_names(Scope(desk.team.id), OPEN)
    split = split_name(name, NameIndex(names))
    if not split.match.sure or split.rest.strip() or split.match.best[0].how == "slip":
        return
    deal = desk.memory.deals.get(Scope(desk.team.id), split.match.best[0].id)
    if deal is not None:
        owner = desk.memory.members.get_name(desk.team.id, deal.owner_id)
        raise TextRefusal("selling.hand_over.not_yours", deal=name.strip(), name=owner)


def _require_open(desk: Desk, deal: Deal) -> Deal:
    if deal.status in OPEN:
        return deal
    if deal.status == DealStatus.POOLED:
        raise ChoiceNeeded("selling.hand_over.pooled", deal=deal.customer.name)
    owner = desk.memory.members.get_name(desk.team.id, deal.owner_id)
    reopen = Button(desk.words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}")
    raise ChoiceNeeded("selling.hand_over.closed", reopen, deal=deal.customer.name, name=owner)


def _hand_over_to(desk: Desk, deals: list[Deal], who: str) -> Reply:
    """Gives the deals to whoever is named, or asks who that is."""
    heir = find_member(desk, who)[0] if who else None
    if heir is None:
        return _ask_to_whom(desk, deals, who)
    return _give(desk, deals, heir) if len(deals) == 1 else _list_first(desk, deals, heir)


def _ask_to_whom(desk: Desk, deals: Sequence[Deal], who: str) -> Reply:
    """Asks who takes the deals: the nearest of what was typed, then the others."""
    nearest = find_member(desk, who)[1] if who else []
    rest = [m for m in desk.memory.members.list_active(desk.team.id) if m not in nearest]
    givers = {deal.owner_id for deal in deals}
    heirs = [each for each in (*nearest, *rest) if givers != {each.id}][:HEIRS]
    if not heirs:
        raise ChoiceNeeded("selling.hand_over.alone")
    if len(deals) == 1:
        verb = f"give:{deals[0].id}"
        what = deals[0].customer.name
    else:
        draft = save_draft(desk, KIND, {"deals": [deal.id for deal in deals], "heir": 0})
        verb = f"give-many:{draft.id}"
        what = desk.words.line("selling.hand_over.count", n=len(deals))
    buttons = rows(Button(each.name, f"{verb}:{each.id}") for each in heirs)
    key = "selling.hand_over.nobody" if who else "selling.hand_over.to_whom"
    facts = {"who": who[:60]} if who else {}
    return Reply(desk.words.say(key, deal=what, **facts), buttons=buttons)


def _list_first(desk: Desk, deals: Sequence[Deal], heir: Member) -> Reply:
    """Lists what would go to the heir, with the tap that does it."""
    going = [deal for deal in deals if deal.owner_id != heir.id]
    if not going:
        raise ChoiceNeeded("selling.hand_over.all_theirs", name=heir.name)
    draft = save_draft(desk, KIND, {"deals": [deal.id for deal in going], "heir": heir.id})
    words, more = desk.words, len(going) - LISTED
    said = lines(
        words.say("selling.hand_over.list", n=len(going), name=heir.name),
        *(render_deal_row(desk, deal) for deal in going[:LISTED]),
        words.say("selling.hand_over.more", n=more) if more > 0 else (),
    )
    do = Button(words.line("selling.hand_over.do_all", n=len(going)), f"give-many:{draft.id}")
    leave = Button(words.line("contract.common.cancel"), f"give-many:{draft.id}:0")
    return Reply(said, buttons=((do, leave),))


def _give(desk: Desk, deals: Sequence[Deal], heir: Member) -> Reply:
    """Gives open deals to the heir: one act, one notice to each whose deals they are or were."""
    locked = [desk.memory.deals.lock(deal) for deal in deals]
    going = [d for d in locked if d.status in OPEN and _may_give(desk, d) and d.owner_id != heir.id]
    if not going:
        if len(locked) == 1:
            _require_open(desk, locked[0])
        raise ChoiceNeeded("selling.hand_over.all_theirs", name=heir.name)
    owners = {deal.id: deal.owner_id for deal in going}
    events = [reassign(desk, deal, heir) for deal in going]
    act = log_hand_over(desk, going, heir, events)
    _tell_heir(desk, going, heir, act)
    for owner_id in sorted(set(owners.values())):
        _tell_owner(desk, [d for d in going if owners[d.id] == owner_id], owner_id, heir, act)
    said = _render_done(desk, going, heir)
    see = [Button(desk.words.line("undo.see"), f"open:{d.id}") for d in going if _may_give(desk, d)]
    buttons = (offer_act_undo(desk, act), *(see if len(going) == 1 else []))
    return Reply(said, buttons=(buttons,))


def _may_give(desk: Desk, deal: Deal) -> bool:
    return desk.scope.covers(deal.team_id, deal.owner_id)


def _render_done(desk: Desk, given: Sequence[Deal], heir: Member) -> Text:
    if len(given) > 1:
        return desk.words.say("selling.hand_over.done_many", n=len(given), name=heir.name)
    headline = render_headline(desk, given[0])
    return desk.words.say("selling.hand_over.done", deal=headline, name=heir.name)


def _tell_heir(desk: Desk, given: Sequence[Deal], heir: Member, act: Audit) -> None:
    def write(words: Words) -> Reply:
        name = desk.member.name
        if len(given) > 1:
            said = words.say("selling.hand_over.yours_many", name=name, n=len(given))
            return Reply(lines(said, _list_names(given, words)))
        [deal] = given
        said = words.say("selling.hand_over.yours", name=name, deal=deal.customer.name)
        see = Button(words.line("undo.see"), f"open:{deal.id}")
        next_step = _render_step(desk, deal, words, heir)
        return Reply(lines(said, next_step), buttons=((see,),), about=deal.id)

    notify_other(desk, heir.id, f"given:{act.id}:{heir.id}", write)


def _render_step(desk: Desk, deal: Deal, words: Words, heir: Member) -> Text:
    if deal.next_step_at is None:
        return ()
    moment = words.moment(deal.next_step_at, heir.time_zone, desk.now)
    step = deal.next_step or words.line("selling.deal_list.step")
    return words.say("selling.deal_list.next", step=step, moment=moment)


def _tell_owner(desk: Desk, given: Sequence[Deal], owner_id: int, heir: Member, act: Audit) -> None:
    """Tells whoever had the deals, where somebody else gave them away."""

    def write(words: Words) -> Reply:
        name = desk.member.name
        if len(given) == 1:
            deal = given[0].customer.name
            return Reply(words.say("selling.hand_over.gone", name=name, deal=deal, heir=heir.name))
        said = words.say("selling.hand_over.gone_many", name=name, n=len(given), heir=heir.name)
        return Reply(lines(said, _list_names(given, words)))

    notify_other(desk, owner_id, f"given:{act.id}:{owner_id}", write)


def _list_names(deals: Sequence[Deal], words: Words) -> Text:
    shown = " · ".join(deal.customer.name for deal in deals[:NAMED])
    return text_of(shown, " …" if len(deals) > NAMED else "")
