"""Questions about all clients at once: who follows a regulation, who is measured by a framework, who lacks what."""

from collections.abc import Iterator

from commands.agreements.standing import STANDING_WORDS
from commands.arguments import Arguments
from commands.checks.counsel import seen
from commands.checks.facts import facts_of
from commands.checks.findings import findings_of_each
from commands.command import Command, Context
from commands.errors import UsageError
from commands.frameworks.editions import edition_named, family_named
from commands.grammar import lookup
from commands.known_regulations import known_regulations
from commands.parameters import Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.agreements.standing import AgreementStanding
from commands.rules.agreements.topic_state import topic_state
from commands.rules.checks import RULES
from commands.rules.frameworks.trace import is_adopted
from commands.rules.text.phrases import counted, plain
from storage.records import DisclosureAnswer, KeyTopic, Role, TopicState
from storage.records.client import client_key

_UNSIGNED = (AgreementStanding.DRAFT, AgreementStanding.OUT_FOR_SIGNATURE)


def regulation(ctx: Context, args: Arguments) -> Reply:
    """Every client with its answer, those it applies to first; who was never asked is named too."""
    if not (args.regulation or "").strip():
        raise UsageError(
            "Who what? Name a regulation, or ask who framework, who unsigned or who gap.",
            next_steps=("/engagement who hipaa", "/engagement who framework nist-csf 1.1", "/engagement who unsigned"),
        )
    found = lookup.regulation_named(ctx, args.regulation.strip())
    answers = {}
    for client in ctx.uow.clients.list():
        known = [each for each in ctx.uow.disclosures.current(client.id) if each.regulation == found.key]
        answers[client.name] = known[0] if known else None
    order = [*DisclosureAnswer]
    listed = sorted(answers.items(), key=lambda each: order.index(each[1].answer) if each[1] else len(order))
    rows = tuple(
        (
            name, plain(answer.answer) if answer else "never asked",
            (answer.attested_by or "nobody named") if answer else "", str(answer.asked_on) if answer else "",
            (answer.scope or "") if answer else "",
        )
        for name, answer in listed
    )  # fmt: skip
    applies = sum(1 for _, answer in listed if answer and answer.answer is DisclosureAnswer.APPLIES)
    never = sum(1 for _, answer in listed if answer is None)
    return Reply(
        f"{found.title} applies to {applies} of {len(rows)} clients, by what they said.",
        cautions=(f"{never} were never asked.",) if never else (),
        table=Table(("Client", "Answer", "Said by", "On", "Scope"), rows) if rows else None,
        data={
            "regulation": found.key,
            "clients": [{"client": row[0], "answer": row[1].replace(" ", "_")} for row in rows],
        },
    )


def framework(ctx: Context, args: Arguments) -> Reply:
    """Clients and agreements that are measured by a framework, or by one version of it."""
    family = family_named(ctx.uow, args.framework)
    edition = edition_named(ctx.uow, family, args.version) if args.version else None
    names = {client.id: client.name for client in ctx.uow.clients.list()}
    papers = {agreement.id: agreement.reference for agreement in ctx.uow.agreements.list()}
    rows = tuple(
        (names[each.client_id], papers.get(each.agreement_id or 0, ""), each.edition, str(each.adopted_on))
        for each in ctx.uow.adoptions.current()
        if each.family == family.key
        and each.client_id in names
        and is_adopted(each, ctx.today)
        and edition in (None, each.edition)
    )
    which = f"{family.title} {edition}" if edition else family.title
    return Reply(
        f"{counted(len(rows), 'client or agreement is', 'clients or agreements are')} measured by {which}.",
        table=Table(("Client", "Agreement", "Version", "Since"), rows) if rows else None,
        data={
            "family": family.key,
            "edition": edition,
            "adoptions": [{"client": row[0], "agreement": row[1] or None, "edition": row[2]} for row in rows],
        },
    )


