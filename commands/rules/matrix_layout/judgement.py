"""Who is responsible for one row: the value that every layout gives, and what several of them ask."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.understanding import PartyColumn
from commands.rules.matrix_layout.words import header_party
from storage.records import Party

NOTHING_SAID = "none"
"""The word by which a person explains an empty cell."""


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


def combined_party(parties: set[Party], known: Mapping[str, Party]) -> Party | None:
    """What several parties together stand for: as a person explained it, else shared for MSP and client."""
    said = known.get("+".join(sorted(parties)))
    if said:
        return said
    return Party.SHARED if parties in ({Party.MSP, Party.CLIENT}, {Party.MSP, Party.CLIENT, Party.SHARED}) else None


def proposed_for(parties: set[Party], accountable: Collection[Party] = ()) -> Party | None:
    """What to offer where several do it: shared if MSP and client are among them, else whichever of the two is."""
    involved = set(parties)
    if parties == {Party.CLIENT, Party.THIRD_PARTY} and Party.MSP in accountable:
        involved.add(Party.MSP)
    if {Party.MSP, Party.CLIENT} <= involved:
        return Party.SHARED
    return next((party for party in (Party.SHARED, Party.MSP, Party.CLIENT) if party in involved), None)


def explained_party(headers: Sequence[str], known: Mapping[str, Party]) -> Party | None:
    """What a person said about just this combination of columns, or about rows without any."""
    if not headers:
        return known.get(NOTHING_SAID)
    return known.get("+".join(sorted(comparable(header) for header in headers))) if len(headers) > 1 else None


def third_party_of(entries: Sequence[PartyColumn], known: Mapping[str, Party]) -> str | None:
    """A column headed by a name ("CDN provider") names the third party; "Vendor" and "3rd Party" do not."""
    names = [entry.column.header for entry in entries if header_party(entry.column.header, {}) is None]
    names = [name for name in names if not re.fullmatch(r"\w{1,3}|\d.*", comparable(name))]
    return ", ".join(names) or None
