"""The matcher of scope questions: what it reads, what it refuses to read, and what never changes its answer."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.meanings import knowledge, shipped_meanings
from commands.rules.matching import Match, Outcome, Row, ScopeIndex, match, split_questions
from commands.rules.matching.features import said
from commands.rules.matching.postings import ASIDE, Postings, packed, shift
from commands.rules.matching.text import FRAME, stem, tokens

KNOWN = knowledge(shipped_meanings())

ITEMS = (
    ("Remote help desk support", "Help desk", None),
    ("After-hours emergency support", "Help desk", None),
    ("Password resets and account unlocks", "Help desk", None),
    ("New user onboarding", "Users", None),
    ("User offboarding", "Users", None),
    ("Workstation OS patching", "Endpoints", None),
    ("Server OS patching", "Servers", None),
    ("Third-party application patching", "Endpoints", None),
    ("Workstation hardware replacement", "Endpoints", None),
    ("Personal (BYOD) devices", "Endpoints", None),
    ("Firewall rules and configuration", "Network", "FortiGate pair"),
    ("Firewall firmware updates", "Network", None),
    ("Firewall hardware replacement", "Network", None),
    ("Wireless access points", "Network", None),
    ("Guest Wi-Fi", "Network", None),
    ("Internet circuit", "Network", None),
    ("ISP outage coordination", "Network", None),
    ("Public DNS record changes", "Network", None),
    ("DHCP and internal DNS", "Network", None),
    ("SSL certificate renewal", "Web", None),
    ("Domain name registration", "Web", None),
    ("Server backup", "Backup", "Datto SIRIS"),
    ("Workstation backup", "Backup", None),
    ("Microsoft 365 backup", "Backup", None),
    ("Backup restore testing", "Backup", None),
    ("File restore requests", "Backup", None),
    ("Endpoint detection and response (EDR)", "Security", None),
    ("24x7 SOC monitoring (MDR)", "Security", "Arctic Wolf, contracted by the client"),
    ("Vulnerability scanning", "Security", None),
    ("Vulnerability remediation", "Security", None),
    ("Penetration testing", "Security", None),
    ("Breach notification", "Security", None),
    ("Printer and copier hardware repair", "Print", "Ricoh lease"),
    ("VoIP phone system", "Telecom", "RingCentral"),
    ("ERP application support", "Applications", "Zorgblatt partner"),
)


def index_of(*items: str) -> ScopeIndex:
    return ScopeIndex([Row(key, item) for key, item in enumerate(items)], KNOWN)


@pytest.fixture(scope="module")
def index() -> ScopeIndex:
    return ScopeIndex(
        [Row(key, item, category, notes=notes) for key, (item, category, notes) in enumerate(ITEMS)], KNOWN
    )


def items(found: Match) -> list[str]:
    return [candidate.item for candidate in found.candidates]


@pytest.mark.parametrize(
    ("question", "item"),
    [
        # by its own name, whatever stands around it
        ("Is Server backup our responsibility?", "Server backup"),
        ("who handles guest wi-fi", "Guest Wi-Fi"),
        # in other words
        ("somebody got fired, who shuts off their access", "User offboarding"),
        ("who restores a deleted file", "File restore requests"),
        ("who phones the carrier when the internet goes down", "ISP outage coordination"),
        # acronyms and synonyms
        ("pentest", "Penetration testing"),
        ("leavers", "User offboarding"),
        ("is the antivirus ours", "Endpoint detection and response (EDR)"),
        # brands
        ("who looks after crowdstrike", "Endpoint detection and response (EDR)"),
        # typing
        ("gues wifi passwrd", "Guest Wi-Fi"),
        ("fierwall firmwear update", "Firewall firmware updates"),
        ("vulnerabilty scaning who dose it", "Vulnerability scanning"),
        # a story around one question
        ("hey client is asking if we're on the hook for renewing their ssl cert, are we?", "SSL certificate renewal"),
        # siblings
        ("backing up the laptops", "Workstation backup"),
        ("backing up mailboxes and OneDrive", "Microsoft 365 backup"),
        ("who proves the backups can really be restored", "Backup restore testing"),
        ("monthly windows updates on the servers", "Server OS patching"),
        ("changing a NAT rule on the firewall", "Firewall rules and configuration"),
        ("an internal hostname doesn't resolve on the LAN", "DHCP and internal DNS"),
        # a denial is still a question about its topic
        ("workstation backups are NOT ours, right?", "Workstation backup"),
        ("we don't do pen tests, do we", "Penetration testing"),
    ],
)
def test_one_answer(index: ScopeIndex, question: str, item: str) -> None:
    found = match(index, question)
    assert (found.outcome, items(found)) == (Outcome.SURE, [item])
    assert found.because
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    "question",
    [
        "Who administers Salesforce for them?",
        "are we responsible for SEO",
        "payroll processing - us?",
        "load balancer management",
        "who runs the coffee machine",
        "flux capacitor calibration",
        "asdfghjkl",
        "hey",
        "is it our responsibility",
        "42",
        "???",
        "",
        "   ",
    ],
)
def test_no_answer(index: ScopeIndex, question: str) -> None:
    assert match(index, question).outcome is Outcome.NONE


@pytest.mark.parametrize(
    ("question", "some_of"),
    [
        ("is patching ours?", {"Workstation OS patching", "Server OS patching"}),
        (
            "firewall",
            {"Firewall rules and configuration", "Firewall firmware updates", "Firewall hardware replacement"},
        ),
        ("who does the wifi", {"Wireless access points", "Guest Wi-Fi"}),
        ("who is responsible for backups", {"Server backup", "Workstation backup", "Microsoft 365 backup"}),
    ],
)
def test_a_choice(index: ScopeIndex, question: str, some_of: set[str]) -> None:
    found = match(index, question)
    assert found.outcome is Outcome.CHOICE
    assert some_of <= set(items(found))
    assert 2 <= len(found.candidates) <= 5


@pytest.mark.parametrize(
    ("question", "not_sure_of"),
    [
        # each row has a sibling in the matrix that the question is not about
        ("who replaces a broken server", "Server backup"),
        ("who monitors the servers", "Server OS patching"),
        ("firewall licence renewal", "Firewall rules and configuration"),
        ("email backup archive export", "Server backup"),
    ],
)
def test_a_sibling_is_not_answered_for_sure(index: ScopeIndex, question: str, not_sure_of: str) -> None:
    found = match(index, question)
    assert found.outcome is not Outcome.SURE or items(found) != [not_sure_of]


def test_says_what_it_understood_when_no_row_covers_it(index: ScopeIndex) -> None:
    assert any("CRM" in reason for reason in match(index, "Salesforce admin").because)


def test_says_how_it_read_a_misspelt_word(index: ScopeIndex) -> None:
    assert any("read as penetration" in reason for reason in match(index, "penatration test").because)


def test_a_name_known_only_to_the_notes_is_offered_to_be_confirmed(index: ScopeIndex) -> None:
    found = match(index, "Zorgblatt is down")
    assert found.outcome is not Outcome.NONE
    assert items(found)[0] == "ERP application support"


def test_an_alias_names_its_row() -> None:
    with_alias = ScopeIndex([Row(1, "Server backup"), Row(2, "Line printers", aliases=("the blue beast",))], KNOWN)
    assert match(with_alias, "is the blue beast ours?").candidates[0].key == 2


def test_an_empty_matrix_answers_nothing() -> None:
    assert match(ScopeIndex([], KNOWN), "who does backups?") == Match(Outcome.NONE, (), 1.0, ANY_REASON)


ANY_REASON = match(ScopeIndex([], KNOWN), "who does backups?").because


@pytest.mark.slow
def test_a_matrix_of_many_rows() -> None:
    rows = [Row(key, f"Server {key}") for key in range(22_000)] + [Row(22_000, "Copier lease")]
    by_words = KNOWN.by_words_alone()  # to encode them all would take minutes, and is not what this is about
    found = match(ScopeIndex(rows, by_words), "who signs the copier lease?")
    assert (found.outcome, found.candidates[0].key) == (Outcome.SURE, 22_000)


def test_more_rows_than_two_bytes_count() -> None:
    postings = Postings(
        [packed(3, 1, 0.6) + shift(70_000, 2), packed(3, ASIDE, 1.0), packed(3, 0, 0.2), packed(3, 0, 0.4)]
    )
    assert list(postings.of(3)) == [(0, 0, 0.4), (0, ASIDE, 1.0), (70_000, 3, 0.6)]
    assert (postings.count(3), postings.count(4), postings.has(4)) == (2, 0, False)


def test_what_the_notes_name_belongs_to_the_row_however_many_names_come_first() -> None:
    aliases = ("the blue beast", "old Betsy (the press), or the drum")
    serviced = Row(1, "Line printers", aliases=aliases, notes="Serviced by Lexatron")
    matrices = (index_of("Server backup"), ScopeIndex([serviced, Row(2, "Server backup")], KNOWN))
    found = [match(each, "is Lexatron ours?") for each in matrices]
    assert found[0].outcome is Outcome.NONE
    assert (found[1].outcome is not Outcome.NONE, found[1].candidates[0].item) == (True, "Line printers")


def test_rows_of_the_same_name_are_a_choice() -> None:
    found = match(ScopeIndex([Row(7, "Server backup"), Row(8, "Server backup")], KNOWN), "server backup")
    assert (found.outcome, {each.key for each in found.candidates}) == (Outcome.CHOICE, {7, 8})


def test_among_rows_of_the_same_words_the_one_asked_for_in_their_order() -> None:
    twins = [Row(7, "Server backup"), Row(8, "Backup server"), Row(9, "Who is it?")]
    matrix = ScopeIndex(twins, KNOWN)
    assert [each.key for each in match(matrix, "who does the backup server?").candidates] == [8]
    assert [each.key for each in match(matrix, "server backup").candidates] == [7]
    assert [each.key for each in match(matrix, "so who is it now?").candidates] == [9]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("who does backups?", ("who does backups?",)),
        ("who does backups? and who does the firewall?", ("who does backups?", "who does the firewall?")),
        ("who handles dns, and who handles dhcp", ("who handles dns", "who handles dhcp")),
        ("- who does backups?\n- who does wifi?", ("- who does backups?", "who does wifi?")),
        ("morning! the copier is broken. is that thing ours? thanks!",) * 2,
        ("is the server ours? or theirs?",) * 2,
        ("", ()),
    ],
)
def test_several_questions(text: str, parts: tuple[str, ...] | str) -> None:
    expected = (parts,) if isinstance(parts, str) else parts
    assert [part.lstrip("- ") for part in split_questions(text)] == [part.lstrip("- ") for part in expected]


@pytest.mark.parametrize(
    ("words", "one"),
    [
        ("patches patching patched patch", "patch"),
        ("licences licensing license licence", "licens"),
        ("organisation organization", "organiz"),
        ("policies policy", "policy"),
    ],
)
def test_forms_of_a_word_are_one(words: str, one: str) -> None:
    assert {stem(word) for word in tokens(words)} == {one}


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("who does the server backup?", ["Server backup onsite", "Server backup offsite"]),
        # one of them would be sure if words could choose
        ("password resets please", ["Password resets and account unlocks", "Self-service password resets portal"]),
        ("user onboarding", ["New user onboarding", "User onboarding training"]),
    ],
)
def test_rows_that_have_all_the_words_are_offered_together(question: str, items: list[str]) -> None:
    found = match(index_of(*items, "Guest Wi-Fi", "Firewall firmware updates", "Email security"), question)
    assert found.outcome is Outcome.CHOICE
    assert sorted(each.item for each in found.candidates) == sorted(items)


def test_words_that_only_look_alike_stay_apart() -> None:
    assert stem("accounting") != stem("accounts")
    assert stem("monitors") != stem("monitoring")
    assert stem("evening") != stem("even")


# Properties -----------------------------------------------------------------------------------------------------------

SHARED = ScopeIndex([Row(key, item, category) for key, (item, category, _) in enumerate(ITEMS)], KNOWN)
POLITE = st.sampled_from(("", "hi, ", "hey team, ", "morning! ", "quick question: ", "sorry, "))
ENDINGS = st.sampled_from(("", "?", " - us?", ", is that us?", " please", " - who", ", right?", " thanks"))
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=2, max_size=9).filter(lambda word: word not in FRAME)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@pytest.mark.slow
@given(st.text(max_size=300))
def test_never_raises_and_is_well_formed(text: str) -> None:
    found = match(SHARED, text)
    assert all(0 <= each.score <= 1 for each in found.candidates)
    assert 0 <= found.confidence <= 1
    scores = [each.score for each in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert (
        len(found.candidates)
        in {Outcome.SURE: {1}, Outcome.CHOICE: {1, 2, 3, 4, 5}, Outcome.NONE: {0, 1, 2, 3}}[found.outcome]
    )
    assert all(split_questions(text)) or not text.strip()


@pytest.mark.slow
@given(st.text(max_size=200))
def test_is_deterministic(text: str) -> None:
    again = ScopeIndex([Row(key, item, category) for key, (item, category, _) in enumerate(ITEMS[:6])], KNOWN)
    once = ScopeIndex([Row(key, item, category) for key, (item, category, _) in enumerate(ITEMS[:6])], KNOWN)
    assert match(once, text) == match(again, text)


@given(st.sampled_from(ITEMS), POLITE, ENDINGS, st.booleans())
def test_politeness_and_case_do_not_matter(
    row: tuple[str, str, str | None], before: str, after: str, is_shouted: bool
) -> None:
    question = before + row[0] + after
    found = match(SHARED, question.upper() if is_shouted else question)
    assert (found.outcome, items(found)) == (Outcome.SURE, [row[0]])


@given(st.sampled_from(ITEMS), st.randoms(use_true_random=False))
def test_word_order_of_a_name_does_not_matter(row: tuple[str, str, str | None], random: "object") -> None:
    words = row[0].split()
    random.shuffle(words)  # type: ignore[attr-defined]
    found = match(SHARED, "who does " + " ".join(words))
    assert row[0] in items(found)
    assert found.outcome is not Outcome.NONE


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=12, unique=True))
def test_every_row_of_any_matrix_is_found_by_its_name(names: list[str]) -> None:
    any_index = index_of(*names)
    for name in names:
        found = match(any_index, f"is {name} our responsibility?")
        assert (found.outcome, items(found)) == (Outcome.SURE, [name])


@pytest.mark.parametrize(
    ("question", "denied"),
    [
        ("not the scan itself, fixing what it found", "the scan itself"),
        ("it's not patching the historian, just watching it", "patching the historian"),
        ("pen test, not the vuln scan", "the vuln scan"),
        ("only the renewal and not the hosting", "the hosting"),
        ("not the tower, the sensors - not the feed", "the tower; the feed"),
        ("not sure, who patches the servers", ""),
        ("printer not working, ours?", ""),
        ("not us, is it", ""),
        ("not the client's job, the backup", ""),
        ("not patching the servers, right?", ""),
        ("who backs up the servers", ""),
    ],
)
def test_what_a_question_says_that_it_is_not_about(question: str, denied: str) -> None:
    found = said(question)
    assert found.denied == denied
    assert found.whole == question
    if denied:
        assert not set(found.content.split()) & (set(denied.split()) - {"the", "it"})


SMALL = (
    "Server backup",
    "Firewall rules and configuration",
    "New user onboarding",
    "Printer repair",
    "VoIP phone system",
)
ELSEWHERE = (
    "who pays for the payroll software", "the coffee machine is leaking", "who renews the website certificate",
    "vulnerability scan of the guest network", "who signs the lease of the office", "do we train people on phishing",
)  # fmt: skip


@pytest.mark.parametrize("many", range(1, len(SMALL) + 1))
@pytest.mark.parametrize("question", ELSEWHERE)
def test_a_matrix_of_few_rows_is_no_answer_to_everything(many: int, question: str) -> None:
    """How near all rows are says nothing where there are few: the ranking has to have learned from such, too."""
    assert match(index_of(*SMALL[:many]), question).outcome is Outcome.NONE


@pytest.mark.parametrize("many", range(1, len(SMALL) + 1))
def test_a_matrix_of_few_rows_answers_what_is_asked_in_other_words(many: int) -> None:
    found = match(index_of(*SMALL[:many]), "are we the ones who back up the servers?")
    assert found.outcome is not Outcome.NONE
    assert found.candidates[0].item == "Server backup"
