"""Who is responsible for one row, by each layout. A reading that is not beyond doubt is a proposal and says why."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from commands.rules.matrix_layout.cleaning import clean, clean_line, comparable
from commands.rules.matrix_layout.layouts import Understanding
from commands.rules.matrix_layout.party_columns import PartyColumn
from commands.rules.matrix_layout.results import Layout
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.words import (
    INHERITANCE_WORDS,
    PARTY_WORDS,
    Mark,
    denies,
    header_party,
    inclusion_of,
    is_no_share,
    mark_of,
    mark_remark,
    party_of,
    raci_of,
    raci_remark,
    remark_of,
    side_of_people,
    ticked,
)
from storage.records import Party

_NONE = "none"
_DOUBT = re.compile(r"\?\s*$")
_BETWEEN = re.compile(r"\s*(?:[/,;&+\n]|\band\b)\s*", re.I)
_ORIGINATION = re.compile(r"\bsystem specific\b|\binherited from\b|\bservice provider corporate\b")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`party` is the reading (or the proposal, if `doubt`); None if there is none to offer.

    `unknown` are the words nobody explained; they are reported once for all rows if they head a column.
    """

    party: Party | None
    doubt: str = ""
    blocks: bool = False
    column: str = ""
    third_party: str | None = None
    msp_part: str | None = None
    client_part: str | None = None
    remarks: tuple[str, ...] = ()
    unknown: str | None = None
    waits_for: tuple[str, ...] = ()


