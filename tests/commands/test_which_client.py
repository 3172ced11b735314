"""Never the wrong client: what could name a client is read as one, or asked back, before it is anything else."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple

import pytest

from commands.catalog import REGISTRY
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError, NeedsYes, UnclearClient
from commands.grammar.parsing import assign
from commands.parameters import Kind
from commands.rules.matching.text import stem, tokens
from commands.rules.questions.other_names import is_slip, is_whom_it_is_for, known_words, possible_names, service_words
from storage.catalog import english
from storage.catalog.services import vocabulary
from tests.commands.conftest import Desk
from tests.training.sets import MENDED_BY, load, names

CHANNEL = "C0CALDER"
NAMING = [
    command for command in REGISTRY if any(each.kind is Kind.CLIENT and each.positional for each in command.parameters)
]
OTHER = "Granite Peak Orthodontics"
TWO = ("client merge",)  # what follows the client is another one
FREE = ("scope ask", "access", "agreement terms")


@pytest.fixture
def granite(calder: Desk) -> Desk:
    """In the channel of Calder Ridge, with another client on record."""
    calder.type(f'/engagement client add "{OTHER}" alias:gpo alias:smiles')
    return calder


def clients_read(desk: Desk, texts: Iterable[str], but: Collection[str] = ()) -> dict[str, str | None]:
    """By command line: the client that it leads to, "asked" where that is asked back, "refused" for other mistakes."""
    found: dict[str, str | None] = {}
    lines = [(command, text) for command in NAMING if command.name not in but for text in texts]
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        ctx = desk.dispatcher.context(uow, Request(desk.workspace_id, CONSOLE, "", channel=CHANNEL))
        for command, text in lines:
            line = f"{command.name} {text}"
            try:
                client = assign(command, text, ctx).get("client")
                found[line] = client if isinstance(client, str) else None
            except UnclearClient:
                found[line] = "asked"
            except CommandError:
                found[line] = "refused"
    return found


def test_a_client_that_is_named_is_the_client(granite: Desk) -> None:
    written = (
        f'"{OTHER}"',
        OTHER,
        OTHER.lower(),
        "gpo",
        '"gpo"',
        "granite",
        '"granite peak"',
        "granite peak",
        "Smiles",
    )
    rests = ("", " SOW-A", ' SOW-A "Server backup"', " hipaa applies", ' "we test backups"')
    found = clients_read(granite, [name + rest for name in written for rest in rests], but=TWO)
    assert {line: client for line, client in found.items() if client not in (OTHER, "refused")} == {}
    assert sum(client == OTHER for client in found.values()) > len(found) / 2


def test_a_near_miss_is_never_the_channels_client(granite: Desk) -> None:
    near = ("granit", '"Granite Peek Orthodontics"', '"Granite Paek"', "Granite Peka Orthodontics")
    found = clients_read(granite, near)
    assert {line: client for line, client in found.items() if client not in (OTHER, "asked", "refused")} == {}


def test_a_text_that_begins_with_another_client_is_asked_back(granite: Desk) -> None:
    found = clients_read(granite, [f'"{OTHER} backups"'], but=FREE)
    assert {line: client for line, client in found.items() if client not in ("asked", "refused")} == {}


@pytest.mark.parametrize(
    "line",
    [
        'agreement add "Granite Peak Orthodontics"',
        "agreement add granite",
        "insurance require granite",
        'recommendation decline granite by:"Lee"',
        "promise add granite",
        'promise add "Granite Peak Orthodontics" every:30d',
        "renewal decide calder SOW-A reason:because",
        "agreement sign granite",
        "disclosure record granite hipaa",
    ],
)
def test_nothing_is_written_about_the_channels_client_by_a_shift_of_words(granite: Desk, line: str) -> None:
    before = _everything(granite)
    error = granite.refused(line, channel=CHANNEL)
    assert "is missing" in error.message
    assert "Calder Ridge has no" not in error.message
    assert _everything(granite) == before


def _everything(desk: Desk) -> list[tuple[str, ...]]:
    lists = ("agreement list calder", "insurance list calder", "recommendation list calder", "promise list calder")
    tables = (desk.type(f"/engagement {line}").table for line in lists)
    return [row for table in tables if table is not None for row in table.rows]


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("agreement show SOW-A", "SOW-A of Calder Ridge"),
        ("matrix show SOW-A", "Calder Ridge"),
        ('matrix set SOW-A "Badge printers" msp', "Calder Ridge"),
        ("disclosure record hipaa applies", "Calder Ridge"),
        ("agreement add SOW-B kind:sow", "SOW-B of Calder Ridge"),
        ('promise add "Backups are tested every month"', "To Calder Ridge"),
        ('access grant "Payroll server" view', "Calder Ridge: access to Payroll server"),
        ("access grant Quickbooks admin", "Calder Ridge: access to Quickbooks"),
        ('framework adopt "CIS Controls" 8.1', "Calder Ridge is measured by CIS"),
        ("framework adopt cis-controls 8.1", "Calder Ridge is measured by CIS"),
    ],
)
def test_without_a_client_it_is_the_channels(granite: Desk, line: str, headline: str) -> None:
    reply = granite.type(line, channel=CHANNEL)
    assert headline in " ".join((reply.headline, *(f"{each.label} {each.value}" for each in reply.fields)))


@pytest.mark.parametrize(
    "line",
    [
        'access grant "Granite server" view', 'access grant "Granite Peak server" view',
        'promise add "Granite restores"',
        'access grant "Acme Corp" Payroll view', 'access grant "Acme Corp" Payroll', "access grant Acme Payroll view",
        'framework adopt acme "CIS Controls"',
    ],
)  # fmt: skip
def test_what_may_be_another_client_in_front_is_asked_back(granite: Desk, line: str) -> None:
    assert isinstance(granite.refused(line, channel=CHANNEL), UnclearClient)


REQUESTS = ("back up", "update", "support", "patch", "please update", "can you support", "help", "reset", "fix")
BEHIND = ("{}", "{} please", "the {} servers", "{} printers please")


def test_whom_to_do_something_for_is_asked_back_in_any_case(granite: Desk) -> None:
    asked = [
        f"/scope {doing} {behind.format(name)}"
        for doing in REQUESTS
        for behind in BEHIND
        for name in ("granite", "Granite", "granit", "Granite Paek")
    ]
    read = {line: _refusal(granite, line) for line in asked}
    assert [line for line, how in read.items() if how is not UnclearClient] == []
    for line in ("/scope update acrobat", "/scope support outlook please", "/scope back up exchange"):
        assert _refusal(granite, line) is None


def _refusal(desk: Desk, line: str) -> type[CommandError] | None:
    try:
        desk.type(line, channel=CHANNEL)
    except CommandError as error:
        return type(error)
    return None


def test_a_paper_of_the_channels_client_wins_over_the_beginning_of_a_name(granite: Desk) -> None:
    granite.type('/engagement client add "SOW-A Logistics"')
    assert "of Calder Ridge" in granite.type("agreement show SOW-A", channel=CHANNEL).headline


def test_the_candidates_are_buttons(granite: Desk) -> None:
    granite.type('/engagement client add "Granite Falls"')
    error = granite.refused("agreement show granite SOW-A", channel=CHANNEL)
    assert {choice.label: choice.command for choice in error.choices} == {
        "Granite Falls": 'agreement show "Granite Falls" SOW-A',
        OTHER: f'agreement show "{OTHER}" SOW-A',
        "Calder Ridge": 'agreement show "Calder Ridge" granite SOW-A',
    }


def test_the_button_of_the_channels_client_leads_to_what_was_meant(granite: Desk) -> None:
    error = granite.refused('agreement add "Granite Paek" kind:sow', channel=CHANNEL)
    [line] = [choice.command for choice in error.choices if choice.label == "Calder Ridge"]
    assert granite.type(line, channel=CHANNEL).headline.startswith("Granite Paek of Calder Ridge")


@pytest.fixture
def two(calder: Desk) -> Desk:
    """In the channel of Calder Ridge; #helpdesk is that of North Star."""
    for line in (
        'client add "North Star Dental" alias:nsd channel:C0HELP',
        "agreement add nsd SOW-N kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:none",
        'matrix set nsd SOW-N "Server backup" client clause:"9.1"',
    ):
        calder.type(f"/engagement {line}")
    return calder


