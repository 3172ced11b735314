"""A client's matrix to look at: its rows by category and party, and the areas that nobody is assigned to."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.pictures.drawing import Theme, draw, in_words
from commands.reckoning import reckoning_of
from commands.reply import Choice, File, Reply, Table
from commands.row_standings import standings_of
from commands.rules.matrix.categories import Category, by_category
from commands.rules.text.phrases import counted
from storage.catalog.gray_zones import gray_zones
from storage.records import Client, Party, Role

WORDS: Mapping[Party, str] = {
    Party.MSP: "ours",
    Party.CLIENT: "the client's",
    Party.SHARED: "shared",
    Party.THIRD_PARTY: "third party",
    Party.OUT_OF_SCOPE: "out of scope",
}
_GAP = "nobody assigned"
_MOST_CATEGORIES, _MOST_SQUARES = 25, 90


def show(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    standings = standings_of(ctx.uow, client, ctx.today_for(client)).values()
    rows, gaps = [each.row for each in standings if each.counts], _gaps(ctx, client)
    disputed = tuple(dict.fromkeys(f"{each.row.item}: {each.disagreement}." for each in standings if each.disagreement))
    found = by_category(rows)
    said = f"{client.name}: {counted(len(rows), 'row')} in force"
    open_areas = f"{counted(len(gaps), 'area')} nobody is assigned to" if gaps else "no area is open"
    sentences = [*(f"{each.name}: {_counts(each)}." for each in found), *(f"{each}: {_GAP}." for each in gaps)]
    picture = File(
        f"{client.name.replace(' ', '-')}-coverage.png",
        draw("squares", _as_data(client.name, found, gaps), args.theme),
        f"{client.name}: who does what",
        in_words([f"{said}, {open_areas}.", *sentences]),
    )
    return Reply(
        f"{said}, {open_areas}.",
        lines=disputed,
        table=Table(("Category", "Rows"), tuple(_rows(found, gaps))) if sentences else None,
        files=(picture,),
        choices=(
            Choice("All rows", command_line("matrix show", client.name)),
            Choice("In dark colors", command_line("matrix coverage", client.name, theme=Theme.DARK.value)),
        ),
        data={
            "categories": [{"category": each.name, **{p.value: n for p, n in each.counts.items()}} for each in found],
            "gaps": list(gaps),
        },
    )


def _gaps(ctx: Context, client: Client) -> list[str]:
    """The usual gray areas that the matrix leaves open today."""
    still_open = ctx.matrices.open_areas(
        ctx.uow.agreements.of_client(client.id),
        ctx.uow.responsibilities.current(client.id),
        ctx.uow.phrases.known(client.id),
        ctx.today_for(client),
        reckoning_of(ctx.uow, client),
    )
    return [zone.title for zone in gray_zones() if zone.title in still_open]


def _counts(category: Category) -> str:
    return ", ".join(f"{count} {WORDS[party]}" for party, count in category.counts.items())


def _rows(found: Sequence[Category], gaps: Sequence[str]) -> list[tuple[str, str]]:
    return [*((each.name, _counts(each)) for each in found), *((each, _GAP) for each in gaps)]


def _as_data(name: str, found: Sequence[Category], gaps: Sequence[str]) -> dict[str, Any]:
    """What pictures.typ draws: a square for each row."""
    entries = [_entry(each) for each in found[:_MOST_CATEGORIES]]
    rest = found[_MOST_CATEGORIES:]
    if rest:
        total = counted(sum(each.total for each in rest), "row")
        entries.append(_plain(f"{len(rest)} more categories", total, words="All of them are in the list."))
    if gaps:
        lines = [{"mark": "gap", "words": each} for each in gaps]
        entries.append({**_plain("Nobody is assigned", counted(len(gaps), "area")), "lines": lines})
    legend = [{"mark": party.value, "words": words} for party, words in WORDS.items()]
    return {
        "title": f"{name}: who does what",
        "legend": [*legend, *([{"mark": "gap", "words": _GAP}] if gaps else [])],
        "entries": entries,
    }


def _entry(category: Category) -> dict[str, Any]:
    marks = [party.value for party, count in category.counts.items() for _ in range(count)]
    left = len(marks) - _MOST_SQUARES
    more = f" (the first {_MOST_SQUARES} squares)" if left > 0 else ""
    found = _plain(category.name, counted(category.total, "row"), words=_counts(category) + more)
    return {**found, "marks": marks[:_MOST_SQUARES]}


def _plain(head: str, count: str, words: str = "") -> dict[str, Any]:
    return {"head": head, "count": count, "words": words, "marks": [], "lines": []}


COMMANDS = (
    Command(
        "matrix", "coverage", show, Role.VIEWER, "A client's coverage as a picture: rows by category, gaps marked",
        parameters=(CLIENT, Parameter("theme", "light or dark", Kind.CHOICE, choices=Theme)),
        changes=False, example="/engagement matrix coverage calder", is_slow=True,
    ),
)  # fmt: skip
