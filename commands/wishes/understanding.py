"""Whether somebody's words ask for something that is on record, and for which client."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from commands.command import Context
from commands.errors import UnclearClient
from commands.grammar import lookup
from commands.grammar.client_in_question import client_inside, client_of_channel_inside
from commands.grammar.other_clients import (
    is_company_name,
    is_nobody,
    is_strange,
    is_unheard_of,
    refuse_near_clients,
    refuse_other_clients,
    refuse_several_clients,
)
from commands.matrix_cache import Matrices
from commands.reply import Choice
from commands.rules.conduct.access import touched_grants
from commands.rules.matching.meaning import Meaning
from commands.rules.questions.utterance import asks
from commands.rules.wishes.classify import FAR_APART, Guess, guess, most_apart, unheard, with_name_hidden
from commands.rules.wishes.said import asks_about_money, paper_owner_said, parties_said
from commands.rules.wishes.told import doer_said
from commands.scope.asked_client import client_of_thread
from commands.wishes.filling import noun_and_verb, takes_client
from commands.wishes.people import people_meant
from commands.wishes.wish import BILLING, OTHER, Wish, either, wish_for
from storage.catalog.wishes import wish_model
from storage.records import Client, Verdict

_DAYS_ASKED = ("as-of:", "known-at:", "of:")
_SLACK = 3.0
"""So much more than the words may say it once the client's name is hidden, in log odds."""
_LONGEST = 300
_MOST_CHOICES = 5


def could_be_wish(text: str, matrices: Matrices) -> bool:
    """Whether `text` is worth looking at with the records at hand, by its words alone."""
    said = text.strip()
    if not said or len(said) > _LONGEST or "\n" in said or any(each in said for each in _DAYS_ASKED):
        return False
    if asks_about_money(said):
        return True
    model = wish_model(has_meaning=matrices.knowledge.meaning is not None).looser(_SLACK)
    return any(most_apart(model, each) >= model.apart_from for each in (said, *_with_hidden(said)))


def wish_meant(ctx: Context, text: str) -> Wish | None:
    """What is wanted; None for a question about scope.

    Raises UnclearClient, with a button for each client that may be meant.
    """
    said = text.strip()
    meaning = ctx.matrices.knowledge.meaning
    try:
        named = client_of_channel_inside(ctx, said) or client_inside(ctx, said)
    except UnclearClient as error:
        found = _guessed(meaning, said, None)
        if found is None or found.label == OTHER:
            return None
        raise _with_choices(ctx, found, said, error) from error
    client = named.client if named else client_of_thread(ctx) or lookup.linked_client(ctx)
    called, asked = (named.called, named.rest) if named else (None, said)
    is_money = asks_about_money(said)
    if client is not None and not is_money and _names_row(ctx, client, asked, _most_apart(meaning, said, called)):
        return None
    found = _guessed(meaning, said, called)
    if found is None and named is None:
        found = next(filter(None, (_guessed(meaning, each, None) for each in _with_hidden(said))), None)
        if found is not None:  # only with the name of somebody whom nobody knows
            _refuse_others(ctx, found, client, said)
            return None
    if found is None:
        return None
    if found.label == OTHER and doer_said(said) is not None and people_meant(ctx, said):
        found = replace(found, label="audit show")
    if named is None and found.label not in (OTHER, BILLING):
        _refuse_others(ctx, found, client, said)
    if found.label == OTHER and client is not None and _is_asked_of_record(ctx, client, said):
        return None
    if found.label == OTHER and client is not None and named is None and _comes_close(ctx, client, said):
        return None
    if client is not None and found.apart < FAR_APART and _leads_to_row(ctx, client, asked):
        return None
    wish = wish_for(ctx, found.label, said, client, is_named=named is not None)
    if wish is None or found.or_else is None:
        return wish
    return either(ctx, wish, wish_for(ctx, found.or_else, said, client, is_named=named is not None))


def _parties(said: str) -> tuple[str, ...]:
    """Who may be meant for a client by where the name stands."""
    owner = paper_owner_said(said)
    return (*parties_said(said), *([owner] if owner else []))


def _with_hidden(said: str) -> tuple[str, ...]:
    """The words as they would be if each of those were a client."""
    return tuple(with_name_hidden(said, name) for name in _parties(said))


