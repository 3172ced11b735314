"""Lists of walkthroughs, signatures, contracts with others and clients' duties: looked at, saved, and not doubled."""

import pytest

from tests.commands.conftest import MANAGER, TECHNICIAN, Desk, set_up_calder

FILES = {
    "walkthrough": (
        b"Client,Agreement,Explained to,Date,Topics,Authorized to sign\n"
        b"Calder Ridge,SOW-A,\"Pat Roe, CFO\",2026-02-03,msp_obligations,yes\n"
        b"calder,SOW-A,\"Lee Marsh, COO\",2026-02-10,,\n"
    ),
    "signature": (
        b"Client,Agreement,Side,Signed by,Title,Date signed,Provider\n"
        b"Calder Ridge,SOW-A,client,Pat Roe,CFO,2026-01-01,DocuSign\n"
        b"Calder Ridge,SOW-A,msp,Dana Ortiz,Partner,2026-01-01,\n"
    ),
    "contract": (
        b"Client,Insurer,Type,Policy number,Notice hours,Expires\n"
        b"Calder Ridge,Harbor Mutual,insurer,CY-4711,72,2026-12-31\n"
        b"Calder Ridge,Openwater Retail,customer,,24,\n"
    ),
    "obligation": (
        b"Client,Client must,Agreement,Clause,Frequency\n"
        b"Calder Ridge,Name an approver,SOW-A,SOW-A 4.2,1y\n"
        b"Calder Ridge,Test the generator,SOW-A,SOW-A 4.3,3m\n"
    ),
}  # fmt: skip


def kept(desk: Desk, noun: str) -> int:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        client = uow.clients.find_by_key("calder")
        assert client is not None
        return len(
            {
                "walkthrough": uow.walkthroughs.of_client(client.id), "signature": uow.signatures.current(client.id),
                "contract": uow.contracts.current(client.id), "obligation": uow.obligations.current(client.id),
            }[noun]
        )  # fmt: skip


@pytest.mark.parametrize("noun", sorted(FILES))
def test_a_list_is_looked_at_saved_and_not_doubled(desk_on_each: Desk, noun: str) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    before = kept(desk, noun)
    line, upload = f"/engagement {noun} import", ("list.csv", FILES[noun])
    preview = desk.type(line, user=MANAGER, upload=upload)
    assert "2 added" in preview.headline
    assert "Nothing is saved yet" in preview.headline
    assert kept(desk, noun) == before
    assert "2 added" in desk.type(f"{line} confirm:yes", user=MANAGER, upload=upload).headline
    assert kept(desk, noun) == before + 2
    again = desk.type(f"{line} confirm:yes", user=MANAGER, upload=upload)
    assert "0 added, 0 changed, 2 as before" in again.headline
    assert any("is on record already" in each for each in again.cautions)
    assert kept(desk, noun) == before + 2


def test_the_table_is_not_kept_as_the_proof_of_its_rows(calder: Desk) -> None:
    calder.type("/engagement signature import confirm:yes", upload=("list.csv", FILES["signature"]))
    assert calder.type("/engagement copy list calder").data["attachments"] == []


@pytest.mark.parametrize(
    ("noun", "old", "new", "said"),
    [
        ("walkthrough", b"2026-02-10", b"", 'no value for "on"'),
        ("walkthrough", b"2026-02-10", b"2026-12-10", "in the future"),
        ("walkthrough", b"calder,SOW-A", b"Nobody Inc,SOW-A", "Nobody Inc"),
        ("signature", b"Dana Ortiz", b"", 'no value for "signer"'),
        ("signature", b"msp,Dana", b"neither,Dana", "neither"),
        ("contract", b",24,", b",soon,", "soon"),
        ("contract", b"Openwater Retail,customer,,", b"Harbor Mutual,insurer,CY-4711,", "same contract as row 2"),
        ("obligation", b"SOW-A 4.3,3m", b"SOW-A 4.3,3bd", "is such as 7d, 1m or 1y"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_is_kept(
    calder: Desk, noun: str, old: bytes, new: bytes, said: str
) -> None:
    before = kept(calder, noun)
    content = FILES[noun].replace(old, new)
    assert content != FILES[noun]
    error = calder.refused(f"/engagement {noun} import confirm:yes", upload=("list.csv", content))
    assert said in error.message
    assert "nothing was saved" in error.message
    assert kept(calder, noun) == before


def test_managers_only(calder: Desk) -> None:
    assert calder.refused("/engagement contract import", user=TECHNICIAN, upload=("list.csv", FILES["contract"]))
