"""Walkthroughs: that an agreement was explained, by whom, to whom, and which topics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commands.agreements.agreement import AGREEMENT, OPTIONAL_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.explanations import explanations, unexplained_parts
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.policy import explain_within
from commands.reply import Field, Group, Item, Reply, Table
from commands.rules.agreements.explanation import Explanation, has_authority
from commands.rules.agreements.topic_state import topic_state
from commands.rules.dates.format import format_date
from commands.rules.history.lag import date_with_lag
from commands.rules.text.people import as_person
from commands.rules.text.phrases import count_days, plain
from commands.rules.text.placeholders import BLANK, EXPLAINED
from commands.signed_copies import FILE, keep_with
from storage.records import Agreement, Client, CopyOf, KeyTopic, Role, TopicCoverage, Walkthrough

_COLUMNS = (
    "Agreement", "Explained on", "To", "May sign", "By", "Topics", "Asked", "Signed", "Recorded by", "Recorded",
)  # fmt: skip


def record(ctx: Context, args: Arguments) -> Reply:
    agreement: Agreement = args.agreement
    held_on = args.on or ctx.today_for(args.client)
    earlier = [each for each in ctx.uow.walkthroughs.of_client(args.client.id) if each.agreement_id == agreement.id]
    walkthrough = ctx.uow.walkthroughs.record(
        Walkthrough(
            agreement_id=agreement.id,
            held_on=held_on,
            explained_by=args.by or ctx.actor.user,
            explained_to=args.to,
            topics=tuple(topic.value for topic in args.topic),
            notes=args.notes,
            may_sign=args.may_sign,
            asked=args.asked,
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user,
        )
    )
    ctx.uow.clients.matrix_changed(args.client.id)
    kept = keep_with(
        ctx, args.client, CopyOf.WALKTHROUGH, agreement_id=agreement.id, subject=f"walkthrough:{walkthrough.id}"
    )
    facts = (
        ("By", as_person(walkthrough.explained_by)),
        ("Topics", _topics(walkthrough)),
        ("May sign for the client", _may_sign(walkthrough, agreement)),
        ("Asked", walkthrough.asked),
        ("Signed", _after_signature(agreement, held_on)),
        ("Before", "; ".join(f"{each.held_on} to {each.explained_to}" for each in earlier)),
    )
    return Reply(
        f"{agreement.reference} was explained to {walkthrough.explained_to} on "
        f"{date_with_lag(held_on, ctx.today_for(args.client))}.",
        lines=kept,
        fields=tuple(Field(label, value) for label, value in facts if value),
        cautions=(*_cautions(args, walkthrough), *_still_missing(ctx, args.client, agreement)),
        data={"walkthrough": walkthrough.model_dump(mode="json")},
    )


def list_walkthroughs(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreements = {each.id: each for each in ctx.uow.agreements.of_client(client.id)}
    wanted = {args.agreement.id} if args.agreement else set(agreements)
    held = [each for each in ctx.uow.walkthroughs.of_client(client.id) if each.agreement_id in wanted]
    unexplained = [each.reference for id, each in agreements.items() if id in wanted - {w.agreement_id for w in held}]
    told = [_Told(each, agreements[each.agreement_id], ctx.day_of(each.recorded_at, client)) for each in held]
    about = f" of {args.agreement.reference}" if args.agreement else ""
    partly = unexplained_parts(_known(ctx, client), (each for id, each in agreements.items() if id in wanted))
    count = "1 walkthrough" if len(told) == 1 else f"{len(told)} walkthroughs"
    return Reply(
        f"{client.name}: {count}{about} recorded.",
        cautions=(
            *((f"Not explained, as far as is recorded: {', '.join(unexplained)}.",) if unexplained else ()),
            *partly.values(),
        ),
        table=Table(_COLUMNS, tuple(each.row for each in told)) if told else None,
        groups=tuple(_groups(told)),
        next_steps=()
        if told or not unexplained
        else (command_line("/engagement walkthrough record", client.name, unexplained[0], **EXPLAINED),),
        data={"walkthroughs": [each.model_dump(mode="json") for each in held]},
    )


def _groups(told: Sequence["_Told"]) -> Iterator[Group]:
    """By agreement, in the order in which these come first."""
    by_paper: dict[str, list[Item]] = {}
    for each in told:
        by_paper.setdefault(each.agreement.reference, []).append(each.item)
    for reference, items in by_paper.items():
        yield Group(reference, tuple(items))


@dataclass(frozen=True, slots=True)
class _Told:
    """A walkthrough of a list; `recorded` is the day on which it was recorded."""

    walkthrough: Walkthrough
    agreement: Agreement
    recorded: date

    @property
    def row(self) -> tuple[str, ...]:
        told, paper = self.walkthrough, self.agreement
        return (
            paper.reference, str(told.held_on), told.explained_to, _may_sign(told, paper),
            as_person(told.explained_by), _topics(told), told.asked or "", _after_signature(paper, told.held_on),
            as_person(told.recorded_by), _lag(self.recorded, told.held_on),
        )  # fmt: skip

    @property
    def item(self) -> Item:
        """When it was explained to whom, then who did it, whether they may sign, and about what."""
        told, paper = self.walkthrough, self.agreement
        detail = (
            f"By {as_person(told.explained_by)}, {_after_signature(paper, told.held_on)}; "
            f"may sign: {_may_sign(told, paper)}",
            f"Topics: {_topics(told)}",
            f"Asked: {told.asked}" if told.asked else "",
            f"Recorded by {as_person(told.recorded_by)} on {_lag(self.recorded, told.held_on)}",
        )
        said = ". ".join(part.rstrip(".") for part in detail if part)
        return Item(f"{format_date(told.held_on)}, to {told.explained_to}", f"{said}.")


def show(ctx: Context, args: Arguments) -> Reply:
    """Topic by topic: whether the agreement has it, and with whom it was gone through, when, and what they asked."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    held = [each for each in ctx.uow.walkthroughs.of_client(client.id) if each.agreement_id == agreement.id]
    coverage = {each.topic: each for each in ctx.uow.topics.current(client.id) if each.agreement_id == agreement.id}
    told = _known(ctx, client)[agreement.id]
    rows = tuple(_topic_row(topic, coverage.get(topic), held, agreement) for topic in KeyTopic)
    lines = [
        f"{date_with_lag(each.held_on, ctx.day_of(each.recorded_at, client))}, {as_person(each.explained_by)} to "
        f"{each.explained_to}: {_what_was_said(each)}"
        for each in held
    ]
    cautions: tuple[str, ...] = ()
    if told.held_on is None:
        headline = f"{agreement.reference} was never explained, as far as is recorded."
    elif told.is_full and told.topics:
        headline = f"{agreement.reference} is explained: every key topic that it has, in time."
    elif told.is_full:
        headline = f"{agreement.reference} was explained; which key topics it has was not looked for."
    else:
        headline = f"{agreement.reference} is explained in part."
        cautions = tuple(filter(None, (told.in_words(agreement.reference),)))
    options: dict[str, object] = {**EXPLAINED, "may_sign": BLANK}
    if told.missing:
        options["topic"] = tuple(each.value for each in told.missing)
    record_line = command_line("/engagement walkthrough record", client.name, agreement.reference, **options)
    return Reply(
        headline,
        lines=tuple(lines),
        cautions=cautions,
        table=Table(("Topic", "In the agreement", "Clause", "Explained", "To"), rows),
        next_steps=() if told.is_full else (record_line,),
        data={
            "walkthroughs": [each.model_dump(mode="json") for each in held],
            "missing": [each.value for each in told.missing],
            "doubts": list(told.doubts),
            "late_by": told.late_by,
            "is_explained": told.is_full,
        },
    )


