"""Every regulation that a workspace knows: the shipped catalogue with the workspace's own entries."""

import json
from functools import lru_cache

from storage.catalog import regulations
from storage.catalog.regulations import Catalogue, Regulation
from storage.records import OwnRegulation
from storage.unit_of_work import UnitOfWork


def known_regulations(uow: UnitOfWork) -> Catalogue:
    """What `find`, `get`, `near` and `likely` are asked of, in the place of the shipped catalogue alone."""
    own = uow.own_regulations.current()
    return _together(tuple(each.stanza for each in own)) if own else regulations.shipped()


def as_regulation(own: OwnRegulation) -> Regulation:
    return _read(own.stanza)


# Planning asks for every client, and answers the same until an entry changes.
@lru_cache(maxsize=16)
def _together(stanzas: tuple[str, ...]) -> Catalogue:
    return regulations.shipped().with_own(map(_read, stanzas))


def _read(stanza: str) -> Regulation:
    return regulations.regulation_of(json.loads(stanza))
