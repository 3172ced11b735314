"""Names in questions that nobody here knows: asked back, and learned only from whoever says whose they are."""

from collections.abc import Sequence
from dataclasses import astuple

import pytest

from commands.errors import UnclearClient
from commands.rules.matching.text import stem, tokens
from commands.rules.questions.known_words import is_slip, known_words, service_words
from commands.rules.questions.other_names import is_whom_it_is_for, possible_names
from storage.catalog import english
from storage.catalog.services import vocabulary
from tests.commands.conftest import CHANNEL, Desk, refusal_of
from tests.training.sets import MENDED_BY, load, names

# Names that nobody knows here, in every place of a question.
ABOUT_SOMEBODY_ELSE = [
    "for acme corp who does the backup?",
    "who patches the servers at Baxter & Sons?",
    "the harbour people want to know who does backups",
    "who backs up the server for baxter?",
    "do we manage the firewall at harbor dental",
    "Baxter: who patches the servers?",
    "baxter who patches the servers?",
    "hollins and co - who handles phishing reports?",
    "is antivirus ours for wexler?",
    "who resets passwords at Wexler Dental?",
    "who resets passwords for wexler dental?",
    "for Fenwick who renews the ssl certificate",
    "re fenwick: who renews the domain?",
    "about the Fenwick account, who manages backups?",
    "Does Kessler Orthodontics have patching with us?",
    "kessler orthodontics: is patching ours?",
    "who looks after kessler's email?",
    "who looks after Kessler Orthodontics' email?",
    "Brightwater Inc who owns the firewall?",
    "at brightwater inc., who owns the firewall?",
    "who manages DNS for Lumen & Fitch LLP",
    "who manages the printers over at Ostrava Foods?",
    "client is Ostrava Foods. who does backups?",
    "Ostrava wants to know who patches their servers",
    "question from Ostrava: who does the offboarding?",
    "for our client Pendrell, who does the restore tests?",
    "for the client pendrell who tests restores?",
    "do we do wifi for St. Agnes Parish?",
    "who does the wifi at st agnes?",
    "who monitors the servers of Quillfeather Ltd",
    "Quillfeather's server is down, is that ours?",
    "what about Tarkington?",
    "and for Tarkington?",
    "same question for tarkington",
    "who handles backups for Tarkington Legal Group in Dallas?",
    "Who is responsible for endpoint protection at Zorbex GmbH?",
    "wer macht das Backup bei Zorbex?",
    "qui fait les sauvegardes chez Dupuis?",
    "for dupuis sarl who patches?",
    "ivanov & partners: who is responsible for backups?",
    "who covers on-call for Ivanov & Partners after hours?",
    "who does patching for Okonkwo Holdings plc?",
    "with Okonkwo, who approves firewall changes?",
    "who approves firewall changes with Okonkwo Holdings?",
    "who handles vendor calls for the Mapleton office?",
    "who does backups at Mapleton Clinic",
    "hi team, for mapleton clinic who does the backups pls",
    "Who maintains the network at Veridian Logistics?",
    "who maintains veridian logistics' network",
    "VERIDIAN: who does patching?",
    "who manages m365 for Nakatomi",
    "who manages the cameras at Nakatomi Trading Co?",
    "is email archiving included for gryphon?",
    "at gryphon, are laptops encrypted by us?",
    "Gryphon Capital - are laptops encrypted by us?",
    "who does the onboarding for bluestone and fawkes",
    "who does x for the fenwicks",
    "what about the wexlers?",
    "back up Okonkwo",
    "back up okonkwo",
    "can you back up Okonkwo",
    "monitor Tarkington please",
    "is the quillfeather firewall ours",
    "is quillfeather firewall ours?",
    "are the tarkington printers ours?",
    "mapleton clinic backups",
    "mapleton clinic backups - ours",
    "who patches for the mapleton clinic",
    "Delgado & Sons backups - ours?",
    "okonkwo backups ours?",
    "who does the backups for @ Fenwick",
    "who patches the servers @ fenwick?",
    "@Fenwick who patches the servers?",
    "granite gold's contract",
    "who does the backups on okonkwo blue's server",
    "no internet at the Baxter job",
    "the tiger's backups",
]
BESIDE_SERVICES = [
    "okonkwo backups", "reset the okonkwo passwords", "firewall rules contoso", "who does tarkington backups?",
    "who does the wexler backups", "patch zorblax servers", "server patching fabrikam?", "who patches servers globex",
    "back up tarkington servers", "for the okonkwos who patches",
    "vpn access pemberton", "backup restore witherspoon please", "new laptop contoso", "is contoso antivirus ours",
    "kessler vpn",
]  # fmt: skip
OF_ORDINARY_WORDS = [
    "silver star backups", "silver star backups?", "Silver Star backups", "acme corp patching", "acme group backup",
    "blue ridge firewall", "golden gate antivirus", "red oak backups", "iron horse printers", "stone creek email",
    "summit partners vpn", "who does backups silver star", "is silver star backup ours?", "acme backups",
    "do we patch silver star servers?", "reset passwords silver star", "north shore dental patching",
    "sunrise bakery laptops", "who patches golden eagle servers", "copper canyon server patching",
    "green valley wifi ours?", "oak hill vpn access", "firewall rules blue ocean", "bright star mfa",
    "eagle rock backups", "pioneer title backups", "silver lake patching?", "white pine email archiving",
    "granite falls server backups", "who does liberty bell backups", "patch the black bear servers",
    "eagle point antivirus ours?", "harbor light domain renewal", "password resets blue heron", "new laptop silver fox",
    "do we monitor lone star servers", "summit holdings firewall", "keystone corp wifi", "river bend printers?",
    "who manages sunset ridge firewall?", "is the golden oak vpn ours", "phoenix rising laptops",
]  # fmt: skip
# Products that are called as companies are.
OF_PRODUCTS = [
    "great plains backups", "silver peak monitoring", "arctic wolf monitoring", "is arctic wolf antivirus ours",
    "company portal patching", "who does great plains server backups",
]  # fmt: skip
# Near to a word of ours, or the brand of a product: told apart from things by nothing.
NOT_TOLD_APART = ["apex patching", "serevr backups", "fileserver backups", "lable printers"]


