"""What a report is about: whose deals, in which pipeline and period; as text and as button data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound, TextRefusal, require_role
from handlers.contract.request import Request
from handlers.deals.find_pipeline import find_pipeline, get_funnel_name
from handlers.reading import clean_text, find_closest_word
from handlers.reading.moments.periods import read_period
from handlers.reports.report_data import EVERY_PIPELINE, get_today, load_histories
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.periods import Kind, Period, find_numbered_period, find_period
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.pipelines import MAIN
from storage.scope import Scope
from storage.tables.people_and_deals import Member, Role

MIN_SIMILARITY = 75  # of a mistyped name, 0 to 100
MAX_NAME_CHARACTERS = 200  # matching a longer name costs its square
OWN_NAMES = frozenset({"me", "mine", "my", "我", "我的", "自己"})


@dataclass(frozen=True)
class ReportScope:
    """Whose deals a report counts, and in which pipeline."""

    scope: Scope
    member: Member | None  # None for all whom the asker may see
    pipeline: str
    funnel: Funnel

    @property
    def member_id(self) -> int:
        """The member's id as a button carries it; 0 for all."""
        return self.member.id if self.member is not None else 0


def read_request(
    request: Request, desk: Desk, kind: Kind, *, ahead: bool = False
) -> tuple[ReportScope, Period]:
    """The scope and the period that a line names: `quarter ann`; else all, and today's `kind`."""
    today = get_today(desk)
    named = read_period(request.text, today, ahead=ahead)
    period = named.period if named else find_period(kind, today)
    return read_scope(desk, named.rest if named else request.text), period


def read_button(request: Request, desk: Desk) -> tuple[ReportScope, Period]:
    """The scope and the period of a button that `make_action` made; NotFound for a forged one."""
    period = find_numbered_period(request.word(0), request.number(1))
    if period is None:
        raise NotFound
    return make_scope(desk, request.number(2), request.word(3)), period


def make_action(verb: str, scope: ReportScope, period: Period, part: str = "") -> str:
    """A button's action: `<verb>:<kind>:<first>:<member>:<pipeline>[:<part>]`."""
    tail = f":{part}" if part else ""
    first = period.first.toordinal()
    return f"{verb}:{period.kind}:{first}:{scope.member_id}:{scope.pipeline}{tail}"


def read_scope(desk: Desk, text: str) -> ReportScope:
    """The scope that a text names: a member, a pipeline, both, or else all one may see.

    Raises a refusal for a name that is nobody's, or nobody's below who asks.
    """
    words = clean_text(text, MAX_NAME_CHARACTERS).strip(" ,，、的").split()
    for cut in range(len(words)):
        pipeline = find_pipeline(" ".join(words[cut:]), desk)
        if pipeline is not None:
            return _limit_scope(desk, _find_member(desk, " ".join(words[:cut])), pipeline)
    return _limit_scope(desk, _find_member(desk, " ".join(words)), MAIN)


def make_scope(desk: Desk, member_id: int, pipeline: str = MAIN) -> ReportScope:
    """The scope of a member, if the asker may see them; else of all the asker may see."""
    visible = {member.id: member for member in list_visible_members(desk)}
    return _limit_scope(desk, visible.get(member_id), desk.pipelines.key_of(pipeline))


def list_visible_members(desk: Desk) -> list[Member]:
    """The active members whose deals one may see."""
    ids = desk.scope.member_ids
    every = desk.memory.members.list_active(desk.team.id)
    return [member for member in every if ids is None or member.id in ids]


def get_scope_name(desk: Desk, scope: ReportScope) -> str:
    """Whose figures they are, and in which pipeline where there are several."""
    name = scope.member.name if scope.member is not None else ""
    if not name:
        key = "reports.figures.everybody" if desk.may(Role.MANAGER) else "reports.figures.yours"
        name = desk.words.line(key)
    several = desk.pipelines.several
    return f"{name} · {get_funnel_name(scope.funnel, desk)}" if several else name


def load_scope_histories(
    desk: Desk,
    scope: ReportScope,
    since: datetime | None = None,
    *,
    every_pipeline: bool = False,
) -> list[DealHistory]:
    """The histories of the scope's deals; without those that ended and are quiet since `since`."""
    one = desk.pipelines.several and not every_pipeline
    pipeline = scope.pipeline if one else EVERY_PIPELINE
    return load_histories(desk.memory, scope.scope, scope.funnel, since, pipeline)


def _limit_scope(desk: Desk, member: Member | None, pipeline: str) -> ReportScope:
    """The member's scope, as far as it lies within the asker's own."""
    scope = desk.scope
    if member is not None:
        scope = desk.memory.members.get_scope(member)
        if desk.scope.member_ids is not None and scope.member_ids is not None:
            scope = Scope(scope.team_id, scope.member_ids & desk.scope.member_ids)
        elif scope.member_ids is None:
            scope = desk.scope
    return ReportScope(scope, member, pipeline, desk.pipelines.of(pipeline))


def _find_member(desk: Desk, name: str) -> Member | None:
    """The visible member of this name; None where no name is given."""
    if not name:
        return None
    if name.casefold() in OWN_NAMES:
        return desk.member
    visible = list_visible_members(desk)
    names = [(member.name.casefold(), str(member.id)) for member in visible]
    exact = dict(names).get(name.casefold())
    found = exact or find_closest_word(name.casefold(), tuple(names), MIN_SIMILARITY)
    if found is None:
        require_role(desk, Role.MANAGER)
        raise TextRefusal("reports.figures.nobody", name=name[:40])
    return next(member for member in visible if str(member.id) == found)
