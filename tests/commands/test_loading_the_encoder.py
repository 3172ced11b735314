"""The encoder is loaded by the first who needs it, once, whoever asks at the same time; no start waits for it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from bot.cli import app
from bot.runtime import wiring
from bot.runtime.config import load_settings
from commands.matrix_cache import Matrices
from commands.meanings import Meanings
from storage.catalog.sentences import Encoder
from storage.errors import DatabaseUnavailable


def test_start_loads_nothing(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> Meanings | None:
        raise AssertionError("the start loaded the encoder")

    monkeypatch.setattr(wiring, "shipped_meanings", load)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)
    runtime = wiring.build(load_settings())
    with pytest.raises(AssertionError, match="the start"):
        _ = runtime.dispatcher.matrices.knowledge
    runtime.close()


def test_many_who_come_at_once_load_it_once() -> None:
    loads: list[str] = []
    together = threading.Barrier(8)

    def load() -> Meanings | None:
        loads.append(threading.current_thread().name)
        time.sleep(0.05)
        return None

    matrices = Matrices(load_meanings=load)

    def ask() -> Meanings | None:
        together.wait(timeout=10)
        return matrices.meanings

    with ThreadPoolExecutor(8) as pool:
        found = [future.result() for future in [pool.submit(ask) for _ in range(8)]]
    assert found == [None] * 8
    assert len(loads) == 1
    assert matrices.knowledge.meaning is None


def test_what_a_call_of_the_command_line_encoded_is_there_for_the_next(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[str] = []
    encode = Encoder.encode

    def noted(encoder: Encoder, text: str) -> NDArray[np.float32]:
        encoded.append(text)
        return encode(encoder, text)

    monkeypatch.setattr(Encoder, "encode", noted)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)
    for line in ("client add Calder", "agreement add Calder SOW-A kind:sow", "matrix set Calder SOW-A Plants msp"):
        assert CliRunner().invoke(app, ["do", line]).exit_code == 0
    assert encoded == [], "only questions are compared with what rows mean"
    first = CliRunner().invoke(app, ["ask", "--client", "Calder", "who waters what is green?"])
    assert any("Plants" in text for text in encoded)
    encoded.clear()
    again = CliRunner().invoke(app, ["ask", "--client", "Calder", "who looks after the garden?"])
    assert not any("Plants" in text for text in encoded)
    assert (first.exit_code, again.exit_code) == (0, 0)


def test_a_database_that_is_locked_does_not_matter_for_it(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def store(*_: object) -> None:
        raise DatabaseUnavailable("database is locked")

    monkeypatch.setattr(Matrices, "encoded_texts", lambda _: ["Plants"])
    monkeypatch.setattr(Matrices, "store", store)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)
    assert CliRunner().invoke(app, ["do", "client add Calder"]).exit_code == 0
