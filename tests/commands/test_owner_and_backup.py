"""Owner and backup of a client are two people, wherever they are set: the backup is told when the owner is silent."""

import pytest

from commands.dispatching.request import Request
from commands.errors import UsageError
from storage.database import Database
from tests.bot.test_sender import Office
from tests.commands.conftest import ADMIN, Desk
from tests.commands.test_record_import import table


@pytest.mark.parametrize(
    "line",
    [
        '/engagement client add "Northwind Dental" owner:U0BOB backup:U0BOB',
        "/engagement client edit calder owner:U0BOB backup:U0BOB",
        "/engagement client edit calder owner:U0BOB",
        "/engagement client edit calder backup:<@U0ANN>",
    ],
)
def test_the_same_person_is_refused(calder: Desk, line: str) -> None:
    calder.type("/engagement client edit calder owner:U0ANN backup:U0BOB")
    error = calder.refused(line)
    assert "cannot be both owner and backup" in error.message
    assert isinstance(error, UsageError)
    assert "backup" in error.fields


def test_a_form_says_it_at_its_field(calder: Desk) -> None:
    form = {"name": "Northwind", "owner": "U0BOB", "backup": "U0BOB"}
    with pytest.raises(UsageError) as refused:
        calder.dispatcher.run(Request(calder.workspace_id, ADMIN, "client add", form=form))
    assert refused.value.fields == {"backup": "is the owner, <@U0BOB>. Name somebody else, or leave it empty."}


def test_a_file_is_refused_by_its_rows(desk: Desk) -> None:
    header = ("name", "owner", "backup")
    desk.type("/engagement client add Acme owner:U0ANN backup:U0BOB")
    rows = [("Northwind", "U0BOB", "U0BOB"), ("Acme", "U0BOB", ""), ("Fabrikam", "U0ANN", "U0BOB")]
    error = desk.refused("/engagement client import confirm:yes", upload=table(header, rows))
    assert "rows 2, 3: backup is the owner, <@U0BOB>. Name somebody else" in error.message
    assert desk.type("/engagement client list").headline == "1 client."


def test_what_is_on_record_does_not_stand_in_the_way_of_other_changes(calder: Desk) -> None:
    with calder.database.open_unit(calder.workspace_id) as uow:
        [client] = uow.clients.list()
        uow.clients.save(client.changed(owner="U0BOB", backup_owner="U0BOB"))
    assert calder.type("/engagement client edit calder industry:dentistry").headline == "Calder Ridge is changed."
    assert "backup owner" in str(calder.type("/engagement setup progress"))


def test_a_client_that_is_reassigned_to_its_backup_has_none_then(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.type("disclosure record calder hipaa applies by:Lee on:2026-02-01 reask:2026-03-03")
    office.jobs().round()
    asked = next(row for row in office.rows() if row.kind == "disclosure_reask" and row.sent_at)
    reply = office.type(f"reminder reassign {asked.id} U0BOB")
    assert "Nobody stands in any more: this was the backup." in reply.lines
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        [client] = uow.clients.list()
        assert (client.owner, client.backup_owner) == ("U0BOB", None)
