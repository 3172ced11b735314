"""Writing rows of a matrix: on which basis they count under signed paper, and which versions they replace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from commands.command import Context
from commands.errors import Conflict, UsageError
from commands.rules.matrix.row_versions import (
    STATEMENT,
    BeforeItBegan,
    NothingToChange,
    Rewrite,
    Stamp,
    added,
    carry_on,
    changed,
    last_version,
    restored,
    retired,
    version_for,
)
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.duplicates import item_key
from storage.records import Agreement, Client, Responsibility, RowBasis

RowKey = tuple[str, str]
_NAMES = ("item", "category")
_FOUND_BY = ("category", "aliases", "control_refs", "position")


def row_key(row: Responsibility) -> RowKey:
    """What makes two versions of one agreement the same row: its item, and its category."""
    return item_key(row.item), comparable(row.category or "")


@dataclass(frozen=True, slots=True)
class RowChange:
    """What shall be recorded about one row. `changes` are its fields; `since` None: from today, or the paper's start.

    `basis`: what was stated, None where nothing was. `quotes_clause`: the clause was given with the change, which
    attests that the signed paper says so unless something else was stated.
    """

    key: RowKey
    changes: Mapping[str, Any]
    since: date | None = None
    is_correction: bool = False
    basis: RowBasis | None = None
    quotes_clause: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether it says something about who does what, not only how the row is found."""
        return bool(self.basis or self.quotes_clause or any(name in self.changes for name in STATEMENT))


def stated_basis(as_signed: bool | None, proposed: bool | None) -> RowBasis | None:
    """What was said about it, None for nothing. Raises UsageError for two different answers."""
    if as_signed is not None and as_signed == proposed:
        raise UsageError(
            "It is either as signed or proposed: the signed paper says so, or it says something new.",
            fields={"as-signed": "contradicts proposed."},
        )
    if as_signed is None and proposed is None:
        return None
    return RowBasis.AS_SIGNED if as_signed or proposed is False else RowBasis.PROPOSED


