"""The text of an import: everything is counted, long lists are cut and say so."""

from __future__ import annotations

import pytest

from handlers.cards.import_preview import render_details, render_result, render_summary
from handlers.cards.records import ImportedCard
from handlers.contract.reply import Text, plain
from handlers.contract.words import Words
from kb.objections.exchange.import_plan import Change, NearDuplicate, Plan
from kb.objections.exchange.record import CardRecord, InvalidRow, Row

ZOO = Row(2, CardRecord("zoo", "en", "Elephants", "In the zoo."), frozenset({"say"}))


def shown(text: Text) -> list[str]:
    return plain(text).replace("\u00a0", " ").splitlines()


def broken(count: int) -> tuple[InvalidRow, ...]:
    return tuple(InvalidRow(number, "needed", "say") for number in range(1, count + 1))


def test_a_summary_counts_what_is_new_changed_and_the_same_and_leaves_out_what_is_none() -> None:
    plan = Plan(new=(ZOO,), changed=(Change(ZOO, 1, ("say",)),) * 2, same=3)
    assert shown(render_summary(Words("en"), "a.csv", plan)) == [
        "a.csv: 1 new, 2 changed, 3 as they are"
    ]
    assert "1 new" not in shown(render_summary(Words("en"), "a.csv", Plan(same=3)))[0]


def test_a_summary_names_the_first_broken_rows_and_says_where_more_follow() -> None:
    few, many = Plan(new=(ZOO,), broken=broken(8)), Plan(new=(ZOO,), broken=broken(9))
    assert shown(render_summary(Words("en"), "a.csv", few))[-1].endswith(" 7, 8")
    assert shown(render_summary(Words("en"), "a.csv", many))[-1].endswith(" 7, 8…")


def test_the_details_of_a_long_file_stop_after_a_hundred_of_each_kind() -> None:
    lines = shown(render_details(Words("en"), Plan(broken=broken(103))))
    assert len([line for line in lines if line.startswith("• row")]) == 100
    assert "3" in lines[-1]


def test_a_line_of_a_text_file_is_called_a_line_and_a_row_of_a_table_a_row() -> None:
    table = shown(render_details(Words("en"), Plan(broken=broken(1))))
    text = shown(render_details(Words("en"), Plan(broken=broken(1), lines=True)))
    assert (table[-1], text[-1]) == ("• row 1: Say is empty", "• line 1: Say is empty")


def test_a_new_card_names_the_one_it_looks_like() -> None:
    plan = Plan(new=(ZOO,), near=(NearDuplicate(ZOO, "Where are they kept"),))
    assert shown(render_details(Words("en"), plan))[-1] == "• Elephants ≈ “Where are they kept”"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["✓ Imported: 1 new, 1 changed.", "2 doubles left out."]),
        ("zh", ["✓ 已导入：新增 1 张、修改 1 张。", "相似的 2 张没有导入。"]),
    ],
)
def test_the_result_counts_what_was_made_changed_and_left_out(
    language: str, said: list[str]
) -> None:
    done = [ImportedCard(1, 1, made=True), ImportedCard(2, 2, made=False)]
    assert shown(render_result(Words("zh" if language == "zh" else "en"), done, 2)) == said
