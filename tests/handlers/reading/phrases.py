"""The phrases people type, and whether a reading of one is right."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handlers.reading import When, read_when

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo(ZONE))  # a Wednesday
_DATA = Path(__file__).parent / "data"
_ACCEPTED = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?: (?:(?P<clock>\d\d:\d\d)|(?P<hours>\d+-\d+)))?")


def phrases(name: str) -> list[dict[str, Any]]:
    """The rows of a file of phrases."""
    lines = (_DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(text: str, now: datetime = NOW, zone: str = ZONE) -> When | None:
    """The reading of a text on the phrases' own day."""
    return read_when(text, now, zone)


def local(when: When | None) -> str:
    """A reading as `2026-11-19 15:00` in the phrases' zone; "" for none."""
    return f"{when.at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" if when else ""


def is_accepted(when: When | None, accept: list[str]) -> bool:
    """Whether a reading is one of the accepted ones; none is right where none is accepted."""
    if not accept:
        return when is None
    return when is not None and any(_fits(local(when), each) for each in accept)


def _fits(moment: str, accepted: str) -> bool:
    if ".." in accepted:
        first, last = accepted.split("..")
        return first <= moment[:10] <= last
    found = _ACCEPTED.fullmatch(accepted)
    assert found, accepted
    if moment[:10] != found["day"]:
        return False
    if found["hours"]:
        first, last = found["hours"].split("-")
        return int(first) <= int(moment[11:13]) <= int(last)
    return found["clock"] in (None, moment[11:])
