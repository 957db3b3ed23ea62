"""Why a whole file cannot be read as cards."""

from dataclasses import dataclass

REFUSALS = (
    "too_large", "too_many", "no_columns", "not_text", "old_excel", "unsafe", "damaged", "unknown",
    "empty",
)  # fmt: skip


@dataclass(eq=False)
class NotASheet(Exception):
    """The file cannot be read: `reason` is one of REFUSALS; `limit` is what it goes beyond."""

    reason: str
    limit: int = 0
