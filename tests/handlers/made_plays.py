"""The keys of the playbook's texts that code puts together at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers import conditions, parts, proof_lines
from kb.funnel import playbook
from kb.funnel.shape import Why

PLAYS: Mapping[str, Sequence[str]] = {
    "terms.field_": conditions.FIELDS,
    "plays.lacks_": playbook.WHAT,
    "plays.add_": playbook.WHAT,
    "stakes.part_": parts.PARTS,
    "stakes.mood_": parts.ATTITUDES,
    "funnel_edit.cannot_": [why.value for why in Why],
    "funnel_edit.do_": ("rename", "tune", "checks", "earlier", "later", "remove"),
    "funnel_edit.field_": ("odds", "patience", "question"),
    "funnel_edit.": ("renamed", "tuned"),
    "funnel_use.preview_": ("use", "close"),
    "proofs.permission_": proof_lines.PERMISSIONS,
}
