from __future__ import annotations

import pytest

import handlers.routes  # noqa: F401  # it registers every command
from handlers.contract.catalog import CATALOG
from handlers.contract.command_words import is_bare, normalise_spelling


def asked(line: str) -> tuple[str, str] | None:
    found = CATALOG.parse(line)
    return (found[0].name, found[1]) if found is not None else None


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("备注华为已打电话", "note", "华为已打电话"),
        ("备注一下华为要演示", "note", "华为要演示"),
        ("移动华为到方案", "move", "华为到方案"),
        ("丢了华为太贵", "lost", "华为太贵"),
        ("丢了 华为 太贵", "lost", "华为 太贵"),
        ("丢了，没预算", "lost", "没预算"),
        ("丢了没预算", "lost", "没预算"),
        ("跟进记录华为要合同", "note", "华为要合同"),
        ("提醒我明天给华为打电话", "next", "明天给华为打电话"),
        ("异议太贵了", "obj", "太贵了"),
        ("线索太平洋保险 3万", "lead", "太平洋保险 3万"),
        ("撤消", "undo", ""),
        ("今日待办", "today", ""),
    ],
)
def test_a_chinese_command_needs_no_space(line: str, command: str, rest: str) -> None:
    assert asked(line) == (command, rest)


@pytest.mark.parametrize(
    "line",
    [
        "报价太高了",
        "今天没空",
        "推进太慢了",
        "退回吧",
        "设置太复杂了",
        "团队不同意",
        "同事反对",
        "记录太麻烦了",
        "电话里说不方便",
        "线索太少了",
        "怎么说服领导",
        "计划有变",
        "看看再说",
        "today I can't",
    ],
)
def test_a_customers_sentence_is_no_command_however_it_begins(line: str) -> None:
    assert asked(line) is None


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("報價 華為 5萬", "offer", "華為 5萬"),
        ("線索，華為，3萬", "lead", "華為，3萬"),
        ("lead华为 3万", "lead", "华为 3万"),
        ("ＬＥＡＤ 华为", "lead", "华为"),
        ("／今天！", "today", ""),
        ("？", "help", ""),
        ("撤销一下。", "undo", ""),
        ("MOVE 华为 proposal", "move", "华为 proposal"),
    ],
)
def test_width_case_and_traditional_characters_do_not_matter(
    line: str, command: str, rest: str
) -> None:
    assert asked(line) == (command, rest)


def test_evening_out_keeps_every_character_in_its_place() -> None:
    for text in ("後天10點㎏报价", "ﬁle İstanbul 線索", ""):
        assert len(normalise_spelling(text)) == len(text)


def test_particles_and_marks_say_nothing() -> None:
    assert is_bare("吧！")
    assert is_bare("")
    assert not is_bare("没空")
