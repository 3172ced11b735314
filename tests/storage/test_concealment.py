"""What is concealed from somebody, apart from any command: whose words may be read, and in which tables."""

from typing import Any

import pytest
from sqlalchemy import exists, func, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, select, update

from storage.database import Database
from storage.engine.concealment import Concealment
from storage.engine.session import conditions_for
from storage.records import Agreement, Client, LeadTimes, ReminderKind, Walkthrough
from storage.tables import AgreementRow, ClientRow
from tests.conftest import NOW

HIDDEN = frozenset({1, 2})


@pytest.mark.parametrize(
    ("only", "actor", "about", "is_shown"),
    [
        (None, "U0OTHER", (3,), True),
        (None, "U0OTHER", (1,), False),
        (None, "U0OTHER", (1, 3), False),  # of several clients all have to be visible
        (None, "U0OTHER", (), False),  # nobody knows whom it is about
        (None, "U0OTHER", None, False),
        (None, "U0ME", (1,), True),  # one's own words
        (None, "U0ME", None, True),
        ({3}, "U0ME", (3,), False),  # but not in a channel that another company reads
        ({3}, "U0OTHER", (3,), True),
        ({3}, "U0OTHER", (3, 4), False),
        ({3}, "U0OTHER", (4,), False),
    ],
)
def test_whose_words_may_be_read(
    only: set[int] | None, actor: str, about: tuple[int, ...] | None, is_shown: bool
) -> None:
    concealment = Concealment(HIDDEN, frozenset(only) if only is not None else None, "U0ME")
    assert concealment.shows(actor, about) is is_shown


@pytest.mark.parametrize("way", ["hidden", "only"])
def test_what_belongs_to_a_concealed_client_is_in_no_query(database: Database, way: str) -> None:
    """Also what belongs to it by its agreement, or names it in a text; in the order in which it was added."""
    with database.workspaces() as workspaces:
        home = workspaces.add("Test").id
    with database.open_unit(home) as uow:
        secret, free = uow.clients.add(Client(name="Secret")), uow.clients.add(Client(name="Free"))
        papers = {
            each.id: uow.agreements.add(Agreement(client_id=each.id, reference="SOW"), at=NOW)
            for each in (secret, free)
        }
        for reference in ("ADD-2", "ADD-1"):
            uow.agreements.add(Agreement(client_id=free.id, reference=reference), at=NOW)
        owners = [("client", secret.id), ("client", free.id), *(("agreement", paper.id) for paper in papers.values())]
        scopes = ["workspace", *(f"{noun}:{id}" for noun, id in owners)]
        for scope in scopes:
            uow.lead_times.set(
                LeadTimes(scope=scope, kind=ReminderKind.RENEWAL, days=(3,), set_by="U0ADMIN", set_at=NOW)
            )
        for paper in papers.values():
            for who in ("Lee", "Kim"):
                held = Walkthrough(
                    agreement_id=paper.id, held_on=NOW.date(), explained_by="Dana", explained_to=who,
                    recorded_at=NOW, recorded_by="U0DANA",
                )  # fmt: skip
                uow.walkthroughs.record(held)
    with database.open_unit(home, writes=False) as uow:
        is_only = way == "only"
        uow.conceal(frozenset() if is_only else frozenset({secret.id}), frozenset({free.id}) if is_only else None)
        shown = ["workspace", f"client:{free.id}", f"agreement:{papers[free.id].id}"]
        assert sorted(each.scope for each in uow.lead_times.list()) == sorted(shown)
        assert [each.name for each in uow.clients.list()] == ["Free"]
        assert uow.agreements.find(papers[secret.id].id) is None
        assert uow.agreements.of_client(secret.id) == []
        assert [each.reference for each in uow.agreements.of_client(free.id)] == ["SOW", "ADD-2", "ADD-1"]
        assert uow.walkthroughs.of_client(secret.id) == []
        assert [each.explained_to for each in uow.walkthroughs.of_client(free.id)] == ["Lee", "Kim"]


_CLIENT: Any = ClientRow
_PAPER: Any = AgreementRow
_OTHER: Any = aliased(AgreementRow)
_COMMON = select(_PAPER.client_id).cte()
STATEMENTS: dict[str, Any] = {
    "alone": select(_CLIENT),
    "joined": select(_PAPER.reference, _CLIENT.name).join(_CLIENT, col(_PAPER.client_id) == col(_CLIENT.id)),
    "under another name": select(_OTHER.reference),
    "a subquery": select(_CLIENT).where(col(_CLIENT.id).in_(select(_PAPER.client_id))),
    "whether there is one": select(_CLIENT).where(exists().where(col(_PAPER.client_id) == col(_CLIENT.id))),
    "one value": select(select(_PAPER.reference).limit(1).scalar_subquery()),
    "as a table": select(select(_PAPER.client_id).subquery()),
    "a common table": select(_CLIENT).join(_COMMON, col(_CLIENT.id) == _COMMON.c.client_id),
    "a union": union_all(select(_CLIENT.id), select(_PAPER.client_id)),
    "counted": select(func.count()).select_from(_PAPER),
    "changed": update(_CLIENT).where(col(_CLIENT.id).in_(select(_PAPER.client_id))).values(name="X"),
    "taken away": delete(_PAPER).where(col(_PAPER.client_id).in_(select(_CLIENT.id))),
}


@pytest.mark.parametrize("way", STATEMENTS)
def test_conditions_are_left_out_only_where_they_change_nothing(way: str) -> None:
    concealed = Concealment(HIDDEN, frozenset({3})).options()
    chosen = conditions_for(STATEMENTS[way], concealed)
    assert 0 < len(chosen) < len(concealed)
    whole, short = (str(STATEMENTS[way].options(*some)) for some in (concealed, chosen))
    assert short == whole != str(STATEMENTS[way])
