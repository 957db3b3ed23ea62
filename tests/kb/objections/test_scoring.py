"""Weights are read by name, and turn features into ranks and chances."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.candidates import FEATURES
from kb.objections.scoring import (
    EVIDENCE,
    MAX_LEAD,
    build_evidence,
    estimate_chances,
    load_weights,
    rank_cards,
    read_weights,
)

TOML = "[rank]\nwords = 2.0\nideas = 1.0\n[chance]\nbase = -1.5\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "weights.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_weights_are_read_by_name_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    weights = read_weights(write(tmp_path, TOML), ["ideas", "words"], ["base"])
    assert weights.rank.tolist() == [1.0, 2.0]
    assert weights.chance.tolist() == [-1.5]


@pytest.mark.parametrize(("features", "evidence"), [(["sounds"], []), ([], ["lead"])])
def test_a_weight_that_the_file_does_not_have_is_an_error(
    tmp_path: Path, features: list[str], evidence: list[str]
) -> None:
    with pytest.raises(KeyError):
        read_weights(write(tmp_path, TOML), features, evidence)


def test_the_weights_that_ship_let_likeness_only_raise_a_card() -> None:
    weights = dict(zip(FEATURES, load_weights().rank, strict=True))
    assert weights.pop("denial_differs") <= 0
    assert min(weights.values()) >= 0
    assert len(load_weights().chance) == len(EVIDENCE)


def test_of_a_long_text_a_scrap_ranks_below_a_full_clause() -> None:
    features, weights = np.ones((1, len(FEATURES))), load_weights().rank
    scrap, clause = (rank_cards(features, weight, True, weights)[0] for weight in (0.5, 5.0))
    assert scrap < clause
    assert rank_cards(features, 0.5, False, weights) == rank_cards(features, 5.0, False, weights)


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=12, unique=True))
def test_only_the_best_card_leads(ranks: list[float]) -> None:
    features = np.tile(np.array(ranks)[:, np.newaxis], (1, len(FEATURES)))
    evidence = build_evidence(np.arange(len(ranks)), np.array(ranks), features, 1.0, 1.0, False)
    assert evidence.shape == (len(ranks), len(EVIDENCE))
    leads = evidence[:, EVIDENCE.index("lead")]
    assert np.flatnonzero(leads > 0).tolist() == [int(np.argmax(ranks))]
    assert leads.max() <= MAX_LEAD


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(EVIDENCE), max_size=len(EVIDENCE)))
def test_a_chance_is_a_probability_whatever_the_evidence(evidence: list[float]) -> None:
    [chance] = estimate_chances(np.array([evidence]), load_weights().chance)
    assert 0.0 <= chance <= 1.0
