"""The keys of the playbook's texts that code puts together at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers import conditions, parts
from kb.funnel import playbook

PLAYS: Mapping[str, Sequence[str]] = {
    "terms.field_": conditions.FIELDS,
    "plays.lacks_": playbook.WHAT,
    "plays.add_": playbook.WHAT,
    "stakes.part_": parts.PARTS,
    "stakes.mood_": parts.ATTITUDES,
}
