"""What an entry of the audit log changed, in words."""

import json
from zoneinfo import ZoneInfo

import pytest

from commands.workspace.audit_files import Names, change_words
from tests.conftest import NOW

NAMES = Names(ZoneInfo("America/Chicago"), {1: "Acme", 2: "Bolt"}, {3: "SOW-A"})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            None,
            {
                "id": 2,
                "client_id": 1,
                "asked_by": "U0DANA",
                "recorded_at": NOW.isoformat(),
                "told_by": "U0SAM",
                "note": "x",
            },
            "promise 2 added: told by <@U0SAM>, note x",
        ),
        (
            None,
            {"owner": "U0DANA", "granted_by": "console"},
            "promise 2 added: owner <@U0DANA>, granted by the command line",
        ),
        (None, {"cadence": [6, "m"], "every": [10, "bd"]}, "promise 2 added: cadence 6 months, every 10 business days"),
        (
            None,
            {"topic": "assumption_of_risk", "what": "see a_b c"},
            "promise 2 added: topic assumption of risk, what see a_b c",
        ),
        ({"kept": False, "by": None}, {"kept": True, "by": "Dana"}, "promise 2: kept no → yes, by nothing → Dana"),
        ({"recorded_by": "U0SAM"}, {"recorded_by": "U0DANA"}, "promise 2: recorded by <@U0SAM> → <@U0DANA>"),
        ({"days": [1, 2]}, None, "promise 2: days 1, 2 → nothing"),
        (None, {"country": "USA"}, "promise 2 added: country USA"),
        (
            None,
            {"confidence": 0.559, "presses": 0, "version": 0, "agreement_version": 2, "question": "who?"},
            "promise 2 added: question who?",
        ),
        ({"version": 0, "presses": 0}, {"version": 1, "presses": 1}, "promise 2: presses 0 → 1"),
        (None, {"agreement_id": 3, "question_id": 9}, "promise 2 added: agreement SOW-A, question no. 9"),
        ({"parent_id": None}, {"parent_id": 3}, "promise 2: parent nothing → SOW-A"),
        (
            {"settled_at": None, "term_end": "2026-12-31"},
            {"settled_at": "2026-11-27T15:00:04.053139+00:00", "term_end": "2027-12-31"},
            "promise 2: settled at nothing → 27 Nov 2026, 09:00 CST, term end 31 Dec 2026 → 31 Dec 2027",
        ),
        (
            None,
            {"discovered_time": "14:30:00", "signed_on": "no day"},
            "promise 2 added: discovered time 14:30, signed on no day",
        ),
        (
            {"superseded_at": None, "superseded_by": None},
            {"superseded_at": "2026-11-27T15:00:00+00:00", "superseded_by": "U0DANA"},
            "promise 2: no longer the current one",
        ),
        (None, {"channels": ["C0CALDER"], "channel": "Cold"}, "promise 2 added: channels <#C0CALDER>, channel Cold"),
        (None, {"findings": ["agreement_unsigned|SOW-A"]}, "promise 2 added: findings agreement unsigned SOW-A"),
    ],
)
def test_what_changed(before: object, after: object, words: str) -> None:
    details = {"changes": [{"subject": "promise:2", "before": before, "after": after}]}
    assert change_words(json.dumps(details), "U0DANA", NOW, (1,), NAMES) == words


def test_typed_words_stay_as_typed_and_several_clients_are_told_apart() -> None:
    changes = [
        {"subject": f"access_grant:{id}", "before": None, "after": {"client_id": id, "system": "file_server"}}
        for id in (1, 2)
    ]
    words = change_words(json.dumps({"changes": changes}), "U0DANA", NOW, (1, 2), NAMES)
    assert words == (
        "access grant 1 added: client Acme, system file_server\naccess grant 2 added: client Bolt, system file_server"
    )
