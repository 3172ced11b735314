"""Help, from the one table of commands."""

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import NotFound
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Group, Item, Reply, Table
from commands.rules.text.phrases import counted
from commands.synonyms import meant_by
from storage.records import Role

_NEAR = 80
_PLEAS = frozenset({"me", "us", "please", "pls", "out"})
_WORDS = 6
_WISHES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Know whose job it is",
        (
            ("scope", "ask a question, settle what nobody documented"),
            ("matrix", "the rows of responsibility, import and export"),
            ("access", "what we may touch, and with what limit"),
            ("incident", "who has to be told, and by when"),
        ),
    ),
    (
        "Keep agreements in order",
        (
            ("agreement", "paper with its terms and signatures"),
            ("walkthrough", "when it was explained, to whom"),
            ("topic", "the key topics of an agreement"),
            ("signature", "who signed, and how"),
            ("renewal", "what ends or renews, and what was decided"),
            ("calendar", "all deadlines"),
            ("reminder", "what is due, snooze, hand over"),
            ("week", "what is due in the next seven days"),
        ),
    ),
    (
        "Know what binds the client",
        (
            ("client", "who they are, owner, channels"),
            ("disclosure", "regulations that the client told us about"),
            ("insurance", "what its insurer requires"),
            ("framework", "standards that work is measured by"),
            ("contract", "what its other contracts demand"),
            ("obligation", "what the client itself has to do"),
            ("catalogue", "the regulations that the bot knows, and yours"),
        ),
    ),
    (
        "Keep our word, and be able to show it",
        (
            ("check", "gaps of a client, and how to fix them"),
            ("who", "one question to all clients"),
            ("promise", "what we promised, and when it was last kept"),
            ("recommendation", "what a client declined"),
            ("paper", "papers to sign, to send and to show"),
            ("copy", "signed copies that are kept"),
            ("template", "your own look for the papers"),
            ("hold", "legal holds"),
            ("audit", "who did what, when"),
        ),
    ),
    (
        "Run the bot",
        (
            ("home", "your start page"), ("role", "who may do what"), ("setup", "the first steps"),
            ("undo", "take back the last change"), ("help", "this page"),
        ),
    ),
)  # fmt: skip


def show(ctx: Context, args: Arguments) -> Reply:
    words = _topic(args)
    if not words:
        return _overview(ctx)
    if len(words) > 1 and (command := ctx.registry.find(words[0], words[1])) is not None:
        return _command(command)
    of_noun = ctx.registry.of_noun(words[0])
    if len(of_noun) == 1:
        return _command(of_noun[0])
    if of_noun:
        return _noun(words[0], of_noun)
    near = ctx.registry.near(" ".join(words), role=ctx.actor.role)
    raise NotFound(
        f'There is no command "{" ".join(words)}".',
        next_steps=(*(f"/engagement help {command.name}" for command in near), "/engagement help"),
    )


def _topic(args: Arguments) -> list[str]:
    """What help is wanted with; "help me, please" is help."""
    return [word for word in (args.topic or "").lower().split() if word.strip("!?.,") not in _PLEAS]


