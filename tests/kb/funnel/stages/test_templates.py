"""The five ready funnels: whole in both languages, short, and told apart by their keys."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kb.funnel.move import find_stage
from kb.funnel.stages.funnel import Funnel, Stage
from kb.funnel.stages.funnel_templates import TEMPLATES, list_words, load_funnel

ALL = ("odds6", "crm6", "journey8", "aida5", "flywheel")
PHONE_LINE = 100  # characters that are still read on a phone at a glance
BUTTON = 40
HANZI = re.compile("[\u4e00-\u9fff]")
FIVE = pytest.mark.parametrize("funnel", [load_funnel(key) for key in ALL], ids=ALL)


def said_by(stage: Stage) -> list[tuple[str, str]]:
    """Every text of a stage with its language."""
    texts = [stage.name, stage.question, stage.why]
    texts += [text for each in stage.leave for text in (each.why, each.back)]
    plays = [(lang, line) for lang, lines in stage.play.items() for line in lines]
    return [*plays, *((lang, line) for text in texts for lang, line in text.items())]


def test_there_are_five_ready_funnels() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.toml")} == set(ALL)


@pytest.mark.parametrize(
    ("key", "stages", "after"),
    [("odds6", 6, 0), ("crm6", 6, 0), ("journey8", 8, 0), ("aida5", 5, 0), ("flywheel", 3, 5)],
)
def test_each_has_its_stages_before_and_after_the_payment(
    key: str, stages: int, after: int
) -> None:
    funnel = load_funnel(key)
    assert (len(funnel.selling), len(funnel.afterwards)) == (stages, after)


def test_the_flywheel_goes_on_after_the_payment() -> None:
    afterwards = [stage.key for stage in load_funnel("flywheel").afterwards]
    assert [key for key in afterwards if key != "advocate"] == [
        "onboarding",
        "delighted",
        "repeat",
        "referral",
    ]


def test_the_buyers_eight_say_what_bringing_people_back_is_worth() -> None:
    uplifts = {stage.key: stage.uplift for stage in load_funnel("journey8").stages}
    assert uplifts == {
        "appeal": None,  # hardly ever to be won back
        "consult": Decimal(7),
        "quoted": Decimal(2),
        "comparing": Decimal(1),
        "meeting": Decimal(4),
        "weighing": Decimal(5),
        "contract": Decimal("0.5"),
        "payment": Decimal(1),
    }


@FIVE
def test_every_stage_has_its_playbook(funnel: Funnel) -> None:
    for stage in funnel.stages:
        assert stage.leave, stage.key
        assert any(not each.reasons for each in stage.leave), f"{stage.key}: for any reason"
        assert {r for each in stage.leave for r in each.reasons} <= {
            reason.key for reason in funnel.lost_reasons
        }


@FIVE
def test_every_chinese_text_is_chinese_and_every_english_one_is_not(funnel: Funnel) -> None:
    for stage in funnel.stages:
        for language, text in said_by(stage):
            assert bool(HANZI.search(text)) == (language == "zh"), text


@FIVE
def test_everything_it_says_is_read_at_a_glance(funnel: Funnel) -> None:
    long = [text for s in funnel.stages for _, text in said_by(s) if len(text) > PHONE_LINE]
    assert long == []
    names = [name for stage in funnel.stages for name in stage.name.values()]
    assert max(map(len, names)) <= BUTTON


@FIVE
def test_the_words_of_reps_name_a_stage_in_every_funnel(funnel: Funnel) -> None:
    """Lead, offer and signature are said by everybody, whatever the funnel calls them."""
    for said in ("lead", "线索", "offer", "报价", "contract", "合同"):
        assert find_stage(said, funnel) is not None, said
    assert find_stage("lead", funnel) == funnel.stages[0].key
    assert funnel.stage(find_stage("offer", funnel) or "").offer


@FIVE
def test_an_offer_belongs_to_one_stage_of_a_funnel(funnel: Funnel) -> None:
    assert sum(stage.offer for stage in funnel.stages) == 1


@FIVE
def test_what_a_stage_is_like_stands_in_the_default_funnel(funnel: Funnel) -> None:
    default = load_funnel("odds6")
    for stage in funnel.selling:
        assert default.has(funnel.like(stage.key))


@FIVE
def test_every_stage_has_words_in_both_languages(funnel: Funnel) -> None:
    for stage in funnel.stages:
        words = list_words(stage)
        assert any(word.isascii() for word in words)
        assert any(not word.isascii() for word in words)


def test_no_two_funnels_share_a_stage_s_key() -> None:
    keys = [stage.key for key in ALL for stage in load_funnel(key).stages]
    assert len(set(keys)) == len(keys)
