"""Every regulation that a workspace knows: the shipped catalogue with the workspace's own entries."""

import json

from storage.catalog import regulations
from storage.catalog.regulations import Catalogue, Regulation
from storage.records import OwnRegulation
from storage.unit_of_work import UnitOfWork


def known_regulations(uow: UnitOfWork) -> Catalogue:
    """What `find`, `get`, `near` and `likely` are asked of, in the place of the shipped catalogue alone."""
    own = uow.own_regulations.current()
    return regulations.shipped().with_own(map(as_regulation, own)) if own else regulations.shipped()


def as_regulation(own: OwnRegulation) -> Regulation:
    return regulations.regulation_of(json.loads(own.stanza))
