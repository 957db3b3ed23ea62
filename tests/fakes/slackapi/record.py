"""What the bot did, kept for a test to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.reading import Live


@dataclass(frozen=True)
class Sent:
    """One accepted send or edit, as it was at that moment. `at`: seconds of the server's clock."""

    method: str
    channel_id: str
    ts: str
    text: str
    buttons: tuple[str, ...]
    at: float
    only_for: str = ""
    thread_ts: str = ""
    raw: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """One call that the server refused."""

    method: str
    team_id: str
    error: str
    messages: tuple[str, ...] = ()


@dataclass
class Record:
    """Everything in the order in which it happened.

    `calls` counts every method called; `live` has every mention and link that Slack would have
    made of what the bot sent; `troubles` what a person was told instead of an answer.
    """

    sent: list[Sent] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    live: list[Live] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    prompts: list[list[Json]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
