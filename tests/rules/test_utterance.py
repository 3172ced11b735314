"""What words are by themselves: a question, arguments, small talk, one word."""

import pytest

from commands.rules.questions.utterance import asks, goes_on_as_prose, is_one_word, is_small_talk, unasked, unlinked

ASKING = (
    "who patches the servers?",
    "who patches the servers",
    "whose job is the backup",
    "to the server room, who grants it?",
    "sync on phones ours?",
    "sync on phones ours",
    "changes in M365, who does them",
    "vpn down, ours?",
    "vpn down, is that us",
    "vpn down - us?",
    "review for SOC 2: do we run it",
    "is broken",
    "list of certificates, us or them",
    "the backups, our job I guess",
    "calder payroll? :pray:",
    "kept calder “Test a restore”?",
    "accès au serveur ?",
    "サーバーは誰の責任ですか？",
)
NOT_ASKING = (
    "calder",
    "add calder SOW-B kind:sow",
    'forget calder "who owns the zorblax?"',
    "forget calder “who owns the zorblax?”",
    "terminate calder SOW-A reason:moved?",
    'dismiss 12 note:"is it ours?"',
    'add calder "Ours and Yours"',
    "add The Coffee House",
    "all the backups",
    "SOW-A renews for successive 1 year terms unless 60 days' notice",
    "to:<@U0WHO> @dana 90d",
    "next quarter",
    "",
)


@pytest.mark.parametrize("words", ASKING)
def test_a_question_is_seen_by_its_words(words: str) -> None:
    assert asks(words, ("reason", "note", "kind", "to"))


@pytest.mark.parametrize("words", NOT_ASKING)
def test_arguments_ask_nothing(words: str) -> None:
    assert not asks(words, ("reason", "note", "kind", "to"))


@pytest.mark.parametrize(
    ("words", "is_prose"),
    [
        ("is broken", True),
        ("for the finance share", True),
        ("isn’t working", True),
        ("with the printers", True),
        ("calder SOW-A", False),
        ('"For the Record Ltd"', False),
        ("by:lee calder", False),
        ("", False),
    ],
)
def test_a_sentence_goes_on_after_a_command_s_name(words: str, is_prose: bool) -> None:
    assert goes_on_as_prose(words, ("by",)) is is_prose


def test_small_parts_of_words_can_be_taken_off() -> None:
    assert unlinked("for calder") == "calder"
    assert unlinked("For Calder Ridge") == "Calder Ridge"
    assert unlinked("calder") is None
    assert unlinked("for") is None
    assert unasked("calder ?!") == "calder"
    assert unasked("calder") == "calder"


SMALL_TALK = """
thaaanks
okkk
hellooo
thanks!
Thank you so much :pray:
thx
ty
ok
OK, will do
okay thanks
kk
good morning
Good evening everyone!
have a nice weekend
happy friday
lol
LOLOL
hahaha
hmmm
why
why?
who?
hello
hi there
hey team
yes
nope
:+1:
:thumbsup::skin-tone-3:
👍
🎉🎉
?
???
!
...
got it
perfect, that worked
great, thanks
thanks, that fixed the printer
thanks for your help with the backup yesterday
no worries
never mind
sorry!
how are you?
what can you do?
what can I ask you
who are you?
is that ours?
is this us?
bye
see you later
<@U0DANA> thanks
test
testing 123
ping
merci
sure
you're welcome
sounds good to me thanks
you rock
sorry wrong channel
see you tomorrow
bye, see you on Monday
my mistake, ignore that
you are a legend
"""
NO_SMALL_TALK = """
WEEE
is SSO ours?
printer at reception is broken, thanks
backup
MFA?
backup?
who patches the servers?
thanks, who patches the servers?
thanks! is the firewall ours?
good morning, is the backup ours?
ok printer at reception is broken
weekend support
is weekend support ours?
night shift cover, ours?
new user setup
test restores
patching
help desk
ours tomorrow?
see the firewall logs tomorrow
channel backup
is Hello for Business ours?
happy path monitoring
thanksgiving opening hours, who sets the phones?
サーバーは誰の責任ですか？
ありがとう、サーバーは誰？
"""


@pytest.mark.parametrize("text", [line for line in SMALL_TALK.splitlines() if line] + ["", "  \n "])
def test_small_talk_is_told(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize("text", [line for line in NO_SMALL_TALK.splitlines() if line])
def test_what_names_a_subject_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("backup", True), ("MFA?", True), ("backup :pray:", True), ("<@U0DANA> zorblax", True), ("", True),
        ("who patches", False), ("サーバーは誰の責任ですか？", False), ("резервное", True),
    ],
)  # fmt: skip
def test_one_word_is_told_from_a_sentence(text: str, is_one: bool) -> None:
    assert is_one_word(text) is is_one
