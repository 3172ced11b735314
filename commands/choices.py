"""Buttons for whoever reads: none that they may not press."""

from collections.abc import Iterable, Iterator

from commands.command import Context
from commands.reply import Choice


def available(ctx: Context, choices: Iterable[tuple[str, str, str, bool]]) -> tuple[Choice, ...]:
    """The choices (label, command name, its arguments, whether as a form) that exist and that the actor may run."""
    return tuple(_available(ctx, choices))


def _available(ctx: Context, choices: Iterable[tuple[str, str, str, bool]]) -> Iterator[Choice]:
    for label, name, rest, opens_form in choices:
        noun, _, verb = name.partition(" ")
        command = ctx.registry.find(noun, verb)
        if command is not None and ctx.actor.role.may_act_as(command.role):
            yield Choice(label, f"{name} {rest}".strip(), opens_form=opens_form)
