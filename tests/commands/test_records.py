"""Clients, agreements, walkthroughs, the matrix, disclosures and roles, as they are typed."""

import pytest

from commands.errors import Conflict, NotAllowed, NotFound, UsageError
from tests.commands.conftest import ADMIN, MANAGER, MATRIX, NOW, TECHNICIAN, VIEWER, Desk, set_up_calder


def test_daily_commands_work_on_both_engines(desk_on_each: Desk) -> None:
    set_up_calder(desk_on_each)
    shown = desk_on_each.type("/engagement agreement show calder SOW-A")
    fields = {field.label: field.value for field in shown.fields}
    assert fields["Current term"] == "2026-01-01 to 2026-12-31"
    assert fields["Stands"] == "in force"
    assert fields["Notice"] == "60 days"
    assert desk_on_each.type("/engagement matrix show calder").headline.startswith("Calder Ridge: 6 rows")
    assert desk_on_each.type("/engagement audit verify").data["broken"] is None


@pytest.mark.parametrize("name", ["calder", "CALDER RIDGE", "calder-ridge", '"Calder Ridge"', "cald"])
def test_a_client_is_named_in_many_ways(calder: Desk, name: str) -> None:
    assert calder.type(f"/engagement client show {name}").headline == "Calder Ridge"


def test_a_start_that_fits_two_clients_is_asked_back(calder: Desk) -> None:
    calder.type('/engagement client add "Calder Valley"')
    assert "could be Calder Ridge or Calder Valley" in calder.refused("/engagement client show cald").message
    assert calder.type("/engagement client show calder").headline == "Calder Ridge"


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ('/engagement client add "calder RIDGE"', Conflict, "already the name"),
        ("/engagement client add Other alias:calder", Conflict, "already the name or an alias of Calder Ridge"),
        ('/engagement client add "!!!"', Conflict, "no letters"),
        ("/engagement client add Other zone:Amerika/Chicago", UsageError, "Did you mean America/Chicago?"),
        ("/engagement client add Other owner:dana", UsageError, "not a person"),
        ("/engagement client add", UsageError, "name is missing"),
        ("/engagement client add Calder Valley", UsageError, "Put quotes"),
        ("/engagement client show nobody", NotFound, 'no client called "nobody"'),
        ("/engagement client show caldr", NotFound, "Did you mean Calder Ridge?"),
        ("/engagement agreement add calder SOW-A kind:sow", Conflict, "already has an agreement SOW-A"),
        ("/engagement agreement add calder SOW-B kind:contract", UsageError, "not one of msa, sow"),
        ("/engagement agreement add calder SOW-B kid:sow", UsageError, 'Did you mean "kind:"?'),
        ("/engagement agreement add calder SOW-B effective:2026-02-30", UsageError, "not a date"),
        ("/engagement agreement add calder SOW-B effective:01/02/2026", UsageError, "not a date"),
        ("/engagement agreement add calder SOW-B notice:soon", UsageError, "60d"),
        ("/engagement agreement add calder SOW-B effective:2026-02-01 end:2026-01-01", UsageError, "before"),
        ("/engagement agreement add calder SOW-B parent:MSA", UsageError, "no other agreement"),
        ("/engagement agreement show calder SOW-Z", UsageError, 'Calder Ridge has no agreement "SOW-Z". There is'),
        ("/engagement walkthrough record calder SOW-A to:Lee on:2026-04-01", UsageError, "future"),
        ('/engagement matrix set calder SOW-A "New thing"', UsageError, "party is missing"),
        ('/engagement matrix set calder SOW-A "New thing" nobody', UsageError, "not one of msp"),
        ('/engagement matrix retire calder SOW-A "Nothing like it"', NotFound, "has no row"),
        ("/engagement matrix import calder SOW-A", UsageError, "Send one CSV or XLSX file"),
        ("/disclose calder hippa applies", UsageError, "Did you mean HIPAA"),
        ("/disclose calder hipaa perhaps", UsageError, "not one of applies"),
        ("/engagement disclosure withdraw calder gdpr reason:x", NotFound, "No disclosure"),
        ("/engagement role revoke U0NOBODY", NotFound, "no role"),
        ("/engagement clint add x", UsageError, "not a command"),
        ("/engagement client remove x", UsageError, "needs one of"),
    ],
)
def test_wrong_input_is_named_with_what_is_accepted_and_changes_nothing(
    calder: Desk, line: str, kind: type[Exception], words: str
) -> None:
    before = calder.type("/engagement client list").data, calder.type("/engagement matrix show calder").data
    error = calder.refused(line)
    assert isinstance(error, kind)
    assert words in error.message
    assert (calder.type("/engagement client list").data, calder.type("/engagement matrix show calder").data) == before


