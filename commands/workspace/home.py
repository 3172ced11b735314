"""The start page of one person: what to ask, what waits for them, and what needs attention, by role.

A value without Slack: sections of items with buttons. `/engagement home` says the same in words.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.reply import Choice, Emphasis, Item, Reply, Section
from commands.row_standings import not_replaced
from commands.rules.dates.format import format_date
from commands.rules.text.phrases import counted, shorten
from commands.scope.changed_answers import now_phrase
from commands.scope.settlement import relied_words
from commands.workspace import setup
from commands.workspace.home_incidents import incident_sections
from commands.workspace.home_sections import managing, running
from storage.records import Agreement, AgreementStatus, ChangedAnswer, Client, QuestionStatus, Role, ScopeQuestion

_RECENT = timedelta(days=90)
_MOST_QUESTIONS = 10
_MOST_COUNTED = 500
_MOST_CLIENTS = 10


@dataclass(frozen=True, slots=True)
class Home:
    headline: str
    sections: tuple[Section, ...]


def home(ctx: Context) -> Home:
    """What `ctx.actor` may see and do. Only clients that the unit of work shows are in it."""
    clients = {client.id: client for client in ctx.uow.clients.list()}
    sections = managing(ctx, clients) if ctx.actor.role.may_act_as(Role.MANAGER) else []
    sections = [*sections, *_setting_up(ctx, clients)] if clients else [*_setting_up(ctx, clients), *sections]
    asking = _asking(ctx, clients)
    sections = [*incident_sections(ctx, clients), *sections, asking, *_my_questions(ctx, clients)]
    if ctx.actor.role.may_act_as(Role.TECHNICIAN):
        sections.append(_my_clients(ctx, clients))
    if ctx.actor.role.may_act_as(Role.ADMIN):
        sections.append(running(ctx))
    return Home("Your start page", _emphasized(sections, asking))


def show(ctx: Context, args: Arguments) -> Reply:
    """The start page as a reply."""
    found = home(ctx)
    return Reply(found.headline, sections=found.sections, data={"sections": [each.title for each in found.sections]})


def _emphasized(sections: Sequence[Section], asking: Section) -> tuple[Section, ...]:
    """What is to be done first stands out: the first button of the first section; where it has none, of `asking`."""
    first = next(each for each in (sections[0], asking) if each.choices or any(item.choices for item in each.items))
    return tuple(_with_primary(each) if each is first else each for each in sections)


def _with_primary(section: Section) -> Section:
    place = next((place for place, item in enumerate(section.items) if item.choices), None)
    if place is None:
        return replace(section, choices=_primary(section.choices))
    item = section.items[place]
    items = (*section.items[:place], replace(item, choices=_primary(item.choices)), *section.items[place + 1 :])
    return replace(section, items=items)


def _primary(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return (replace(choices[0], emphasis=Emphasis.PRIMARY), *choices[1:])


def _asking(ctx: Context, clients: Mapping[int, Client]) -> Section:
    choices = [
        Choice("Ask a question", "scope ask", opens_form=True),
        Choice("Help", "help"),
    ]
    if ctx.actor.role.may_act_as(Role.TECHNICIAN):
        choices.insert(1, Choice("Record a disclosure", "disclosure record", opens_form=True))
    example = next(iter(clients.values())).name if clients else "acme"
    return Section(
        "Ask",
        lines=(
            "The answer comes from the client's signed responsibility matrix, with its clause.",
            "Anywhere in Slack: " + command_line("/scope", example) + " who patches the firewall?",
        ),
        choices=tuple(choices),
    )


def _setting_up(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """Until the three first steps are done, for those who may do them."""
    steps = setup.steps(ctx, list(clients.values()))
    if all(step.is_done for step in steps):
        return []
    if not ctx.actor.role.may_act_as(Role.MANAGER):
        said = "No client is recorded. A manager imports clients, links channels and matrices."
        return [] if steps[0].is_done else [Section("Not set up yet", lines=(said,))]
    items = tuple(
        Item(
            f"{place}. {step.words}",
            "",
            tuple(Choice(each.label, each.command, opens_form=True) for each in ([] if step.is_done else step.choices)),
        )
        for place, step in enumerate(steps, start=1)
    )
    return [Section("Three steps to the first answer", items)]


def _my_questions(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """How they stand, then the answers that changed, the open ones, and what was settled lately.

    Technicians see how they stand even where there is nothing: these are their figures.
    """
    since = ctx.now - _RECENT
    asked = ctx.uow.questions.of_asker(ctx.actor.user, since, _MOST_COUNTED)
    known = [question for question in asked if question.client_id in clients]
    changed = [
        each
        for each in ctx.uow.changed_answers.of_asker(ctx.actor.user, since, _MOST_COUNTED)
        if each.client_id in clients
    ]
    known.sort(key=lambda each: (each.status is not QuestionStatus.OPEN, -each.id))
    items = [_my_changed_answer(ctx, clients[each.client_id], each) for each in changed[:_MOST_QUESTIONS]]
    items += [_my_question(ctx, clients[each.client_id], each) for each in known[:_MOST_QUESTIONS]]
    if not items and ctx.actor.role is not Role.TECHNICIAN:
        return []
    return [Section("My questions", tuple(items), (_how_they_stand(known, changed),))]


def _how_they_stand(asked: Sequence[ScopeQuestion], changed: Sequence[ChangedAnswer]) -> str:
    waiting = sum(1 for each in asked if each.status is QuestionStatus.OPEN)
    settled = sum(1 for each in asked if each.status is QuestionStatus.SETTLED)
    waits = counted(waiting, "question waits", "questions wait") if waiting else "No question waits"
    were = f"{settled} {'was' if settled == 1 else 'were'}" if settled else "none was"
    got = counted(len(changed), "answer that you got has", "answers that you got have")
    have = got if changed else "no answer that you got has"
    return f"{waits} for a manager. In the last {_RECENT.days} days {were} settled, and {have} changed."


def _my_changed_answer(ctx: Context, client: Client, change: ChangedAnswer) -> Item:
    """With the button that gives today's answer."""
    found = ctx.uow.questions.find(change.scope_question_id)
    question = found.question if found else f"no. {change.scope_question_id}"
    now = f"was: {change.before}; now: {now_phrase(ctx, client, change)}"
    again = f"{command_line('scope ask', client=client.name)} {shorten(question, 900)}"
    return Item(
        f"{client.name}: {question}",
        f"The answer changed on {format_date(ctx.day_of(change.changed_at))}; {now}",
        (Choice("Ask again", again),) if found else (),
    )