def unsigned(ctx: Context, args: Arguments) -> Reply:
    rows = []
    for client in ctx.uow.clients.list():
        for paper in facts_of(ctx, client).papers:
            if paper.standing.status in _UNSIGNED:
                sides = (("us", paper.agreement.msp_signed_on), ("the client", paper.agreement.client_signed_on))
                waits = " and ".join(who for who, day in sides if day is None)
                rows.append((client.name, paper.reference, STANDING_WORDS[paper.standing.status], waits))
    return Reply(
        f"{counted(len(rows), 'agreement is', 'agreements are')} not signed by both sides.",
        table=Table(("Client", "Agreement", "Stands", "Waits for"), tuple(rows)) if rows else None,
        data={"agreements": [{"client": row[0], "agreement": row[1], "waits_for": row[3]} for row in rows]},
    )


def gap(ctx: Context, args: Arguments) -> Reply:
    """Clients with a gap: a key topic that is missing or was not looked for, or what a rule of the check finds."""
    wanted = client_key(args.topic)
    topic = next((each for each in KeyTopic if client_key(each.value) == wanted), None)
    keys = [rule.key for rule in RULES if client_key(rule.key).startswith(wanted)]
    if topic is None and not keys:
        raise UsageError(
            f'"{args.topic}" is neither a key topic nor a rule of the check.',
            fields={"topic": "is a key topic or a rule."},
            next_steps=(f"Key topics: {', '.join(KeyTopic)}", "/engagement check rules"),
        )
    rows = tuple(_topic_gaps(ctx, topic) if topic else _rule_gaps(ctx, keys))
    about = plain(topic or args.topic)
    return Reply(
        f"{counted(len({row[0] for row in rows}), 'client has', 'clients have')} a gap in {about}.",
        table=Table(("Client", "Gap"), rows) if rows else None,
        data={"topic": topic.value if topic else None, "rules": keys, "gaps": [list(row) for row in rows]},
    )


def _names_regulation(ctx: Context, args: Arguments) -> bool:
    """Whether a regulation is named, or nearly so."""
    typed = (args.regulation or "").strip()
    is_short = 0 < len(typed.split()) <= 2
    known = known_regulations(ctx.uow)
    return known.find(typed) is not None or (is_short and bool(known.near(typed)))


def _topic_gaps(ctx: Context, topic: KeyTopic) -> Iterator[tuple[str, str]]:
    for client in ctx.uow.clients.list():
        known = [each for each in ctx.uow.topics.current(client.id) if each.topic is topic]
        if not any(each.state is TopicState.PRESENT for each in known):
            yield client.name, topic_state(known[0] if known else None)


def _rule_gaps(ctx: Context, keys: list[str]) -> Iterator[tuple[str, str]]:
    for client, findings in findings_of_each(ctx, ctx.uow.clients.list()):
        yield from ((client.name, each.reason) for each in seen(ctx, findings, client) if each.rule in keys)


COMMANDS = (
    Command(
        "who", "", regulation, Role.TECHNICIAN, "Which clients a regulation applies to, and who was never asked",
        parameters=(Parameter("regulation", "such as hipaa", Kind.REST, positional=True),), changes=False,
        example="/engagement who hipaa", understands=_names_regulation,
    ),
    Command(
        "who", "framework", framework, Role.TECHNICIAN, "Which clients are measured by a framework",
        parameters=(
            Parameter("framework", "such as nist-csf", positional=True, required=True),
            Parameter("version", "only this version", positional=True),
        ),
        changes=False, example="/engagement who framework nist-csf 1.1",
    ),
    Command(
        "who", "unsigned", unsigned, Role.TECHNICIAN, "Which agreements are not signed by both sides", changes=False,
        example="/engagement who unsigned",
    ),
    Command(
        "who", "gap", gap, Role.TECHNICIAN, "Which clients lack a key topic, or fail a rule of the check",
        parameters=(Parameter("topic", "a key topic, or a rule of the check", positional=True, required=True),),
        changes=False, example="/engagement who gap limitation_of_liability",
    ),
)  # fmt: skip
