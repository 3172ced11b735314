"""What is on record is answered at every door; what would change it opens a form, or offers one."""

import pytest

from tests.bot.conftest import DANA, SAM, Bot
from tests.bot.test_doors import (
    MESSAGES,
    Door,
    _asked,
    _open,
    calder,
    direct,
    main_command,
    mention,
    registry,
    scope_command,
)

__all__ = ["calder", "registry"]


@pytest.mark.parametrize("door", [*MESSAGES, main_command, scope_command])
def test_a_question_about_the_record_is_answered_from_it(calder: Bot, door: Door) -> None:
    first = door(calder, SAM, "who waters the plants at Calder Ridge?")  # whatever the door needs to know the client
    assert first
    before = len(_asked(calder)), len(_open(calder))
    answer = door(calder, SAM, "when does the Calder Ridge contract end?")
    assert "/engagement agreement show" in str(answer)
    assert "SOW-A" in str(answer)
    assert (len(_asked(calder)), len(_open(calder))) == before


def test_a_change_after_a_slash_command_opens_its_form_filled_in(calder: Bot) -> None:
    answer = main_command(calder, DANA, "record that calder has no HIPAA data")
    assert not answer
    view = str(calder.view())
    assert "Record a disclosure" in view
    assert "Calder Ridge" in view
    assert "does_not_apply" in view


@pytest.mark.parametrize("door", [mention, direct])
def test_a_change_in_a_message_offers_its_form(calder: Bot, door: Door) -> None:
    answer = str(door(calder, DANA, "record that Calder Ridge has no HIPAA data"))
    assert "Nothing is changed yet" in answer
    assert "disclosure record" in answer


def test_small_talk_and_what_is_neither_stay_quiet(calder: Bot) -> None:
    before = len(calder.slack.posted)
    for said in ("lol", "why", "thanks!", "how do i reset mfa in entra", "tell me a joke"):
        mention(calder, SAM, said)
    assert _open(calder) == []
    assert len(calder.slack.posted) == before + 5, "nobody else is told"
