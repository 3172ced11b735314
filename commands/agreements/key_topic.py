"""Key topics: what each agreement says about the points that decide who carries a risk, and where."""

from collections.abc import Iterator, Sequence

from commands.agreements.agreement import AGREEMENT, OPTIONAL_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.history import versions
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Group, Item, Reply, Table
from commands.rules.agreements.topic_state import NOT_LOOKED_FOR, topic_state
from commands.rules.text.phrases import capitalize_first, counted, plain
from commands.rules.text.placeholders import BLANK
from storage.records import Agreement, Client, KeyTopic, Role, TopicCoverage, TopicState

_IN_ORDER = (TopicState.MISSING.value, TopicState.UNCLEAR.value, NOT_LOOKED_FOR, TopicState.PRESENT.value)
_STATE_WORDS = {"yes": "present", "no": "missing", "absent": "missing", "vague": "unclear"}
_TOPIC_WORDS = {
    "customer": "customer_obligations", "client_obligations": "customer_obligations", "msp": "msp_obligations",
    "warranties": "disclaimer_of_warranties", "disclaimer": "disclaimer_of_warranties",
    "liability": "limitation_of_liability", "risk": "assumption_of_risk", "care": "standard_of_care",
    "regulatory": "regulatory_responsibility", "access": "access_scope",
}  # fmt: skip


def set_topics(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement = args.agreement
    current = _of(ctx, client, agreement)
    for topic in dict.fromkeys(args.topic):
        old = current.get(topic)
        changes = {"state": args.state, **args.given("clause", "notes")}
        changes |= dict.fromkeys(args.emptied("clause", "notes"))
        if args.initialled or args.emptied("initialled"):
            changes["initialled_on"] = args.initialled
        if args.state is TopicState.MISSING:
            changes |= {"clause": None, "initialled_on": None}
        if old is not None:
            versions.replace_version(ctx, ctx.uow.topics, old, changes)
        else:
            first = TopicCoverage(
                client_id=client.id, agreement_id=agreement.id, topic=topic, **changes, **versions.stamp(ctx)
            )
            ctx.uow.topics.record(first)
    ctx.uow.clients.matrix_changed(client.id)
    count = len(set(args.topic))
    are = "is" if count == 1 else "are"
    said = f"{counted(count, 'topic')} of {agreement.reference} {are} recorded as {args.state.value}."
    return _topics_reply(ctx, client, agreement, said)


def list_topics(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    if args.agreement is not None:
        return _topics_reply(ctx, client, args.agreement, f"{client.name}: key topics of {args.agreement.reference}.")
    agreements = ctx.uow.agreements.of_client(client.id)
    rows = tuple(
        (agreement.reference, str(len(looked_at)), _count(looked_at, TopicState.PRESENT), _unsure(looked_at))
        for agreement in agreements
        for looked_at in (tuple(_of(ctx, client, agreement).values()),)
    )
    return Reply(
        f"{client.name}: key topics of {counted(len(agreements), 'agreement')}. There are {len(KeyTopic)} to look for.",
        table=Table(("Agreement", "Looked at", "Present", "Missing or unclear"), rows) if rows else None,
        data={"topics": [each.model_dump(mode="json") for each in ctx.uow.topics.current(client.id)]},
    )


def _of(ctx: Context, client: Client, agreement: Agreement) -> dict[KeyTopic, TopicCoverage]:
    known = ctx.uow.topics.current(client.id)
    return {each.topic: each for each in known if each.agreement_id == agreement.id}


def _topics_reply(ctx: Context, client: Client, agreement: Agreement, headline: str) -> Reply:
    known = _of(ctx, client, agreement)
    topics = [(topic, known.get(topic)) for topic in KeyTopic]
    rows = tuple((plain(topic), topic_state(found), *_details(found)) for topic, found in topics)
    return Reply(
        headline,
        table=Table(("Topic", "State", "Clause", "Recorded by us as initialled", "Notes"), rows),
        groups=tuple(_by_state(topics)),
        choices=(
            Choice("Record", command_line("topic set", client.name, agreement.reference, state=BLANK), opens_form=True),
        ),
        data={"topics": [each.model_dump(mode="json") for each in known.values()]},
    )


def _details(found: TopicCoverage | None) -> tuple[str, str, str]:
    """The clause, the day of the initials, and the note."""
    if found is None:
        return "", "", ""
    return found.clause or "", str(found.initialled_on or ""), found.notes or ""


def _by_state(topics: Sequence[tuple[KeyTopic, TopicCoverage | None]]) -> Iterator[Group]:
    """What needs work first, then what is there; the clause, the initials and the note of each on one line."""
    for state in _IN_ORDER:
        mine = [_topic(topic, found) for topic, found in topics if topic_state(found) == state]
        if mine:
            yield Group(f"{capitalize_first(state)} ({len(mine)})", tuple(mine))


def _topic(topic: KeyTopic, found: TopicCoverage | None) -> Item:
    clause, initialled, notes = _details(found)
    signs = f"recorded by us as initialled on {initialled}" if initialled else ""
    return Item(capitalize_first(plain(topic)), "; ".join(filter(None, (clause, signs, notes))))


def _count(known: tuple[TopicCoverage, ...], state: TopicState) -> str:
    return str(sum(1 for each in known if each.state is state))


def _unsure(known: tuple[TopicCoverage, ...]) -> str:
    return ", ".join(plain(each.topic) for each in known if each.state is not TopicState.PRESENT)


COMMANDS = (
    Command(
        "topic", "set", set_topics, Role.MANAGER, "Record whether an agreement speaks about key topics, and where",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter(
                "state", "whether it does", Kind.CHOICE, positional=True, required=True, choices=TopicState,
                words=_STATE_WORDS,
            ),
            Parameter(
                "topic", "which topic; may be given several times", Kind.CHOICE, required=True, many=True, hint="",
                choices=KeyTopic, words=_TOPIC_WORDS,
            ),
            Parameter("clause", "where, such as MSA-2024 9.2"),
            Parameter("initialled", "when the client initialled it, as you can show", Kind.DATE, has_happened=True),
            Parameter("notes", "what is unclear, or what is missing", Kind.LONG_TEXT),
        ),
        example='/engagement topic set calder SOW-A present topic:limitation_of_liability clause:"SOW-A 9.2"',
    ),
    Command(
        "topic", "list", list_topics, Role.VIEWER, "Which key topics an agreement covers", changes=False,
        parameters=(CLIENT, OPTIONAL_AGREEMENT),
        example="/engagement topic list calder SOW-A",
    ),
)  # fmt: skip
