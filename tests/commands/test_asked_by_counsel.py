"""What counsel asks of the records: 25 cases, written before any of them was run; 19 held at first."""

import pytest

from commands.errors import CommandError
from commands.reply import Reply
from tests.commands.conftest import Desk

SET_UP = [
    'client add "Vale Clinic" alias:vale owner:U0MANAGER industry:healthcare country:US subdivision:US-OH',
    "agreement add vale MSA-1 kind:msa effective:2026-01-01 signed:2026-01-02 initial-term:12m",
    'matrix set vale MSA-1 "Server patching" msp clause:2.1',
]
CASES = [
    # safe harbor in six states
    (
        "oh none",
        [],
        "framework defenses vale state:OH",
        ["Ohio Data Protection Act", "none of these is adopted"],
        ["you are protected"],
    ),
    (
        "oh csf 2",
        ["framework adopt vale nist-csf 2.0 on:2026-02-01"],
        "framework defenses vale state:OH",
        ["NIST Cybersecurity Framework 2.0", "keep the evidence"],
        ["is protected"],
    ),
    (
        "oh csf 1.1 is late",
        ["framework adopt vale nist-csf 1.1"],
        "framework defenses vale state:OH",
        ["2.0 is published"],
        [],
    ),
    (
        "ut csf does not count",
        ["framework adopt vale nist-csf 2.0"],
        "framework defenses vale state:UT",
        ["Utah", "none of these is adopted", "current version"],
        ["adopted: NIST Cybersecurity"],
    ),
    ("ut cis counts", ["framework adopt vale cis 8.1"], "framework defenses vale state:UT", ["adopted: CIS"], []),
    (
        "ct hipaa",
        ["disclosure record vale hipaa applies by:Pat"],
        "framework defenses vale state:CT",
        ["Connecticut", "applies: HIPAA", "gross negligence"],
        [],
    ),
    ("tx too big", [], "framework defenses vale state:TX employees:300", ["300 are not fewer than 250"], []),
    ("tn names none", [], "framework defenses vale state:TN", ["names no framework"], []),
    ("ny has none", [], "framework defenses vale state:NY", ["No"], ["affirmative defense"]),
    # incidents
    (
        "ny msp clock",
        [],
        'incident record vale "Stolen laptop" discovered:2026-03-01 residents:"NY 400"',
        ["New York", "Attorney General", "29 March 2026|30 March 2026|31 March 2026"],
        [],
    ),
    (
        "or processor to ag",
        [],
        'incident record vale "Stolen laptop" discovered:2026-03-01 residents:"OR 10"',
        ["Oregon", "11 March 2026", "646A.604(2)(c)", "not due, by the number of people on record"],
        [],
    ),
    (
        "ri ag below",
        [],
        'incident record vale "Stolen laptop" discovered:2026-03-01 residents:"RI 12"',
        ["Rhode Island"],
        [],
    ),
    (
        "dora 4h",
        ["disclosure record vale dora applies by:Pat"],
        'incident record vale "Stolen laptop" discovered:2026-03-01 at:10:00',
        ["within 4 hours of determining", "within 24 hours of discovering it", "2 March 2026, 10:00 CST"],
        [],
    ),
    (
        "future discovery",
        [],
        'incident record vale "Stolen laptop" discovered:2027-03-01',
        ["ERR", "future|not in the future|later than today|lies"],
        [],
    ),
    # hold
    (
        "hold stops erase",
        ['hold place vale by:"Jo Park, counsel" reason:"Vale v. us"', "client offboard vale"],
        "client erase vale confirm:yes",
        ["ERR", "hold"],
        [],
    ),
    (
        "hold twice",
        ['hold place vale by:"Jo Park, counsel" reason:"Vale v. us"'],
        'hold place vale by:"Al" reason:"another matter"',
        ["hold"],
        [],
    ),
    (
        "lift leaves history",
        ['hold place vale by:"Jo Park, counsel" reason:"Vale v. us"', 'hold lift vale reason:"settled"'],
        "hold list",
        ["settled|No client|lifted"],
        [],
    ),
    # obligations
    (
        "unmet and who was told",
        [
            'obligation add vale "Name an approver" agreement:MSA-1 clause:4.2 due:2026-02-01',
            'obligation unmet vale "Name an approver" told:"Dr. Vale" on:2026-02-10',
        ],
        "obligation list vale",
        ["Name an approver", "not met", "Dr. Vale on 2026-02-10"],
        [],
    ),
    (
        "waive needs paper",
        ['obligation add vale "Name an approver" due:2026-02-01'],
        'obligation waive vale "Name an approver" by:Pat',
        ["ERR", "proof"],
        [],
    ),
    (
        "met future",
        ['obligation add vale "Name an approver" due:2026-02-01'],
        'obligation met vale "Name an approver" on:2027-01-01',
        ["ERR", "future|later|not yet"],
        [],
    ),
    # disclosure with own regulation
    (
        "own law asks, clock",
        [
            'catalogue add "Harbor act" kind:law deadline:"processor tells owner within 12 hours" jurisdiction:US',
            'disclosure record vale "Harbor act" applies by:Pat',
        ],
        'incident record vale "Stolen laptop" discovered:2026-03-01 at:10:00',
        ["Harbor act", "1 March 2026, 22:00 CST"],
        [],
    ),
    (
        "others no must not overturn",
        ["disclosure record vale hipaa applies by:Pat"],
        "disclosure answers vale asked:hipaa others:does_not_apply by:Pat",
        ["ERR|HIPAA"],
        [],
    ),
    # walkthrough gate
    ("signed never explained", [], "check vale", ["explained"], []),
    (
        "explained late says when recorded",
        ['walkthrough record vale MSA-1 to:"Dr. Vale" by:"Sam Roy" on:2026-01-01'],
        "walkthrough list vale",
        ["59 days|recorded|after"],
        [],
    ),
    (
        "explained after signing by years",
        [
            "agreement add vale OLD-1 kind:sow effective:2024-01-01 signed:2024-01-01 initial-term:36m",
            'walkthrough record vale OLD-1 to:"Dr. Vale" by:"Sam Roy" on:2026-02-20',
        ],
        "check vale",
        ["OLD-1"],
        [],
    ),
]


def _words(reply: Reply) -> str:
    found = [reply.headline, *map(str, reply.lines), *reply.cautions]
    found += [f"{each.label}: {each.value}" for each in reply.fields]
    if reply.table is not None:
        found += [" | ".join(map(str, row)) for row in reply.table.rows]
    return "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "before", "line", "said", "never"), CASES, ids=[each[0] for each in CASES])
def test_counsel_reads(desk: Desk, name: str, before: list[str], line: str, said: list[str], never: list[str]) -> None:
    """Of words with bars between them one is enough; ERR stands before a refusal."""
    for each in [*SET_UP, *before]:
        desk.type(f"/engagement {each}")
    try:
        text = _words(desk.type(f"/engagement {line}")).casefold()
    except CommandError as error:
        text = f"ERR {error.message}".casefold()
    missing = [words for words in said if not any(each.casefold() in text for each in words.split("|"))]
    assert not missing, text
    assert not [words for words in never if words.casefold() in text], text