class MatrixRows:
    """The rows of one agreement, as they are changed one after the other and saved together."""

    def __init__(self, ctx: Context, client: Client, agreement: Agreement) -> None:
        self._ctx = ctx
        self._agreement = agreement
        self._client = client
        self._today = ctx.today_for(client)
        self._stamp = Stamp(ctx.now, ctx.actor.user)
        self._rows = ctx.uow.responsibilities.current(client.id, agreement.id)
        self._recorded: list[Responsibility] = []
        self._position = max((row.position for row in self._rows), default=0)

    def keys(self, item: str) -> list[RowKey]:
        """The rows of that name: several where the paper uses it in several categories."""
        return list(dict.fromkeys(row_key(row) for row in self._rows if item_key(row.item) == item_key(item)))

    def track(self, key: RowKey, *, proposed: bool = False) -> list[Responsibility]:
        """What is recorded about a row: agreed, or proposed under signed paper. What is proposed anew stands before
        what was proposed once and has been signed since.
        """
        rows = [row for row in self._rows if row_key(row) == key and (row.basis is RowBasis.PROPOSED) is proposed]
        return [row for row in rows if not self._is_carried(row)] or rows

    def _is_carried(self, row: Responsibility) -> bool:
        """Whether paper that both sides signed agrees what was proposed."""
        if row.basis is not RowBasis.PROPOSED or row.carried_by_id is None:
            return False
        carrier = self._ctx.uow.agreements.find(row.carried_by_id)
        return carrier is not None and carrier.is_signed

    def find(self, change: RowChange, *, proposed: bool) -> Responsibility | None:
        """The version that a change is about: of its first day or today, else the next; a correction's: the last."""
        track = self.track(change.key, proposed=proposed)
        found = version_for(track, change.since or self._today)
        return found or (last_version(track) if change.is_correction else None)

    def touched(self, change: RowChange) -> Responsibility | None:
        """The version that `write` would change, or build on. Raises UsageError."""
        agreed, proposal = (self.find(change, proposed=proposed) for proposed in (False, True))
        if not change.is_statement or self.basis_of(change, agreed or proposal) is not RowBasis.PROPOSED:
            return agreed or proposal
        return proposal or agreed

    def after(self, row: Responsibility) -> Responsibility | None:
        """The version that follows it, where it ends."""
        if row.effective_to is None:
            return None
        track = self.track(row_key(row), proposed=row.basis is RowBasis.PROPOSED)
        return version_for(
            [each for each in track if (each.effective_from or date.min) > row.effective_to], self._today
        )

    def beside(self, key: RowKey) -> list[Responsibility]:
        """What applies, or will, of rows of the same name in other categories, one version of each."""
        others = dict.fromkeys(row_key(row) for row in self._rows if row_key(row)[0] == key[0] and row_key(row) != key)
        found = (version_for([row for row in self._rows if row_key(row) == other], self._today) for other in others)
        return [row for row in found if row is not None]

    def basis_of(self, change: RowChange, old: Responsibility | None) -> RowBasis | None:
        """On which basis the change counts. Raises UsageError where what was stated cannot be."""
        if not self._agreement.is_signed:
            if change.basis is not None:
                raise UsageError(
                    f"{self._agreement.reference} is not signed by both sides yet: its rows are agreed once it is."
                )
            return None
        clause = change.changes.get("clause") or (old.clause if old else None)
        attests = change.quotes_clause or (change.is_correction and old is not None)
        return change.basis or (RowBasis.AS_SIGNED if attests and clause else RowBasis.PROPOSED)

    def write(self, change: RowChange) -> Responsibility:
        """Record the change; the new version is not stored before `save`. Raises UsageError."""
        agreed, proposal = (self.find(change, proposed=proposed) for proposed in (False, True))
        if not change.is_statement and (old := agreed or proposal) is not None:
            return self._changed(old, change, change.changes)
        basis = self.basis_of(change, agreed or proposal)
        if basis is RowBasis.PROPOSED:
            return self._propose(change, agreed, proposal)
        return self._agree(change, basis, agreed, proposal)

    def retire(self, track: Sequence[Responsibility], last_day: date) -> Responsibility:
        """End it with that day. Raises Conflict where it would end before it began, or ends then already."""
        began_on, item = self._agreement.effective_on, track[-1].item
        try:
            rewrite = retired(track, last_day, self._stamp, paper_began_on=began_on, today=self._today)
        except BeforeItBegan as error:
            raise Conflict(f'"{item}" applies only from {error.began_on} on: it cannot end on {last_day}.') from None
        except NothingToChange:
            raise Conflict(f'"{item}" ends on {last_day} already.') from None
        self.apply(rewrite)
        return track[-1]

    def restore(self, track: Sequence[Responsibility]) -> None:
        """Take its end back. Raises Conflict where it has none."""
        try:
            self.apply(restored(track, self._stamp))
        except NothingToChange:
            raise Conflict(f'"{track[-1].item}" has not ended: there is nothing to take back.') from None

    def end_before(self, key: RowKey, day: date) -> None:
        """It does not apply from that day on; a row that would begin then, or later, stays in the history only."""
        track = self.track(key)
        last = last_version(track)
        if last is None or (last.effective_to is not None and last.effective_to < day):
            return
        try:
            last_day = day - timedelta(days=1)
            began_on = self._agreement.effective_on
            self.apply(retired(track, last_day, self._stamp, paper_began_on=began_on, today=self._today))
        except BeforeItBegan:
            self.withdraw([row for row in track if (row.effective_from or day) >= day])

    def withdraw(self, track: Sequence[Responsibility]) -> None:
        """It stays in the history only."""
        self.apply(Rewrite(superseded=tuple(track)))

    def save(self) -> list[Responsibility]:
        """Store what was written, with its ids, in the order written."""
        stored = self._ctx.uow.responsibilities.record(self._recorded)
        self._ctx.uow.clients.matrix_changed(self._client.id)
        return stored

    def apply(self, rewrite: Rewrite) -> None:
        """Supersede and add versions."""
        for row in rewrite.superseded:
            if row.id:
                self._ctx.uow.responsibilities.supersede(row, at=self._stamp.at, by=self._stamp.by)
        gone = {id(row) for row in rewrite.superseded}
        self._rows = [row for row in self._rows if id(row) not in gone] + list(rewrite.recorded)
        self._recorded = [row for row in self._recorded if id(row) not in gone] + list(rewrite.recorded)

    def _propose(
        self, change: RowChange, agreed: Responsibility | None, proposal: Responsibility | None
    ) -> Responsibility:
        is_agreed = proposal is not None and "carried_by_id" not in change.changes and self._is_carried(proposal)
        if proposal is not None and not is_agreed:
            return self._changed(proposal, change, change.changes)
        first = change.since or self._today
        before = proposal or agreed
        if before is None:
            new = self._new(change, effective_from=first, basis=RowBasis.PROPOSED)
        else:
            cleared = ("entered_at", "entered_by", "corrects_id", "attester", "attested_at", "carried_by_id")
            stamped = {"id": 0, "recorded_at": self._stamp.at, "recorded_by": self._stamp.by}
            days = {"effective_from": first, "effective_to": None, "basis": RowBasis.PROPOSED}
            new = before.changed(**dict.fromkeys(cleared) | days | dict(change.changes) | stamped)
        self.apply(Rewrite(recorded=(new,)))
        return new

    def _agree(
        self,
        change: RowChange,
        basis: RowBasis | None,
        agreed: Responsibility | None,
        proposal: Responsibility | None,
    ) -> Responsibility:
        attested: dict[str, Any] = {}
        if basis is RowBasis.AS_SIGNED:
            attested = {"basis": basis, "attester": self._stamp.by, "attested_at": self._stamp.at}
        changes = {**change.changes, **attested}
        if agreed is not None:
            new = self._changed(agreed, change, changes)
        elif proposal is not None:
            rewrite = changed((), proposal, {**changes, "carried_by_id": None}, self._stamp, today=self._today,
                              since=change.since, is_correction=change.since is not None)  # fmt: skip
            self.apply(rewrite)
            return rewrite.version
        else:
            track = self.track(change.key)
            rewrite = added(track, self._new(change, **attested), self._today)
            self.apply(rewrite)
            new = rewrite.version
        settled = tuple(row for row in self.track(change.key, proposed=True) if row.party is new.party)
        self.apply(Rewrite(superseded=settled))
        return new

    def _changed(self, old: Responsibility, change: RowChange, changes: Mapping[str, Any]) -> Responsibility:
        is_proposed = old.basis is RowBasis.PROPOSED
        is_draft = is_proposed or not self._agreement.is_signed
        track = self.track(change.key, proposed=is_proposed)
        rewrite = changed(
            track, old, changes, self._stamp,
            today=self._today, since=change.since, paper_began_on=self._agreement.effective_on,
            is_correction=change.is_correction or (is_draft and change.since is None and change.is_statement),
        )  # fmt: skip
        self.apply(rewrite)
        names = {name: changes[name] for name in _NAMES if name in changes}
        others = [row for row in track if names and not any(row is gone for gone in rewrite.superseded)]
        self.apply(Rewrite(tuple(others), tuple(carry_on(row, self._stamp, **names) for row in others)))
        return rewrite.version

    def _new(self, change: RowChange, **fields: Any) -> Responsibility:
        """A first version; of a row that ended before, it keeps by what it is found."""
        last = last_version(self.track(change.key))
        self._position += 1
        kept = {name: getattr(last, name) for name in _FOUND_BY} if last else {"position": self._position}
        return Responsibility(
            **{
                "client_id": self._client.id,
                "agreement_id": self._agreement.id,
                "effective_from": change.since,
                "recorded_at": self._stamp.at,
                "recorded_by": self._stamp.by,
            }
            | kept
            | dict(change.changes)
            | fields
        )