def _refuse_others(ctx: Context, found: Guess, assumed: Client | None, said: str) -> None:
    """Raises UnclearClient where the words may name another client than that of the thread or channel, or nobody's."""
    try:
        if assumed is not None:
            refuse_other_clients(ctx, assumed, said)
            owner = paper_owner_said(said)
            if owner is not None and is_strange(ctx, assumed, owner):
                raise lookup.unknown_client(owner)
        nobodies = (each for each in _parties(said) if _is_nobody(ctx, assumed, each))
        name = next(chain(nobodies, _unheard(ctx, found, assumed, said)), None)
        if name is not None:
            near = lookup.near_clients(ctx, name.split())
            raise lookup.unknown_client(name, [each.name for each in near])
    except UnclearClient as error:
        if assumed is not None:
            error.candidates = tuple(dict.fromkeys((*error.candidates, assumed.name)))
            error.message += f" {assumed.name} is the client of this channel."
        else:
            error.next_steps = ("/engagement client list",)
        raise _with_choices(ctx, found, said, error) from error


def _is_nobody(ctx: Context, assumed: Client | None, name: str) -> bool:
    """Where a client's name would stand, words that companies are called by are one ("does northstar have HIPAA?"),
    and several if one of them is no word of ours.
    """
    if is_nobody(ctx, assumed, name) or (" " in name and is_unheard_of(ctx, assumed, name)):
        return True
    return is_company_name(ctx, assumed, name)


def _unheard(ctx: Context, found: Guess, assumed: Client | None, said: str) -> Iterator[str]:
    """What may be the name of a client that nobody knows, in lower case, too: "when does granite gold end"."""
    command = ctx.registry.find(*noun_and_verb(found.label))
    if command is not None and not command.changes and takes_client(command, must=False):
        for name in unheard(wish_model(has_meaning=ctx.matrices.knowledge.meaning is not None), said):
            if is_unheard_of(ctx, assumed, name) or is_company_name(ctx, assumed, name):
                yield name


def _comes_close(ctx: Context, assumed: Client, said: str) -> bool:
    """Whether the words come close to another client's name, or are about several: asked as a question, they are asked
    back.
    """
    try:
        refuse_several_clients(said)
        refuse_near_clients(ctx, assumed, said)
    except UnclearClient:
        return True
    return False


def _is_asked_of_record(ctx: Context, client: Client, said: str) -> bool:
    """Whether a question touches a system in the access register, or is answered by a row beyond doubt."""
    if not asks(said):
        return False
    if touched_grants(ctx.uow.access.current(client.id), (said,)):
        return True
    matrix = ctx.matrices.of(ctx.uow, client, ctx.today_for(client))
    return matrix.answer(said).verdict not in (Verdict.UNDOCUMENTED, Verdict.AMBIGUOUS)


def _guessed(meaning: Meaning | None, said: str, called: str | None) -> Guess | None:
    if asks_about_money(said):
        return Guess(BILLING, 1.0, FAR_APART)
    return guess(wish_model(has_meaning=meaning is not None), meaning, with_name_hidden(said, called))


def _most_apart(meaning: Meaning | None, said: str, called: str | None) -> float:
    return most_apart(wish_model(has_meaning=meaning is not None), with_name_hidden(said, called))


def _names_row(ctx: Context, client: Client, asked: str, apart: float) -> bool:
    """Whether a row of the client is called just so, or, where nothing says that the words are far from the matrix
    (`apart` at most), is named among a question's furniture. The encoder is not asked.
    """
    matrix = ctx.matrices.of(ctx.uow, client, ctx.today_for(client))
    return matrix.has_row_called(asked) or (apart < FAR_APART and matrix.is_named(asked))


def _leads_to_row(ctx: Context, client: Client, asked: str) -> bool:
    """Whether the words lead to some of the client's rows, and may well be a question about them."""
    matrix = ctx.matrices.of(ctx.uow, client, ctx.today_for(client))
    return matrix.answer(asked).verdict is not Verdict.UNDOCUMENTED


def _with_choices(ctx: Context, found: Guess, said: str, error: UnclearClient) -> UnclearClient:
    """With a button for each client, that does what is wanted about it."""
    choices = []
    for name in error.candidates[:_MOST_CHOICES]:
        client = ctx.uow.clients.find_by_key(name)
        if client is not None:
            wish = wish_for(ctx, found.label, said, client, is_named=True)
            if wish is None:
                continue
            choices.append(Choice(name, f"{wish.command.name} {wish.text}".strip(), opens_form=wish.command.changes))
    error.choices = tuple(choices)
    return error
