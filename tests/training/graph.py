"""Writes the encoder as ONNX: weights in eight bits, arithmetic in floats, one text in, one unit vector out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.training import bert

_OPSET = 17


def model(embeddings: dict[str, Any], layers: Sequence[bert.Layer]) -> bytes:
    """Takes `ids` (1 x tokens, int64), gives `vector` (1 x 384)."""
    writer = _Writer()
    words, positions = (writer.rows(name, embeddings[name]) for name in ("words", "positions"))
    length = writer.add("Shape", ["ids"], start=1, end=2)
    places = writer.add(
        "Range", [writer.constant(np.int64(0)), writer.add("Squeeze", [length]), writer.constant(np.int64(1))]
    )
    x = writer.add("Add", [writer.taken(words, "ids"), writer.taken(positions, places)])
    x = writer.norm(x, embeddings["n"], embeddings["nb"])
    for layer in layers:
        x = writer.layer(layer, x)
    mean = writer.add("ReduceMean", [x], axes=[1], keepdims=0)
    size = writer.add("ReduceL2", [mean], axes=[1], keepdims=1)
    writer.nodes.append(helper.make_node("Div", [mean, size], ["vector"]))
    graph = helper.make_graph(
        writer.nodes, "sentence encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, bert.WIDTH])],
        writer.constants,
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString(deterministic=True))


class _Writer:
    """Names are numbers: equal weights give equal bytes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def rows(self, name: str, table: Any) -> tuple[str, str]:
        """A table in eight bits with a scale for each row."""
        return self._eight_bits(table, axis=1)

    def taken(self, table: tuple[str, str], at: str) -> str:
        """The rows `at` of a table: only these become floats."""
        values = self.add("Cast", [self.add("Gather", [table[0], at])], to=TensorProto.FLOAT)
        return self.add("Mul", [values, self.add("Gather", [table[1], at])])

    def norm(self, x: str, scale: Any, shift: Any) -> str:
        inputs = [x, self.constant(np.float32(scale)), self.constant(np.float32(shift))]
        return self.add("LayerNormalization", inputs, axis=-1, epsilon=bert.EPSILON)

    def times(self, x: str, layer: bert.Layer, name: str) -> str:
        values, scale = self._eight_bits(layer[name], axis=0)
        matrix = self.add("Mul", [self.add("Cast", [values], to=TensorProto.FLOAT), scale])
        return self.add("Add", [self.add("MatMul", [x, matrix]), self.constant(np.float32(layer[f"{name}b"]))])

    def layer(self, layer: bert.Layer, x: str) -> str:
        shape = self.constant(np.array([1, -1, bert.HEADS, bert.WIDTH // bert.HEADS]))
        q, k, v = (self.add("Reshape", [self.times(x, layer, name), shape]) for name in "qkv")
        q, v = (self.add("Transpose", [each], perm=[0, 2, 1, 3]) for each in (q, v))
        k = self.add("Transpose", [k], perm=[0, 2, 3, 1])
        root = self.constant(np.float32(1 / np.sqrt(bert.WIDTH / bert.HEADS)))
        weights = self.add("Softmax", [self.add("Mul", [self.add("MatMul", [q, k]), root])], axis=-1)
        seen = self.add("Transpose", [self.add("MatMul", [weights, v])], perm=[0, 2, 1, 3])
        seen = self.add("Reshape", [seen, self.constant(np.array([1, -1, bert.WIDTH]))])
        x = self.norm(self.add("Add", [x, self.times(seen, layer, "o")]), layer["n1"], layer["n1b"])
        return self.norm(
            self.add("Add", [x, self.times(self._gelu(self.times(x, layer, "i")), layer, "f")]),
            layer["n2"], layer["n2b"],
        )  # fmt: skip

    def _gelu(self, x: str) -> str:
        half, one = self.constant(np.float32(0.5)), self.constant(np.float32(1))
        error = self.add("Erf", [self.add("Mul", [x, self.constant(np.float32(np.sqrt(0.5)))])])
        return self.add("Mul", [self.add("Mul", [x, half]), self.add("Add", [error, one])])

    def _eight_bits(self, matrix: Any, axis: int) -> tuple[str, str]:
        scale: Any = np.float32(np.abs(matrix).max(axis=axis, keepdims=True) / 127)
        scale[scale == 0] = 1
        return self.constant(np.round(matrix / scale).astype(np.int8)), self.constant(scale)
