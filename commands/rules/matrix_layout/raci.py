"""The layout with a column of RACI letters per party."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.judgement import Judgement, explained_party, proposed_for, third_party_of
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.understanding import PartyColumn
from commands.rules.matrix_layout.words import (
    Mark,
    excepts,
    header_party,
    mark_of,
    party_of,
    raci_of,
    raci_remark,
    remark_of,
)
from storage.records import Party


def find_letters(free: Sequence[Column], known: Mapping[str, Party]) -> list[PartyColumn]:
    """The columns of letters, R among them; none if there are fewer than two."""
    # Numbers are counts of the letters above them.
    lettered = [column for column in free if column.letters > 0 and column.letters >= 0.6 * (1 - column.numbers)
                and column.marks < 0.6]  # fmt: skip
    if not any("R" in column.letters_used for column in lettered):
        return []
    # A party that got nothing keeps its column. Letters side by side are parties even if nobody is known among them.
    lettered += [column for column in free if not column.filled and header_party(column.header, known)]
    lettered.sort(key=lambda column: column.index)
    return (
        [PartyColumn(column, _party_of_role(column.header, known)) for column in lettered] if len(lettered) >= 2 else []
    )


def _party_of_role(header: str, known: Mapping[str, Party]) -> Party | None:
    """The party that a header of a RACI names, also as the side of a person or a team: "Service Desk (MSP)"."""
    return header_party(header, known) or party_of(remark_of(header), known)


def judge_letters(row: SheetRow, entries: Sequence[PartyColumn], known: Mapping[str, Party]) -> Judgement:
    """The party that is responsible (R); where nobody is, the one that is accountable (A)."""
    doing: list[PartyColumn] = []
    accountable: list[PartyColumn] = []
    remarks: list[tuple[PartyColumn, str]] = []
    odd, turned, has_letters = "", "", False
    for entry in entries:
        text = row.line(entry.column.index)
        letters = raci_of(text)
        if letters is None:
            is_odd = mark_of(text) is Mark.OTHER or text.isdigit()
            odd = odd or (f'"{text}" in {entry.column.label} is no RACI letter.' if is_odd else "")
            continue
        has_letters = True
        if "R" in letters:
            doing.append(entry)
        if "A" in letters:
            accountable.append(entry)
        if remark := raci_remark(text):
            remarks.append((entry, remark))
            if letters & {"R", "A"} and excepts(remark):
                turned = turned or f'"{text[:60]}" in {entry.column.label} may not hold for all of it.'
    judgement = _of_letters(doing, accountable, known)
    if has_letters and not (doing or accountable):  # somebody is told of it: who does it was forgotten, or is not read
        judgement = replace(judgement, blocks=True)
    if turned:
        judgement = replace(judgement, doubt=f"{judgement.doubt} {turned}".strip(), blocks=True)
    if odd:
        party = judgement.party if doing or accountable else None
        judgement = replace(judgement, party=party, doubt=odd, blocks=True)
    return _with_remarks(judgement, remarks)


def _of_letters(
    doing: Sequence[PartyColumn], accountable: Sequence[PartyColumn], known: Mapping[str, Party]
) -> Judgement:
    deciding = doing or accountable
    said = explained_party([entry.column.header for entry in deciding], known)
    third = third_party_of([entry for entry in deciding if entry.party is Party.THIRD_PARTY], known)
    if said:
        return Judgement(said, third_party=third if said is Party.THIRD_PARTY else None)
    waits = tuple(entry.column.label for entry in deciding if entry.party is None)
    if waits:
        return Judgement(None, waits_for=waits)
    if not deciding:
        return Judgement(Party.OUT_OF_SCOPE, "Nobody is responsible (R) or accountable (A).", False)
    parties = {entry.party for entry in deciding if entry.party}
    headers = ", ".join(entry.column.header for entry in deciding)
    if len(parties) == 1:
        (party,) = parties
        doubt = "" if doing else f"Nobody is responsible (R); {headers} is accountable (A)."
        return Judgement(party, doubt, False, third_party=third if party is Party.THIRD_PARTY else None)
    if parties == {Party.MSP, Party.CLIENT}:
        return Judgement(Party.SHARED, "" if doing else f"Several are accountable (A): {headers}.", not doing)
    letter = "responsible (R)" if doing else "accountable (A)"
    answerable = {entry.party for entry in accountable if entry.party}
    return Judgement(proposed_for(parties, answerable), f"Several are {letter}: {headers}.", True, third_party=third)


def _with_remarks(judgement: Judgement, remarks: Sequence[tuple[PartyColumn, str]]) -> Judgement:
    """The remarks of the two parties are their parts of a shared row; all others are kept as notes."""
    parts: dict[Party, list[str]] = {Party.MSP: [], Party.CLIENT: []}
    rest = []
    for entry, remark in remarks:
        if judgement.party is Party.SHARED and entry.party in parts:
            parts[entry.party].append(remark)
        else:
            rest.append(f"{entry.column.header}: {remark}")
    return replace(
        judgement,
        msp_part="; ".join(parts[Party.MSP]) or None,
        client_part="; ".join(parts[Party.CLIENT]) or None,
        remarks=tuple(rest),
    )
