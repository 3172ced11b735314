"""How a wish is answered: by the command that it stands for, or with its form where it would change something."""

import re
from dataclasses import replace

from commands.command import Context
from commands.grammar.known_people import people_here
from commands.grammar.words import command_line
from commands.labels import title_of
from commands.likely_clients import likely_clients
from commands.parameters import Kind
from commands.reply import Choice, Emphasis, Reply
from commands.scope.small_talk import help_reply
from commands.wishes.wish import OTHER, Wish

_ID = re.compile(r"[UW][A-Z0-9]{2,}")


def answered(reply: Reply, wish: Wish) -> Reply:
    """The command's own reply, with what it answers and how to ask for it; and a way back if scope was meant."""
    lines = (reply.headline, *reply.lines) if wish.lead else reply.lines
    ask = command_line("scope ask", client=wish.client.name if wish.client else None) + f" {wish.said}"
    return replace(
        reply,
        headline=wish.lead or reply.headline,
        lines=lines,
        choices=(*reply.choices, Choice("Ask whose job it is instead", ask)) if wish.client else reply.choices,
        same_as=wish.line,
        data={**reply.data, "stands_for": wish.line},
    )


def unfulfilled(ctx: Context, wish: Wish) -> Reply:
    """What to do where the words alone are not enough."""
    if wish.label == OTHER:
        return help_reply(ctx, wish.said, wish.client)
    if wish.or_else is not None:
        return _which_of_two(wish, wish.or_else)
    if wish.needs_client:
        return _which_client(ctx, wish)
    if wish.people:
        return _which_person(ctx, wish)
    return _check_offered(wish) if wish.command.name == "check" else _form_offered(wish)


def _which_of_two(wish: Wish, other: Wish) -> Reply:
    """A button for each of two commands that only read."""
    return Reply(
        "Which of the two do you mean?",
        choices=tuple(
            Choice(each.command.summary, each.line.removeprefix("/engagement "), is_option=True)
            for each in (wish, other)
        ),
        next_steps=(f"Or type: {wish.line}", f"Or type: {other.line}"),
        data={"stands_for": wish.line, "or_else": other.line},
    )


def _check_offered(wish: Wish) -> Reply:
    """A check is run on request only: what it finds is kept, for the next one to be compared with."""
    whom = wish.client.name if wish.client else "the client"
    return Reply(
        f"A check looks for the gaps of {whom}. What it finds is kept.",
        choices=(Choice(f"Check {whom}", wish.line.removeprefix("/engagement "), Emphasis.PRIMARY),),
        next_steps=(f"Or type: {wish.line}",),
        data={"stands_for": wish.line},
    )


def _form_offered(wish: Wish) -> Reply:
    """Nothing is changed by words that were only understood."""
    command = f"{wish.command.name} {wish.text}".strip()
    picks = "Pick the person in the form" if _lacks_person(wish) else "Check the form"
    return Reply(
        f"Nothing is changed yet. {picks} and save it.",
        choices=(Choice(f"Open the form: {title_of(wish.command)}", command, Emphasis.PRIMARY, opens_form=True),),
        next_steps=(f"Or type: {wish.line}",),
        data={"stands_for": wish.line},
    )


def _lacks_person(wish: Wish) -> bool:
    """Whether the form asks for somebody whom the words do not name, or by a name that is not known here."""
    needed = [each for each in wish.command.parameters if each.kind is Kind.PERSON and each.required]
    return bool(needed) and "<@" not in wish.text and not any(f"{each.name}:me" in wish.text for each in needed)


def _which_person(ctx: Context, wish: Wish) -> Reply:
    """A button for each of those who are called so; what changes something opens its form."""
    users = {each: _ID.findall(each)[-1] for each in wish.people}
    known = {each.user: each for each in people_here(ctx)}
    opens_form = wish.command.changes
    return Reply(
        f"Who is meant? {'Nothing is changed yet.' if opens_form else 'Several people here are called so.'}",
        choices=tuple(
            Choice(
                (known[user].name if user in known else None) or user,
                f"{wish.command.name} {wish.text} {option}".replace("  ", " "), opens_form=opens_form, is_option=True,
            )
            for option, user in users.items()
        ),
        data={"stands_for": wish.line},
    )  # fmt: skip


def _which_client(ctx: Context, wish: Wish) -> Reply:
    """A button for each of the clients that are most likely meant."""
    name, clients = wish.command.name, likely_clients(ctx, wish.said)
    if not clients:
        return Reply("There are no clients yet.", next_steps=("/engagement setup",))
    choices = (
        Choice(each.name, f"{command_line(name, each.name)} {wish.text}".strip(), opens_form=wish.command.changes)
        for each in clients
    )
    return Reply(
        "Which client? Name it, or ask in its channel.",
        choices=tuple(choices),
        next_steps=(wish.command.example,) if not wish.command.changes else (),
        data={"stands_for": wish.line},
    )
