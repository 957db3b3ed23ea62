"""`rules`: which nudges are acted on. One that hardly ever is moves to the digest, and says so.

A rule is what makes a nudge come: a stage's patience (`stall:<stage>`), a booked step, a parked
deal's day. When enough is enough is `kb/funnel/muting.py`'s to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from handlers.contract.act_log import log_change
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk, funnel_of
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import Words, choose_words
from handlers.outbox.notices import notify
from kb.funnel.muting import MONTH, Outcome, Tally, tally_outcomes
from kb.funnel.stages.funnel import Funnel
from storage.tables.messages import MutedRule
from storage.tables.people_and_deals import Member, Role
from storage.unit_of_work import UnitOfWork

KINDS = ("step", "stall", "unpark")
SHOWN = 5
FEWEST_SENT = 3  # of fewer nudges a manager learns nothing
PEOPLE = 5

Tallies = Mapping[tuple[int, str], Tally]  # by member and rule


def rule_of(kind: str, stage: str) -> str:
    """The rule that makes a nudge of this kind come for a deal in this stage."""
    return f"stall:{stage}" if kind == "stall" else kind


def name_rule(words: Words, funnel: Funnel, rule: str) -> str:
    """The rule's name in the language of these words."""
    kind, _, stage = rule.partition(":")
    if kind not in KINDS:
        return rule
    if kind != "stall":
        return words.line(f"nudges.mute_rules.name_{kind}")
    shown = funnel.stage(stage).name[words.language] if funnel.has(stage) else stage
    return words.line("nudges.mute_rules.name_stall", stage=shown)


def count_outcomes(
    memory: UnitOfWork, team_id: int, member_ids: Collection[int] | None, now: datetime
) -> Tallies:
    """What these members (None: everybody) did with each rule's nudges over the last month."""
    back = {
        (m.member_id, m.rule): m.back_at for m in memory.rules.list_ever_muted(team_id, member_ids)
    }
    sent: dict[tuple[int, str], list[Outcome]] = defaultdict(list)
    for member_id, rule, at, acted_at in memory.rules.list_answers(
        team_id, member_ids, now - MONTH
    ):
        sent[member_id, rule].append(Outcome(at, acted_at))
    return {key: tally_outcomes(nudges, now, back.get(key)) for key, nudges in sent.items()}


def update_muted(
    memory: UnitOfWork, member: Member, due: Collection[str], now: datetime
) -> set[str]:
    """The member's muted rules, after muting (with a notice) those due now that they ignore."""
    muted = {each.rule for each in memory.rules.list_muted(member.team_id, [member.id])}
    asked = set(due) - muted
    if asked:
        found = count_outcomes(memory, member.team_id, [member.id], now)
        for rule in sorted(asked):
            tally = found.get((member.id, rule), Tally())
            if tally.is_ignored and _mute(memory, member, rule, tally, now):
                muted.add(rule)
    return muted


def _mute(memory: UnitOfWork, member: Member, rule: str, tally: Tally, now: datetime) -> bool:
    muted = MutedRule(
        team_id=member.team_id,
        member_id=member.id,
        rule=rule,
        sent=tally.sent,
        acted=tally.acted,
        muted_at=now,
    )
    key = f"muted:{member.id}:{rule}:{int(now.timestamp())}"
    notify(memory, member, key, _write_notice(memory, member, muted), now)
    return memory.rules.mute(muted)


def _write_notice(memory: UnitOfWork, member: Member, muted: MutedRule) -> Reply:
    words = choose_words(member.language)
    name = name_rule(words, funnel_of(memory.members.get_team(member.team_id)), muted.rule)
    said = words.say("nudges.mute_rules.muted", rule=name, sent=muted.sent, n=muted.acted)
    return Reply(
        said, buttons=((Button(words.line("nudges.mute_rules.do_back"), f"rule-on:{muted.rule}"),),)
    )


@command("rules", "提醒效果", "提醒规则", "提醒统计", takes=False)
def rules(request: Request, desk: Desk) -> Reply:
    """Which nudges are acted on, and which go to the digest only; a tap changes one's own."""
    return _render_rules(desk)


@action("rule-on")
def switch_on(request: Request, desk: Desk) -> Reply:
    """Sends a rule's nudges one by one again: `rule-on:<rule>`."""
    rule = _read_rule(request, desk)
    if not desk.memory.rules.unmute(desk.team.id, desk.member.id, rule, desk.now):
        return _render_rules(desk)
    log_change(desk, "rule")
    said = desk.words.say("nudges.mute_rules.on", rule=name_rule(desk.words, desk.funnel, rule))
    off = Button(desk.words.line("nudges.mute_rules.do_digest"), f"rule-off:{rule}")
    return Reply(said, buttons=((off,),)).in_place()


