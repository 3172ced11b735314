"""The layout with a column of marks per party."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from commands.rules.matrix_layout.cleaning import clean, comparable
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.judgement import Judgement, explained_party, proposed_for, third_party_of
from commands.rules.matrix_layout.results import Layout
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.understanding import PartyColumn, Understanding
from commands.rules.matrix_layout.words import (
    INCLUSION_WORDS,
    Mark,
    denies,
    header_party,
    is_no_share,
    mark_of,
    mark_remark,
)
from storage.records import Party

_ORIGINATION = re.compile(r"\bsystem specific\b|\binherited from\b|\bservice provider corporate\b")
_SHORTEST_TEXT = 10  # mean length; below it "Primary" and "50%" are codes that somebody must explain, not parts
# Implementation status beside the origination, in the same form.
_STATUS = frozenset({
    "implemented", "partially implemented", "planned", "alternative implementation", "alternate implementation",
    "alternatively implemented", "in place", "not implemented", "inherited status",
})  # fmt: skip


def find_marks(free: Sequence[Column], known: Mapping[str, Party]) -> list[PartyColumn]:
    """The columns of marks, at least two of them headed by a party; none if there are no such."""
    entries = []
    for column in free:
        party = mark_party(column, known)
        if (
            column.marks >= 0.6
            or (party and column.says_its_name)
            or (party and column.length < _SHORTEST_TEXT and column.parties < 0.5)
        ):
            entries.append(PartyColumn(column, party))
    ticked = any(entry.party and entry.column.filled for entry in entries)
    # One side and a name: "Client" beside "Norvane"; but not "Client notified" beside "Done".
    named = sum(
        header_party(entry.column.header, known, people=False) in (Party.MSP, Party.CLIENT) for entry in entries
    )
    is_pair = len(entries) == 2 and named == 1 and all(column.column.marks >= 0.6 for column in entries)
    return entries if ticked and (is_pair or sum(entry.party is not None for entry in entries) >= 2) else []


def mark_party(column: Column, known: Mapping[str, Party]) -> Party | None:
    """The party that a column of marks is headed by, or that its inclusion stands for."""
    return header_party(column.header, known) or INCLUSION_WORDS.get(column.name)


def settle(understanding: Understanding, rows: Sequence[SheetRow]) -> Understanding:
    """Without the mark columns of unknown heading that are no parties: those that are never marked alone.

    Such a column ("Critical", "24x7") stands beside a party's mark; a party's column decides at least one row.
    """
    if understanding.layout not in (Layout.PARTY_MARKS, Layout.INCLUDED_EXCLUDED):
        return understanding
    known = [entry for entry in understanding.party_columns if entry.party is not None]
    keep = list(known)
    gone: list[PartyColumn] = []
    for entry in understanding.party_columns:
        if entry.party is None:
            alone = entry.column.name not in _STATUS and any(
                mark_of(row.cell(entry.column.index)) is Mark.YES
                and all(mark_of(row.cell(other.column.index)) in (Mark.EMPTY, Mark.NO) for other in known)
                for row in rows
            )
            (keep if alone else gone).append(entry)
    keep.sort(key=lambda entry: entry.column.index)
    return replace(
        understanding,
        party_columns=tuple(keep),
        unused=understanding.unused + tuple(entry.column for entry in gone if entry.column.name not in _STATUS),
        aside=tuple(entry.column for entry in gone if entry.column.name not in _STATUS),
    )


def judge_marks(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    """The party whose column is marked."""
    ticked: list[PartyColumn] = []
    remarks: list[str] = []
    odd: list[tuple[PartyColumn, str]] = []
    letter = understanding.mark_letter
    for entry in understanding.party_columns:
        text = clean(row.cell(entry.column.index))
        is_named = entry.column.says_its_name and comparable(text) == entry.column.name
        match Mark.YES if is_named or (letter and comparable(text) == letter) else mark_of(text):
            case Mark.YES:
                ticked.append(entry)
            case Mark.OTHER:
                remark = mark_remark(text)
                if remark or not (denies(text) or is_no_share(text)):
                    ticked.append(entry)
                if remark:
                    remarks.append(f"{entry.column.header}: {remark}")
                else:
                    odd.append((entry, text))
    judgement = _of_ticked(ticked, understanding, known)
    if odd:
        entry, text = odd[0]
        doubt = f'"{text[:60]}" is not a mark.'
        if any(denies(each) for _, each in odd):  # it may say that this side has no part, or that it has one
            judgement = replace(judgement, party=None)
        named = text if entry.party is Party.THIRD_PARTY and judgement.party is Party.THIRD_PARTY else None
        third = named or judgement.third_party  # "Ricoh" instead of a mark
        judgement = replace(judgement, doubt=doubt, blocks=True, column=entry.column.label, third_party=third)
    return replace(judgement, remarks=tuple(remarks))


def _of_ticked(ticked: Sequence[PartyColumn], understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    headers = [entry.column.header for entry in ticked]
    said = explained_party(headers, known)
    if said:
        return Judgement(said)
    waits = tuple(entry.column.label for entry in ticked if entry.party is None)
    if waits:
        return Judgement(None, waits_for=waits)
    parties = {entry.party for entry in ticked if entry.party}
    present = {entry.party for entry in understanding.party_columns}
    origination = any(_ORIGINATION.search(entry.column.name) for entry in understanding.party_columns)
    if not parties:
        if "third_party" in understanding.fields:
            return Judgement(None, "No party is marked.", True)
        proposed = None if Party.OUT_OF_SCOPE in present else Party.OUT_OF_SCOPE
        return Judgement(proposed, "No party is marked.", True)
    third = third_party_of([entry for entry in ticked if entry.party is Party.THIRD_PARTY], known)
    if len(parties) == 1:
        (party,) = parties
        return Judgement(party, third_party=third if party is Party.THIRD_PARTY else None)
    doubt = f"Several parties are marked: {', '.join(headers)}."
    if Party.OUT_OF_SCOPE in parties:
        return Judgement(Party.OUT_OF_SCOPE if origination else None, doubt, True)
    if parties == {Party.MSP, Party.CLIENT}:
        return Judgement(Party.SHARED, doubt, Party.SHARED in present)
    if Party.SHARED in parties:
        # FedRAMP origination lets "Shared" stand beside where the provider's part comes from.
        return Judgement(Party.SHARED, doubt, not origination)
    return Judgement(proposed_for(parties), doubt, True)
