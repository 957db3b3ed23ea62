"""Keys of texts that code puts together at run time, and all that it may put there."""

from __future__ import annotations

from bot.slack.shortcuts import FROM_ANYWHERE, OF_A_MESSAGE
from handlers import (
    card_details,
    card_export,
    card_forms,
    card_history,
    card_sheet,
    card_view,
    closings,
    conditions,
    deal_rows,
    edits,
    health,
    industries,
    leads,
    nudges,
    report_parts,
    rhythm,
    rules,
    theme,
)
from handlers.desk import RANKS
from handlers.words import LANGUAGES
from kb.funnel.hygiene import FAULTS
from kb.funnel.move import Why
from kb.funnel.period import KINDS
from kb.objections import lint
from kb.objections.exchange import record, refusing
from storage.exports import EVERY_STATUS
from tests.handlers.made_plays import PLAYS

# What code puts together at run time, and all it may put there.
MADE = {
    "moves.illegal_": [each.value for each in Why],
    "figures.": KINDS,
    "hygiene.count_": FAULTS,
    "hygiene.fault_": FAULTS,
    "own_odds.because_": ("source", "owner", "amount"),
    "leads.source_": leads.SOURCES,
    "leads.field_": [name for name in edits.FIELDS if name not in conditions.FIELDS],
    "edits.industry_": industries.INDUSTRIES,
    "doors.": ("open", "shut"),
    "doors.do_": ("open", "shut"),
    "slack.shortcut_": [
        f"{key}{tail}" for key in (*OF_A_MESSAGE, *FROM_ANYWHERE) for tail in ("", "_does")
    ],
    "slipping.do_": ("give", "ask", "leave"),
    "health.kind_": health.KINDS,
    "health.why_": {*health.WHY.values(), "refused"},
    "forecasts.picture_": ("by_stage", "by_learned", "by_own"),
    "closings.": closings.ENDED,
    "theme.do_": theme.THEMES,
    "theme.kept_": theme.THEMES,
    "rhythm.kept_": tuple(rhythm.CHOICES),
    "reminders.kind_": ("step", "stall", "unpark", "escalate"),
    "rhythm.": ("two_weeks", "never", "drop"),
    "reminders.rule_": ("step", "unpark"),
    "objections.blank_": card_view.BLANKS,
    "objections.in_": LANGUAGES,
    "card_numbers.": ("landed_share", "landed_share_unknown", "won_share", "won_share_unknown"),
    "card_export.do_": card_export.SHOWN,
    "deal_export.": (*deal_rows.COLUMNS, "deals", "people", "history"),
    "deal_export.do_": ("xlsx", "csv"),
    "deal_export.exported_": ("xlsx", "csv"),
    "deal_export.status_": EVERY_STATUS,
    "card_import.broken_": record.REASONS,
    "card_import.count_": ("new", "changed", "same"),
    "card_import.refused_": refusing.REFUSALS,
    "card_import.title_": ("new", "changed", "broken", "unread", "strangers"),
    "card_lint.count_": lint.RULES,
    "card_lint.rule_": lint.RULES,
    "cards.field_": (*card_forms.LIMITS, *card_details.FIELDS),
    "cards.hint_": (*card_forms.LIMITS, *card_details.FIELDS),
    "cards.category_": card_sheet.CATEGORIES,
    "cards.state_": (*card_sheet.STATES, "due"),
    "cards.kind_": card_history.KINDS,
    "cards.line_": card_history.TOLD,
    "cards.listed_": ("approved", "draft", "retired", "due"),
    "cards.list_": ("approved", "draft"),
    "cards.do_": (
        *("add", "propose", "review", "unused", "verify", "approve", "edit", "details", "drop"),
        *("phrasings", "history", "retire", "restore"),
    ),
    "cards.": ("taken", "not_taken"),
    "gaps.do_": ("edit", "write", "add", "ignore"),
    "gaps.": ("days", "hours", "minutes"),
    "nudges.answer_": nudges.ANSWERS,
    "nudges.wrong_": rules.KINDS,
    "rules.name_": rules.KINDS,
    "reports.part_": tuple(report_parts.PARTS),
    "reports.title_": tuple(report_parts.PARTS),
    "refusals.role_": ("manager", "admin"),
    "team.role_": tuple(RANKS),
    "team.make_": tuple(RANKS),
    "terminal.role_": tuple(RANKS),
    "deals.status_": ("won", "lost", "parked", "pooled"),
    "moves.do_": ("won", "won-paid", "lost", "park", "reopen"),
    "steps.at_": ("today", "tomorrow", "days3", "other"),
    "notes.": ("noted", "noted_bare", "called", "called_bare"),
    **PLAYS,
}
