"""Words at every door: a question is a question, a whole command is a command, half of one says what it misses."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot.slack.home_and_shortcuts import CHECK_MESSAGE, PROMPTS
from commands import catalog
from commands.command import Registry
from commands.dispatching.request import Request
from tests.bot.conftest import CALDER, DANA, GUS, HELPDESK, SAM, VIC, Bot, is_refusal

SENTENCES: dict[str, list[str]] = {}
for _line in (Path(__file__).parents[1] / "data" / "sentences.txt").read_text(encoding="utf-8").splitlines():
    if _line.startswith("["):
        _noun = _line.strip("[]")
    elif _line and not _line.startswith("#"):
        SENTENCES.setdefault(_noun, []).append(_line)
THREAD = "1600000000.000900"


def mention(bot: Bot, user: str, text: str) -> Any:
    bot.send(bot.payloads.mention(user, CALDER, text))
    return bot.slack.posted[-1].payload


def thread(bot: Bot, user: str, text: str) -> Any:
    bot.send(bot.payloads.mention(user, CALDER, text, thread_ts=THREAD))
    return bot.slack.posted[-1].payload


def agent_pane(bot: Bot, user: str, text: str) -> Any:
    """A conversation with the agent: a direct message in a thread, whose first question named the client."""
    if not _asked(bot, f"D{user[1:]}"):
        bot.send(bot.payloads.direct(user, "who waters the plants at Calder Ridge?", thread_ts=THREAD))
    bot.send(bot.payloads.direct(user, text, thread_ts=THREAD))
    return bot.slack.posted[-1].payload


def direct(bot: Bot, user: str, text: str) -> Any:
    bot.send(bot.payloads.direct(user, text))
    return bot.slack.posted[-1].payload


def main_command(bot: Bot, user: str, text: str) -> Any:
    return bot.slash(user, text, CALDER)


def scope_command(bot: Bot, user: str, text: str) -> Any:
    return bot.slash(user, text, CALDER, command="/scope")


def shortcut(bot: Bot, user: str, text: str) -> Any:
    bot.send(bot.payloads.message_shortcut(user, CHECK_MESSAGE, CALDER, text))
    return bot.slack.posted[-1].payload


Door = Callable[[Bot, str, str], Any]
MESSAGES: tuple[Door, ...] = (mention, thread, agent_pane)
DOORS: tuple[Door, ...] = (*MESSAGES, scope_command, shortcut)


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


@pytest.fixture
def calder(bot: Bot) -> Bot:
    """Calder Ridge with a signed agreement, three rows and one system."""
    bot.prepare(
        "agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01 initial-term:12m",
        'matrix set calder SOW-A "Server backup" msp clause:3.2 as-signed:yes',
        'matrix set calder SOW-A "Multi-factor authentication" client alias:MFA clause:3.3 as-signed:yes',
        'matrix set calder SOW-A "Server OS patching" msp clause:3.4 as-signed:yes',
        'access grant calder "Payroll server" view limit:"only while a named clerk watches" basis:"SOW-A 3.8"',
    )
    return bot


def _asked(bot: Bot, channel: str | None = None) -> list[str]:
    """The questions that were kept, newest first."""
    with bot.runtime.dispatcher.open_unit(bot.workspace_id, writes=False) as uow:
        client = uow.clients.find_by_key("calder")
        assert client is not None
        kept = uow.questions.history(client.id, 1000)
        return [each.question for each in kept if channel in (None, each.channel)]


def _newest(bot: Bot) -> int:
    """The number of the question that was kept last; 0 where none is."""
    with bot.runtime.database.engine.connect() as connection:
        newest = connection.execute(sqlalchemy.text("SELECT max(id) FROM scope_question")).scalar()
        return int(newest or 0)


def _open(bot: Bot) -> list[str]:
    with bot.runtime.dispatcher.open_unit(bot.workspace_id, writes=False) as uow:
        return [each.question for each in uow.questions.open()]


def test_every_noun_has_its_sentences() -> None:
    assert set(catalog.REGISTRY.nouns) == set(SENTENCES)
    assert {len(each) for each in SENTENCES.values()} == {20}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("noun", SENTENCES)
def test_a_question_that_begins_like_a_command_is_a_question(calder: Bot, noun: str, door: Door) -> None:
    few = slice(None) if door in (mention, scope_command) else slice(0, 20, 5)
    wrong = []
    before = _newest(calder)
    for sentence in SENTENCES[noun][few]:
        answer = door(calder, DANA, sentence)
        asked_before, before = before, _newest(calder)
        if before == asked_before or is_refusal(answer):
            wrong.append((sentence, answer["text"][:150]))
    assert wrong == []


@pytest.mark.parametrize("noun", SENTENCES)
def test_in_a_direct_message_it_is_asked_back_about_which_client(calder: Bot, noun: str) -> None:
    wrong = [each for each in SENTENCES[noun][::4] if not direct(calder, DANA, each)["text"].startswith("Which client")]
    assert wrong == []


@pytest.mark.parametrize("command", list(catalog.REGISTRY), ids=lambda command: command.name)
def test_every_example_is_a_command_in_a_message(calder: Bot, command: Any) -> None:
    slash, _, rest = command.example.partition(" ")
    line = rest if slash == "/engagement" else f"{command.name} {rest}"
    for text in (line.replace("acme", "calder"), command.example.replace("acme", "calder")):
        for channel in (CALDER, "C0HELP", "D0DANA"):
            request = calder.runtime.dispatcher.find(_request(calder, text, channel))
            assert request[0].name == command.name, (text, channel)


def _request(bot: Bot, text: str, channel: str, slash: str | None = None) -> Request:
    return Request(bot.workspace_id, DANA, text, slash=slash, channel=channel)


HALF_TYPED = (
    # typed, what the answer says
    ("agreement add calder", "reference is missing"),
    ("renewal decide calder MSA", "has no agreement"),
    ("renewal decide calder SOW-A", "decision is missing"),
    ("matrix set calder SOW-A", "item is missing"),
    ("client add", "name is missing"),
    ("client add The Coffee House", "was not expected"),
    ("role grant @nobody technician", "is not a person"),
    ("promise add calder we patch monthly", "was not expected"),
    ("disclosure record calder", "regulation is missing"),
    ("agreement add calder SOW-B knd:sow", 'Did you mean "kind:"'),
    ("scope settle", "id is missing"),
    ("access grant calder", "system is missing"),
    ("check caldr", "Did you mean Calder Ridge"),
    ("access caldr", "Did you mean Calder Ridge"),
    ("matrix shwo calder", '"matrix" needs one of: show'),
    ("agrement add calder SOW-B kind:sow", "agreement add"),
    ("cleint list", "client list"),
    ("who hippa", "is not a regulation we know"),
    ("agreement", '"agreement" needs one of'),
    ("insurance", '"insurance" needs one of'),
    ("promise...", '"promise" needs one of'),
)


FORMS = ("client add", "scope settle", "matrix set calder SOW-A", "agreement", "insurance", "promise...")


def in_no_clients_channel(bot: Bot, user: str, text: str) -> Any:
    bot.send(bot.payloads.mention(user, HELPDESK, text))
    return bot.slack.posted[-1].payload


def main_command_elsewhere(bot: Bot, user: str, text: str) -> Any:
    return bot.slash(user, text, HELPDESK)


@pytest.mark.parametrize("door", [in_no_clients_channel, agent_pane, main_command_elsewhere])
def test_half_a_command_says_what_it_misses_and_asks_nobody(calder: Bot, door: Door) -> None:
    if door is agent_pane:
        agent_pane(calder, DANA, "who patches the servers?")
    before, opened = len(_asked(calder)), _open(calder)
    wrong = []
    for typed, said in HALF_TYPED:
        if door is main_command_elsewhere and typed in FORMS:
            continue  # it opens the form, or names the noun's verbs
        answer = door(calder, DANA, typed)
        if not isinstance(answer, dict) or said not in answer["text"]:
            wrong.append((typed, said, answer))
    assert wrong == []
    assert (len(_asked(calder)), _open(calder)) == (before, opened)


@pytest.mark.parametrize("door", [mention, thread])
def test_half_a_command_is_no_question_in_the_client_s_channel_either(calder: Bot, door: Door) -> None:
    for typed, _ in HALF_TYPED:
        door(calder, DANA, typed)
    assert _asked(calder) == []


POLITE = (
    # typed, the command it is
    ("who hipaa?", "who"),
    ("agreement list for calder", "agreement list"),
    ("check calder?", "check"),
    ("check for calder", "check"),
    ("client list?", "client list"),
    ("help?", "help"),
    ("Help!", "help"),
    ("home", "home"),
    ("scope open?", "scope open"),
    ("access calder payroll server?", "access"),
    ("access payroll server", "access"),
    ("HELP agreement add", "help"),
    ("/engagement who hipaa", "who"),
    ("/renewals 90d", "renewal list"),
    ("/scope calder who patches?", "scope ask"),
    ("scope ask is it ours?", "scope ask"),
    ('scope forget calder "who owns the zorblax?"', "scope forget"),
    ("promise kept calder restore?", "scope ask"),
    ("access review calder payroll?", "scope ask"),
    ("setup?", "setup"),
    ("renewals next quarter", "renewal list"),
    ("Renewals", "renewal list"),
    ("renewals of the certificates, who does them?", "scope ask"),
    ("disclose calder gdpr applies", "disclosure record"),
    ("disclose passwords by phone, allowed?", "scope ask"),
)


@pytest.mark.parametrize(("typed", "name"), POLITE)
def test_a_message_is_the_command_that_it_politely_is(calder: Bot, typed: str, name: str) -> None:
    assert calder.runtime.dispatcher.find(_request(calder, typed, CALDER))[0].name == name


SLASHES = (
    # slash, typed, the command it is
    ("/engagement", "who patches the servers?", "scope ask"),
    ("/engagement", "who patches the servers", "scope ask"),
    ("/engagement", "is the firewall ours?", "scope ask"),
    ("/engagement", "client vpn down, ours?", "scope ask"),
    ("/engagement", "who hipaa", "who"),
    ("/engagement", "who hipaa?", "who"),
    ("/engagement", "who nis3", "who"),
    ("/engagement", "check nosuchclient", "check"),
    ("/engagement", "", "help"),
    ("/engagement", "help", "help"),
    ("/engagement", "promise kept calder restore?", "promise kept"),
    ("/scope", "", "help"),
    ("/scope", "help", "help"),
    ("/scope", "who patches the servers?", "scope ask"),
    ("/scope", "history calder", "scope history"),
    ("/scope", "open", "scope open"),
    ("/scope", "open firewall ports", "scope ask"),
    ("/scope", "why 12", "scope why"),
    ("/scope", "why is the firewall ours?", "scope ask"),
    ("/scope", "share drives, ours?", "scope ask"),
    ("/renewals", "", "renewal list"),
    ("/renewals", "list calder", "renewal list"),
    ("/disclose", "ask calder", "disclosure ask"),
)


@pytest.mark.parametrize(("slash", "typed", "name"), SLASHES)
def test_a_slash_command_is_what_its_words_are(calder: Bot, slash: str, typed: str, name: str) -> None:
    assert calder.runtime.dispatcher.find(_request(calder, typed, CALDER, slash))[0].name == name


def test_the_most_natural_question_is_answered_at_every_door(calder: Bot) -> None:
    for door in (*DOORS, main_command):
        answer = door(calder, SAM, "who patches the servers?")
        assert "This is ours" in answer["text"], door.__name__
    assert calder.slack.posted
    assert not any(re.search("not a regulation", str(each.payload)) for each in calder.slack.posted)


SMALL_TALK = (
    "thanks!", "ok", "good morning", "lol", "why", "👍", ":+1:", "hello", "zorblax", "zorblax?", "who", "is that ours?",
)  # fmt: skip


@pytest.mark.parametrize("door", [*DOORS, direct])
def test_small_talk_opens_no_question_and_tells_nobody(calder: Bot, door: Door) -> None:
    if door is agent_pane:
        agent_pane(calder, SAM, "who patches the servers?")
    before = len(_asked(calder)), _open(calder)
    for said in SMALL_TALK:
        posted = len(calder.slack.posted)
        answer = door(calder, SAM, said)
        told = {each.channel for each in calder.slack.posted[posted:] if each.kind != "view"}
        assert told <= {CALDER, "D0SAM"}, said
        if not (door is direct and "zorblax" in said):
            assert ": who is responsible for" in answer["text"] or "such as: /scope" in answer["text"], said
            assert "\n" not in answer["text"]
    assert (len(_asked(calder)), _open(calder)) == before


@pytest.mark.parametrize("door", DOORS)
def test_one_word_that_names_a_row_is_a_question(calder: Bot, door: Door) -> None:
    assert 'Do you mean "Server backup"?' in door(calder, SAM, "backup")["text"]
    assert _asked(calder)[0] == "backup"
    assert "the client's" in door(calder, SAM, "MFA?")["text"]


def test_the_same_question_joins_the_open_one_and_both_are_told(calder: Bot) -> None:
    scope_command(calder, SAM, "who waters the plants?")
    assert calder.slack.posted == []
    again = scope_command(calder, VIC, "Is watering the plants ours??")
    assert "same as open question no. 1" in again["text"]
    assert calder.slack.posted == []
    assert _open(calder) == ["who waters the plants?"]
    assert "is told" in calder.slash(DANA, "scope settle 1 client", HELPDESK)["text"]
    assert {each.channel for each in calder.slack.posted} == {"D0SAM", "D0VIC"}
    assert _open(calder) == []


def test_a_question_about_another_day_opens_nothing_and_is_listed_with_its_day(calder: Bot) -> None:
    for asked in ("who waters the plants? as-of:2026-02-15", "who watered the plants last year?"):
        answer = scope_command(calder, SAM, asked)
        assert "Not documented" in answer["text"]
        assert "open question" not in answer["text"]
    assert calder.slack.posted == []
    assert _open(calder) == []
    history = calder.slash(DANA, "scope history calder", CALDER)
    assert "2026-02-15" in str(history)
    assert "2025-12-31" in str(history)


LIMITED = "Viewing only, and only while a named clerk watches. Within that it is ours."


def test_the_limit_of_an_access_is_the_headline(calder: Bot) -> None:
    calder.do('matrix set calder SOW-A "Payroll server patching" msp notes:"Bob is slow" clause:3.5 as-signed:yes')
    for door in DOORS:
        answer = door(calder, SAM, "who patches the payroll server?")
        assert answer["text"].splitlines()[0] == f"Calder Ridge: {LIMITED}", door.__name__
        assert "do it." not in answer["text"]
    answer = scope_command(calder, SAM, "who patches the payroll server?")
    [number] = re.findall(r"scope share (\d+)", str(answer))
    assert LIMITED in calder.slash(SAM, f"scope share {number}", CALDER)["text"]
    wording = calder.slash(SAM, f"scope wording {number}", CALDER)["text"]
    assert "viewing only, and only while a named clerk watches" in wording
    assert "Bob" not in wording
    several = scope_command(calder, SAM, "who patches the payroll server? and who does backups?")
    assert LIMITED.strip(".") in str(several)


@pytest.mark.parametrize("user", [DANA, SAM, VIC])
def test_everything_that_the_agent_pane_suggests_works(calder: Bot, user: str) -> None:
    calder.send(calder.payloads.home_opened(user, "messages"))
    suggested = [prompt["message"] for prompt in calder.slack.prompts]
    assert suggested == ["Who is responsible for Server backup at Calder Ridge?", "help", "home", "renewal list"]
    for message in (*suggested, *(message for _, message in PROMPTS)):
        answer = direct(calder, user, message)
        assert not is_refusal(answer), message
        assert "Not documented" not in answer["text"]
    assert "This is ours" in direct(calder, user, suggested[0])["text"]


def test_without_a_matrix_the_agent_pane_suggests_no_question(bot: Bot) -> None:
    bot.send(bot.payloads.home_opened(SAM, "messages"))
    assert [prompt["message"] for prompt in bot.slack.prompts] == [message for _, message in PROMPTS]


def test_a_guest_is_suggested_no_client(calder: Bot) -> None:
    calder.send(calder.payloads.home_opened(GUS, "messages"))
    assert "Calder" not in str(calder.slack.prompts)
