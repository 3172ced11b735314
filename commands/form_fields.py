"""Which fields a form shows first, where a command has many."""

from collections.abc import Sequence

from commands.command import Command
from commands.parameters import Kind, Parameter

MOST_FIELDS = 8
"""How many fields a form shows at first; the others are behind a button."""


def is_needed(command: Command, parameter: Parameter) -> bool:
    """Whether a form is not sent without it: what a line may leave out to open the form is asked for there."""
    return parameter.required or parameter.name in command.form.needs


def in_order(command: Command) -> tuple[Parameter, ...]:
    """As a form asks: what is typed without its name first, such as the question, then what is added to it."""
    return tuple(sorted(command.parameters, key=lambda parameter: not (parameter.positional or parameter.required)))


def _is_whose(parameter: Parameter) -> bool:
    """The agreement that it is about, not one that it mentions."""
    return parameter.kind is Kind.AGREEMENT and parameter.positional


def shown_first(command: Command, given: Sequence[str]) -> tuple[str, ...]:
    """The names of the fields that a form shows at first, in the command's order: what it needs, what is `given`, and
    what matters most up to MOST_FIELDS. All of them where there are not many.
    """
    names = [parameter.name for parameter in command.parameters]
    if command.form.is_brief:
        return tuple(name for name in names if name in (*command.form.first, *given))
    if len(names) <= MOST_FIELDS:
        return tuple(names)
    needed = [
        parameter.name
        for parameter in command.parameters
        if parameter.required or parameter.kind in (Kind.CLIENT, Kind.QUESTION) or _is_whose(parameter)
    ]
    chosen = [name for name in dict.fromkeys([*needed, *given]) if name in names]
    for name in (*command.form.first, *names):
        if len(chosen) >= MOST_FIELDS:
            break
        if name in names and name not in chosen:
            chosen.append(name)
    return tuple(name for name in names if name in chosen)
