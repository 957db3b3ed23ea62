"""Finds the deal that a line names, typing slips allowed.

Where the name fits several or none, the refusal offers buttons and keeps the rest of the line, so
that one tap goes on where the person stopped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from handlers.contract.catalog import CATALOG, action
from handlers.contract.desk import Desk
from handlers.contract.drafts import LINE, find_draft
from handlers.contract.refusals import AmbiguousDeal, NotFound, UnknownDeal
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from handlers.deals.find_person import split_person
from handlers.reading import NameIndex, NameSplit, split_name
from handlers.reading.names.name_split import EDGES
from kb.states import ENDED, OPEN, DealStatus
from storage.tables.people_and_deals import Deal

_IT = re.compile(
    r"\A(?:(?:it|(?:this|that)(?: one| deal)?|him|her|them)(?!\w)|[这那]单|这个|[它他她])"
    r"[\s,:，：]*",
    re.IGNORECASE,
)
# Marks that stand at a name, such as the colon of "acme: they called", and a dash that is no minus.
_SEPARATOR = re.compile(r"\A[,，:：;；.。、!！]*(?:[-–—]+(?![-–—.]*\d))?")
EVERY = (*OPEN, *ENDED)


def find_deal(
    request: Request,
    desk: Desk,
    command: str,
    statuses: Sequence[DealStatus] = OPEN,
    says: Callable[[str], bool] | None = None,
) -> tuple[Deal, str]:
    """The deal that `request.text` names and the rest of the text.

    A deal chosen by a button (`request.values["deal"]`) is taken as it is. The deal in hand is
    meant without any text, by "it", and where a text that names no deal is all that the command
    still needs: `says` tells so. `command` is the word to go on with after a choice. Raises
    UnknownDeal or AmbiguousDeal.
    """
    if "deal" in request.values:
        return get_deal(desk, int(request.values["deal"])), request.text.strip(EDGES)
    if not request.text.strip():
        return require_deal_in_hand(desk, command), ""
    split = find_named_deals(request.text, desk, statuses)
    if split.match.sure:
        return get_deal(desk, split.match.best[0].id), split.rest
    if not split.match.ambiguous and not set(EVERY) <= set(statuses):
        return find_deal(request, desk, command, EVERY, says)
    held, rest = find_deal_in_hand(desk), _IT.sub("", request.text.strip(), count=1)
    if held is not None and (rest != request.text.strip() or (says is not None and says(rest))):
        return held, rest
    raise _refuse_unsure(desk, split, command, request.text)


def get_remark(request: Request, rest: str) -> str:
    """The remark about a deal as it was typed: what follows the name, or all where it is inside.

    `rest` is what `find_deal` left of the line, without the marks at its ends; -5 % has its minus
    here.
    """
    whole = request.text.strip()
    return whole if "deal" in request.values else _cut_leading_name(whole, rest)


def _cut_leading_name(line: str, rest: str) -> str:
    """The line behind the name at its beginning, marks and all; the line where it is not there."""
    words, end = rest.strip(EDGES), len(line.rstrip(EDGES))
    if not line[:end].endswith(words) or (words and end == len(words)):
        return line
    behind = line[len(line[: end - len(words)].rstrip(EDGES)) :]
    return _SEPARATOR.sub("", behind).strip()


def get_deal(desk: Desk, deal_id: int) -> Deal:
    """A deal the member may see; NotFound for any other id, forged or real."""
    deal = find_visible_deal(desk, deal_id)
    if deal is None:
        raise NotFound
    return deal


def find_visible_deal(desk: Desk, deal_id: int) -> Deal | None:
    """A deal the member may see; None for any other id, and for one that was taken back."""
    deal = desk.memory.deals.get(desk.scope, deal_id)
    return deal if deal is not None and deal.status != DealStatus.WITHDRAWN else None


def require_deal_in_hand(desk: Desk, command: str) -> Deal:
    """The deal in hand; without one, AmbiguousDeal offers the newest, or UnknownDeal is raised."""
    deal = find_deal_in_hand(desk)
    if deal is None:
        recent = desk.memory.deals.within(desk.scope)[-3:]
        raise AmbiguousDeal("", recent, command, "") if recent else UnknownDeal("", (), command, "")
    return deal


def find_deal_in_hand(desk: Desk) -> Deal | None:
    """The deal the member touched last; None for none, or one that was taken back."""
    held = desk.member.deal_in_hand_id
    return find_visible_deal(desk, held) if held else None


def find_named_deals(text: str, desk: Desk, statuses: Sequence[DealStatus] = OPEN) -> NameSplit:
    """The deals of the member's scope that a text may name, and the rest of the text.

    A text that names no customer may name a person there, and then it stays whole.
    """
    split = split_name(text, NameIndex(desk.memory.deals.list_names(desk.scope, statuses)))
    if split.match.sure or split.match.ambiguous:
        return split
    return split_person(text, desk.memory.deals.list_people(desk.scope, statuses)) or split


def list_nearest(desk: Desk, split: NameSplit) -> list[Deal]:
    """The deals whose names come nearest to what was typed, best first."""
    return [get_deal(desk, match.id) for match in split.match.best]


def _refuse_unsure(
    desk: Desk, split: NameSplit, command: str, text: str
) -> UnknownDeal | AmbiguousDeal:
    nearest = list_nearest(desk, split)
    rest = _cut_leading_name(text.strip(), split.rest)
    if split.match.ambiguous:
        name = text.strip().removesuffix(rest).strip(EDGES) or text
        return AmbiguousDeal(name, nearest, command, rest)
    held = find_deal_in_hand(desk)
    if held is not None:  # a line that names no deal is likeliest about the one in hand
        nearest = [held, *(deal for deal in nearest if deal.id != held.id)]
    return UnknownDeal(text[:60], nearest, command, rest)


@action("pick")
def continue_with_deal(request: Request, desk: Desk) -> Reply:
    """Continues the command that was typed, now that its deal is chosen: `pick:<draft>:<deal>`."""
    draft = find_draft(desk, LINE, request.number(0))
    if draft is None:
        raise NotFound
    deal = get_deal(desk, request.number(1))
    data = draft.data
    desk.memory.drafts.drop(draft)
    command = CATALOG.find_command(data["command"])
    if command is None:
        raise NotFound
    going_on = replace(request.with_text(data["rest"]), line=data["command"])
    return command.handler(_add_deal(going_on, deal), desk)


def _add_deal(request: Request, deal: Deal) -> Request:
    return replace(request, values={"deal": str(deal.id)})
