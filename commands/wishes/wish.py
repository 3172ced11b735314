"""From a label and somebody's words to the command that they stand for, with what the words name filled in.

A wish is never carried out where it would change something: that opens the command's form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.wishes.filling import (
    BILLING,
    FILLED,
    OTHER,
    day_filled,
    lacks_more,
    may_be_about,
    noun_and_verb,
    plainly,
    read_instead,
    takes_client,
    then_filled,
    without_it,
)
from commands.wishes.people import owner_meant, people_meant
from storage.records import Client

__all__ = ["BILLING", "OTHER", "Wish", "either", "wish_for"]


@dataclass(frozen=True, slots=True)
class Wish:
    """`text` is what is typed after the command's name. `lead` is what the answer begins with.

    `needs_client`: the command is about one client, and nothing says which. `or_else`: what may be meant as well.
    `people`: whoever may be meant, as options to add to the text, where a name is not one person's alone.
    """

    label: str
    command: Command
    text: str
    said: str
    client: Client | None
    lead: str | None = None
    needs_client: bool = False
    or_else: "Wish | None" = None
    people: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The command as it could have been typed."""
        return f"/engagement {self.command.name} {self.text}".strip()

    @property
    def needs_words(self) -> bool:
        """Whether running the command is no answer: that would change something, lacks a client, or is not clear."""
        is_unclear = self.or_else is not None or self.needs_client or bool(self.people)
        return is_unclear or self.command.changes or self.label == OTHER


def wish_for(ctx: Context, label: str, said: str, client: Client | None, *, is_named: bool) -> Wish | None:
    """The wish that `label` stands for; None where its command is not to be had.

    `client`: whom it is about; `is_named`: by the words, not by the place.
    """
    if label not in (BILLING, OTHER) and ctx.registry.find(*noun_and_verb(label)) is None:
        return None
    label = read_instead(ctx, label, said)
    fill = FILLED.get(label, plainly)
    about = client if is_named or may_be_about(ctx, label) else None
    name, values, options, lead = fill(ctx, label, said, about)
    command = ctx.registry.find(*noun_and_verb(name))
    if command is None:
        return None
    if not command.changes and lacks_more(command, values, options):
        name, values, options, lead = without_it(ctx, command, said, about)
        command = ctx.registry.find(*noun_and_verb(name))
        if command is None:
            return None
    today = ctx.today_for(client) if client else ctx.today
    if command.changes:
        options = {**day_filled(command, said, today), **options}
    elif then := then_filled(command, said, today):
        options, lead = {**options, **then}, None
    needs = client is None and not values and takes_client(command, must=True)
    people = _several(ctx, command, said, options)
    return Wish(label, command, command_line("", *values, **options).strip(), said, client, lead, needs, people=people)


def _several(ctx: Context, command: Command, said: str, options: Mapping[str, object]) -> tuple[str, ...]:
    """Each of those who may be meant, as the option that names them; nobody where it is clear, or not said."""
    name = owner_meant(said) if command.name == "client edit" else "person"
    if name is None or name not in options or options[name] is not None or len(found := people_meant(ctx, said)) < 2:
        return ()
    return tuple(command_line("", **{name: each}).strip() for each in found)


def either(ctx: Context, wish: Wish, other: Wish | None) -> Wish:
    """`wish`, with what may be meant as well where both only read and the asker may use both."""
    both = (wish, other)
    if other is None or wish.line == other.line or {wish.label, other.label} & {BILLING, OTHER}:
        return wish
    if any(each.needs_words or not ctx.actor.role.may_act_as(each.command.role) for each in both if each):
        return wish
    return replace(wish, or_else=other)