def test_all_problems_are_reported_at_once_by_field(calder: Desk) -> None:
    error = calder.refused("/engagement agreement add calder SOW-B effective:x renewal:y notice:z")
    assert isinstance(error, UsageError)
    assert set(error.fields) == {"effective", "renewal", "notice"}


def test_dates_may_be_written_out(calder: Desk) -> None:
    calder.type('/engagement agreement edit calder SOW-A reviewed:"1 March 2026"')
    assert calder.type("/engagement agreement show calder SOW-A").data["agreement"]["last_reviewed_on"] == "2026-03-01"


def test_a_client_can_be_edited_linked_and_offboarded(calder: Desk) -> None:
    calder.type(
        '/engagement client edit calder name:"Calder Ridge Mfg" backup:<@U0BACKUP|bo> country:us subdivision:tx'
    )
    calder.type('/engagement client alias calder CR "The Ridge"')
    calder.type("/engagement client alias calder remove:cr")
    calder.type("/engagement client link calder <#C0NEW|calder-new>")
    client = calder.type("/engagement client show calder").data["client"]
    assert client["name"] == "Calder Ridge Mfg"
    assert client["aliases"] == ["calder", "The Ridge"]
    assert client["channels"] == ["C0CALDER", "C0NEW"]
    assert (client["backup_owner"], client["country"], client["subdivision"]) == ("U0BACKUP", "US", "TX")
    assert "already linked to Calder Ridge Mfg" in calder.refused("/engagement client add Other channel:C0NEW").message
    calder.type("/engagement client offboard calder")
    assert calder.type("/engagement client list").headline == "There are no clients yet."
    assert calder.type("/engagement client list all:yes").headline == "1 client."


def test_a_region_that_another_country_leaves_behind_is_said(calder: Desk) -> None:
    assert calder.type("/engagement client edit calder country:US subdivision:TX").cautions == ()
    moved = calder.type("/engagement client edit calder country:GB")
    assert moved.cautions == ("The state or region is still TX, which was recorded for US. Change it, or empty it.",)
    assert calder.type("/engagement client edit calder industry:dental").cautions == ()
    assert calder.type("/engagement client edit calder country:AU subdivision:WA").cautions == ()
    assert calder.type('/engagement client edit calder country:GB subdivision:""').cautions == ()
    assert calder.type("/engagement client show calder").data["client"]["subdivision"] is None


def test_the_channels_client_fills_in_for_the_missing_name(calder: Desk) -> None:
    assert calder.type("/engagement agreement show SOW-A", channel="C0CALDER").headline == "SOW-A of Calder Ridge"
    assert calder.type("/engagement client show", channel="C0CALDER").headline == "Calder Ridge"
    assert "is missing" in calder.refused("/engagement client show").message