@action("rule-off")
def switch_off(request: Request, desk: Desk) -> Reply:
    """Leaves a rule's nudges to the digest: `rule-off:<rule>`."""
    rule = _read_rule(request, desk)
    desk.memory.rules.mute(
        MutedRule(team_id=desk.team.id, member_id=desk.member.id, rule=rule, muted_at=desk.now)
    )
    log_change(desk, "rule")
    said = desk.words.say("nudges.mute_rules.off", rule=name_rule(desk.words, desk.funnel, rule))
    back = Button(desk.words.line("nudges.mute_rules.do_back"), f"rule-on:{rule}")
    return Reply(said, buttons=((back,),)).in_place()


def _read_rule(request: Request, desk: Desk) -> str:
    """The rule a button names; NotFound for one that nobody has."""
    kind, stage = request.word(0), request.word(1)
    if kind not in KINDS or (kind == "stall") is not bool(stage and desk.funnel.has(stage)):
        raise NotFound
    return rule_of(kind, stage)


def _render_rules(desk: Desk) -> Reply:
    """One's own rules, for a manager also those of their people."""
    found = count_outcomes(desk.memory, desk.team.id, [desk.member.id], desk.now)
    mine = {rule: tally for (_, rule), tally in found.items() if tally.sent}
    muted = [each.rule for each in desk.memory.rules.list_muted(desk.team.id, [desk.member.id])]
    listed = [*muted, *sorted(set(mine) - set(muted), key=lambda rule: mine[rule].percent)]
    theirs = render_people(desk) if desk.may(Role.MANAGER) else ()
    if not listed and not theirs:
        return Reply(desk.words.say("nudges.mute_rules.none"))
    own = [
        _render_rate(desk, rule, mine.get(rule, Tally()), rule in muted) for rule in listed[:SHOWN]
    ]
    title = desk.words.say("nudges.mute_rules.title") if own else ()
    buttons = [_make_switch(desk, rule, rule in muted) for rule in listed[:SHOWN]]
    return Reply(lines(title, *own, theirs), buttons=rows(buttons, 1))


def _render_rate(desk: Desk, rule: str, tally: Tally, is_muted: bool) -> Text:
    name = name_rule(desk.words, desk.funnel, rule)
    rate = desk.words.say("nudges.mute_rules.rate", rule=name, n=tally.acted, sent=tally.sent)
    return (*rate, *desk.words.say("nudges.mute_rules.digest_only")) if is_muted else rate


def _make_switch(desk: Desk, rule: str, is_muted: bool) -> Button:
    name = name_rule(desk.words, desk.funnel, rule)
    key, verb = (
        ("nudges.mute_rules.back", "rule-on")
        if is_muted
        else ("nudges.mute_rules.to_digest", "rule-off")
    )
    return Button(desk.words.line(key, rule=name), f"{verb}:{rule}")


def render_people(desk: Desk) -> Text:
    """What those below the manager act on, rule by rule, and what is muted for whom."""
    people = _find_people(desk)
    found = count_outcomes(desk.memory, desk.team.id, list(people), desk.now)
    together: dict[str, Tally] = defaultdict(Tally)
    for (_, rule), tally in found.items():
        together[rule] += tally
    known = {rule: tally for rule, tally in together.items() if tally.sent >= FEWEST_SENT}
    muted = desk.memory.rules.list_muted(desk.team.id, list(people))
    ranked = sorted(known, key=lambda rule: (-known[rule].percent, -known[rule].sent, rule))
    rates = [_render_rate(desk, rule, known[rule], False) for rule in ranked[:SHOWN]]
    title = desk.words.say("nudges.mute_rules.title_people") if rates else ()
    return lines(title, *rates, *(_render_muted(desk, each, people) for each in muted[:PEOPLE]))


def _render_muted(desk: Desk, muted: MutedRule, people: Mapping[int, str]) -> Text:
    name = name_rule(desk.words, desk.funnel, muted.rule)
    values = {"name": people[muted.member_id], "rule": name}
    if not muted.sent:
        return desk.words.say("nudges.mute_rules.muted_by_them", **values)
    return desk.words.say("nudges.mute_rules.muted_of", n=muted.acted, sent=muted.sent, **values)


def _find_people(desk: Desk) -> dict[int, str]:
    """Whoever stands below the manager, by id; an admin sees everybody."""
    below = desk.scope.member_ids
    return {
        each.id: each.name
        for each in desk.memory.members.list_active(desk.team.id)
        if each.id != desk.member.id and (below is None or each.id in below)
    }
