"""The one place that names every command module."""

from commands import (
    access,
    agreement,
    audit,
    client,
    disclosure,
    framework,
    framework_adoption,
    help,
    insurance,
    matrix_import,
    promise,
    recommendation,
    record_import,
    renewal,
    responsibility,
    restriction,
    role,
    scope,
    scope_settling,
    topic,
    walkthrough,
)
from commands.registry import Registry

REGISTRY = Registry(
    command
    for module in (
        scope,
        scope_settling,
        client,
        agreement,
        walkthrough,
        responsibility,
        matrix_import,
        record_import,
        disclosure,
        insurance,
        access,
        promise,
        topic,
        recommendation,
        framework,
        framework_adoption,
        renewal,
        restriction,
        role,
        audit,
        help,
    )
    for command in module.COMMANDS
)
