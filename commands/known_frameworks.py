"""Every framework that a workspace knows: the shipped ones with the workspace's own."""

import json
from functools import lru_cache

from storage.catalog import frameworks
from storage.catalog.frameworks import Framework, Frameworks
from storage.records import OwnFramework
from storage.unit_of_work import UnitOfWork


def known_frameworks(uow: UnitOfWork) -> Frameworks:
    """What `find`, `get` and `near` are asked of, in the place of the shipped ones alone."""
    own = uow.own_frameworks.current()
    return _together(tuple(each.stanza for each in own)) if own else frameworks.shipped()


def as_framework(own: OwnFramework) -> Framework:
    return _read(own.stanza)


# Planning asks for every client, and answers the same until an entry changes.
@lru_cache(maxsize=16)
def _together(stanzas: tuple[str, ...]) -> Frameworks:
    return frameworks.shipped().with_own(map(_read, stanzas))


def _read(stanza: str) -> Framework:
    return frameworks.framework_of(json.loads(stanza))
