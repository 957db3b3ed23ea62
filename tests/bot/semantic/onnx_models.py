"""Writes the smallest ONNX sentence model: each token's vector from a table, or their mean.

By hand in the wire format (https://onnx.ai/onnx/repo-docs/IR.html), to need no library for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64, INTS = 1, 7, 7


def model(table: NDArray[np.float32], pooled: bool = False) -> bytes:
    """The file of a model whose token n has the vector `table[n]`."""
    nodes = [_node("Gather", ["table", "input_ids"], "tokens")]
    rank, output = 3, "tokens"
    if pooled:
        nodes.append(_node("ReduceMean", ["tokens"], "whole", _axes(1)))
        rank, output = 2, "whole"
    graph = b"".join(_field(1, node) for node in nodes)
    graph += _field(2, b"made") + _field(5, _tensor("table", table))
    graph += _field(11, _value("input_ids", INT64, 2)) + _field(12, _value(output, FLOAT, rank))
    return _number(1, 8) + _field(7, graph) + _field(8, _number(2, 13))


def _node(kind: str, inputs: Sequence[str], output: str, attributes: bytes = b"") -> bytes:
    named = b"".join(_field(1, name.encode()) for name in inputs)
    return named + _field(2, output.encode()) + _field(4, kind.encode()) + attributes


def _axes(axis: int) -> bytes:
    axes = _field(1, b"axes") + _number(8, axis) + _number(20, INTS)
    flat = _field(1, b"keepdims") + _number(3, 0) + _number(20, 2)
    return _field(5, axes) + _field(5, flat)


def _tensor(name: str, values: NDArray[np.float32]) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    return sizes + _number(2, FLOAT) + _field(8, name.encode()) + _field(9, values.tobytes())


def _value(name: str, kind: int, rank: int) -> bytes:
    shape = b"".join(_field(1, _field(2, f"{name}{n}".encode())) for n in range(rank))
    tensor = _number(1, kind) + _field(2, shape)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
