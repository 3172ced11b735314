"""A question by a row's own name is answered without the sentence encoder, at every door; no text is encoded twice."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commands.matrix_cache import Matrices
from commands.meanings import Meanings
from storage.catalog.sentences import Encoder
from tests.commands.conftest import TECHNICIAN, Desk, set_up_calder

CHANNEL = "C0CALDER"


class CountingSession:
    """In the place of the model: every text points somewhere of its own, and it is noted how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def run(self, _: object, given: dict[str, Any]) -> list[list[Any]]:
        self.asked.append(str(given["ids"].tolist()))
        vector = np.random.default_rng(abs(hash(self.asked[-1]))).standard_normal(384).astype(np.float32)
        return [[vector / np.linalg.norm(vector)]]


class Letters:
    """In the place of the tokenizer."""

    def encode(self, text: str) -> Any:
        return type("Ids", (), {"ids": [ord(each) for each in text]})


@pytest.fixture
def session() -> CountingSession:
    return CountingSession()


@pytest.fixture
def told(desk: Desk, session: CountingSession) -> Desk:
    """Calder Ridge's rows are encoded; a wording of one of them is learned."""
    matrices = Matrices(load_meanings=lambda: Meanings(Encoder(session, Letters(), "1")))
    desk.dispatcher = replace(desk.dispatcher, matrices=matrices)
    set_up_calder(desk)
    desk.type("scope ask calder tape swap")
    desk.type('scope learn 1 row:"Server backup"')
    desk.type("scope ask calder Server backup")
    session.asked.clear()
    return desk


def _asked(desk: Desk, text: str) -> str | None:
    reply = desk.type(text, user=TECHNICIAN, channel=CHANNEL)
    found: str | None = reply.data["item"]
    return found


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Server OS patching", "Server OS patching"),
        ("printer and copier hardware repair", "Printer and copier hardware repair"),
        ("/scope calder Workstation backup", "Workstation backup"),
        ("End-user application training at Calder Ridge", "End-user application training"),
        ("tape swap", "Server backup"),
        ("/scope who does server backup?", "Server backup"),
        ("is the workstation backup ours?", "Workstation backup"),
    ],
)
def test_a_rows_own_name_asks_no_encoder(told: Desk, session: CountingSession, text: str, item: str) -> None:
    assert _asked(told, text) == item
    assert session.asked == []


@pytest.mark.parametrize("text", ["who brings the laptop to the new starter", "can they reach us on a holiday"])
def test_no_text_is_encoded_twice(told: Desk, session: CountingSession, text: str) -> None:
    told.type(text, user=TECHNICIAN, channel=CHANNEL)
    assert session.asked, "it is asked for a question in somebody's own words"
    once: Sequence[str] = list(session.asked)
    assert len(set(once)) == len(once)
    told.type(text, user=TECHNICIAN, channel=CHANNEL)
    assert session.asked == once


def test_a_matrix_that_is_not_encoded_yet_is_arranged_once_and_again_when_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.matrix_cache.MOST_AT_ONCE", 2)
    matrices = Matrices(load_meanings=lambda: Meanings(Encoder(CountingSession(), Letters(), "1")))
    desk.dispatcher = replace(desk.dispatcher, matrices=matrices)
    set_up_calder(desk)
    for _ in range(3):
        desk.type("scope ask calder Server backup")
    assert matrices.misses == 1
    with desk.database.open_unit(desk.workspace_id) as uow:
        [client] = uow.clients.list()
        texts = matrices.new_texts(uow, client, desk.now.date())
        assert matrices.of(uow, client, desk.now.date()).awaited == texts[-1]
        matrices.encode(texts)
        matrices.store(uow, texts)
        assert matrices.of(uow, client, desk.now.date()).awaited is None
    assert matrices.misses == 2
