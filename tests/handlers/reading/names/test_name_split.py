"""A line split into the name it speaks of and the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import NameIndex, split_name
from handlers.reading.names.name_split import COMMON_WORDS
from tests.handlers.reading.names.customers import INDEX, NAMES, find_meant


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("acme proposal", "several", "proposal"),
        ("acme ltd called, wants a demo", "Acme Ltd", "called, wants a demo"),
        ("big blue co tomorrow 3pm send the offer", "Big Blue Co", "tomorrow 3pm send the offer"),
        ("Müller: wants a quote", "Müller GmbH", "wants a quote"),
        ("initec wants 10 seats", "Initech", "wants 10 seats"),
        ("call müller tomorrow", "Müller GmbH", "call tomorrow"),
        ("call huawei tomorrow", "华为", "call tomorrow"),
        ("call blue sky tomorrow", "Blue Sky Studios", "call tomorrow"),
        ("send offer to initech", "Initech", "send offer to"),
        ("call o'neil tomorrow", "O'Neil Ltd", "call tomorrow"),
        ("sent proposal to acme labs", "Acme Labs", "sent proposal to"),
        ("华为已打电话", "华为", "已打电话"),
        ("给华为打电话", "华为", "打电话"),
        ("字节已打电话", "北京字节跳动科技有限公司", "已打电话"),
        ("明天给字节跳动打电话", "北京字节跳动科技有限公司", "明天打电话"),
        ("hw 报价", "华为", "报价"),
        ("hooli", "Hooli", ""),
    ],
)
def test_a_line_is_cut_into_a_name_and_the_rest(line: str, name: str, rest: str) -> None:
    split = split_name(line, INDEX)
    assert (find_meant(split.match), split.rest) == (name, rest)


@pytest.mark.parametrize(
    "line", ["send the offer", "we like it", "wants 10 seats", "too expensive", "太贵了"]
)
def test_a_line_that_names_nobody_is_left_whole(line: str) -> None:
    split = split_name(line, INDEX)
    assert (find_meant(split.match), split.rest) == ("?", line)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("sent zjtd the contract", "北京字节跳动科技有限公司"),
        ("send contosso the offer", "Contoso"),
        ("约小米科技周五见面", "小米科技"),
    ],
)
def test_a_name_further_on_is_known_by_its_sound_with_a_slip_or_in_chinese(
    line: str, name: str
) -> None:
    assert find_meant(split_name(line, INDEX).match) == name


def test_a_name_spelt_out_goes_before_a_guess_at_the_first_words() -> None:
    index = NameIndex([(1, "Sender Ltd"), (2, "Initech")])
    split = split_name("send initech the offer", index)
    assert (find_meant(split.match), split.rest) == ("Initech", "send the offer")


def test_a_common_word_alone_is_no_sure_name() -> None:
    index = NameIndex([(1, "Call Centre Services")])
    assert not split_name("call", index).match.sure
    assert split_name("call centre", index).match.sure


def test_accents_and_marks_of_a_name_do_not_matter() -> None:
    for line in ("call MULLER tomorrow", "call müller tomorrow", "call mueller GmbH"):
        assert find_meant(split_name(line, INDEX).match) == "Müller GmbH"


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_a_line_that_begins_with_a_name_in_full_names_it(place: int) -> None:
    split = split_name(f"{NAMES[place]}, wants a demo", INDEX)
    assert (find_meant(split.match), split.rest) == (NAMES[place], "wants a demo")


@given(st.lists(st.sampled_from(sorted(COMMON_WORDS)), min_size=1, max_size=8).map(" ".join))
def test_common_words_name_nobody_and_stay(line: str) -> None:
    split = split_name(line, NameIndex([(1, "Initech"), (2, "华为")]))
    assert not split.match.sure
    assert split.rest == line
