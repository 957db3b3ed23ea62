"""Models of meaning made for tests: quick, the same every time, and broken in the ways models are.

A text is the letter groups in it; `means` says which texts mean the same as another.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from kb.objections.semantic.meaning import Vectors

DIMENSIONS = 128


def vector(text: str) -> Vectors:
    """The unit vector of a text's letter groups."""
    found = np.zeros(DIMENSIONS, np.float32)
    folded = f" {text.lower()} "
    for place in range(len(folded) - 1):
        found[zlib.crc32(folded[place : place + 3].encode()) % DIMENSIONS] += 1.0
    return np.asarray(found / max(float(np.linalg.norm(found)), 1e-9), np.float32)


class Model:
    """Keeps what it was asked to read."""

    def __init__(self, means: Mapping[str, str] | None = None) -> None:
        self.means = dict(means or {})
        self.read: list[str] = []

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        self.read.extend(texts)
        return np.stack([vector(self.means.get(text, text)) for text in texts])


class Hanging(Model):
    """Never comes back from a text of these, until it is let go."""

    def __init__(self, *on: str) -> None:
        super().__init__()
        self.on = on
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        if any(text in self.on for text in texts):
            self.asked.set()
            self.let_go.wait()
        return super().__call__(texts)


class Raising(Model):
    """Fails at a text of these."""

    def __init__(self, *on: str) -> None:
        super().__init__()
        self.on = on

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        found = super().__call__(texts)
        if any(text in self.on for text in texts):
            raise RuntimeError("out of memory")
        return found