@pytest.mark.parametrize(
    "question",
    [
        "<#C0HELP|helpdesk> who does the server backup?",
        "who does the server backup for <#C0HELP|helpdesk>?",
        "who does the server backup for north star dental?",
        "nsd who does the server backup?",
        "what about North Star Dental's server backup?",
    ],
)
def test_another_client_in_the_question_is_the_one_answered_for(two: Desk, question: str) -> None:
    assert two.type(f"/scope {question}", channel=CHANNEL).headline.startswith("North Star Dental: ")


@pytest.mark.parametrize(
    "question",
    [
        "<#C0OTHER|random> who does the server backup?",
        "#random who does the server backup?",
        "<#C0HELP|helpdesk> who does the server backup for calder?",
        "for acme corp who does the backup?",
        "who does the server backup for acme?",
        "acme who does the server backup?",
        "Acme: who does the server backup?",
        "who manages acme's firewall?",
        "who does the server backup at Bluebird?",
        "what about globex backups",
        "who does the server backup for Blue Ocean Partners?",
        "do we patch for O'Brien & Sons Ltd?",
        "who does the server backup for north sta dental?",
        "who does the server backup for nort star dental?",
        "calder who does the server backup for north star dental?",
    ],
)
def test_what_may_be_another_client_is_asked_back(two: Desk, question: str) -> None:
    error = two.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    labels = [choice.label for choice in error.choices]
    assert "Calder Ridge" in labels
    [own] = [choice.command for choice in error.choices if choice.label == "Calder Ridge"]
    assert two.type(own, channel=CHANNEL).headline.startswith("Calder Ridge: ")


