"""What is known about frameworks, shipped and imported; and whom a newer edition concerns."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from commands.errors import NotFound, UsageError
from commands.known_frameworks import known_frameworks
from commands.row_standings import not_replaced
from commands.rules.frameworks.changes import FrameworkChanges, compare_controls
from commands.rules.frameworks.control_ids import control_key
from commands.rules.frameworks.oscal import Catalogue, part_in_title
from commands.rules.frameworks.trace import Trace, edition_order, trace
from storage.catalog import frameworks
from storage.catalog.frameworks import Framework, Frameworks
from storage.catalog.regulations import Catalogue as Regulations
from storage.records import Adoption, Client, DisclosureAnswer, FrameworkControl, FrameworkVersion
from storage.unit_of_work import UnitOfWork

_IN_TITLE = re.compile(
    r"\b(?:revision|rev\.?|version|release|v\.?|framework|controls|matrix)\s*(\d+(?:\.\d+)*)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Family:
    """A framework. `newest` is the newest edition that is known from anywhere.

    `listed`: as the shipped list or the workspace's own has it; None where it is known only from imports.
    """

    key: str
    title: str
    newest: str
    published: str | None
    listed: Framework | None


def family_named(uow: UnitOfWork, text: str) -> Family:
    """The framework with that key, title or alias. Raises NotFound with what comes close."""
    known = known_frameworks(uow)
    listed = known.find(text)
    key = listed.key if listed else text.strip().casefold()
    imported = uow.frameworks.list(key)
    if listed is None and not imported:
        near = known.near(text)
        names = ", ".join(near or (each.key for each in known.families))
        raise NotFound(f'"{text}" is not a framework we know. {"Did you mean" if near else "There is"} {names}?')
    return family_of(known, key, imported)


def family_of(known: Frameworks, key: str, imported: Sequence[FrameworkVersion]) -> Family:
    """`imported` are the imported versions of that family."""
    listed = known.get(key)
    newest = max((each.edition for each in imported), key=edition_order, default="")
    published = None
    if listed is not None and edition_order(listed.newest.edition) >= edition_order(newest):
        newest, published = listed.newest.edition, listed.newest.published
    title = listed.title if listed else imported[-1].title if imported else key
    return Family(key, title, newest, published, listed)


def edition_named(uow: UnitOfWork, family: Family, text: str | None) -> str:
    """The edition that `text` cites; the newest for None. Raises UsageError with those that are known."""
    if text is None:
        return family.newest
    listed = family.listed.edition(text) if family.listed else None
    if listed is not None:
        return listed.edition
    imported = uow.frameworks.list(family.key)
    for each in imported:
        if frameworks.edition_key(text) in (frameworks.edition_key(each.edition), frameworks.edition_key(each.version)):
            return each.edition
    known = [each.edition for each in family.listed.versions] if family.listed else []
    known += [each.edition for each in imported if each.edition not in known]
    raise UsageError(
        f'{family.title} has no version "{text}". There is {", ".join(known)}.', fields={"version": "is not known."}
    )


def edition_of_file(listed: Framework | None, catalogue: Catalogue, version: str | None) -> str:
    """Which edition a file is a copy of: what its importer says, else its title, else its own version."""
    if version is not None:
        known = listed.edition(version) if listed else None
        return known.edition if known else version
    said = _IN_TITLE.search(catalogue.title)
    for text in (said[1] if said else None, catalogue.version):
        if text is None:
            continue
        known = listed.edition(text) if listed else None
        if known is not None:
            return known.edition
        if listed is None:
            return text
    return said[1] if said else frameworks.edition_key(catalogue.version)


def predecessor(version: FrameworkVersion, others: Sequence[FrameworkVersion]) -> FrameworkVersion | None:
    """The version of the same family that comes right before it: an older edition, or an older file of the same one.

    A baseline is compared with the same baseline only, a whole catalogue with a whole one.
    """
    part = part_of(version)
    alike = [each for each in others if each.id != version.id and part_of(each) == part]
    before = [each for each in alike if _place(each) <= _place(version)]
    return max(before, key=_place, default=None)


def part_of(version: FrameworkVersion) -> str | None:
    """What was chosen from a whole catalogue, such as its low baseline; None for a whole one."""
    return part_in_title(version.title, is_published=frameworks.shipped().get(version.family) is not None)


def changes_between(uow: UnitOfWork, old: FrameworkVersion, new: FrameworkVersion) -> FrameworkChanges:
    return compare_controls(uow.frameworks.controls_of(old.id), uow.frameworks.controls_of(new.id))


def traces(uow: UnitOfWork, family: Family, edition: str, today: date, clients: Sequence[Client]) -> list[Trace]:
    """The clients that are measured by an edition older than `edition`, with what cites it."""
    known = uow.adoptions.current(clients[0].id if len(clients) == 1 else None)
    adopted = {each.client_id for each in known if each.family == family.key}
    concerned = [client for client in clients if client.id in adopted]
    if not concerned:
        return []
    cites = cites_of(uow, family)
    changed = _changed_controls(uow, family.key, edition)
    found = []
    for client in concerned:
        each = trace(
            client, family.key, edition, uow.adoptions.current(client.id), uow.agreements.of_client(client.id),
            not_replaced(uow, client, today), uow.promises.current(client.id), cites=cites, changed=changed,
            on=today,
        )  # fmt: skip
        if each is not None:
            found.append(each)
    return found


def cites_of(uow: UnitOfWork, family: Family) -> Callable[[str], bool]:
    """Tells whether a control id, as ids are compared, is one of the family, or a part of one."""
    known = {control.key for control in _newest_controls(uow, family.key)}

    def cites(key: str) -> bool:
        if family.listed is not None and family.listed.names_control(key):
            return True
        return any(part in known for part in _with_parents(key))

    return cites


def is_looked_at(adoption: Adoption, family: Family, imported: Sequence[FrameworkVersion], zone: tzinfo) -> bool:
    """Whether somebody reviewed the adoption since the newest edition was known in the client's `zone`, and stayed with
    the older one.
    """
    known_on = family.published or min(map(str, import_days(family, imported, zone)), default="")
    return adoption.reviewed_on is not None and str(adoption.reviewed_on) >= known_on


def import_days(family: Family, imported: Iterable[FrameworkVersion], zone: tzinfo) -> list[date]:
    """The days in `zone` on which files of the newest edition were imported; none where only the shipped catalogue
    knows it.
    """
    return [each.imported_at.astimezone(zone).date() for each in imported if each.edition == family.newest]


def still_required_by(known: Regulations, family: Family, edition: str, applying: Collection[str]) -> tuple[str, ...]:
    """Titles of the regulations among `applying` that go on measuring by that edition; it may not be the newest."""
    listed = family.listed.edition(edition) if family.listed else None
    keys = [key for key in listed.still_required_by if key in applying] if listed else []
    return tuple(known.get(key).title for key in keys)


def applying_to(uow: UnitOfWork, client: Client) -> tuple[str, ...]:
    """Keys of the regulations that the client said apply."""
    known = uow.disclosures.current(client.id)
    return tuple(each.regulation for each in known if each.answer is DisclosureAnswer.APPLIES)


def _newest_controls(uow: UnitOfWork, family: str) -> tuple[FrameworkControl, ...]:
    imported = uow.frameworks.list(family)
    imported = _whole(imported) or imported
    return uow.frameworks.controls_of(max(imported, key=_place).id) if imported else ()


def _whole(imported: Sequence[FrameworkVersion]) -> list[FrameworkVersion]:
    """Without baselines, which have only some of the controls."""
    return [each for each in imported if part_of(each) is None]


def _changed_controls(uow: UnitOfWork, family: str, edition: str) -> frozenset[str]:
    """Keys of the controls that `edition` changed against the one before it, where both were imported."""
    imported = _whole(uow.frameworks.list(family))
    new = max((each for each in imported if each.edition == edition), key=_place, default=None)
    older = [each for each in imported if edition_order(each.edition) < edition_order(edition)]
    if new is None or not older:
        return frozenset()
    changes = changes_between(uow, max(older, key=_place), new)
    ids = (*changes.removed, *changes.newly_withdrawn, *changes.retitled, *changes.reworded)
    return frozenset(control_key(id) for id in ids)


def _with_parents(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _place(version: FrameworkVersion) -> tuple[tuple[int, ...], str, int]:
    """Newest last: by edition, then by the file's own date, then by when it was imported."""
    return edition_order(version.edition), version.modified or "", version.id
