"""An agreement that is called as another client, or whose title names one, is asked about."""

from collections.abc import Iterator

from commands.command import Context
from commands.errors import NeedsYes
from commands.grammar.client_in_question import other_client_inside
from storage.records import Agreement, Client

_TEXTS = ("reference", "title", "summary")


def other_clients_named(
    ctx: Context, client: Client, known: Agreement | None, after: Agreement
) -> Iterator[tuple[str, str]]:
    """The texts of an agreement that are new and name another client than its own, each with whom."""
    for name in _TEXTS:
        text: str | None = getattr(after, name)
        if text and (known is None or text != getattr(known, name)):
            whom = other_client_inside(ctx, client, text)
            if whom is not None:
                yield text, whom


def ask_about_other_client(ctx: Context, client: Client, known: Agreement | None, after: Agreement) -> None:
    """Raises NeedsYes, until confirmed, where one is named."""
    if ctx.is_confirmed:
        return
    for text, whom in other_clients_named(ctx, client, known, after):
        raise NeedsYes(
            f'"{text}" names {whom}, and is to be an agreement of {client.name}. Nothing is saved yet. Is it meant so?'
        )
