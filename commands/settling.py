"""The buttons of whoever settles an open question."""

from commands.grammar.words import command_line
from commands.reply import Choice, Emphasis
from commands.rules.text.phrases import shorten


def settling_choices(id: int, row: str | None = None) -> tuple[Choice, ...]:
    """The buttons for the question with that number; `row` is what somebody says would be right."""
    agree = command_line("scope settle", id, row=row, alias="yes")
    ask = f'From now on, this wording leads to "{shorten(row or "", 200)}" for this client. It can be undone.'
    return (
        *((Choice(f"Yes: {shorten(row, 60)}", agree, confirm=ask),) if row else ()),
        Choice("Settle", f"scope settle {id}", Emphasis.PRIMARY, opens_form=True),
        Choice("Draft addendum line", f"scope draft {id}"),
        Choice("Dismiss", f"scope dismiss {id}", opens_form=True),
    )