def test_signing_moves_an_agreement_from_draft_to_in_force(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01 term:evergreen")
    assert calder.type("/engagement agreement show calder ADD-1").data["standing"] == "draft"
    calder.type("/engagement agreement sign calder ADD-1 side:msp on:2026-02-01")
    assert calder.type("/engagement agreement show calder ADD-1").data["standing"] == "out_for_signature"
    calder.type("/engagement agreement sign calder ADD-1 side:client on:2026-02-03")
    assert calder.type("/engagement agreement show calder ADD-1").data["standing"] == "evergreen"


def test_importing_again_changes_only_what_changed_and_keeps_history(calder: Desk) -> None:
    calder.now = NOW.replace(month=5)
    changed = MATRIX.replace(b"Server backup,Backup,msp,SOW-A 7.1,", b"Server backup,Backup,client,SOW-A 7.2,")
    changed = changed.replace(b"End-user application training,Help desk,customer,SOW-A 1.9,\n", b"New thing,,us,,\n")
    preview = calder.type("/engagement matrix import calder SOW-A", upload=("m.csv", changed))
    assert "Nothing is saved yet" in preview.headline
    plan = preview.data["plan"]
    assert (plan["added"], plan["retired"]) == (["New thing"], ["End-user application training"])
    assert plan["changed"] == [{"item": "Server backup", "fields": ["party", "clause"]}]
    assert calder.type("/scope calder server backup").data["verdict"] == "msp"
    calder.type(preview.choices[0].command)
    assert calder.type("/scope calder server backup").data["verdict"] == "client"
    assert calder.type("/scope calder as-of:2026-04-01 server backup").data["verdict"] == "msp"
    again = calder.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", changed))
    assert "Nothing was changed" in again.headline


def test_a_preview_belongs_to_whoever_sent_the_file_and_counts_once(calder: Desk) -> None:
    preview = calder.type(
        "/engagement matrix import calder SOW-A", user=MANAGER, upload=("m.csv", MATRIX + b"X,,us,,\n")
    )
    command = preview.choices[0].command
    assert "no longer here" in calder.refused(command, user=ADMIN).message
    calder.type(command, user=MANAGER)
    assert "no longer here" in calder.refused(command, user=MANAGER).message


def test_one_wrong_row_saves_nothing_and_is_named(calder: Desk) -> None:
    wrong = MATRIX + b"Thing one,,msp,,\nThing two,,see note,,\n"
    error = calder.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", wrong))
    assert "row 9" in error.message
    assert error.data["saved"] is False
    assert calder.type("/engagement matrix show calder find:thing").headline == "Calder Ridge has no such rows."
    assert calder.actions()[-1] == ("matrix import", "failed")


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_imports_back_without_any_change(calder: Desk, file_format: str) -> None:
    [file] = calder.type(f"/engagement matrix export calder SOW-A format:{file_format}").files
    again = calder.type("/engagement matrix import calder SOW-A confirm:yes", upload=(file.name, file.content))
    assert "Nothing was changed" in again.headline


def test_a_disclosure_replaces_the_one_before_and_keeps_it(calder: Desk) -> None:
    calder.type('/disclose calder hipaa unknown by:"Lee Marsh, COO"', user=TECHNICIAN)
    calder.type('/disclose "Calder Ridge" hipaa applies by:"Dana Lee, CFO" accepts:yes', user=TECHNICIAN)
    [current] = calder.type("/engagement disclosure list calder").data["disclosures"]
    assert (current["answer"], current["attested_by"]) == ("applies", "Dana Lee, CFO")
    assert current["client_accepts_responsibility"] is True
    assert len(calder.type("/engagement disclosure list calder history:yes").data["disclosures"]) == 2
    calder.type('/engagement disclosure withdraw calder hipaa reason:"wrong client"')
    assert "never been asked" in calder.type("/engagement disclosure list calder").headline


@pytest.mark.parametrize(
    ("user", "line", "is_allowed"),
    [
        (VIEWER, "/engagement client list", True),
        (VIEWER, "/disclose calder hipaa applies", False),
        (TECHNICIAN, "/disclose calder hipaa applies", True),
        (TECHNICIAN, "/engagement client add Other", False),
        (MANAGER, "/engagement client add Other", True),
        (MANAGER, "/engagement role grant U0X viewer", False),
        (ADMIN, "/engagement role grant U0X manager", True),
    ],
)
def test_roles(calder: Desk, user: str, line: str, is_allowed: bool) -> None:
    if is_allowed:
        calder.type(line, user=user)
        return
    assert isinstance(calder.refused(line, user=user), NotAllowed)
    assert calder.actions()[-1][1] == "refused"


def test_renewals_list_what_is_coming(calder: Desk) -> None:
    calder.now = NOW.replace(month=10, day=10)
    reply = calder.type("/renewals")
    assert reply.data["renewals"] == [
        {"client": "Calder Ridge", "agreement": "SOW-A", "standing": reply.data["renewals"][0]["standing"],
         "notice_by": "2026-10-30"}
    ]  # fmt: skip


def test_help_names_every_command_and_its_example(calder: Desk) -> None:
    names = {name for name, _ in calder.type("/engagement help").table.rows}  # type: ignore[union-attr]
    for command in calder.dispatcher.registry:
        assert command.name in names
        shown = calder.type(f"/engagement help {command.name}")
        assert f"Example: {command.example}" in shown.next_steps
    assert calder.type("/scope").headline == calder.type("/engagement help scope ask").headline


SPOKEN = {"@dana": "<@U0DANA>", "@priya": "<@U0PRIYA>", "@sam": "<@U0SAM>", "#calder-ridge": "<#C0CALDER|c>"}


@pytest.mark.slow
def test_every_example_is_understood(calder: Desk) -> None:
    """The examples of help are commands that can be read, though what they name may not exist."""
    for command in calder.dispatcher.registry:
        line = command.example.replace("acme", "calder")
        for name, mention in SPOKEN.items():
            line = line.replace(name, mention)
        message = ""
        try:
            calder.type(line)
        except (NotFound, Conflict, UsageError) as error:
            message = error.message
        unread = [
            words for words in ("not expected", "no option", "not one of", "is not a ", "missing") if words in message
        ]
        assert not unread or "Send one" in message, f"{line}: {message}"


def test_the_audit_log_has_one_entry_per_change_and_none_for_reading(calder: Desk) -> None:
    before = len(calder.actions())
    calder.type("/engagement client list")
    calder.type("/engagement client edit calder industry:mining")
    calder.refused("/engagement client edit calder zone:nowhere")
    assert calder.actions()[before:] == [("client edit", "done")]
    entry = calder.type("/engagement audit show client limit:1").data["entries"][0]
    assert entry["details"]["changes"][0]["after"]["industry"] == "mining"


CLIENTS = b"""Client Name,Also known as,Time zone,Country,Slack channel
Acme Tooling,acme; AT,America/Denver,US,C0ACME
Birch & Co,,Europe/London,GB,
"""
AGREEMENTS = b"""Client,Reference,Type,Parent,Effective Date,Signed,Term,Auto renew,Renewal term,Notice period
Acme Tooling,SOW-1,Statement of Work,MSA-1,2026-01-01,2026-01-01,12 months,yes,12 months,60 days
Acme Tooling,MSA-1,msa,,2026-01-01,2026-01-01,36 months,no,,
"""


def test_clients_and_agreements_come_from_tables_whole(desk_on_each: Desk) -> None:
    desk = desk_on_each
    dry = desk.type("/engagement client import confirm:yes dry-run:yes", upload=("c.csv", CLIENTS))
    assert (dry.data["added"], dry.data["saved"]) == (2, False)
    assert desk.type("/engagement client list").headline == "There are no clients yet."
    preview = desk.type("/engagement client import", upload=("c.csv", CLIENTS))
    desk.type(preview.choices[0].command)
    assert desk.type("/engagement client show AT").data["client"]["channels"] == ["C0ACME"]
    saved = desk.type("/engagement agreement import confirm:yes", upload=("a.csv", AGREEMENTS))
    assert saved.data["added"] == 2
    shown = desk.type("/engagement agreement show acme SOW-1").data["agreement"]
    assert (shown["kind"], shown["renewal"], shown["notice"], shown["initial_term"]) == ("sow", "auto", "60d", "12m")
    again = desk.type("/engagement agreement import confirm:yes", upload=("a.csv", AGREEMENTS))
    assert (again.data["unchanged"], again.data["changed"]) == (2, 0)
    again = desk.type("/engagement client import confirm:yes", upload=("c.csv", CLIENTS))
    assert (again.data["unchanged"], again.data["changed"]) == (2, 0)


@pytest.mark.parametrize("noun", ["client", "agreement"])
def test_exported_tables_import_back_without_any_change(calder: Desk, noun: str) -> None:
    [file] = calder.type(f"/engagement {noun} export format:xlsx").files
    again = calder.type(f"/engagement {noun} import confirm:yes", upload=(file.name, file.content))
    assert (again.data["added"], again.data["changed"], again.data["unchanged"]) == (0, 0, 1)


def test_one_wrong_row_in_a_table_saves_none_and_is_named(desk: Desk) -> None:
    wrong = CLIENTS + b"Cedar,,Mars/Olympus,US,\n"
    error = desk.refused("/engagement client import confirm:yes", upload=("c.csv", wrong))
    assert "row 4" in error.message
    assert "not a time zone" in error.message
    assert desk.type("/engagement client list").headline == "There are no clients yet."


def test_names_are_kept_and_found_without_what_is_no_part_of_them(calder: Desk) -> None:
    calder.type('/engagement client add "*Bold\nCo*"')
    calder.type('/engagement client add "Rev\u202eesrever"')
    names = {each["name"] for each in calder.type("/engagement client list").data["clients"]}
    assert names == {"Calder Ridge", "Bold Co", "Revesrever"}
    calder.type("/engagement agreement add calder *SOW\u2011C* kind:sow")
    for written in ("SOW-C", "sow\u2013c", "`SOW-C`", "SOW\u200b-C"):
        shown = calder.type(f"/engagement agreement show calder {written}")
        assert shown.data["agreement"]["reference"] == "SOW-C"
    assert "already has an agreement" in calder.refused("/engagement agreement add calder SOW\u2013C").message
    assert "empty" in calder.refused('/engagement agreement add calder "\u200b"').message


@pytest.mark.parametrize(
    ("given", "country", "zone", "caution"),
    [
        ('country:"United Kingdom" zone:"GMT Standard Time"', "GB", "Europe/London", "is read as Europe/London"),
        ("country:USA zone:CST", "US", "America/Chicago", 'zone: "CST" is read as America/Chicago.'),
        ("zone:CST country:China", "CN", "Asia/Shanghai", "is read as Asia/Shanghai"),
        ('zone:"Central Time"', None, "America/Chicago", "is read as America/Chicago"),
        ("zone:america/chicago", None, "America/Chicago", ""),
    ],
)
def test_country_and_zone_are_taken_as_people_write_them(
    desk: Desk, given: str, country: str | None, zone: str, caution: str
) -> None:
    reply = desk.type(f'/engagement client add "Some Client" {given}')
    assert (reply.data["client"]["country"], reply.data["client"]["time_zone"]) == (country, zone)
    assert caution in " ".join(reply.cautions)


def test_an_unknown_country_or_zone_gets_a_hint(desk: Desk) -> None:
    error = desk.refused('/engagement client add X country:"Untied States" zone:Amerika/Chicago')
    assert 'country: "Untied States" is not a country. Did you mean US?' in error.message
    assert "Did you mean America/Chicago?" in error.message
    assert "two letters such as US" in desk.refused("/engagement client add X country:Atlantis").message