@pytest.fixture
def several(granite: Desk) -> Desk:
    """In the channel of Calder Ridge, with other clients that people call by a part of their names."""
    granite.type('/engagement client add "Müller & Söhne GmbH"')
    return granite


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("who does the server backup for calder and granite?", OTHER),
        ("calder: who does the server backup for granite?", OTHER),
        ("who does the server backup at Calder Ridge, and at Granit Peek?", OTHER),
        ("calder and granite peak: who does the server backup?", OTHER),
    ],
)
def test_two_clients_in_one_question_are_asked_back(several: Desk, question: str, other: str) -> None:
    error = several.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    answers = {choice.label: several.type(choice.command, channel=CHANNEL).headline for choice in error.choices}
    assert set(answers) == {"Calder Ridge", other}
    assert all(headline.startswith(f"{name}: ") for name, headline in answers.items())


@pytest.mark.parametrize(
    "question",
    [
        "muller sohne who does the server backup?",
        "who does the server backup for muller sohne?",
        "is Mueller Soehne's backup ours?",
        "at muller & sohne, who patches?",
    ],
)
def test_a_name_without_accents_or_legal_form_is_the_one_proposed(several: Desk, question: str) -> None:
    error = several.refused(f"/scope {question}", channel=CHANNEL)
    assert "Müller & Söhne GmbH" in [choice.label for choice in error.choices]


@pytest.mark.parametrize("near", ["nowhere partner", "Nowhere Partnrs", "nowhere parners"])
def test_a_slip_of_a_name_of_ordinary_words_is_asked_back(several: Desk, near: str) -> None:
    several.type('/engagement client add "Nowhere Partners"')
    error = several.refused(f"/scope who does the server backup at {near}?", channel=CHANNEL)
    assert "Nowhere Partners" in [choice.label for choice in error.choices]
    assert several.type("/scope who does the server backup at night?", channel=CHANNEL).headline.startswith("Calder")


def test_the_first_word_may_be_an_owner(several: Desk) -> None:
    answer = several.type("/scope calder's server backup, ours?", channel="C0OTHER")
    assert answer.headline.startswith("Calder Ridge: ")
    error = several.refused("/scope calder's servers and gpo's servers, who patches?", channel=CHANNEL)
    assert {choice.label for choice in error.choices} == {"Calder Ridge", OTHER}


