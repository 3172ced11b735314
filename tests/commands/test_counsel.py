"""Findings that are prepared for counsel: who sees them, and that nobody else hears of them anywhere."""

import pytest
from pydantic import ValidationError

from bot.runtime.config import ConfigError, Settings
from bot.runtime.wiring import build
from commands.checks.counsel import PREPARED
from commands.reply import Reply
from storage.records import Role
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, Desk
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
