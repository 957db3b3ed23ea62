"""Whatever a reply holds, its messages keep to every limit of Block Kit's and lose no button."""

from __future__ import annotations

import json
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.slack.block_kit.blocks import BLOCKS, MESSAGE_CHARACTERS, draw_sheets
from bot.slack.block_kit.home import draw_home
from bot.slack.block_kit.modals import draw_form
from bot.slack.block_kit.rich import Block as Json
from bot.slack.payload.reply_targets import Place
from handlers.contract.reply import (
    Button,
    Field,
    File,
    Form,
    Option,
    Reply,
    Span,
    lines,
    rows,
    text_of,
)
from handlers.contract.words import Words
from tests.fakes.slackapi.kit import check_blocks, name_all
from tests.fakes.slackapi.reading import live_in, live_in_mrkdwn, read_blocks
from tests.fakes.slackapi.views import check_view

MORE = Words("en").line("platforms.slack.more_in_chat")
HOSTILE = (
    "<!channel>", "<!here|x>", "<@U012AB>", "<!subteam^S1>", "<https://evil.example|bank>",
    "*bold* _it_ ~x~ `c`", "&lt;!channel&gt;", "@channel", ":skull:", "a" * 5000, "客户" * 2500,
    "👩‍👩‍👧‍👦" * 800, "", " ", "\n", "\u202egnp.exe", "z\u0301" * 3000,
)  # fmt: skip
names = st.sampled_from(HOSTILE) | st.text(max_size=60)
spans = st.builds(
    Span,
    names,
    st.sampled_from(["plain", "bold", "italic", "code", "link"]),
    st.sampled_from([None, "https://a.example/x", "tel:+442079460958", "javascript:alert(1)"]),
)
labels = names.filter(str.strip)
buttons = st.builds(Button, labels, st.just("open:12")) | st.builds(
    lambda label, url: Button(label, url=url),
    labels,
    st.sampled_from(["https://t.example/x", "tel:+1", "tg://x", "https://" + "a" * 4000]),
)
replies = st.builds(
    lambda text, shown, wide: Reply(tuple(text), rows(shown, wide)),
    st.lists(spans, max_size=40),
    st.lists(buttons, max_size=12),
    st.integers(1, 6),
)


def checked(blocks: list[Json]) -> None:
    check_blocks(blocks, "/blocks", in_message=True)
    name_all(blocks, count(1))
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.to_dict()


@given(replies)
@settings(max_examples=50, deadline=None)
def test_any_reply_is_drawn_within_slacks_limits(reply: Reply) -> None:
    for sheet in draw_sheets(reply, share="Share"):
        blocks = [dict(block) for block in sheet.blocks]
        checked(blocks)
        assert len(blocks) <= BLOCKS
        assert len(json.dumps(blocks, ensure_ascii=False)) <= MESSAGE_CHARACTERS + 5000
        assert sheet.text
        assert live_in_mrkdwn(sheet.text) == []
        assert [live for live in live_in(blocks) if live.kind != "link"] == []


@given(replies)
@settings(max_examples=30, deadline=None)
def test_no_button_is_lost(reply: Reply) -> None:
    wanted = [b for row in reply.buttons for b in row if b.action]
    drawn = [
        element
        for sheet in draw_sheets(reply)
        for block in sheet.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert [e["value"] for e in drawn if "value" in e] == [b.action for b in wanted]


def test_ten_thousand_rows_are_paged_and_all_there() -> None:
    row = [text_of(f"{n} ", "<!channel>") for n in range(10_000)]
    drawn = draw_sheets(Reply(lines(*row)))
    said = "\n".join(read_blocks(list(sheet.blocks)) for sheet in drawn)
    assert all(len(sheet.blocks) <= BLOCKS for sheet in drawn)
    assert said.split("\n")[-1] == "9999 <!channel>"
    assert len(said.split("\n")) == 10_000


def test_a_phone_number_is_a_link_that_dials() -> None:
    (sheet,) = draw_sheets(
        Reply(text_of("Acme"), ((Button("Call Jane", url="tel:+442079460958"),),))
    )
    (block,) = sheet.blocks
    (link,) = [e for e in block["elements"][0]["elements"] if e["type"] == "link"]
    assert link == {"type": "link", "url": "tel:+442079460958", "text": link["text"]}


def test_a_picture_stands_before_the_words_with_its_own_for_those_who_hear_it() -> None:
    drawn = draw_sheets(
        Reply(text_of("The funnel"), picture=File("f.png", b"x", "12 deals <!here>"))
    )
    assert drawn[0].file is not None
    assert "<!here>" not in drawn[0].text
    assert drawn[1].blocks


fields = st.builds(
    lambda n, label, value, options, free, finds, limit: Field(
        f"f{n}", label or "x", "", value, tuple(Option(v, v or "x") for v in options), free,
        limit=limit, finds=finds,
    ),
    st.integers(0, 99),
    names,
    names,
    st.lists(names.filter(str.strip), max_size=120, unique=True),
    st.booleans(),
    st.sampled_from(["", "deal", "card"]),
    st.sampled_from([1, 40, 500, 4000, 40_000]),
)  # fmt: skip


@given(labels, st.lists(fields, min_size=1, max_size=12, unique_by=lambda f: f.name), st.data())
@settings(max_examples=30, deadline=None)
def test_any_form_is_a_modal_that_slack_takes(
    title: str, asked: list[Field], data: st.DataObject
) -> None:
    errors = data.draw(st.dictionaries(st.sampled_from([f.name for f in asked]), names))
    form = Form("edit:12", title, tuple(asked), errors)
    view = draw_form(form, (), Place("D1"), Words("en"))
    check_view(json.loads(json.dumps(view)), "modal")
    View(**{k: v for k, v in view.items() if k != "blocks"}, blocks=view["blocks"]).to_dict()


@given(st.lists(replies, max_size=60))
@settings(max_examples=30, deadline=None)
def test_any_home_keeps_to_a_views_limits(sections: list[Reply]) -> None:
    check_view(json.loads(json.dumps(draw_home(sections, Words("en")))), "home")


def test_a_home_of_few_but_long_sections_says_what_is_left_out() -> None:
    sections = [Reply(text_of("𠀀" * 2900)) for _ in range(20)]
    view = draw_home(sections, Words("en"))
    check_view(json.loads(json.dumps(view)), "home")
    assert view["blocks"][-1]["elements"][0]["elements"][0]["text"] == MORE
