"""The layout with a column of duties per party: "What we do" and "what you do"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commands.rules.matrix_layout.cleaning import clean, clean_line
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.judgement import NOTHING_SAID, Judgement, combined_party
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.understanding import PartyColumn
from commands.rules.matrix_layout.words import Mark, denies, header_party, is_turned_mark, mark_of, party_of, role_name
from storage.records import Party


def find_texts(free: Sequence[Column], known: Mapping[str, Party]) -> list[PartyColumn]:
    """ "What we do" and "what you do": whoever has a text has a part."""
    entries = []
    for column in free:
        party = header_party(column.header, known, people=False)
        if column.means("msp_part"):
            party = Party.MSP
        elif column.means("client_part"):
            party = Party.CLIENT
        if party in (Party.MSP, Party.CLIENT, Party.THIRD_PARTY) and column.filled and column.deciding < 0.5:
            entries.append(PartyColumn(column, party))
    found = {entry.party for entry in entries}
    is_told = all(entry.party in (Party.MSP, Party.CLIENT) or role_name(entry.column.header) for entry in entries)
    if {Party.MSP, Party.CLIENT} <= found or (len(found) > 1 and is_told):
        return entries
    # "Norvane responsibilities" beside "Your responsibilities": somebody has to say who Norvane is.
    taken = {entry.column.index for entry in entries}
    named = [
        PartyColumn(column, None)
        for column in free
        if column.index not in taken and column.filled and column.is_text and column.deciding < 0.5
        and role_name(column.header) and header_party(column.header, known) is None
    ]  # fmt: skip
    known_sides = found & {Party.MSP, Party.CLIENT}
    if not named or len(known_sides) + len(named) < 2 or (not known_sides and len(named) != 2):
        return []
    return sorted([*entries, *named], key=lambda entry: entry.column.index)


def judge_texts(row: SheetRow, entries: Sequence[PartyColumn], known: Mapping[str, Party]) -> Judgement:
    """Whoever has a text has a part in it."""
    texts: dict[Party, str] = {}
    waits = []
    denial = ""
    for entry in entries:
        text = clean(row.cell(entry.column.index))
        if mark_of(text) in (Mark.EMPTY, Mark.NO) or party_of(text, {}) is Party.OUT_OF_SCOPE:
            continue
        if not entry.party:
            waits.append(entry.column.label)
            continue
        if denies(text):
            shown = clean_line(text)
            denial = denial or f'"{shown[:60]}" in {entry.column.label} may say that this side has no part.'
        elif is_turned_mark(text):
            denial = denial or f'"{clean_line(text)[:60]}" in {entry.column.label} may not hold for all of it.'
        texts[entry.party] = f"{texts[entry.party]}\n{text}" if entry.party in texts else text
    if waits:
        return Judgement(None, waits_for=tuple(waits))
    parts = {party: None if mark_of(text) is Mark.YES else text for party, text in texts.items()}
    whole = Judgement(
        None,
        msp_part=parts.get(Party.MSP),
        client_part=parts.get(Party.CLIENT),
        third_party=parts.get(Party.THIRD_PARTY),
    )
    parties = set(texts)
    if denial:
        return replace(whole, doubt=denial, blocks=True)
    if not parties:
        party = known.get(NOTHING_SAID)
        return Judgement(party) if party else Judgement(None, "Nobody has a part in this row.", True)
    if len(parties) == 1:
        return replace(whole, party=parties.pop())
    combined = combined_party(parties, known)
    if combined:
        return replace(whole, party=combined)
    named = " and ".join(sorted(parties))
    return replace(whole, party=Party.SHARED if {Party.MSP, Party.CLIENT} <= parties else None,
                   doubt=f"Parts are given for {named}.", blocks=True)  # fmt: skip