def _what_was_said(each: Walkthrough) -> str:
    said = [each.notes] if each.notes else []
    said += [f"Asked: {each.asked}"] if each.asked else []
    return " ".join(said) or "no notes"


def _topic_row(
    topic: KeyTopic, coverage: TopicCoverage | None, held: Sequence[Walkthrough], agreement: Agreement
) -> tuple[str, ...]:
    newest = next((each for each in reversed(held) if topic.value in each.topics), None)
    state = topic_state(coverage)
    clause = coverage.clause if coverage else None
    to = f"{newest.explained_to} (may sign: {_may_sign(newest, agreement)})" if newest else ""
    return plain(topic), state, clause or "", str(newest.held_on) if newest else "not noted", to


def _known(ctx: Context, client: Client) -> Mapping[int, Explanation]:
    return explanations(
        ctx.uow.agreements.of_client(client.id), ctx.uow.walkthroughs.of_client(client.id),
        ctx.uow.topics.current(client.id), ctx.uow.responsibilities.current(client.id), ctx.today_for(client),
        explain_within(ctx.policy),
    )  # fmt: skip


def _still_missing(ctx: Context, client: Client, agreement: Agreement) -> tuple[str, ...]:
    words = _known(ctx, client)[agreement.id].in_words(agreement.reference)
    return (words,) if words else ()