@pytest.mark.parametrize("question", [*ABOUT_SOMEBODY_ELSE, *BESIDE_SERVICES, *OF_ORDINARY_WORDS])
def test_an_unknown_name_is_asked_back_wherever_it_stands(question: str) -> None:
    assert _asked_back(question, frozenset({"calder", "ridg"})), question


@pytest.mark.parametrize("question", OF_PRODUCTS)
def test_a_product_is_not_taken_for_a_company(question: str) -> None:
    assert _asked_back(question, frozenset()) == []


@pytest.mark.parametrize("question", NOT_TOLD_APART)
def test_a_name_of_nobody_that_looks_like_a_thing_is_not_asked_back(question: str) -> None:
    assert _asked_back(question, frozenset()) == []


COMPANIES = (
    "Globex", "Wexler Dental", "Summit Legal", "Keystone Partners", "Bluebird", "O'Neill Brothers", "Okafor Law",
    "Redwood", "Sterling", "Webb", "Abbott", "Elan", "Sequoia",
)  # fmt: skip
PLACED = (
    "for {} who does the backup?", "who does the backup for {}?", "who patches servers at {}",
    "is antivirus ours for {}?", "what about {}?", "who owns DNS for {} Ltd", "about {}, who does onboarding",
)  # fmt: skip


@pytest.mark.parametrize("company", COMPANIES)
def test_a_company_called_by_ordinary_words_is_asked_back(company: str) -> None:
    texts = [place.format(name) for place in PLACED for name in (company, company.lower())]
    assert [text for text in texts if not _asked_back(text, frozenset())] == []


