"""Every framework that a workspace knows: the shipped ones with the workspace's own."""

import json

from storage.catalog import frameworks
from storage.catalog.frameworks import Framework, Frameworks
from storage.records import OwnFramework
from storage.unit_of_work import UnitOfWork


def known_frameworks(uow: UnitOfWork) -> Frameworks:
    """What `find`, `get` and `near` are asked of, in the place of the shipped ones alone."""
    own = uow.own_frameworks.current()
    return frameworks.shipped().with_own(map(as_framework, own)) if own else frameworks.shipped()


def as_framework(own: OwnFramework) -> Framework:
    return frameworks.framework_of(json.loads(own.stanza))
