"""Renewal terms as the paper writes them, read into fields and echoed back: nothing is saved before somebody agrees."""

from commands.agreements.agreement import AGREEMENT, OPTIONS
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Reply
from commands.rules.term_text.reading import read_terms
from commands.rules.text.phrases import plain
from storage.records import Period, Role


def read(ctx: Context, args: Arguments) -> Reply:
    reading = read_terms(args.text)
    stated = reading.stated()
    fields = tuple(
        Field(plain(name), value.in_words if isinstance(value, Period) else str(value))
        for name, value in stated.items()
    )
    unread = tuple(f'Not understood: "{text}".' for text in reading.not_understood)
    names = (args.client.name, args.agreement.reference)
    save = command_line("agreement edit", *names, **{OPTIONS[name]: str(value) for name, value in stated.items()})
    what = "All of it was understood" if reading.is_complete else "Not all of it was understood"
    return Reply(
        f"{what}. Nothing is saved yet." if stated else "No terms could be read from that. Nothing is saved.",
        fields=fields,
        cautions=(*unread, *reading.questions),
        choices=_choices(save, is_complete=reading.is_complete) if stated else (),
        next_steps=(f"/engagement {save}",) if stated else ("/engagement help agreement edit",),
        data={
            "stated": {name: str(value) for name, value in stated.items()},
            "not_understood": list(reading.not_understood),
            "questions": list(reading.questions),
        },
    )


def _choices(save: str, *, is_complete: bool) -> tuple[Choice, ...]:
    """What was only partly understood goes through the form, where the rest can be put right."""
    if is_complete:
        return (Choice("Save these terms", save, Emphasis.PRIMARY), Choice("Correct them", save, opens_form=True))
    return (Choice("Correct and save", save, Emphasis.PRIMARY, opens_form=True),)


COMMANDS = (
    Command(
        "agreement", "terms", read, Role.MANAGER, "Read terms as the paper writes them, and show what was understood",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("text", "the words of the paper", Kind.REST, positional=True, required=True),
        ),
        changes=False,
        example="/engagement agreement terms calder SOW-A renews for successive 1 year terms unless 60 days' notice",
    ),
)  # fmt: skip