def test_a_comma_is_no_part_of_a_name(several: Desk) -> None:
    error = several.refused("/scope at Granite, who does the server backups", channel=CHANNEL)
    assert error.message.startswith(f'There is no client called "Granite". Did you mean {OTHER}?')


@pytest.mark.parametrize(
    "question",
    [
        "who orders for the new laptops?", "who fixes the wifi at the office?", "who sets up meetings for Teams?",
        "who calls at Microsoft?", "who decides about MFA?", "who fixes Sarah's laptop?", "are we at risk?",
        "who patches for Windows 11?", "who does backups at night?", "who does the server backup for calder?",
        "who asks about GDPR?", "who patches at weekends?", "who cares for the printers at Head Office?",
    ],
)  # fmt: skip
def test_ordinary_phrases_are_about_the_channels_client(two: Desk, question: str) -> None:
    assert two.type(f"/scope {question}", channel=CHANNEL).headline.startswith("Calder Ridge: ")


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
]  # fmt: skip
# Of ordinary words, or near to one of ours: told apart from things by nothing.
NOT_TOLD_APART = ["silver star backups", "kessler vpn", "serevr backups", "fileserver backups", "lable printers"]


@pytest.mark.parametrize("question", [*ABOUT_SOMEBODY_ELSE, *BESIDE_SERVICES])
def test_an_unknown_name_is_asked_back_wherever_it_stands(question: str) -> None:
    assert _asked_back(question, frozenset({"calder", "ridg"})), question


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
    "slots for the aprenticeship, who?",
]  # fmt: skip


@pytest.mark.parametrize("question", PASSING)
def test_what_a_sentence_mentions_in_passing_is_no_client(question: str) -> None:
    assert _asked_back(question, frozenset()) == []


def _asked_back(question: str, own: frozenset[str]) -> list[str]:
    words = vocabulary()
    is_known, are_services = known_words(words, own), service_words(words, own)
    found = possible_names(question, is_known, are_services, english.names())
    return [name for name in found if not is_slip(words, english.names(), name) and name != "calder ridge"]


def test_a_name_is_asked_back_once(two: Desk) -> None:
    question = "/scope no internet at Witney Mill, ours?"
    error = two.refused(question, channel=CHANNEL)
    [own] = [choice.command for choice in error.choices if choice.label == "Calder Ridge"]
    two.type(own, channel=CHANNEL)
    assert "Calder Ridge" in two.type("/scope who does the server backup at Witney Mill?", channel=CHANNEL).headline
    assert isinstance(two.refused("/scope who does the server backup at Baxter?", channel=CHANNEL), UnclearClient)


