"""The one place that names every command module."""

from commands import (
    agreement,
    audit,
    client,
    disclosure,
    help,
    matrix_import,
    record_import,
    renewal,
    responsibility,
    role,
    scope,
    walkthrough,
)
from commands.registry import Registry

REGISTRY = Registry(
    command
    for module in (
        scope,
        client,
        agreement,
        walkthrough,
        responsibility,
        matrix_import,
        record_import,
        disclosure,
        renewal,
        role,
        audit,
        help,
    )
    for command in module.COMMANDS
)
