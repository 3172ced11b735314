"""Walkthroughs: that an agreement was explained, by whom, to whom, and which topics."""

from commands.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.client import CLIENT
from commands.context import Context
from commands.registry import Command, Kind, Parameter
from commands.reply import Field, Reply
from storage.records import Agreement, KeyTopic, Role, Walkthrough


def record(ctx: Context, args: Arguments) -> Reply:
    agreement: Agreement = args.agreement
    held_on = args.on or ctx.today_for(args.client)
    walkthrough = ctx.uow.walkthroughs.record(
        Walkthrough(
            agreement_id=agreement.id,
            held_on=held_on,
            explained_by=args.by or ctx.actor.user,
            explained_to=args.to,
            topics=tuple(topic.value for topic in args.topic),
            notes=args.notes,
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user,
        )
    )
    ctx.uow.clients.matrix_changed(args.client.id)
    missing = [topic.value.replace("_", " ") for topic in KeyTopic if topic not in args.topic]
    return Reply(
        f"{agreement.reference} was explained to {walkthrough.explained_to} on {held_on}.",
        fields=(
            Field("By", f"<@{ctx.actor.user}>" if args.by is None else args.by),
            Field("Topics", ", ".join(topic.replace("_", " ") for topic in walkthrough.topics) or "not noted"),
        ),
        cautions=(f"Not noted as covered: {', '.join(missing)}.",) if missing and args.topic else (),
        data={"walkthrough": walkthrough.model_dump(mode="json")},
    )


COMMANDS = (
    Command(
        "walkthrough", "record", record, Role.TECHNICIAN, "Record that an agreement was explained to the client",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("to", "whom at the client, with title", required=True),
            Parameter("by", "who explained it; you if left out"),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True, default="today"),
            Parameter("topic", "a topic that was covered", Kind.CHOICE, many=True, choices=KeyTopic),
            Parameter("notes", "what was said", Kind.LONG_TEXT),
        ),
        example='/engagement walkthrough record calder SOW-A to:"Lee Marsh, COO" topic:access_scope',
    ),
)  # fmt: skip