def _my_question(ctx: Context, client: Client, question: ScopeQuestion) -> Item:
    if question.status is QuestionStatus.OPEN:
        detail = f"no. {question.id}, asked on {format_date(ctx.day_of(question.asked_at))}, waits for a manager"
    else:
        row_id = question.settled_responsibility_id
        row = ctx.uow.responsibilities.find(row_id) if row_id else None
        verdict = question.settled_verdict
        settled = relied_words(ctx, client, question, verdict, row) if verdict else "no answer"
        detail = f"no. {question.id}, {question.status.value}: {settled}"
    return Item(f"{client.name}: {question.question}", detail)


def _my_clients(ctx: Context, clients: Mapping[int, Client]) -> Section:
    """Those whom this person answers for or stands in for; else those asked about lately."""
    user = ctx.actor.user
    mine = [client for client in clients.values() if user in (client.owner, client.backup_owner)]
    title, lines = "My clients", tuple[str, ...]()
    if not mine:
        asked = ctx.uow.questions.clients_asked_about(user, ctx.now - _RECENT)
        mine = [client for client in clients.values() if client.id in asked]
        title = "Clients I asked about"
    if not mine:
        lines = ("None yet: you answer for no client and asked about none in the last 90 days.",)
    if len(mine) > _MOST_CLIENTS:
        lines = (f"The first {_MOST_CLIENTS} of {len(mine)}.",)
    shown = mine[:_MOST_CLIENTS]
    waiting = Counter(question.client_id for question in ctx.uow.questions.open())
    items = tuple(
        _client_item(
            client,
            ctx.uow.agreements.of_client(client.id),
            len(not_replaced(ctx.uow, client, ctx.today_for(client))),
            waiting[client.id],
        )
        for client in ctx.uow.prefetching(shown)
    )
    return Section(title, items, lines, (Choice("All clients", "client list"),) if clients else ())


def _client_item(client: Client, agreements: Sequence[Agreement], rows: int, waiting: int) -> Item:
    signed = sum(1 for each in agreements if each.status is AgreementStatus.EXECUTED)
    parts = [
        f"{signed} of {counted(len(agreements), 'agreement')} signed" if agreements else "no agreement recorded",
        f"{counted(rows, 'row')} in the matrix" if rows else "no matrix: every answer is “not documented”",
        *([counted(waiting, "open question")] if waiting else []),
    ]
    choices = (Choice("Ask", command_line("scope ask", client.name), opens_form=True),) + (
        (Choice("Matrix", command_line("matrix show", client.name)),)
        if rows
        else (Choice("Show", command_line("client show", client.name)),)
    )
    return Item(client.name, "; ".join(parts), choices)


COMMANDS = (
    Command(
        "home", "", show, Role.VIEWER, "Your start page in words: what waits for you, what is due", changes=False,
        example="/engagement home",
    ),
)  # fmt: skip