def judge(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    """The reading of one row. `known` are the words explained for this file, by `compared`."""
    match understanding.layout:
        case Layout.RACI:
            return _by_letters(row, understanding.party_columns, known)
        case Layout.PARTY_TEXTS:
            return _by_texts(row, understanding.party_columns, known)
        case Layout.INHERITANCE:
            return _by_word(row, understanding, {**INHERITANCE_WORDS, **known})
        case Layout.INCLUDED_EXCLUDED if understanding.party:
            return _by_inclusion(row, understanding, known)
        case Layout.PARTY_MARKS | Layout.INCLUDED_EXCLUDED:
            return _by_marks(row, understanding, known)
    return _by_word(row, understanding, known)


def _by_word(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    assert understanding.party
    return judge_word(row.cell(understanding.party.index), understanding.party.label, known)


def judge_word(cell: str, column: str, known: Mapping[str, Party]) -> Judgement:
    """A cell that names the party in words."""
    chosen = ticked(cell)
    if chosen is None:
        return Judgement(None, f'"{clean_line(cell)}" does not say clearly which box is ticked.', True, column)
    text = clean_line(chosen)
    if not text:
        party = known.get(_NONE)
        return Judgement(party) if party else Judgement(None, "No party is given.", True, column)
    party = party_of(text, known)
    if party is None and len(several := _several(text, known)) > 1:
        party = _combination(several, known)
        if party is None:
            named = " and ".join(sorted(several))
            return Judgement(_proposal(several), f'"{text}" names {named}.', True, column, unknown=text)
    if party is None:
        proposed = side_of_people(text)
        return Judgement(proposed, f'"{text}" is not a party that is known.', True, column, unknown=text)
    if _DOUBT.search(text) and comparable(text) not in known:
        return Judgement(party, f'"{text}" is marked as doubtful.', True, column)
    third = _third_name(text, known) if party is Party.THIRD_PARTY else None
    remark = remark_of(text) if comparable(text) not in known and third is None else ""
    remarks = (remark,) if remark and comparable(remark) not in PARTY_WORDS else ()
    if re.search(r"[*†‡]$", text):
        return Judgement(party, f'"{text}" carries a footnote mark.', False, column, third, remarks=remarks)
    return Judgement(party, third_party=third, remarks=remarks)


def _several(text: str, known: Mapping[str, Party]) -> set[Party]:
    parties = [party_of(part, known) for part in _BETWEEN.split(text) if part]
    return {party for party in parties if party} if all(parties) else set()


def _combination(parties: set[Party], known: Mapping[str, Party]) -> Party | None:
    said = known.get("+".join(sorted(parties)))
    if said:
        return said
    return Party.SHARED if parties in ({Party.MSP, Party.CLIENT}, {Party.MSP, Party.CLIENT, Party.SHARED}) else None


def _third_name(text: str, known: Mapping[str, Party]) -> str | None:
    """Whom a third-party word names: "Ricoh" of "Vendor (Ricoh)", or the word itself if it is a name."""
    bare = comparable(text)
    if bare in known and bare not in PARTY_WORDS:
        return None if re.fullmatch(r"\w{1,3}|\d.*", bare) else text
    return remark_of(text) or None


def _by_inclusion(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    """One column that says whether the item is part of the service."""
    assert understanding.party
    text, column = clean_line(row.cell(understanding.party.index)), understanding.party.label
    party = inclusion_of(text)
    if party and comparable(text) not in known:
        remark = remark_of(text)
        return Judgement(party, remarks=(remark,) if remark else ())
    mark = mark_of(text)
    if mark is Mark.YES:
        return Judgement(Party.MSP)
    if mark is Mark.NO:
        return Judgement(Party.OUT_OF_SCOPE)
    if mark is Mark.EMPTY and _NONE not in known:
        return Judgement(Party.OUT_OF_SCOPE, "Nothing says whether this is included.", True, column)
    return judge_word(text, column, known)


def _by_marks(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
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
    said = _said(headers, known)
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
    third = _third_header([entry for entry in ticked if entry.party is Party.THIRD_PARTY], known)
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
    return Judgement(_proposal(parties), doubt, True)


def _said(headers: Sequence[str], known: Mapping[str, Party]) -> Party | None:
    """What a person said about just this combination of columns, or about rows without any."""
    if not headers:
        return known.get(_NONE)
    return known.get("+".join(sorted(comparable(header) for header in headers))) if len(headers) > 1 else None


def _third_header(entries: Sequence[PartyColumn], known: Mapping[str, Party]) -> str | None:
    """A column headed by a name ("CDN provider") names the third party; "Vendor" and "3rd Party" do not."""
    names = [entry.column.header for entry in entries if header_party(entry.column.header, {}) is None]
    names = [name for name in names if not re.fullmatch(r"\w{1,3}|\d.*", comparable(name))]
    return ", ".join(names) or None


def _by_letters(row: SheetRow, entries: Sequence[PartyColumn], known: Mapping[str, Party]) -> Judgement:
    doing: list[PartyColumn] = []
    accountable: list[PartyColumn] = []
    remarks: list[tuple[PartyColumn, str]] = []
    odd, has_letters = "", False
    for entry in entries:
        text = clean_line(row.cell(entry.column.index))
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
    judgement = _of_letters(doing, accountable, known)
    if has_letters and not (doing or accountable):  # somebody is told of it: who does it was forgotten, or is not read
        judgement = replace(judgement, blocks=True)
    if odd:
        party = judgement.party if doing or accountable else None
        judgement = replace(judgement, party=party, doubt=odd, blocks=True)
    return _with_remarks(judgement, remarks)


def _of_letters(
    doing: Sequence[PartyColumn], accountable: Sequence[PartyColumn], known: Mapping[str, Party]
) -> Judgement:
    deciding = doing or accountable
    said = _said([entry.column.header for entry in deciding], known)
    third = _third_header([entry for entry in deciding if entry.party is Party.THIRD_PARTY], known)
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
    return Judgement(_proposal(parties, answerable), f"Several are {letter}: {headers}.", True, third_party=third)


def _proposal(parties: set[Party], accountable: Collection[Party] = ()) -> Party | None:
    """What to offer where several do it: shared if MSP and client are among them, else whichever of the two is."""
    involved = set(parties)
    if parties == {Party.CLIENT, Party.THIRD_PARTY} and Party.MSP in accountable:
        involved.add(Party.MSP)
    if {Party.MSP, Party.CLIENT} <= involved:
        return Party.SHARED
    return next((party for party in (Party.SHARED, Party.MSP, Party.CLIENT) if party in involved), None)


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


def _by_texts(row: SheetRow, entries: Sequence[PartyColumn], known: Mapping[str, Party]) -> Judgement:
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
        party = known.get(_NONE)
        return Judgement(party) if party else Judgement(None, "Nobody has a part in this row.", True)
    if len(parties) == 1:
        return replace(whole, party=parties.pop())
    combined = _combination(parties, known)
    if combined:
        return replace(whole, party=combined)
    named = " and ".join(sorted(parties))
    return replace(whole, party=Party.SHARED if {Party.MSP, Party.CLIENT} <= parties else None,
                   doubt=f"Parts are given for {named}.", blocks=True)  # fmt: skip