PASSING = [
    "who patches for hampers?", "the nanny's phone", "is Dr. Ruiz's laptop in scope", "drops pulled at the Reno office",
    "Gday, been out at Geelong all day, is that billed?", "who does backups for Priti?",
    "no internet at Torquay since the storm",
    "SPS map for Walmart", "steak is showing at the wrong price", "bakup ruels who", "who fixes the till at wicket 2",
    "the Germans want the wifi password, ours?", "office APs flapping", "gm's laptop is dead",
    "is the coffee machine ours?", "printers ours?", "back up Exchange", "who looks after the doctors",
    "are the laptops for the nurses ours?", "entry for the Dublin ferry won't submit", "backups for the servers",
    "howzit, the TV is black", "logins for the stafff, ours?", "backups for the srevers", "a report for the QSA, who?",
    "slots for the aprenticeship, who?", "amber light on the modem", "crane inspection", "solar panels",
    "red light modem", "gold support backups", "long distance calls", "new printers",
    "a red printer", "black toner", "blue screen laptop",
    "green screen app", "white list email", "black list email", "cold storage backups", "first line support",
    "legacy servers patching", "bridge mode router", "front gate camera", "star rating reviews",
    "north office printers", "west wing wifi", "river flooded the server room", "spring cleaning mailboxes",
]  # fmt: skip


@pytest.mark.parametrize("question", PASSING)
def test_what_a_sentence_mentions_in_passing_is_no_client(question: str) -> None:
    assert _asked_back(question, frozenset()) == []


def _asked_back(question: str, own: frozenset[str]) -> list[str]:
    words = vocabulary()
    is_known, are_services = known_words(words, own), service_words(words, own)
    found = possible_names(question, is_known, are_services, english.names())
    return [name for name in found if not is_slip(words, english.names(), name) and name != "calder ridge"]


@pytest.mark.slow
@pytest.mark.parametrize(("sets_", "most"), [(MENDED_BY, 0.002), (names(), 0.01)], ids=["mended", "all"])
def test_few_questions_on_record_are_asked_back_for_whom(sets_: Sequence[str], most: float) -> None:
    """144 of 14,975, most for places that only the client's people know: asked back once, then known.

    Of the 5,512 of November 28th it was 81 when they were new, 53 after what they showed.
    """
    asked, of_named, count = [], [], 0
    for one in map(load, sets_):
        texts = (text for row in one.rows for text in astuple(row) if isinstance(text, str))
        own = frozenset(stem(word) for text in texts for word in tokens(text))
        for question in one.questions:
            count += 1
            found = _asked_back(question.text, own)
            asked += [question.text] if found else []
            of_named += [question.text] if any(is_whom_it_is_for(question.text, name) for name in found) else []
    assert len(asked) <= most * count, asked
    assert len(of_named) <= 0.002 * count, "also where the client is named outright: 42 of 22,535, most mistyped"


def test_what_nobody_answered_makes_no_word_the_client_s_own(calder: Desk) -> None:
    """A stranger's name in a question that was kept open is still a stranger's in the next one."""
    calder.type("/scope access quietly to zorblax gold and the rest of what they have there", channel=CHANNEL)
    refused = calder.refused("/scope who patches the servers for zorblax gold?", channel=CHANNEL)
    assert isinstance(refused, UnclearClient)
    assert "zorblax" in refused.message


def test_what_was_answered_unasked_makes_no_word_the_client_s_own(calder: Desk) -> None:
    """A small word that was passed over in a question that has an answer was nobody's yet."""
    calder.type('/engagement matrix set calder SOW-A "Server backups" msp')
    for passed_over in ("/scope back up in tarkington servers", "/scope Tarkington server backups"):
        assert "Calder Ridge" in calder.type(passed_over, channel=CHANNEL).headline
        refused = calder.refused("/scope server backups for tarkington", channel=CHANNEL)
        assert isinstance(refused, UnclearClient)
        assert "tarkington" in refused.message


@pytest.mark.parametrize(
    "passed_over",
    [
        "who patches the servers (Contoso)?", "who patches the servers, Contoso?", "who patches the Contoso servers?",
        "is Contoso's server patching ours?", 'who patches the "Contoso" servers?', "Server patching: Contoso too?",
    ],
)  # fmt: skip
def test_no_question_makes_a_name_the_client_s_own_for_the_next(calder: Desk, passed_over: str) -> None:
    asked = "/scope who patches the servers for contoso?"
    assert isinstance(calder.refused(asked, channel=CHANNEL), UnclearClient)
    for _ in range(2):
        refusal_of(calder, f"/scope {passed_over}")
    assert isinstance(calder.refused(asked, channel=CHANNEL), UnclearClient)


