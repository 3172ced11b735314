"""What an entry of the audit log changed, in words."""

import json

import pytest

from commands.workspace.audit_files import change_words
from tests.conftest import NOW


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
        (None, {"findings": ["agreement_unsigned|SOW-A"]}, "promise 2 added: findings agreement unsigned SOW-A"),
    ],
)
def test_what_changed(before: object, after: object, words: str) -> None:
    details = {"changes": [{"subject": "promise:2", "before": before, "after": after}]}
    assert change_words(json.dumps(details), "U0DANA", NOW, (1,)) == words


def test_typed_words_stay_as_typed_and_several_clients_are_told_apart() -> None:
    changes = [
        {"subject": f"access_grant:{id}", "before": None, "after": {"client_id": id, "system": "file_server"}}
        for id in (1, 2)
    ]
    words = change_words(json.dumps({"changes": changes}), "U0DANA", NOW, (1, 2))
    assert words == (
        "access grant 1 added: client ID 1, system file_server\naccess grant 2 added: client ID 2, system file_server"
    )
