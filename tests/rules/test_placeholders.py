"""What is no value: blanks, words that only name what belongs there, example links."""

import pytest

from commands.rules.text.placeholders import BLANK, has_blank, is_placeholder, reserved_link


@pytest.mark.parametrize("text", [BLANK, "__", " ____ ", "<____>", '"____"', "____, CFO", "Dana ____", "SOW-A ____"])
def test_blanks(text: str) -> None:
    assert has_blank(text)


@pytest.mark.parametrize("text", ["a__b", "https://x.test/a___b.pdf", "snake_case", "Dana Lee", "-", "x_", "§ 2"])
def test_no_blanks(text: str) -> None:
    assert not has_blank(text)


def test_prose_may_hold_lines_to_sign_on() -> None:
    assert not has_blank("Signed: ____________ Date: ________", is_prose=True)
    assert has_blank(" ____ ", is_prose=True)


PLACEHOLDERS = (
    "NAME, TITLE", "Name, Title", "name and title", "NAME", "TITLE", "CLAUSE", "clause", "Clause", "SYSTEM", "system",
    "why", "WHY", "Why?", "reason", "REASON", "<name>", "[clause]", "{reason}", "<who signed>", "[your name]",
    "your name", "Your Name Here", "First name, last name", "ITEM", "WHO", "ANSWER", "REFERENCE", "what we do",
    "how it is limited", "regulated data", "Pat Example, CFO", "pat example", "THE CLIENT'S NAME",
)  # fmt: skip
REAL = (
    "Dana Lee, CFO", "Example Dental", "Example Dental, LLC", "MSA-2024 9.2", "clause 9", "SOW-A", "Title IX office",
    "the reason is in ticket 4711", "system board", "Who Cares Hospice", "why we patch on Saturdays", "item 4",
    "Name.com Inc", "user access reviews", "client", "Clause Corp", "<@U0DANA>", "US", "IT", "AT&T", "Wm. Title",
)  # fmt: skip


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", REAL)
def test_real_values(text: str) -> None:
    assert not is_placeholder(text, is_evidence=True)


def test_a_client_may_be_called_like_a_field_but_not_in_capitals() -> None:
    assert not is_placeholder("Reason", is_name=True)
    assert not is_placeholder("Why", is_name=True)
    assert is_placeholder("NAME", is_name=True)
    assert is_placeholder("CLIENT", is_name=True)


def test_the_name_of_its_own_field_is_no_value() -> None:
    assert is_placeholder("Notes", field="notes")
    assert is_placeholder("risk clause", field="risk-clause")
    assert not is_placeholder("notes", field="summary")


def test_to_be_decided_is_no_evidence() -> None:
    assert is_placeholder("TBD", is_evidence=True)
    assert not is_placeholder("TBD")


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com", "https://files.example.com/evidence.pdf", "HTTPS://Example.ORG/x", "http://example.net:80/",
        "https://a.b.example/x", "https://x.test/", "https://x.invalid/", "http://localhost:8000/x", "https://example.com./",
        "see https://files.example.com/a.pdf", "https://me@example.com/x",
    ],
)  # fmt: skip
def test_reserved_links(link: str) -> None:
    assert reserved_link(link) is not None


@pytest.mark.parametrize(
    "text",
    [
        "https://example-dental.com/baa.pdf", "https://exampledental.com", "https://files.msp.internal/a.pdf",
        "https://notexample.com", "https://example.com.evil.io/x", "https://share.com/example.com/x", "example.com",
    ],
)  # fmt: skip
def test_links_that_may_be_real(text: str) -> None:
    assert reserved_link(text) is None


NOTHING = (
    "N/A", "n/a", "NA", "to be determined", "...", "?", "-", "????", "unknown", "pending", "none", "null", "undefined",
    "asdf", "qwerty", "XXXX", "x.x", "lorem ipsum", "same as above", "see above", "ditto", "TODO", "insert clause here",
)  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_no_evidence(text: str) -> None:
    assert is_placeholder(text, is_evidence=True)


NOBODY = (
    "someone", "somebody at the client", "the client", "client", "CFO name", "insert name", "vendor name", "first last",
    "Firstname Lastname, CFO", "XXXX, COO", "TBD, CFO", "unknown, owner", "12345", "test", "foo", "abc",
    "name of the CFO",
)  # fmt: skip


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_no_person(text: str) -> None:
    assert is_placeholder(text, is_evidence=True, is_person=True)


@pytest.mark.parametrize(
    "text",
    ["x", "Dana", "Lee", "Mr. Test", "Ann Client, CFO", "Dr. Ann Wu", "Abc Nguyen, COO", "CFO", "李雷"],
)
def test_a_person(text: str) -> None:
    assert not is_placeholder(text, is_evidence=True, is_person=True)


@pytest.mark.parametrize("name", ["TBD", "Client Name", "your company", "Name of the client"])
def test_no_client_is_called_so(name: str) -> None:
    assert is_placeholder(name, is_name=True)


@pytest.mark.parametrize(
    "link",
    [
        "https://link", "https://url", "http://link.to/document", "https://your-link-here", "https://...", "https://TBD",
        "http://127.0.0.1/x", "http://0.0.0.0:8080/", "https://placeholder.com/x", "https://xxx.com",
        "https://drive.google.com/file/d/XXXX", "https://files.your-company.com/a.pdf", "https://example.co.uk/a",
        "https://a.b/...",
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere(link: str) -> None:
    assert reserved_link(f"see {link}") == link


@pytest.mark.parametrize(
    "link",
    [
        "https://contoso.sharepoint.com/x.pdf", "https://files.msp.internal/x.pdf", "https://fileserver/x.pdf",
        "https://10.0.0.4/notice.pdf", "https://acme-portal.net/xxl/a", "https://linkedin.com/in/dana",
        "https://testing-labs.com/report", "https://mycompanyname.io/a", "https://urlscan.io/r/1", "https://docs.acme.com/d/x",
    ],
)  # fmt: skip
def test_a_link_that_may_lead_somewhere(link: str) -> None:
    assert reserved_link(link) is None
