"""An import somebody has begun: what a file would change, whether it was done, what it touched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from handlers.cards.records import Touched
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from kb.objections.exchange.compare import Plan
from kb.objections.exchange.record import Row
from storage.tables.messages import Draft

KIND = "card_sheet"
State = Literal["open", "running", "done", "undone"]


def keep(desk: Desk, plan: Plan) -> Draft:
    """Keeps what a file would change, until somebody taps."""
    account = desk.account
    data = {"plan": _plans().dump_python(plan, mode="json"), "state": "open"}
    return desk.memory.drafts.keep(
        account.platform, account.id, KIND, data, desk.now, desk.team.id, desk.member.id
    )


def of_id(desk: Desk, draft_id: int) -> Draft:
    """The member's own import of this id; Gone where there is none."""
    draft = desk.memory.drafts.of_member(desk.team.id, desk.member.id, draft_id)
    if draft is None or draft.kind != KIND:
        raise Gone
    return draft


def mark(desk: Desk, draft: Draft, state: State, touched: Sequence[Touched] = ()) -> None:
    """Notes how far the import is; once it is done its rows are no longer needed."""
    kept: dict[str, Any] = {"state": state, "touched": [vars(each) for each in touched]}
    if state == "running" and "plan" in draft.data:
        kept["plan"] = draft.data["plan"]
    desk.memory.drafts.change(draft, kept)


def plan_of(draft: Draft) -> Plan:
    """What the file would change."""
    return _plans().validate_python(draft.data["plan"])


def rows_of(plan: Plan, *, leave_doubles: bool = False) -> list[Row]:
    """The rows that an import puts in: what is new, then what is changed."""
    left = {near.row.number for near in plan.near} if leave_doubles else set()
    rows = [*plan.new, *(change.row for change in plan.changed)]
    return [row for row in rows if row.number not in left]


def touched_by(draft: Draft) -> list[Touched]:
    """The cards the import has made or changed."""
    return [Touched(**each) for each in draft.data.get("touched", ())]


@cache  # made when first needed: a start of the bot need not wait for it
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)
