"""The keys of the playbook's texts that code puts together at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.deals import deal_terms, person_line, testimonial_lines
from kb.funnel.stages import playbook
from kb.funnel.stages.funnel_changes import Why

PLAYS: Mapping[str, Sequence[str]] = {
    "selling.terms.field_": deal_terms.FIELDS,
    "selling.playbook.lacks_": playbook.CHECKABLE_FACTS,
    "selling.playbook.add_": playbook.CHECKABLE_FACTS,
    "selling.stakeholders.part_": person_line.PARTS,
    "selling.stakeholders.mood_": person_line.ATTITUDES,
    "funnel_setup.edit_stages.cannot_": [why.value for why in Why],
    "funnel_setup.edit_stages.do_": ("rename", "tune", "checks", "earlier", "later", "remove"),
    "funnel_setup.edit_stages.field_": ("odds", "patience", "question"),
    "funnel_setup.edit_stages.": ("renamed", "tuned"),
    "funnel_setup.switch_funnel.preview_": ("use", "close"),
    "selling.testimonials.permission_": testimonial_lines.PERMISSIONS,
}