def _may_sign(walkthrough: Walkthrough, agreement: Agreement) -> str:
    if walkthrough.may_sign is None:
        return "yes: signed it" if has_authority(walkthrough, agreement) else "not recorded"
    return "yes" if walkthrough.may_sign else "no"


def _cautions(args: Arguments, walkthrough: Walkthrough) -> tuple[str, ...]:
    missing = [plain(topic) for topic in KeyTopic if topic not in args.topic]
    said = [f"Not noted as covered: {', '.join(missing)}."] if missing and args.topic else []
    if args.on is None:
        said.append(f"No day was given, so it counts as held today, {walkthrough.held_on}.")
    if args.by is None:
        said.append("Nobody was named who explained it, so it counts as explained by you.")
    return tuple(said)


def _topics(walkthrough: Walkthrough) -> str:
    return ", ".join(plain(topic) for topic in walkthrough.topics) or "not noted"


def _after_signature(agreement: Agreement, held_on: date) -> str:
    """How the walkthrough stands to the client's signature: explaining what is signed already comes late."""
    signed = agreement.client_signed_on
    if signed is None:
        return "not signed by the client"
    days = (held_on - signed).days
    if days == 0:
        return "on the day the client signed"
    return f"{count_days(abs(days))} {'after' if days > 0 else 'before'} the client signed"


def _lag(recorded_on: date, held_on: date) -> str:
    days = (recorded_on - held_on).days
    return f"{recorded_on}, the same day" if days <= 0 else f"{recorded_on}, {count_days(days)} after"


COMMANDS = (
    Command(
        "walkthrough", "record", record, Role.TECHNICIAN, "Record that an agreement was explained to the client",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("to", "whom at the client, with title", required=True),
            Parameter("by", "who explained it; you if left out"),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True, default="today"),
            Parameter("topic", "a topic that was covered", Kind.CHOICE, many=True, choices=KeyTopic),
            Parameter("may-sign", "whether they may sign for the client", Kind.YES_NO),
            Parameter("asked", "what they asked, and what was answered", Kind.LONG_TEXT),
            Parameter("notes", "what was said", Kind.LONG_TEXT), FILE,
        ),
        example='/engagement walkthrough record calder SOW-A to:"Pat Example, COO" topic:access_scope',
    ),
    Command(
        "walkthrough", "list", list_walkthroughs, Role.VIEWER, "Who was told what is agreed, when, and how long after",
        parameters=(CLIENT, OPTIONAL_AGREEMENT), changes=False,
        example="/engagement walkthrough list calder SOW-A",
    ),
    Command(
        "walkthrough", "show", show, Role.VIEWER, "Which key topics of an agreement were explained, to whom, and when",
        parameters=(CLIENT, AGREEMENT), changes=False, example="/engagement walkthrough show calder SOW-A",
    ),
)  # fmt: skip
