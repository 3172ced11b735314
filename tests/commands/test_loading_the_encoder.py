"""The encoder is loaded by the first who needs it, once, whoever asks at the same time; no start waits for it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.runtime import wiring
from bot.runtime.config import load_settings
from commands.matrix_cache import Matrices
from commands.meanings import Meanings


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
