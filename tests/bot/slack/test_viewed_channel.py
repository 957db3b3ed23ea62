"""The channel in view is read from whatever a context holds; what is no channel is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.payload.viewed_channel import find_viewed_channel

CHANNEL = {"type": "slack#/types/channel_id", "value": "C01234ABDCE", "team_id": "T0ABCDE6543"}
MESSAGE = {
    "type": "slack#/types/message_context",
    "value": {"channel_id": "C09MESSAGE", "message_ts": "1.2"},
}
CANVAS = {"type": "slack#/types/canvas_id", "value": "F01234ABDCE"}
CHAT = {"type": "slack#/types/channel_id", "value": "D01234ABDCE"}
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("entities", "channel"),
    [
        ([CHANNEL], "C01234ABDCE"),
        ([MESSAGE], "C09MESSAGE"),
        ([CANVAS, MESSAGE, CHANNEL], "C09MESSAGE"),  # the most relevant comes first
        ([CHAT], ""),
        ([CANVAS], ""),
        ([CHANNEL | {"value": "C0<!channel>"}], ""),
        ([CHANNEL | {"value": "C" * 500}], "C" * 30),  # cut: no channel that Slack knows
        ([CHANNEL | {"value": {"channel_id": "C0"}}], ""),
        ([MESSAGE | {"value": "C09MESSAGE"}], ""),
        ([], ""),
    ],
)
def test_the_first_channel_of_the_context_is_in_view(entities: list[Any], channel: str) -> None:
    assert find_viewed_channel({"context": {"entities": entities}}) == channel


@given(context=JSON, entities=st.lists(JSON, max_size=3))
def test_a_strange_context_is_no_channel(context: Any, entities: list[Any]) -> None:
    assert find_viewed_channel({"context": context}) == ""
    assert find_viewed_channel({"context": {"entities": entities}}) == ""
    assert find_viewed_channel({"context": {"entities": [*entities, CHANNEL]}}) == "C01234ABDCE"


def test_the_pane_of_an_older_app_names_it_in_its_thread() -> None:
    thread = {"assistant_thread": {"context": {"channel_id": "C01234ABDCE"}}}
    assert find_viewed_channel(thread) == "C01234ABDCE"
    assert find_viewed_channel({"assistant_thread": {"context": {}}}) == ""
