"""The fake takes the blocks that Slack takes, and refuses those beyond any limit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.blockmaking import (
    actions,
    asks,
    button,
    confirm,
    option,
    plain,
    rich,
    section,
    select,
)
from tests.fakes.slackapi.errors import Json, Malformed
from tests.fakes.slackapi.kit import check_blocks

SLACK_WORDS = [
    [section("x" * 3000)],
    [actions(*(button(f"a{n}") for n in range(25)))],
    [actions(button(value="v" * 2000, url="https://x.example", style="danger"))],
    [actions(select([option(value=str(n)) for n in range(100)]))],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "context", "elements": [plain("x")] * 10}],
    [{"type": "section", "fields": [plain("x" * 2000)] * 5}],
    [rich({"type": "text", "text": "<!channel>", "style": {"bold": True}})],
    [asks(max_length=3000, multiline=True)],
    [actions(button(confirm=confirm()))],
    [{"type": "divider"}] * 50,
]
REFUSED = [
    [section("x" * 3001)],
    [section("")],
    [{"type": "section"}],
    [{"type": "section", "fields": [plain("x")] * 11}],
    [{"type": "section", "fields": [plain("x" * 2001)]}],
    [section("x", colour="red")],
    [{"type": "sections"}],
    [{"text": "x"}],
    ["x"],
    [actions()],
    [actions(*(button(f"a{n}") for n in range(26)))],
    [actions(button("same"), button("same"))],
    [actions(button(), block_id="b"), actions(button(), block_id="b")],
    [actions(button("x" * 256))],
    [actions(button(block_id="b"))],
    [actions(button(text=plain("x" * 76)))],
    [actions(button(text={"type": "mrkdwn", "text": "x"}))],
    [actions(button(value="v" * 2001))],
    [actions(button(url="x"))],
    [actions(button(style="default"))],
    [actions(button(confirm=confirm(title="x" * 101)))],
    [actions(button(confirm=confirm(text="x" * 301)))],
    [actions(button(confirm=confirm(deny="x" * 31)))],
    [actions(select([option(value=str(n)) for n in range(101)]))],
    [actions(select([option("x" * 76)]))],
    [actions(select([option(value="x" * 151)]))],
    [actions(select([]))],
    [actions({"type": "overflow", "action_id": "o", "options": [option()] * 6})],
    [{"type": "header", "text": plain("x" * 151)}],
    [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    [{"type": "context", "elements": [plain("x")] * 11}],
    [{"type": "markdown", "text": "x" * 12_001}],
    [rich({"type": "text", "text": ""})],
    [rich({"type": "text", "text": "x", "style": {"loud": True}})],
    [rich({"type": "link", "url": "javascript:x"})],
    [asks(max_length=3001)],
    [{"type": "image", "image_url": "https://x.example/x.png"}],
    [{"type": "divider"}] * 51,
    [section("x", block_id="b" * 256)],
]


@pytest.mark.parametrize("blocks", SLACK_WORDS, ids=range(len(SLACK_WORDS)))
def test_blocks_within_the_limits_are_taken(blocks: list[Json]) -> None:
    assert check_blocks(blocks, "/blocks", in_message=True) == blocks


@pytest.mark.parametrize("blocks", REFUSED, ids=range(len(REFUSED)))
def test_blocks_beyond_a_limit_are_refused(blocks: list[Json]) -> None:
    with pytest.raises(Malformed):
        check_blocks(blocks, "/blocks", in_message=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside),
    max_leaves=8,
)


def reason(value: Any) -> str:
    """Why it is refused; nothing when it is taken."""
    try:
        check_blocks(value, "/blocks", in_message=True)
    except Malformed as error:
        return str(error)
    return ""


@given(st.lists(JSON, max_size=3))
def test_whatever_is_sent_as_blocks_is_refused_for_a_reason_and_never_a_crash(value: Any) -> None:
    assert ("json-pointer" in reason(value)) == bool(value)
