"""Help, from the one table of commands."""

from rapidfuzz import fuzz, process

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import NotFound
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.text.phrases import counted
from storage.records import Role

_NEAR = 80


def show(ctx: Context, args: Arguments) -> Reply:
    words = (args.topic or "").lower().split()
    if not words:
        return _overview(ctx)
    if len(words) > 1 and (command := ctx.registry.find(words[0], words[1])) is not None:
        return _command(command)
    of_noun = ctx.registry.of_noun(words[0])
    if len(of_noun) == 1:
        return _command(of_noun[0])
    if of_noun:
        return _noun(words[0], of_noun)
    near = ctx.registry.near(" ".join(words))
    raise NotFound(
        f'There is no command "{" ".join(words)}".',
        next_steps=(*(f"/engagement help {command.name}" for command in near), "/engagement help"),
    )


def _names_command(ctx: Context, args: Arguments) -> bool:
    """Whether nothing, a noun, or a noun and a verb are named, but for a slip."""
    words = (args.topic or "").lower().split()
    is_near = bool(words) and process.extractOne(words[0], ctx.registry.nouns, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return not words or (len(words) <= 2 and bool(is_near))


def _overview(ctx: Context) -> Reply:
    may = [command for command in ctx.registry if ctx.actor.role.may_act_as(command.role)]
    short = [command for command in may if command.slash]
    rows = tuple((command.name, command.summary) for command in may)
    return Reply(
        "Ask whose responsibility something is, and record what was agreed.",
        lines=("Try: /scope acme who patches the firewall?",),
        fields=tuple(Field(command.slash or "", command.summary) for command in short),
        table=Table(("/engagement ...", "What it does"), rows, caption="Commands"),
        choices=(Choice("Ask a question", "scope ask", opens_form=True), Choice("Start page", "home")),
        next_steps=("/engagement help NOUN, or /engagement help NOUN VERB for one command",),
        data={"commands": [command.name for command in may]},
    )


def _noun(noun: str, commands: tuple[Command, ...]) -> Reply:
    return Reply(
        f"{noun}: {counted(len(commands), 'command')}.",
        table=Table(
            ("Command", "What it does", "Role"),
            tuple((command.name, command.summary, command.role.value) for command in commands),
        ),
        next_steps=tuple(f"Example: {command.example}" for command in commands),
    )


def _command(command: Command) -> Reply:
    slash = f" Short: {command.slash}" if command.slash else ""
    needed = tuple(
        (parameter.usage.strip("[]"), parameter.help, "needed" if parameter.required else "")
        for parameter in command.parameters
    )
    return Reply(
        f"{command.name}: {command.summary}.",
        lines=(f"Usage: {command.usage}.{slash}", f"For the role {command.role.value} or higher."),
        table=Table(("Argument", "What it is", ""), needed) if needed else None,
        next_steps=(f"Example: {command.example}",),
        data={"usage": command.usage, "example": command.example, "role": command.role.value},
    )


COMMANDS = (
    Command(
        "help", "", show, Role.VIEWER, "What the bot can do, or how one command is typed", changes=False,
        parameters=(Parameter("topic", "a noun, or a noun and a verb", Kind.REST, positional=True),),
        example="/engagement help agreement add", understands=_names_command,
    ),
)  # fmt: skip
