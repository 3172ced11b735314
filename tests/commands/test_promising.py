"""A promise that only reads like one is found by the check, and is gone when it is worded anew."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from commands.matrix_cache import Matrices
from commands.meanings import Meanings, shipped_meanings
from storage.catalog.sentences import encoder
from tests.commands.conftest import Desk

PROMISE = "Crooks won't ever find a way into your office network."
SAID = "reads like a promise that nobody can keep"


def _with_encoder(desk: Desk) -> Desk:
    desk.dispatcher = replace(desk.dispatcher, matrices=Matrices(load_meanings=shipped_meanings))
    return desk


def test_the_check_finds_it_until_it_is_worded_anew(desk: Desk) -> None:
    _with_encoder(desk)
    desk.type('client add "Calder Ltd" alias:calder owner:U0MANAGER')
    said = desk.type(f'promise add calder "{PROMISE}" source:website')
    assert any(SAID in each for each in said.cautions)
    assert SAID in str(desk.type("check calder"))
    assert SAID in str(desk.type("check calder"))
    desk.type(f'promise edit calder "{PROMISE}" wording:"The firewall is patched every month."')
    assert SAID not in str(desk.type("check calder"))


def test_the_check_finds_it_in_a_summary_and_for_everybody(desk: Desk) -> None:
    _with_encoder(desk)
    desk.type('client add "Calder Ltd" alias:calder owner:U0MANAGER')
    added = desk.type(f'agreement add calder SOW kind:sow summary:"{PROMISE}"')
    assert any(SAID in each for each in added.cautions)
    assert f"SOW: its summary {SAID}" in str(desk.type("check calder"))
    desk.type(f'promise add "{PROMISE}" everybody:yes source:website')
    lines = desk.type("check all").lines
    assert any(line.startswith("Promised to everybody") and SAID in line for line in map(str, lines))


def test_a_row_is_cautioned_about_when_it_is_written(desk: Desk) -> None:
    _with_encoder(desk)
    desk.type('client add "Calder Ltd" alias:calder owner:U0MANAGER')
    desk.type("agreement add calder SOW kind:sow")
    said = desk.type(f'matrix set calder SOW Firewall msp notes:"{PROMISE}"')
    assert any(SAID in each for each in said.cautions)


def test_without_an_encoder_nothing_is_said(desk: Desk) -> None:
    desk.type('client add "Calder Ltd" alias:calder owner:U0MANAGER')
    assert not any(SAID in each for each in desk.type(f'promise add calder "{PROMISE}"').cautions)
    assert SAID not in str(desk.type("check calder"))


def test_what_one_process_encoded_no_other_encodes_again(desk: Desk) -> None:
    _with_encoder(desk)
    desk.type('client add "Calder Ltd" alias:calder owner:U0MANAGER')
    desk.type(f'promise add calder "{PROMISE} Backups run nightly." source:website')
    desk.type(f'promise add "{PROMISE}" everybody:yes source:website')
    matrices = Matrices(load_meanings=shipped_meanings)  # as after a start
    with desk.database.open_unit(desk.workspace_id) as uow:
        [client] = uow.clients.list()
        texts = matrices.new_texts(uow, client, desk.now.date())
        assert {PROMISE, "Backups run nightly."} <= set(texts)
        matrices.store(uow, texts)
    encoded: list[str] = []

    class Listening(Meanings):
        def _encoded(self, text: str) -> NDArray[np.int8]:
            encoded.append(text)
            return super()._encoded(text)

    desk.dispatcher = replace(desk.dispatcher, matrices=Matrices(load_meanings=lambda: Listening(encoder())))
    assert SAID in str(desk.type("check calder"))
    assert PROMISE not in encoded
