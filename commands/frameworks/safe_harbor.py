"""Statutes of a client's states that name frameworks as a defense: what of their conditions is on record, what is not.

Never says that anybody is protected: whether a defense holds, a court decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import UsageError
from commands.frameworks.editions import family_of
from commands.grammar.words import command_line
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.parameters import Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.frameworks.trace import is_adopted, is_older
from commands.rules.text.phrases import counted, join_names
from commands.rules.text.placeholders import BLANK
from storage.catalog import safe_harbors
from storage.catalog.safe_harbors import Statute
from storage.records import Adoption, Client, DisclosureAnswer, Role

_REVIEWED_WITHIN = relativedelta(months=12)
_MANY = 9


@dataclass(frozen=True, slots=True)
class Condition:
    """`on_record` is what is known of it; None where nothing is."""

    what: str
    on_record: str | None
    missing: str | None = None


def list_statutes(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    states = _states(client, args.state)
    found = [each for country, state in states for each in safe_harbors.of_state(country, state)]
    names = ", ".join("-".join(each) for each in states)
    if not states:
        edit = command_line("/engagement client edit", client.name, country=BLANK)
        return Reply(
            f"{client.name}: its state is not recorded, so no statute can be named.",
            next_steps=(edit, command_line("/engagement framework defenses", client.name, state="US-OH")),
            data={"statutes": []},
        )
    if not found:
        known = ", ".join(each.jurisdiction for each in safe_harbors.all_of_them())
        return Reply(
            f"{client.name}: the catalogue knows no such statute of {names}. It knows those of {known}.",
            data={"statutes": []},
        )
    rows: list[tuple[str, ...]] = []
    data = []
    for statute in found:
        conditions = tuple(_conditions(ctx, client, statute, args.employees))
        rows += [(statute.title, each.what, each.on_record or "", each.missing or "") for each in conditions]
        data.append(
            {
                "key": statute.key,
                "missing": [each.what for each in conditions if each.missing],
                "on_record": [each.what for each in conditions if each.on_record],
                "source": statute.source_url,
            }
        )
    lines = [
        f"{each.title} ({each.citation}) gives, under its conditions: {each.gives}. {each.source_url}" for each in found
    ]
    return Reply(
        f"{client.name}: {counted(len(found), 'statute names', 'statutes name')} frameworks in {names}; "
        f"{sum(len(each['missing']) for each in data)} conditions are not on record.",
        lines=tuple(lines),
        table=Table(("Statute", "Condition", "On record", "Not on record"), tuple(rows)),
        cautions=(
            "This says what is on record here, and nothing about whether the defense holds: "
            "that is for counsel and the court.",
        ),
        data={"statutes": data},
    )


def _conditions(ctx: Context, client: Client, statute: Statute, employees: int | None) -> Iterator[Condition]:
    today = ctx.today_for(client)
    if statute.since is not None:
        is_since = statute.since <= today
        since = format_date(statute.since)
        yield Condition("it is in force", f"since {since}" if is_since else None, None if is_since else f"from {since}")
    if statute.max_employees is not None:
        yield _size(statute.max_employees, client.employees if employees is None else employees, client.employees)
    if statute.frameworks or statute.regulations:
        adopted = [each for each in ctx.uow.adoptions.current(client.id) if is_adopted(each, today)]
        named = [each for each in adopted if each.family in statute.frameworks]
        yield _framework(ctx, client, statute, named)
        for each in named:
            yield from _of_adoption(ctx, statute, each, today)
    for words in statute.also:
        yield Condition(words, None, "nothing here can show it: keep the proof and name where it is")


def _size(most: int, employees: int | None, kept: int | None) -> Condition:
    what = f"fewer than {most} employees"
    if employees is None:
        return Condition(what, None, "record how many with client edit, or say so here: employees:N")
    if employees < most:
        said = "on record" if employees == kept else "as typed now; it is not kept"
        return Condition(what, f"{employees}, {said}")
    return Condition(what, None, f"{employees} are not fewer than {most}")


def _framework(ctx: Context, client: Client, statute: Statute, named: Sequence[Adoption]) -> Condition:
    families = known_frameworks(ctx.uow)
    titles = [found.title for key in statute.frameworks if (found := families.get(key))]
    known = known_regulations(ctx.uow)
    bound = [
        known.get(each.regulation).title
        for each in ctx.uow.disclosures.current(client.id)
        if each.regulation in statute.regulations and each.answer is DisclosureAnswer.APPLIES
    ]
    laws = [known.get(key).title for key in statute.regulations]
    what = f"a program that reasonably conforms to one of: {join_names([*titles, *laws], _MANY)}"
    if named:
        said = join_names(
            [f"{families.title_of(each.family)} {each.edition} since {each.adopted_on}" for each in named], _MANY
        )
        return Condition(what, f"adopted: {said}", "that it conforms is not shown by adopting it: keep the evidence")
    if bound:
        return Condition(what, f"applies: {join_names(bound, _MANY)}", "that the client complies with it")
    return Condition(what, None, "none of these is adopted for this client")


def _of_adoption(ctx: Context, statute: Statute, each: Adoption, today: date) -> Iterator[Condition]:
    family = family_of(known_frameworks(ctx.uow), each.family, ctx.uow.frameworks.list(each.family))
    if statute.revision is not None:
        what = f"{family.title}: a newer version is followed within {statute.revision} months of its publication"
        if not is_older(each.edition, family.newest):
            yield Condition(what, f"{each.edition} is the newest that is known")
        else:
            due = _first_day(family.published) + relativedelta(months=statute.revision) if family.published else None
            words = f"{family.newest} is published" + (f"; to be followed by {format_date(due)}" if due else "")
            is_in_time = due is not None and today <= due
            yield Condition(what, words if is_in_time else None, None if is_in_time else words)
    looked = max(filter(None, (each.adopted_on, each.reviewed_on)))
    is_recent = looked >= today - _REVIEWED_WITHIN
    what = f"{family.title}: looked at within twelve months"
    yield Condition(what, f"on {looked}" if is_recent else None, None if is_recent else f"last on {looked}")
    yield Condition(
        f"{family.title}: the paper that says so", each.clause, None if each.clause else "no clause is recorded"
    )


def _first_day(published: str) -> date:
    """2024, 2024-05, 2024-05-14: the first day it can mean."""
    return date.fromisoformat("-".join([*published.split("-"), "01", "01"][:3]))


def _states(client: Client, typed: Sequence[str]) -> list[tuple[str, str]]:
    """The states that were typed, US-OH or OH; the client's own where none was. Raises UsageError."""
    if not typed:
        return [(client.country, client.subdivision)] if client.country and client.subdivision else []
    found = []
    for each in typed:
        country, _, state = each.upper().rpartition("-")
        if not state.isalpha() or len(state) != 2:
            raise UsageError(
                f'state: "{each}" is not a state. Write US-OH or OH.', fields={"state": "is such as US-OH."}
            )
        found.append((country or "US", state))
    return list(dict.fromkeys(found))


COMMANDS = (
    Command(
        "framework", "defenses", list_statutes, Role.VIEWER,
        "Statutes that name frameworks as a defense: which conditions are on record", changes=False,
        parameters=(
            CLIENT,
            Parameter(
                "state", "another state than the client's, such as US-OH; may be given several times", many=True,
                hint="another state than the client's, such as US-OH",
            ),
            Parameter("employees", "how many people the client employs, if not the number on record", Kind.INTEGER),
        ),
        example="/engagement framework defenses calder state:US-OH employees:80",
    ),
)  # fmt: skip
