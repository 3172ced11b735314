"""Who and what a newer edition of a framework concerns: those measured by an older one, and what cites its controls."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commands.rules.frameworks.control_ids import control_key
from commands.rules.history.spans import has_ended
from storage.records.agreement import Agreement
from storage.records.client import Client
from storage.records.framework import Adoption
from storage.records.promise import Promise
from storage.records.responsibility import Responsibility


@dataclass(frozen=True, slots=True)
class Trace:
    """What concerns one client. `changed_rows` cite a control that is gone, withdrawn, retitled or reworded."""

    client: Client
    adoptions: tuple[Adoption, ...]
    agreements: tuple[Agreement, ...]
    rows: tuple[Responsibility, ...]
    changed_rows: tuple[Responsibility, ...]
    promises: tuple[Promise, ...]


def edition_order(edition: str) -> tuple[int, ...]:
    """Editions in the order of their numbers: 4 < 5, 7.1 < 8 < 8.1, 2013 < 2022."""
    return tuple(int(number) for number in re.findall(r"\d+", edition))


def is_older(edition: str, than: str) -> bool:
    """Whether the one edition comes before the other."""
    return edition_order(edition) < edition_order(than)


def is_adopted(adoption: Adoption, on: date) -> bool:
    """Whether the client or agreement is measured by it on that day."""
    return adoption.adopted_on <= on and not has_ended(adoption, on)


def trace(
    client: Client,
    family: str,
    newest: str,
    adoptions: Iterable[Adoption],
    agreements: Sequence[Agreement],
    rows: Iterable[Responsibility],
    promises: Iterable[Promise],
    *,
    cites: Callable[[str], bool],
    changed: Collection[str] = (),
    on: date,
) -> Trace | None:
    """None where nothing of the client is measured by an edition of `family` that is older than `newest`.

    `cites` tells whether a control id, as ids are compared, is one of the family; `changed` are such ids.
    """
    older = tuple(
        each for each in adoptions if each.family == family and is_adopted(each, on) and is_older(each.edition, newest)
    )
    if not older:
        return None
    current = [row for row in rows if row.effective_to is None or row.effective_to >= on]
    cited = tuple(row for row in current if any(cites(key) for key in _keys(row.control_refs)))
    touched = tuple(row for row in cited if any(_in(key, changed) for key in _keys(row.control_refs)))
    wanted = {each.agreement_id for each in older} | {row.agreement_id for row in cited}
    return Trace(
        client,
        older,
        tuple(agreement for agreement in agreements if agreement.id in wanted),
        cited,
        touched,
        tuple(each for each in promises if any(cites(key) for key in _keys(each.control_refs))),
    )


def _keys(refs: Iterable[str]) -> tuple[str, ...]:
    return tuple(control_key(ref) for ref in refs)


def _in(key: str, changed: Collection[str]) -> bool:
    """The control itself, or the control that it is a part of: AC-2(a) is part of AC-2."""
    while key:
        if key in changed:
            return True
        key = key.rpartition(".")[0]
    return False
