"""Findings that are prepared for counsel: who sees them, and that nobody else hears of them anywhere."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from pydantic import ValidationError

from bot.runtime.config import ConfigError, Settings
from bot.runtime.wiring import build
from commands.checks.counsel import PREPARED
from commands.reply import Reply
from storage.records import Role
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, Desk, set_up_calder
from tests.commands.test_neutral import change

PROMISED = "24/7 server monitoring by our own staff"


@pytest.fixture
def marked(calder: Desk) -> Desk:
    calder.type(
        '/engagement matrix set calder SOW-A "Server monitoring" third_party third-party:"Arctic SOC" clause:3.9'
    )
    calder.type(f'/engagement promise add calder "{PROMISED}" source:proposal')
    change(calder, counsel_findings=("contradiction_*",))
    return calder


def said(reply: Reply) -> str:
    return str(reply)


def test_a_technician_does_not_hear_of_it(marked: Desk) -> None:
    reply = marked.type("/engagement check calder everything:yes", user=TECHNICIAN)
    assert PROMISED not in said(reply)
    assert PREPARED not in said(reply)
    assert "contradiction" not in said(reply)


def test_a_manager_reads_that_it_is_prepared_for_counsel(marked: Desk) -> None:
    reply = marked.type("/engagement check calder everything:yes", user=MANAGER)
    assert PROMISED in said(reply)
    assert any(PREPARED in cell for row in (reply.table.rows if reply.table else ()) for cell in row)
    assert any(entry.detail.startswith(PREPARED) for group in reply.groups for entry in group.entries)


def test_only_admins_where_that_is_set(marked: Desk) -> None:
    change(marked, counsel_role=Role.ADMIN)
    assert PROMISED not in said(marked.type("/engagement check calder everything:yes", user=MANAGER))
    assert PROMISED in said(marked.type("/engagement check calder everything:yes", user=ADMIN))
    assert "contradiction" not in said(marked.type("/engagement check all", user=MANAGER))


def test_the_next_check_compares_what_each_may_see(marked: Desk) -> None:
    marked.type("/engagement check calder", user=TECHNICIAN)
    marked.type("/engagement promise end calder 24/7", user=MANAGER)
    after = marked.type("/engagement check calder", user=TECHNICIAN)
    assert not any("contradiction" in each for each in after.data["mended"])
    marked.type("/engagement promise reinstate calder 24/7", user=MANAGER)
    again = marked.type("/engagement check calder", user=MANAGER)
    assert any("contradiction" in each for each in again.data["new"])


def test_the_list_of_a_gap_leaves_it_out(marked: Desk) -> None:
    assert PROMISED in said(marked.type("/engagement who gap contradiction_promise", user=MANAGER))
    assert PROMISED not in said(marked.type("/engagement who gap contradiction_promise", user=TECHNICIAN))
    change(marked, counsel_role=Role.ADMIN)
    assert PROMISED not in said(marked.type("/engagement who gap contradiction_promise", user=MANAGER))
    assert PROMISED in said(marked.type("/engagement who gap contradiction_promise", user=ADMIN))


def test_one_finding_of_one_client_can_be_marked(marked: Desk) -> None:
    change(marked, counsel_findings=(f"contradiction_promise|{PROMISED}*",))
    assert PROMISED not in said(marked.type("/engagement check calder everything:yes", user=TECHNICIAN))
    change(marked, counsel_findings=("contradiction_promise|another promise*",))
    assert PROMISED in said(marked.type("/engagement check calder everything:yes", user=TECHNICIAN))


def test_marks_are_read_from_the_settings() -> None:
    settings = Settings(ENGAGEMENT_COUNSEL_FINDINGS="contradiction_*, regulation_agreement,access_none|access")
    assert settings.policy.counsel_findings == ("contradiction_*", "regulation_agreement", "access_none|access")
    for wrong in ("nonsense", "contradiction_promise,acess_none|access"):
        with pytest.raises(ConfigError, match="ENGAGEMENT_COUNSEL_FINDINGS: no rule of the check is called"):
            build(Settings(ENGAGEMENT_COUNSEL_FINDINGS=wrong))
    with pytest.raises(ValidationError):
        Settings(ENGAGEMENT_COUNSEL_ROLE="viewer")


MARK = '/engagement check mark calder "SOW-A:" by:"Ines Vogel, counsel"'


def _reasons(desk: Desk, user: str) -> list[str]:
    found = desk.type("/engagement check calder everything:yes", user=user).data["findings"]
    return [each["reason"] for each in found]


def test_a_manager_marks_a_finding_of_a_client(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    whole = _reasons(desk, MANAGER)
    gap = whole[0]
    said_then = desk.type(f'/engagement check mark calder "{gap}" by:"Ines Vogel, counsel"', user=MANAGER)
    assert said_then.headline == "Calder Ridge: the finding is marked as prepared for counsel."
    assert said_then.lines[0] == gap
    assert _reasons(desk, MANAGER) == whole
    assert gap in whole
    assert _reasons(desk, TECHNICIAN) == whole[1:]
    rule = desk.type("/engagement check calder everything:yes", user=MANAGER).data["findings"][0]["rule"]
    lacking = desk.type(f"/engagement who gap {rule}", user=TECHNICIAN).data["gaps"]
    assert gap not in [each[1] for each in lacking]
    listed = desk.type("/engagement check marks calder", user=MANAGER)
    assert listed.table is not None
    assert listed.table.rows[0][0] == gap
    assert "marked already" in desk.refused(f'/engagement check mark calder "{gap}" by:Ines', user=MANAGER).message
    desk.type(f'/engagement check unmark calder "{gap}"', user=MANAGER)
    assert _reasons(desk, TECHNICIAN) == whole


def test_a_whole_rule_is_marked_by_its_key_at_one_client_only(calder: Desk) -> None:
    calder.type("/engagement client add Bluebird")
    calder.type("/engagement check mark calder care_none by:Ines")
    rules = {each["rule"] for each in calder.type("/engagement check calder", user=TECHNICIAN).data["findings"]}
    assert "care_none" not in rules
    assert calder.type("/engagement check marks bluebird").data["marks"] == []


def test_a_mark_outlives_what_it_was_about(calder: Desk) -> None:
    calder.type(f'/engagement promise add calder "{PROMISED}" source:proposal owner:U0TECH')
    calder.type('/engagement promise add calder "We guarantee uptime" source:proposal owner:U0TECH')
    [found] = [
        each
        for each in calder.type("/engagement check calder everything:yes").data["findings"]
        if each["rule"] == "promise_wording"
    ]
    calder.type('/engagement check mark calder "We guarantee uptime" by:Ines')
    calder.type('/engagement promise end calder "We guarantee"')
    listed = calder.type("/engagement check marks calder")
    assert [each["finding"] for each in listed.data["marks"]] == [found["id"]]
    assert "not found any more" in str(listed.table)
    calder.type(f'/engagement check unmark calder "{found["id"]}"')
    assert calder.type("/engagement check marks calder").data["marks"] == []


@pytest.mark.parametrize(
    ("line", "user", "words"),
    [
        ("check mark calder zzz by:Ines", MANAGER, 'No finding begins with "zzz"'),
        ("check mark calder care_none", MANAGER, "by is missing"),
        ("check mark calder care_none by:Ines", TECHNICIAN, "manager"),
        ("check unmark calder zzz", MANAGER, "that is marked"),
        ("check marks calder", TECHNICIAN, "manager"),
    ],
)
def test_wrong_marks_are_named(calder: Desk, line: str, user: str, words: str) -> None:
    assert words in calder.refused(f"/engagement {line}", user=user).message


def test_where_only_admins_see_them_managers_mark_nothing(calder: Desk) -> None:
    change(calder, counsel_role=Role.ADMIN)
    assert "for the role admin" in calder.refused(MARK, user=MANAGER).message
    calder.type("/engagement check mark calder care_none by:Ines", user=ADMIN)


def test_no_pack_and_no_log_tells_what_a_check_found(calder: Desk) -> None:
    calder.type(f'/engagement promise add calder "{PROMISED}" source:proposal')
    calder.type(
        '/engagement matrix set calder SOW-A "Server monitoring" third_party third-party:"Arctic SOC" clause:3.9'
    )
    calder.type("/engagement check calder", user=ADMIN)
    calder.type('/engagement check mark calder contradiction_promise by:"Ines Vogel, counsel"', user=ADMIN)
    pack = calder.type("/engagement paper evidence calder from:2026-01-01", user=ADMIN).files[0].content
    with ZipFile(BytesIO(pack)) as whole:
        assert not [name for name in whole.namelist() if b"contradiction_" in whole.read(name)]
    assert "contradiction_" in str(calder.type("/engagement audit show check", user=MANAGER).data)
    change(calder, counsel_role=Role.ADMIN)
    for line in ("audit show check", "audit show", "audit show check format:csv"):
        shown = calder.type(f"/engagement {line}", user=MANAGER)
        assert "contradiction_" not in str(shown) + "".join(str(each.content) for each in shown.files)


def test_a_mark_that_two_merged_clients_had_is_taken_back_at_once(calder: Desk) -> None:
    calder.type("/engagement client add Mesa")
    for name in ("calder", "mesa"):
        calder.type(f'/engagement check mark {name} contradiction_promise by:"Ines Vogel, counsel"')
    calder.type("/engagement client merge mesa calder")
    calder.type("/engagement check unmark calder contradiction_promise")
    assert calder.type("/engagement check marks calder").data["marks"] == []


def test_a_finding_is_not_named_by_signs_alone(calder: Desk) -> None:
    assert "No finding begins with" in calder.refused('/engagement check mark calder "..." by:"Ines Vogel"').message