def test_a_wording_learned_at_a_settlement_makes_no_name_the_client_s_own(calder: Desk) -> None:
    asked = "/scope the people of fabrikam want a new kettle, is that ours by any chance?"
    kept = calder.type(asked, channel=CHANNEL).data["question_id"]
    calder.type(f'/engagement scope settle {kept} row:"Server backup" alias:yes')
    assert calder.type(asked, channel=CHANNEL).data["verdict"] == "msp"
    error = calder.refused("/scope who does the server backup for fabrikam?", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert "fabrikam" in error.message


def test_a_name_that_somebody_confirmed_stays_the_client_s_own_in_a_learned_wording(calder: Desk) -> None:
    error = calder.refused("/scope who dusts the plants at Kesselring?", channel=CHANNEL)
    [own] = [choice.command for choice in error.choices]
    kept = calder.type(own, channel=CHANNEL).data["question_id"]
    calder.type(f'/engagement scope settle {kept} row:"Server backup" alias:yes')
    assert "Calder Ridge" in calder.type("/scope server backup at Kesselring?", channel=CHANNEL).headline


FOR_NOBODY = (
    ("calder server backup for contoso", "contoso"), ("calder: who does the server backup for Fabrikam?", "Fabrikam"),
    ("who does calder's server backup for okonkwo?", "okonkwo"),
    ("calder server backup for the tarkington office", "tarkington"),
    ("is calder's server backup ours, for acme?", "acme"), ("calder server backup for the wexlers", "wexlers"),
)  # fmt: skip


@pytest.mark.parametrize("channel", [None, CHANNEL, "C0OTHER"])
@pytest.mark.parametrize(("asked", "name"), FOR_NOBODY)
def test_a_client_that_is_named_outright_does_not_hide_another(
    calder: Desk, asked: str, name: str, channel: str | None
) -> None:
    error = calder.refused(f"/scope {asked}", channel=channel)
    assert isinstance(error, UnclearClient)
    assert f'The question names Calder Ridge, and there is no client called "{name}".' in error.message
    [own] = [choice.command for choice in error.choices]
    assert calder.type(own, channel=channel).headline.startswith("Calder Ridge: ")
    assert calder.type(f"/scope {asked}", channel=channel).headline.startswith("Calder Ridge: "), "it is confirmed"


@pytest.mark.parametrize(
    "asked",
    [
        "calder server backup for the laptops?", "calder: who does the server backup for Windows?",
        "who does calder's server backup for the head office?", "calder server backup for Sarah",
        "calder server backup for now", 'calder server backup for "contoso"',
    ],
)  # fmt: skip
def test_for_what_is_no_name_the_named_client_is_answered(calder: Desk, asked: str) -> None:
    assert "Calder Ridge" in calder.type(f"/scope {asked}").headline


@pytest.mark.parametrize(
    "asked",
    [
        "silver star promises", "promises silver star", "obligations silver star",
        "golden eagle promises", "promises okonkwo", "contoso agreements", "who is the owner of silver star",
        "does hipaa apply to okonkwo", "is GDPR applicable to contoso?", "which laws apply to okonkwo",
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["/scope", "/engagement"])
def test_what_is_on_record_is_not_told_under_the_name_of_nobody(calder: Desk, door: str, asked: str) -> None:
    error = calder.refused(f"{door} {asked}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert "Calder Ridge is the client of this channel." in error.message


@pytest.mark.parametrize(
    "asked", ["our promises", "open promises", "restore promises", "promises this week", "all monthly promises"]
)
def test_plain_words_beside_what_is_on_record_name_nobody(calder: Desk, asked: str) -> None:
    calder.type('/engagement promise add calder "We test restores monthly"')
    assert "Calder Ridge" in calder.type(f"/scope {asked}", channel=CHANNEL).headline
