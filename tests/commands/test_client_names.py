"""Names of clients: former ones, like ones, slips, and what an offboarded client's answers say."""

import pytest

from commands.dispatching.request import CONSOLE, Request
from commands.errors import NeedsYes
from tests.commands.conftest import CHANNEL, Desk


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


def test_a_former_name_in_use_again_is_none_until_the_alias_is_forgotten(calder: Desk) -> None:
    calder.type('/engagement client edit calder name:"Zenith Group"')
    calder.type('/engagement client alias zenith "Calder Ridge"')
    shown = {each.label: each.value for each in calder.type("/engagement client show zenith").fields}
    assert shown["Aliases"] == "calder, Calder Ridge"
    assert "Formerly" not in shown
    forgotten = calder.type('/engagement client alias zenith remove:"calder ridge"')
    assert 'As a former name "Calder Ridge" still leads to it' in forgotten.headline
    asked = "/scope calder ridge server backup"
    assert calder.type(asked).headline.startswith("Zenith Group (formerly Calder Ridge): ")
    assert "former name of Zenith Group" in calder.refused('/engagement client add "Calder Ridge"').message
    calder.type('/engagement client alias zenith remove:"calder ridge"')
    assert "is recorded" in calder.type('/engagement client add "Calder Ridge"').headline


def test_a_former_name_in_use_again_goes_through_a_file(calder: Desk) -> None:
    calder.type('/engagement client edit calder name:"Zenith Group"')
    calder.type('/engagement client alias zenith "Calder Ridge"')
    [file] = calder.type("/engagement client export format:csv").files
    unchanged = calder.type("/engagement client import confirm:yes", upload=("clients.csv", file.content))
    assert "1 unchanged" in unchanged.headline or "unchanged" in str(unchanged.data), unchanged
    calder.type('/engagement client alias zenith remove:"Calder Ridge" remove:calder')
    calder.type("/engagement client import confirm:yes", upload=("clients.csv", file.content))
    calder.type('/engagement client alias zenith remove:"Calder Ridge"')
    assert calder.type("/scope calder ridge server backup").headline.startswith("Zenith Group (formerly Calder Ridge)")


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
