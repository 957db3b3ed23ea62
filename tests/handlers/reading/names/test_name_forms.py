"""The forms in which a name may be typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.names.name_forms import LONGEST_NAME, build_forms, fold


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Müller  GmbH", "muller gmbh"),
        ("O'Neil & Sons, S.A.", "oneil sons sa"),
        ("ＡＣＭＥ", "acme"),
        ("台積電（中國）", "台积电 中国"),
        ("Straße", "strasse"),
        ("?!", ""),
    ],
)
def test_case_width_accents_and_marks_do_not_matter(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=300))
def test_what_is_folded_stays_as_it_is(name: str) -> None:
    folded = fold(name)
    assert fold(folded) == folded
    assert len(folded) <= LONGEST_NAME * 20  # one sign may stand for a whole phrase


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Acme Ltd", "acme"),
        ("Acme Holding GmbH", "acme"),
        ("Ltd", "ltd"),
        ("华为技术有限公司", "华为技术"),
        ("万科集团股份有限公司", "万科"),
        ("公司", "公司"),
    ],
)
def test_the_company_form_is_no_part_of_the_core(name: str, core: str) -> None:
    assert build_forms(name).core == core


def test_a_name_of_several_words_has_initials() -> None:
    assert build_forms("Big Blue Co").initials == "bb"
    assert build_forms("Acme Ltd").initials == ""


def test_a_chinese_name_is_typed_by_its_sound_and_its_brand_alone() -> None:
    forms = build_forms("北京字节跳动科技有限公司")
    assert (forms.brand, forms.brand_initials) == ("字节跳动", "zjtd")
    assert forms.pinyin == "beijingzijietiaodongkeji"
    assert forms.pinyin_initials == "bjzjtdkj"
    assert build_forms("中国移动").brand == "移动"


def test_a_name_that_is_only_a_place_and_a_trade_keeps_both() -> None:
    assert build_forms("上海科技有限公司").brand == "上海科技"


def test_a_latin_name_has_no_sounds() -> None:
    forms = build_forms("Initech")
    assert (forms.sounds, forms.pinyin, forms.brand, forms.brand_initials) == ((), "", "", "")


@given(st.text(max_size=60))
def test_any_name_has_forms(name: str) -> None:
    forms = build_forms(name)
    assert forms.whole == fold(name)
    assert forms.whole.startswith(forms.core)