@pytest.mark.parametrize(("sets_", "most"), [(MENDED_BY, 0.002), (names(), 0.01)], ids=["mended", "all"])
def test_few_questions_on_record_are_asked_back_for_whom(sets_: Sequence[str], most: float) -> None:
    """138 of 14,975, most for places that only the client's people know: asked back once, then known.

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
    assert len(of_named) <= 0.0015 * count, "also where the client is named outright: 19 of 14,975"


def test_a_renamed_client_is_found_by_its_former_name_and_says_so(calder: Desk) -> None:
    calder.type('/engagement client edit calder name:"Zenith Group"')
    answer = calder.type("/scope Calder Ridge who does the server backup?")
    assert answer.headline == "Zenith Group (formerly Calder Ridge): This is ours: do it."
    assert "Zenith Group (formerly Calder Ridge): " in calder.type("/scope for calder ridge who does backups?").headline
    assert calder.type('/engagement client show "Calder Ridge"').headline == "Zenith Group (formerly Calder Ridge)"
    assert calder.type("/engagement client show zenith").headline == "Zenith Group"
    error = calder.refused('/engagement client add "calder ridge"')
    assert "former name of Zenith Group" in error.message
    calder.type(error.next_steps[0])
    assert "is recorded" in calder.type('/engagement client add "Calder Ridge"').headline


LIKE = [
    "muller sohne",
    "Mueller Soehne",
    "MÜLLER UND SÖHNE",
    "Müller & Söhne AG",
    "Müller-Söhne",
    "The Muller Sohne Inc.",
]


@pytest.mark.parametrize("name", LIKE)
def test_a_like_name_is_asked_back(desk: Desk, name: str) -> None:
    desk.type('/engagement client add "Müller & Söhne GmbH"')
    request = Request(desk.workspace_id, CONSOLE, f'client add "{name}"')
    with pytest.raises(NeedsYes, match="nearly the name of Müller & Söhne GmbH"):
        desk.dispatcher.run(request)
    assert "is recorded" in desk.type(f'/engagement client add "{name}"').headline


def test_an_alias_is_no_other_client_s_former_name_and_says_so_of_the_own(calder: Desk) -> None:
    calder.type('/engagement client edit calder name:"Zenith Group"')
    calder.type("/engagement client add Other")
    for line in ('client alias other "Calder Ridge"', 'client edit other alias:"Calder Ridge"'):
        assert "is the former name of Zenith Group. Nothing was saved" in calder.refused(f"/engagement {line}").message
    content = b"Name,Alias\nOther,Calder Ridge\nThird,Calder Ridge\n"
    error = calder.refused("/engagement client import confirm:yes", upload=("clients.csv", content))
    assert "Calder Ridge" in error.message
    reply = calder.type('/engagement client alias zenith "Calder Ridge"')
    assert any(each.startswith('"Calder Ridge" was a former name: it is in use again') for each in reply.cautions)
    assert calder.type("/scope calder ridge server backup").headline.startswith("Zenith Group: ")


SLIPS = [  # on record as a name, an alias and a former name
    ("Harbour Dental", "Harbor Dental"), ("Harbor Dentel", "Harbor Dental"), ("Smilemakars", "Harbor Dental"),
    ("Bay Dental Practise", "Harbor Dental"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "other"), SLIPS)
def test_a_slip_of_a_name_alias_or_former_name_is_asked_back(desk: Desk, name: str, other: str) -> None:
    desk.type('/engagement client add "Bay Dental Practice" alias:Smilemakers')
    desk.type('/engagement client edit smilemakers name:"Harbor Dental"')
    with pytest.raises(NeedsYes, match=f"nearly the name of {other}: only a letter or two differ"):
        desk.type(f'/engagement client add "{name}"', is_confirmed=False)
    with pytest.raises(NeedsYes):
        desk.type(f'/engagement client add Zenith alias:"{name}"', is_confirmed=False)
    assert "is recorded" in desk.type(f'/engagement client add "{name}"').headline


def test_an_import_asks_back_a_slip_and_takes_it_as_another_client(desk: Desk) -> None:
    desk.type('/engagement client add "Harbor Dental"')
    content = b"Name\nHarbour Dental\nZenith Legal\nZenith Leagl\n"
    error = desk.refused("/engagement client import confirm:yes", upload=("clients.csv", content))
    assert '"Harbour Dental" is nearly the name of Harbor Dental on record' in error.message
    assert '"Zenith Leagl" is nearly the name of "Zenith Legal" above' in error.message
    reply = desk.type("/engagement client import confirm:yes separate:yes", upload=("clients.csv", content))
    assert "3 added" in reply.headline


@pytest.mark.parametrize("name", ["Mullers Bakery", "Sohne", "Miller & Sons"])
def test_another_name_is_not(desk: Desk, name: str) -> None:
    desk.type('/engagement client add "Müller & Söhne GmbH"')
    desk.dispatcher.run(Request(desk.workspace_id, CONSOLE, f'client add "{name}"'))


def test_an_import_names_both_of_two_like_names(desk: Desk) -> None:
    content = "Name\nMüller & Söhne GmbH\nmuller sohne\n".encode()
    error = desk.refused("/engagement client import confirm:yes", upload=("clients.csv", content))
    assert "muller sohne" in error.message
    assert "Müller & Söhne GmbH" in error.message


def test_the_beginning_of_a_name_is_not_enough_in_a_file(desk: Desk) -> None:
    desk.type('/engagement client add "Gone Ltd"')
    error = desk.refused(
        "/engagement agreement import confirm:yes", upload=("a.csv", b"Client,Reference,Kind\nGon,SOW-A,sow\n")
    )
    assert 'no client called "Gon". Did you mean Gone Ltd?' in error.message


def test_of_an_offboarded_client_an_answer_says_so_first(calder: Desk) -> None:
    calder.type("/engagement client offboard calder")
    first = "We no longer work for Calder Ridge (offboarded on 2026-03-02)."
    for line in ("/scope calder who does the server backup?", "/engagement agreement show calder SOW-A"):
        assert calder.type(line).headline.startswith(first)
    assert calder.type("/scope who does the server backup?", channel=CHANNEL).headline.startswith(first)
    assert "Calder Ridge is a client again" in calder.type("/engagement client reinstate calder").headline
    assert calder.type("/scope calder who does the server backup?").headline == "Calder Ridge: This is ours: do it."
    assert calder.type("/engagement client list").headline == "1 client."
    assert "not offboarded" in calder.refused("/engagement client reinstate calder").message


def test_a_file_that_names_a_client_by_a_former_name_renames_nobody(calder: Desk) -> None:
    calder.type('/engagement client edit calder name:"Zenith Group"')
    for name in ("Calder Ridge", "calder"):
        content = f"Name,Industry\n{name},mining\n".encode()
        calder.type("/engagement client import confirm:yes", upload=("clients.csv", content))
        assert calder.type("/engagement client show zenith").headline == "Zenith Group"


def test_erasing_a_client_takes_its_former_names_too(calder: Desk) -> None:
    calder.type('/engagement client edit calder name:"Zenith Group"')
    calder.type("/engagement client offboard zenith")
    calder.type("/engagement client erase number:1 confirm:yes")
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        erased = uow.clients.find(1)
        assert erased is not None
        assert erased.former_names == ()
        assert "Calder Ridge" not in str(uow.audit.newest(1000))


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
        _refusal(calder, f"/scope {passed_over}")
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
    ("who does calder's server backup for okonkwo?", "okonkwo"), ("calder server backup for the tarkington office", "tarkington"),
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


SPELLED = (
    "North Star", "DataWorks", "Sun Valley Farms", "7-Eleven Franchise 12", "IBM", "O'Brien Legal", "Black and White",
    "Help Desk Heroes", "On Site", "Server Backup Solutions",
)  # fmt: skip


@pytest.fixture
def spelled(calder: Desk) -> Desk:
    """In the channel of Calder Ridge, with clients whose names people write together, apart or with points."""
    calder.prepare(*(f'/engagement client add "{name}"' for name in SPELLED))
    return calder


@pytest.mark.parametrize(
    ("question", "client"),
    [
        ("who patches the servers at NorthStar", "North Star"),
        ("is the firewall at NorthStar ours?", "North Star"),
        ("is NorthStar's firewall ours?", "North Star"),
        ("NorthStar firewall rules", "North Star"),
        ("firewall rules Data Works", "DataWorks"),
        ("firewall rules for data works", "DataWorks"),
        ("Data-Works: firewall rules", "DataWorks"),
        ("firewall rules for I.B.M.", "IBM"),
        ("I.B.M. firewall rules", "IBM"),
        ("firewall rules for Black & White?", "Black and White"),
        ("firewall rules at OnSite", "On Site"),
    ],
)
def test_a_whole_name_written_together_or_apart_is_the_client(spelled: Desk, question: str, client: str) -> None:
    assert spelled.type(f"/scope {question}", channel=CHANNEL).headline.startswith(f"{client}: ")


@pytest.mark.parametrize(
    ("question", "client"),
    [
        ("SunValley firewall rules", "Sun Valley Farms"),
        ("firewall rules Sun Valley", "Sun Valley Farms"),
        ("firewall rules sun valley", "Sun Valley Farms"),
        ("is sunvalley's firewall ours?", "Sun Valley Farms"),
        ("firewall rules for 7-Eleven", "7-Eleven Franchise 12"),
        ("firewall rules 7 eleven", "7-Eleven Franchise 12"),
        ("firewall rules OBrien", "O'Brien Legal"),
        ("firewall rules O Brien", "O'Brien Legal"),
        ("firewall rules data works", "DataWorks"),
        ("northstar firewall rules", "North Star"),
        ("firewall rules for the HelpDesk", "Help Desk Heroes"),
    ],
)
def test_the_beginning_of_a_name_written_otherwise_is_asked_back(spelled: Desk, question: str, client: str) -> None:
    error = spelled.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert [choice.label for choice in error.choices] == [client, "Calder Ridge"]
    answers = [spelled.type(choice.command, channel=CHANNEL).headline for choice in error.choices]
    assert [headline.partition(":")[0] for headline in answers] == [client, "Calder Ridge"]


@pytest.mark.parametrize(
    "question",
    [
        "who does the server backup?", "who trains the helpdesk?", "is onsite printer repair ours?",
        "who runs the help desk?",
        "firewall rules on the north side", "is the data in the server backup ours?", "IS THE SERVER BACKUP OURS?",
    ],
)  # fmt: skip
def test_everyday_words_that_begin_names_are_no_clients(spelled: Desk, question: str) -> None:
    assert spelled.type(f"/scope {question}", channel=CHANNEL).headline.startswith("Calder Ridge: ")


@pytest.mark.parametrize(
    "question",
    ["firewall rules at Calder Valley", "Calder Valley: firewall rules?", "is CalderValley's firewall ours?"],
)
def test_a_name_that_goes_on_as_another_s_is_asked_back(spelled: Desk, question: str) -> None:
    spelled.type('/engagement client add "Calder Valley Farms"')
    error = spelled.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    answers = {choice.label: spelled.type(choice.command, channel=CHANNEL).headline for choice in error.choices}
    assert set(answers) == {"Calder Valley Farms", "Calder Ridge"}
    assert all(headline.startswith(name) for name, headline in answers.items())


def test_one_spelling_of_two_clients_is_asked_back(spelled: Desk) -> None:
    spelled.type('/engagement client add "Nor Thstar"')
    error = spelled.refused("/scope firewall rules at NorthStar", channel=CHANNEL)
    assert {"North Star", "Nor Thstar"} <= {choice.label for choice in error.choices}


@pytest.mark.parametrize(
    "question",
    [
        "firewall rules - Contoso", "who does firewall rules - contoso?", "who does firewall rules, contoso?",
        "firewall rules. client: Contoso", "customer: contoso. firewall rules", "firewall rules (Contoso)",
        "firewall rules (for Contoso)?", "firewall rules (contoso), ours?", "(Contoso) firewall rules",
        'firewall rules for "Contoso"?', "firewall rules for *Contoso*?", "firewall rules for “Contoso”",
        "firewall rules for 'Contoso'?", "firewall rules [Contoso]",
    ],
)  # fmt: skip
def test_a_name_set_apart_is_asked_back(calder: Desk, question: str) -> None:
    error = calder.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert error.message.lower().startswith('there is no client called "contoso".')
    [own] = [choice.command for choice in error.choices]
    assert calder.type(own, channel=CHANNEL).headline.startswith("Calder Ridge: ")


@pytest.mark.parametrize(
    "question",
    [
        "for the other client, who does firewall rules?", "firewall rules for all clients?",
        "who does it for every client", "who does it for every client?", "firewall rules at each client",
        "who does firewall rules for all our clients?", "firewall rules for another client",
        "do we do firewall rules for any of our customers?", "firewall rules for both clients",
    ],
)  # fmt: skip
def test_several_clients_or_others_are_asked_back(calder: Desk, question: str) -> None:
    error = calder.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert error.message.startswith("Which client? Name one")
    assert [choice.label for choice in error.choices] == ["Calder Ridge"]
    assert "Calder Ridge" in calder.type(error.choices[0].command, channel=CHANNEL).headline


@pytest.mark.parametrize("question", ["who does firewall rules for {}?", "firewall rules at {}!", "{}, who patches?"])
@pytest.mark.parametrize("name", ["NorthStra", "Norht Star", "Contoso", "Sunvaley"])
def test_no_mark_of_the_sentence_is_part_of_the_name_shown(spelled: Desk, question: str, name: str) -> None:
    error = spelled.refused(f"/scope {question.format(name)}", channel=CHANNEL)
    assert f'no client called "{name}".' in error.message
