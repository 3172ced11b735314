"""What is kept with its history: versions are closed and added, per workspace, on both engines."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from storage.database import Database
from storage.errors import StaleRecord
from storage.records import (
    AccessGrant,
    AccessLevel,
    Adoption,
    Agreement,
    CheckResult,
    Client,
    DeclinedRecommendation,
    FrameworkControl,
    FrameworkVersion,
    InsuranceRequirement,
    KeyTopic,
    Party,
    Period,
    Promise,
    PromiseSource,
    Questionnaire,
    TopicCoverage,
    TopicState,
)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 15, tzinfo=UTC)
TODAY = date(2026, 3, 2)
STAMP: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "U0DANA"}
CONTROLS = (
    FrameworkControl("ac-1", "AC-01", "Policy", False, "a" * 32),
    FrameworkControl("ac-2", "ac-2", "Accounts", True, "b" * 32),
)


def workspace(database: Database, team: str = "T1") -> int:
    with database.workspaces() as workspaces:
        return workspaces.for_slack(team, "Test").id


def client_and_agreement(database: Database, workspace_id: int) -> tuple[int, int]:
    with database.open_unit(workspace_id) as uow:
        client = uow.clients.add(Client(name="Calder Ridge"))
        return client.id, uow.agreements.add(Agreement(client_id=client.id, reference="SOW-A"), at=NOW).id


def test_every_noun_comes_back_as_it_was_kept(database: Database) -> None:
    tenant = workspace(database)
    client, agreement = client_and_agreement(database, tenant)
    kept = {
        "access": AccessGrant(
            client_id=client, system="Dentrix", aliases=("PM server",), level=AccessLevel.VIEW, data="PHI",
            granted_on=TODAY, **STAMP,
        ),
        "promises": Promise(
            client_id=client, what="Test a restore", source=PromiseSource.SLA, made_on=TODAY,
            cadence=Period.parse("3m"), control_refs=("PR.IP-4",), **STAMP,
        ),
        "topics": TopicCoverage(
            client_id=client, agreement_id=agreement, topic=KeyTopic.ACCESS_SCOPE, state=TopicState.UNCLEAR, **STAMP
        ),
        "recommendations": DeclinedRecommendation(
            client_id=client, what="Offline copy", offered_on=TODAY, declined_on=TODAY, agreement_id=agreement, **STAMP
        ),
        "insurance": InsuranceRequirement(
            client_id=client, control="MFA", implemented_by=Party.SHARED, asked_on=TODAY, **STAMP
        ),
        "adoptions": Adoption(
            client_id=client, agreement_id=agreement, family="cis", edition="8", adopted_on=TODAY, **STAMP
        ),
        "questionnaires": Questionnaire(
            client_id=client, asked_on=TODAY, asked_by="U0DANA", regulations=("hipaa", "gdpr"), **STAMP
        ),
    }  # fmt: skip
    for name, noun in kept.items():
        with database.open_unit(tenant) as uow:
            stored = getattr(uow, name).record(noun)
        with database.open_unit(tenant, writes=False) as uow:
            assert getattr(uow, name).current(client) == [stored], name
            assert stored == noun.model_copy(update={"id": stored.id})


def test_another_workspace_sees_none_of_it(database: Database) -> None:
    ours, theirs = workspace(database), workspace(database, "T2")
    version = FrameworkVersion(
        family="cis", version="8.1", edition="8.1", title="CIS", file="cis.json", imported_at=NOW, imported_by="U0DANA"
    )
    with database.open_unit(ours) as uow:
        stored = uow.frameworks.add(version, CONTROLS)
    with database.open_unit(theirs) as uow:
        assert uow.frameworks.list() == []
        uow.frameworks.add(version, CONTROLS)
    with database.open_unit(ours, writes=False) as uow:
        assert uow.frameworks.list("cis") == [stored]
        assert uow.frameworks.controls_of(stored.id) == CONTROLS


def test_a_version_of_a_framework_is_kept_once(database: Database) -> None:
    tenant = workspace(database)
    version = FrameworkVersion(
        family="cis", version="8.1", edition="8.1", title="CIS", file="cis.json", imported_at=NOW, imported_by="U0DANA"
    )
    with database.open_unit(tenant) as uow:
        uow.frameworks.add(version, CONTROLS)
    with pytest.raises(StaleRecord), database.open_unit(tenant) as uow:
        uow.frameworks.add(version, CONTROLS)


def test_the_newest_result_of_a_check(database: Database) -> None:
    tenant = workspace(database)
    client, _ = client_and_agreement(database, tenant)
    with database.open_unit(tenant) as uow:
        assert uow.checks.newest(client) is None
        for at, findings in ((NOW, ("a|b",)), (LATER, ())):
            uow.checks.record(CheckResult(client_id=client, checked_at=at, checked_by="U0DANA", findings=findings))
        newest = uow.checks.newest(client)
    assert newest is not None
    assert (newest.checked_at, newest.findings) == (LATER, ())
