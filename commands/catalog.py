"""The one place that names every command module."""

from commands import (
    access,
    agreement,
    audit,
    check,
    client,
    disclosure,
    framework,
    framework_adoption,
    help,
    insurance,
    matrix_import,
    promise,
    questionnaire,
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
    who,
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
        questionnaire,
        insurance,
        access,
        promise,
        topic,
        recommendation,
        framework,
        framework_adoption,
        check,
        who,
        renewal,
        restriction,
        role,
        audit,
        help,
    )
    for command in module.COMMANDS
)
