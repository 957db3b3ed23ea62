"""Keys of texts that code puts together at run time, and all that it may put there."""

from __future__ import annotations

from typing import get_args

from bot.slack.manifest import PROMPTS
from bot.slack.payload.shortcuts import FROM_ANYWHERE, OF_A_MESSAGE
from handlers.cards import card_view, details, export_file, forms, history
from handlers.contract.act_log import UNDOERS, ActKind
from handlers.contract.words import LANGUAGES
from handlers.deals import deal_terms, industries
from handlers.digest import scheduled_reports
from handlers.nudges import deal_cadence, mute_rules, nudge
from handlers.objections import card_text
from handlers.reports import deal_export, report_sections
from handlers.selling import edit_fields, lead
from handlers.team import delivery_health, picture_theme
from kb.funnel import stall
from kb.funnel.figures.hygiene import FAULTS
from kb.funnel.figures.periods import KINDS
from kb.funnel.move import MoveKind, Why
from kb.objections import lint
from kb.objections.exchange import record
from kb.states import CardState, DealStatus, EventKind
from storage.deals.export import EVERY_STATUS
from storage.tables.people_and_deals import Role
from tests.handlers.made_plays import PLAYS

# What code puts together at run time, and all it may put there.
MADE = {
    "selling.bulk_change.list_": ("park", "step"),
    "selling.bulk_change.do_": ("park", "step"),
    "selling.bulk_change.done_": ("park", "step"),
    "selling.move.illegal_": [each.value for each in Why],
    "reports.figures.": KINDS,
    "reports.hygiene.count_": [fault for fault in FAULTS if fault not in stall.STEP_FAULTS],
    "selling.deal_list.count_": stall.STEP_FAULTS,
    "reports.hygiene.fault_": FAULTS,
    "reports.deal_odds.because_": ("source", "owner", "amount"),
    "selling.lead.source_": lead.SOURCES,
    "undo.what_": (
        *("days_off", "daily_limit", "week_day", "language", "pictures"),
        *("reports_to", "goal", "rates", "rule", "invite", "card", "feedback"),
    ),
    "selling.lead.field_": [name for name in edit_fields.FIELDS if name not in deal_terms.FIELDS],
    "selling.edit.industry_": industries.INDUSTRIES,
    "team.workspace_access.": ("open", "shut"),
    "team.workspace_access.do_": ("open", "shut"),
    "platforms.slack.prompt_": tuple(PROMPTS),
    "platforms.slack.shortcut_": [
        f"{key}{tail}" for key in (*OF_A_MESSAGE, *FROM_ANYWHERE) for tail in ("", "_does")
    ],
    "nudges.escalations.do_": ("give", "ask", "leave"),
    "team.delivery_health.kind_": delivery_health.KINDS,
    "team.delivery_health.why_": {*delivery_health.REASONS.values(), "refused"},
    "reports.forecast.do_": ("deals", "record"),
    "reports.forecast.": ("by_stage", "by_learned", "by_own"),
    "reports.forecast.range_": ("between", "least", "most"),
    "reports.compare.count_": ("won", "won_money", "lost", "made", "open", "open_money", "acts"),
    "reports.forecast.picture_": ("by_stage", "by_learned", "by_own"),
    "digest.scheduled_reports.": scheduled_reports.ENDED,
    "team.picture_theme.do_": picture_theme.THEMES,
    "team.picture_theme.kept_": picture_theme.THEMES,
    "nudges.deal_cadence.kept_": tuple(deal_cadence.CHOICES),
    "nudges.upcoming.kind_": get_args(stall.Kind),
    "nudges.deal_cadence.": ("two_weeks", "never", "drop"),
    "nudges.upcoming.rule_": [kind for kind in get_args(stall.Kind) if kind != "stall"],
    "objections.look_up.blank_": card_text.BLANKS,
    "objections.look_up.in_": LANGUAGES,
    "objections.look_up_stats.": (
        "landed_share",
        "landed_share_unknown",
        "won_share",
        "won_share_unknown",
    ),
    "cards.export_file.do_": export_file.FORMATS_OFFERED,
    "reports.deal_export.": (*deal_export.COLUMNS, "deals", "people", "history"),
    "reports.deal_export.do_": get_args(deal_export.Format),
    "reports.deal_export.exported_": get_args(deal_export.Format),
    "reports.deal_export.status_": EVERY_STATUS,
    "cards.import_file.broken_": record.REASONS,
    "cards.import_file.count_": ("new", "changed", "same"),
    "cards.import_file.refused_": record.REFUSALS,
    "cards.import_file.title_": ("new", "changed", "broken", "unread", "strangers"),
    "cards.lint.count_": lint.RULES,
    "cards.lint.rule_": lint.RULES,
    "cards.command.field_": (*forms.LIMITS, *details.FIELDS),
    "cards.command.hint_": (*forms.LIMITS, *details.FIELDS),
    "cards.command.category_": card_view.CATEGORIES,
    "cards.command.state_": (*CardState, "due"),
    "cards.command.kind_": history.KINDS,
    "cards.command.line_": history.LINES_NAMED,
    "cards.command.listed_": ("approved", "draft", "retired", "due"),
    "cards.command.list_": ("approved", "draft"),
    "cards.command.do_": (
        *("add", "propose", "review", "unused", "verify", "approve", "edit", "details", "drop"),
        *("phrasings", "history", "retire", "restore"),
    ),
    "cards.command.": ("taken", "not_taken"),
    "objections.gaps.do_": ("edit", "write", "add", "ignore"),
    "objections.gaps.": ("days", "hours", "minutes"),
    "nudges.nudge.answer_": nudge.ANSWERS,
    "nudges.nudge.wrong_": mute_rules.KINDS,
    "nudges.mute_rules.name_": mute_rules.KINDS,
    "reports.report.person_": ("acts", "touches", "moves"),
    "reports.report.part_": tuple(report_sections.SECTIONS),
    "reports.report.title_": tuple(report_sections.SECTIONS),
    "contract.refusals.role_": [role for role in Role if role != Role.REP],
    "team.team.role_": Role,
    "team.team.make_": Role,
    "platforms.terminal.role_": Role,
    "selling.deal_list.event_": EventKind,
    "selling.deal_list.status_": [each for each in DealStatus if each != DealStatus.LIVE],
    "selling.move.do_": [kind for kind in get_args(MoveKind) if kind != "move"],
    "selling.next_step.at_": ("today", "tomorrow", "days3", "other"),
    "selling.note.": ("noted", "noted_bare", "called", "called_bare"),
    "undo.act_": [each.replace(" ", "_") for each in ActKind],
    "undo.why_": [each.replace(" ", "_") for each in ActKind if each not in UNDOERS],
    "plain_language.deal_mentions.": ("about_won", "about_lost"),
    **PLAYS,
}
