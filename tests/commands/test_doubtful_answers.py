"""Where it is not clear which paper applies, everybody reads the same: ask first. Nothing calls it a sure answer."""

from datetime import timedelta

import pytest

from commands.errors import Conflict
from tests.commands.conftest import CHANNEL, TECHNICIAN, Desk

FIRST = "SOW-A says ours, but whether it still applies is not clear. Ask first."
NO_TERM = '/engagement agreement edit calder SOW-A initial-term:""'


@pytest.fixture
def calder(desk: Desk) -> Desk:
    """MSA-1, in force, says that the client does it; SOW-A, which takes precedence, that we do. Both are sure."""
    desk.type('/engagement client add "Calder Ridge" alias:calder channel:C0CALDER')
    signed = "effective:2026-01-01 signed:2026-01-01 renewal:none"
    desk.type(f"/engagement agreement add calder MSA-1 kind:msa initial-term:36m {signed}")
    desk.type(f"/engagement agreement add calder SOW-A kind:sow initial-term:3m parent:MSA-1 {signed}")
    desk.type('/engagement matrix set calder MSA-1 "Server backup" client clause:2.1 as-signed:yes')
    desk.type('/engagement matrix set calder SOW-A "Server backup" msp clause:5 as-signed:yes')
    return desk


@pytest.fixture
def doubtful(calder: Desk) -> Desk:
    """SOW-A has no term on record."""
    calder.type(NO_TERM)
    calder.now += timedelta(hours=1)
    return calder


def test_it_is_shared_as_it_was_given(doubtful: Desk) -> None:
    given = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    shared = doubtful.type("/engagement scope share 1", user=TECHNICIAN, channel=CHANNEL)
    assert given.headline == shared.headline == f"Calder Ridge: {FIRST}"
    assert shared.ruling is not None
    assert (shared.ruling.word, shared.ruling.asks_first) == ("Ask first", True)


def test_it_is_not_worded_for_the_client(doubtful: Desk) -> None:
    given = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    assert "Copy for client" not in [each.label for each in given.choices]
    with pytest.raises(Conflict, match="Whether SOW-A applies is not clear, so nothing is sent to the client"):
        doubtful.type("/engagement scope wording 1", user=TECHNICIAN)


def test_what_counts_is_the_day_of_the_answer(calder: Desk) -> None:
    given = calder.type("/scope calder server backup", user=TECHNICIAN)
    assert given.headline == "Calder Ridge: This is ours: do it."
    calder.now += timedelta(hours=1)
    calder.type(NO_TERM)
    calder.now += timedelta(hours=1)
    assert FIRST in calder.type("/scope calder server backup", user=TECHNICIAN).headline
    shared = [calder.type(f"/engagement scope share {id}", user=TECHNICIAN, channel=CHANNEL) for id in (1, 2)]
    assert [each.headline for each in shared] == ["Calder Ridge: This is ours: do it.", f"Calder Ridge: {FIRST}"]


def test_paper_of_a_parent_that_ended_is_not_worded_either(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Printers" msp clause:6 as-signed:yes')
    calder.type("/engagement agreement edit calder SOW-A initial-term:36m")
    calder.type("/engagement agreement edit calder MSA-1 initial-term:1m")
    calder.now += timedelta(hours=1)
    given = calder.type("/scope calder printers", user=TECHNICIAN)
    assert "Ask first" in given.headline
    assert calder.type("/engagement scope share 1", user=TECHNICIAN, channel=CHANNEL).headline == given.headline
    with pytest.raises(Conflict, match="nothing is sent to the client"):
        calder.type("/engagement scope wording 1", user=TECHNICIAN)
