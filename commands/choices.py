"""Buttons for whoever reads: none that they may not press."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from commands.command import Context, Registry
from commands.grammar.meaning import exact_meaning
from commands.labels import title_of
from commands.reply import Choice, Group, Reply, Section
from commands.rules.text.placeholders import BLANK
from storage.records import Role


def available(ctx: Context, choices: Iterable[tuple[str, str, str, bool]]) -> tuple[Choice, ...]:
    """The choices (label, command name, its arguments, whether as a form) that exist and that the actor may run."""
    return tuple(_available(ctx, choices))


def usable(registry: Registry, reply: Reply, role: Role) -> Reply:
    """`reply` without the buttons, and the lines to type next, that `role` would be refused."""

    def may(choice: Choice) -> bool:
        return _may_press(registry, choice, role)

    def section(each: Section) -> Section:
        items = tuple(replace(item, choices=tuple(filter(may, item.choices))) for item in each.items)
        return replace(each, items=items, choices=tuple(filter(may, each.choices)))

    def group(each: Group) -> Group:
        entries = tuple(replace(entry, choices=tuple(filter(may, entry.choices))) for entry in each.entries)
        more = each.more if each.more and may(each.more) else None
        return replace(each, entries=entries, more=more, choices=tuple(filter(may, each.choices)))

    return replace(
        reply,
        choices=tuple(filter(may, reply.choices)),
        sections=tuple(map(section, reply.sections)),
        groups=tuple(map(group, reply.groups)),
        next_steps=usable_steps(registry, reply.next_steps, role),
    )


def usable_choices(registry: Registry, choices: tuple[Choice, ...], role: Role) -> tuple[Choice, ...]:
    """The buttons without those that `role` would be refused."""
    return tuple(choice for choice in choices if _may_press(registry, choice, role))


def usable_steps(registry: Registry, steps: tuple[str, ...], role: Role) -> tuple[str, ...]:
    """The steps without the commands that `role` would be refused. A sentence that tells who may stays."""
    return tuple(step for step in steps if _may_type(registry, step, role))


def pressed_next(registry: Registry, reply: Reply) -> Reply:
    """`reply` with the whole commands among its next steps as buttons; what changes something opens its form.

    A question, an example, and what has no form stay lines to type; so do several whose buttons would be called the
    same. The lines of groups have buttons of their own.
    """
    if reply.groups:
        return reply
    found = {step: choice for step in reply.next_steps if (choice := _as_choice(registry, step)) is not None}
    known = {_typed(registry, each) for each in reply.choices}
    new = {step: choice for step, choice in found.items() if _typed(registry, choice) not in known}
    labels = Counter(each.label for each in (*reply.choices, *new.values()))
    pressed = {step: choice for step, choice in new.items() if labels[choice.label] == 1}
    steps = tuple(step for step in reply.next_steps if step not in pressed and (step in new or step not in found))
    return replace(reply, choices=(*reply.choices, *pressed.values()), next_steps=steps)


def _typed(registry: Registry, choice: Choice) -> tuple[str, str]:
    """The name of the choice's command, and what follows it."""
    meaning = exact_meaning(registry, choice.command)
    return (meaning[0].name, meaning[1]) if meaning else ("", choice.command)


def _as_choice(registry: Registry, step: str) -> Choice | None:
    slash, _, rest = step.partition(" ")
    own = registry.for_slash(slash)
    if slash != "/engagement" and (own is None or own.wants_words):
        return None
    line = rest if own is None else f"{own.name} {rest}".strip()
    if (meaning := exact_meaning(registry, line)) is None:
        return None
    command, _ = meaning
    opens_form = command.changes or BLANK in line
    if opens_form and not command.parameters:
        return None
    label = "Help" if command.name == "help" else title_of(command)
    return Choice(label, line, opens_form=opens_form)


def _may_press(registry: Registry, choice: Choice, role: Role) -> bool:
    if choice.role is not None and not role.may_act_as(choice.role):
        return False
    found = exact_meaning(registry, choice.command)
    return found is None or role.may_act_as(found[0].role)


def _may_type(registry: Registry, step: str, role: Role) -> bool:
    line = step.removeprefix("Example: ")
    slash, _, rest = line.partition(" ")
    if slash != "/engagement" and registry.for_slash(slash) is None:
        return True
    found = exact_meaning(registry, rest, None if slash == "/engagement" else slash)
    return found is None or role.may_act_as(found[0].role)


def _available(ctx: Context, choices: Iterable[tuple[str, str, str, bool]]) -> Iterator[Choice]:
    for label, name, rest, opens_form in choices:
        noun, _, verb = name.partition(" ")
        command = ctx.registry.find(noun, verb)
        if command is not None and ctx.actor.role.may_act_as(command.role):
            yield Choice(label, f"{name} {rest}".strip(), opens_form=opens_form)
