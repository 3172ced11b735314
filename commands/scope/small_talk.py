"""The answer to words that ask nothing: how to ask, in one line. Nothing is kept open, and nobody is told."""

from typing import Any

from commands.command import Context
from commands.grammar.meaning import needs_verb
from commands.grammar.words import command_line
from commands.reply import Choice, Emphasis, Reply
from commands.row_standings import standings_of
from commands.rules.questions.utterance import unasked
from storage.records import Client, Verdict

_WHY = "the words ask nothing"


def help_reply(ctx: Context, said: str, client: Client | None) -> Reply:
    """How to ask, with an example that has an answer where the client's matrix has a row.

    Raises UsageError where `said` is the noun of commands that needs a verb.
    """
    if (noun := unasked(said).lower()) in ctx.registry.nouns and ctx.registry.find(noun, "") is None:
        raise needs_verb(ctx.registry, noun)
    ask = command_line("scope ask", client.name if client else None)
    return Reply(
        f"Ask me whose responsibility something is, such as: {_example(ctx, client)}",
        choices=(Choice("Ask a question", ask, Emphasis.PRIMARY, opens_form=True), Choice("Help", "help")),
        data=_data(said, _WHY),
    )


def word_reply(ctx: Context, word: str, client: Client) -> Reply:
    """What to do about one word that names no row. Raises UsageError where it is the noun of commands."""
    named = unasked(word)
    if named.lower() in ctx.registry.nouns:
        raise needs_verb(ctx.registry, named.lower())
    return Reply(
        f'{client.name}: no row is called "{named}". Ask in a sentence, such as: who is responsible for {named}?',
        verdict=Verdict.UNDOCUMENTED,
        data=_data(word, "no row has that name"),
    )


def _example(ctx: Context, client: Client | None) -> str:
    if client is None:
        return "/scope acme who patches the firewall?"
    rows = [each.row for each in standings_of(ctx.uow, client, ctx.today_for(client)).values() if each.counts]
    name = f'"{client.name}"' if " " in client.name else client.name
    return f"/scope {name} who is responsible for {rows[0].item if rows else 'the firewall'}?"


def _data(said: str, because: str) -> dict[str, Any]:
    """As the data of an answer that no row gives, so that a script can read both alike."""
    nothing = dict.fromkeys(("item", "evidence"))
    verdict = {"question": said, "verdict": Verdict.UNDOCUMENTED.value, **nothing}
    return {**verdict, "candidates": [], "confidence": 0.0, "access_limits": [], "cautions": [], "because": [because]}
