"""What a rep types finds the card; what is no objection finds none."""

import pytest

from kb.objections.card import Language
from kb.objections.search import NOTHING, SURE, CardIndex, Hit
from tests.kb.objections.sample import CARDS, ENGLISH, card

INDEX = CardIndex(CARDS)


def first(query: str, language: Language | None = None) -> str:
    hits = INDEX.search(query, language)
    return str(hits[0].card_id) if hits else "nothing"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("costs a fotrune", "en:dear"),
        ("qoute far to high", "en:dear"),
        ("spredsheet does teh job", "en:excel"),
        ("swiching would cost weeks", "en:switch"),
        ("报价太贵了", "zh:dear"),
        ("你们报价的太贵", "zh:dear"),
    ],
)
def test_a_slip_of_the_thumb_still_finds_the_card(query: str, found: str) -> None:
    assert first(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("baojia tai gui", "zh:dear"),
        ("qingshi lingdao", "zh:boss"),
        ("huan ruanjian", "zh:switch"),
        ("biaoge jiu gou le", "zh:excel"),
        ("xinxi xielou", "zh:data"),
        ("yuangong bu yuanyi yong", "zh:team"),
        ("sei gei ni wo de haoma", "zh:number"),
    ],
)
def test_pinyin_finds_the_chinese_card(query: str, found: str) -> None:
    assert first(query, "zh") == found


def test_pinyin_initials_find_the_chinese_card() -> None:
    assert first("hrjtzt", "zh") == "zh:switch"


def test_southern_pinyin_is_understood() -> None:
    assert first("qinsi nindao", "zh") == "zh:boss"


def test_homophones_find_the_card() -> None:
    assert first("员工不愿意用新软见", "zh") == "zh:team"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("換軟件太折騰", "zh:switch"),
        ("員工不願意用新軟體", "zh:team"),
        ("誰給你我的號碼", "zh:number"),
    ],
)
def test_traditional_characters_find_the_simplified_card(query: str, found: str) -> None:
    assert first(query) == found


@pytest.mark.parametrize("length", range(2, 9))
def test_each_keystroke_from_the_second_on_offers_the_card(length: int) -> None:
    shown = [hit.card_id for hit in INDEX.search("换软件太折腾"[:length], "zh")]
    assert "zh:switch" in shown


@pytest.mark.parametrize("length", [9, 12, 16, 20])
def test_a_begun_english_wording_finds_the_card(length: int) -> None:
    assert first("who gave you my number"[:length], "en") == "en:number"


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("too pricey", "zh", "zh:dear"),
        ("need my manager's approval", "zh", "zh:boss"),
        ("worried about a data breach", "zh", "zh:data"),
        ("free trial", "zh", "zh:trial"),
        ("太贵了", "en", "en:dear"),
        ("老板说了算", "en", "en:boss"),
        ("能不能先试试", "en", "en:trial"),
        ("用 excel 就行", "en", "en:excel"),
        ("tai gui le", "en", "en:dear"),
    ],
)
def test_a_query_in_one_language_finds_the_card_in_the_other(
    query: str, language: Language, found: str
) -> None:
    assert first(query, language) == found


@pytest.mark.parametrize(
    "query",
    ["what time does the museum open", "brown bears hibernate", "长城有多长", "红烧鱼", "zzzz"],
)
def test_what_is_no_objection_is_never_answered_as_sure(query: str) -> None:
    hits = INDEX.search(query)
    assert not hits or hits[0].score < SURE


@pytest.mark.parametrize("query", ["", "   ", "?!…", "👍👍", "\u200b", "ๆๆๆ"])
def test_nothing_said_finds_nothing(query: str) -> None:
    assert INDEX.search(query) == []


def test_a_pasted_mail_gives_up_its_objection() -> None:
    mail = (
        "Hi Tom, thanks for coming by on Tuesday, the colleagues enjoyed it. I put it to the group "
        "yesterday. The main trouble is that my people will never touch it, they like what they "
        "have. I hope the weather is better where you are. Best regards, Anna"
    )
    assert first(mail) == "en:team"


def test_both_objections_of_one_mail_are_shown() -> None:
    mail = (
        "王总好，方案我看完了。说实话你们的报价太贵，预算没这么多。"
        "另外换软件太折腾，大家都怕麻烦。祝好"
    )
    shown = [hit.card_id for hit in INDEX.search(mail, "zh")]
    assert {"zh:dear", "zh:switch"} <= set(shown)


def test_only_cards_of_the_asked_language_are_shown() -> None:
    hits = INDEX.find_nearest("excel spreadsheet 表格", "en", limit=20)
    assert hits
    assert all(str(hit.card_id).startswith("en:") for hit in hits)


def test_the_limit_holds() -> None:
    assert len(INDEX.find_nearest("a new tool costs a fortune", limit=2)) == 2
    assert INDEX.find_nearest("a new tool costs a fortune", limit=0) == []


def test_scores_fall_and_stay_within_their_tiers() -> None:
    hits = INDEX.search("the quote is too high")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert NOTHING <= hits[0].score <= 1.0


def test_a_hit_says_what_matched() -> None:
    assert INDEX.search("My director has the last word!")[0].why == "exact"
    assert "last word" in INDEX.search("director has last word")[0].why


def test_a_hit_knows_whether_it_may_stand_alone() -> None:
    assert Hit("a", SURE, "").sure
    assert not Hit("a", SURE - 0.01, "").sure


def test_an_empty_index_finds_nothing() -> None:
    assert CardIndex([]).search("too expensive") == []


def test_a_card_without_a_readable_wording_does_no_harm() -> None:
    index = CardIndex([card("blank", "en", "…", []), *ENGLISH])
    assert index.search("a spreadsheet does the job")[0].card_id == "en:excel"


def test_the_opposite_is_told_apart() -> None:
    index = CardIndex(
        [
            card("open", "en", "We are allowed to use the cloud", []),
            card("shut", "en", "We are not allowed to use the cloud", []),
        ]
    )
    assert index.search("not allowed to use cloud")[0].card_id == "en:shut"
    assert index.search("allowed to use cloud")[0].card_id == "en:open"
