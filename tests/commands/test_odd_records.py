"""What an older release stored is shown, however odd: reading never raises."""

from datetime import date
from typing import Any

import pytest

from commands.catalog import REGISTRY
from storage.records import Agreement, Client, Period, PeriodUnit
from tests.commands.conftest import Desk
from tests.commands.test_limits import Trial, in_words, usual

LONG = Period(9999, PeriodUnit.YEARS)
CLIENT: dict[str, Any] = {
    "name": "Odd\nClient\u200b " + "x" * 90, "aliases": ("*odd*", "y" * 190), "channels": ("#none",),
    "time_zone": "CST6CDT", "country": "ZZ", "subdivision": "NOWHERE", "industry": "z" * 80,
}  # fmt: skip
PAPERS: tuple[dict[str, Any], ...] = (
    {"effective_on": date.min, "msp_signed_on": date.min, "client_signed_on": date.max, "initial_term": LONG},
    {"effective_on": date.max, "initial_term": LONG, "renewal_term": LONG, "notice": LONG, "client_notice": LONG},
    {"effective_on": date(26, 4, 15), "initial_end_on": date.max, "notice": LONG, "notice_window": LONG},
    {"effective_on": date(2206, 1, 1), "initial_end_on": date(2026, 1, 1), "terminated_on": date.min},
    {"effective_on": date(2026, 1, 1), "review_every": LONG, "last_reviewed_on": date.max, "term_kind": "evergreen"},
    {
        "effective_on": date(2026, 1, 1),
        "renewal_term": LONG,
        "term_kind": "month_to_month",
        "last_reviewed_on": date.min,
    },
)


@pytest.fixture
def odd(calder: Desk) -> Desk:
    with calder.database.open_unit(calder.workspace_id, writes=True) as uow:
        client = uow.clients.add(Client.model_construct(**Client(name="Odd").model_dump() | CLIENT))
        for number, paper in enumerate(PAPERS):
            plain = Agreement(client_id=client.id, reference=f"P{number}", renewal="auto", **paper)
            uow.agreements.add(plain.model_copy(update={"reference": f"*P\n{number}*"}), at=calder.now)
    return calder


@pytest.mark.slow
@pytest.mark.parametrize("command", [each for each in REGISTRY if not each.changes], ids=lambda each: each.name)
def test_every_command_that_only_reads_answers_about_odd_records(odd: Desk, command: Any) -> None:
    form = {**usual(command), **({"agreement": "P 0"} if "agreement" in usual(command) else {})}
    if "client" in form:
        form["client"] = "odd client " + "x" * 90
    assert in_words(Trial(odd).run(command, form)).strip()


def test_an_odd_record_can_be_put_right(odd: Desk) -> None:
    name = "odd client " + "x" * 90
    assert "is changed" in odd.type(f'/engagement client edit "{name}" name:Even country:US').headline
    assert (
        "is changed" in odd.type('/engagement agreement edit even "P 2" effective:2026-04-15 end:2026-12-31').headline
    )