def _names_command(ctx: Context, args: Arguments) -> bool:
    """Whether nothing, a noun, or a noun and a verb are named, but for a slip."""
    words = _topic(args)
    if words and meant_by(" ".join(words)):
        return len(words) == 1
    is_near = bool(words) and process.extractOne(words[0], ctx.registry.nouns, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return not words or (len(words) <= 2 and bool(is_near))


def _overview(ctx: Context) -> Reply:
    """The nouns by what people want to do, with a button to the commands of each."""
    may = [command for command in ctx.registry if ctx.actor.role.may_act_as(command.role)]
    nouns = {command.noun for command in may}
    groups = tuple(
        _wish(title, [(noun, said) for noun, said in known if noun in nouns])
        for title, known in (*_WISHES, ("More", _others(nouns)))
    )
    return Reply(
        "Ask whose responsibility something is, and record what was agreed.",
        lines=("Try: /scope acme who patches the firewall?",),
        fields=tuple(Field(command.slash or "", command.summary) for command in may if command.slash),
        table=Table(
            ("/engagement ...", "What it does"), tuple((command.name, command.summary) for command in may), "Commands"
        ),
        groups=tuple(group for group in groups if group.entries),
        choices=(Choice("Ask a question", "scope ask", opens_form=True), Choice("Start page", "home")),
        next_steps=("/engagement help NOUN, or /engagement help NOUN VERB for one command",),
        data={"commands": [command.name for command in may]},
    )


def _wish(title: str, known: list[tuple[str, str]]) -> Group:
    """What each noun is for, and under them a button for each."""
    entries = tuple(Item(noun, said) for noun, said in known)
    return Group(title, entries, choices=tuple(Choice(noun.capitalize(), f"help {noun}") for noun, _ in known))


def _others(nouns: set[str]) -> tuple[tuple[str, str], ...]:
    """Nouns that nobody put under a wish yet: they are never left out."""
    listed = {noun for _, known in _WISHES for noun, _ in known}
    return tuple((noun, "commands") for noun in sorted(nouns - listed))


def _noun(noun: str, commands: tuple[Command, ...]) -> Reply:
    entries = tuple(
        Item(f"{command.verb or command.noun}: {command.summary}", choices=(Choice("Help", f"help {command.name}"),))
        for command in commands
    )
    return Reply(
        f"{noun}: {counted(len(commands), 'command')}.",
        table=Table(
            ("Command", "What it does", "Role"),
            tuple((command.name, command.summary, command.role.value) for command in commands),
        ),
        groups=(Group("", entries),),
        next_steps=tuple(f"Example: {command.example}" for command in commands),
    )


def _command(command: Command) -> Reply:
    slash = f" Short: {command.slash}" if command.slash else ""
    options = tuple(
        (parameter.usage.strip("[]"), parameter.help, "needed" if parameter.required else "")
        for parameter in command.parameters
    )
    return Reply(
        f"{command.name}: {command.summary}.",
        lines=(f"Usage: {command.usage}.{slash}", f"For the role {command.role.value} or higher."),
        table=Table(("Argument", "What it is", ""), options) if options else None,
        groups=tuple(_options(command)),
        choices=(Choice("Open the form", command.name, Emphasis.PRIMARY, opens_form=True),) if options else (),
        next_steps=(f"Example: {command.example}",),
        data={"usage": command.usage, "example": command.example, "role": command.role.value},
    )


def _options(command: Command) -> Iterator[Group]:
    """Needed first; then those of its example, which people use often; then the rest."""
    needed = [each for each in command.parameters if each.required]
    often = [each for each in command.parameters if each not in needed and _is_in(each, command.example)]
    rarely = [each for each in command.parameters if each not in (*needed, *often)]
    for title, found in (("Needed", needed), ("Often", often), ("Rarely", rarely)):
        if found:
            yield Group(title, tuple(_option(each) for each in found))


def _option(parameter: Parameter) -> Item:
    """Its name, what it is, and how a value looks; of many words the first few, the form has all."""
    name, _, looks = parameter.usage.strip("[]").partition(":")
    words = looks.split("|")
    said = ", ".join(words[:_WORDS]) + (", …" if len(words) > _WORDS else "")
    return Item(name, f"{parameter.help} ({said})" if said and said != "TEXT" else parameter.help)


def _is_in(parameter: Parameter, example: str) -> bool:
    return parameter.positional or f" {parameter.name.replace('_', '-')}:" in example.replace("_", "-")


COMMANDS = (
    Command(
        "help", "", show, Role.VIEWER, "What the bot can do, or how one command is typed", changes=False,
        parameters=(Parameter("topic", "a noun, or a noun and a verb", Kind.REST, positional=True),),
        example="/engagement help agreement add", understands=_names_command,
    ),
)  # fmt: skip
