"""Updates as Telegram sends them, with people and customers made up, and what each must become."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "updates"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def recorded(name: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """An update, and the fields of the request it must become (None where it becomes none)."""
    record = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return record["update"], record["expects"]
