"""Papers: made from the record as PDF or DOCX, to explain, to sign, to send."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from commands.agreements.agreement import AGREEMENT, OPTIONAL_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import NotFound, UsageError
from commands.grammar.words import command_line
from commands.history import versions
from commands.history.known_at import AS_OF
from commands.holds import hold_on
from commands.incidents.duties import insurers_of
from commands.incidents.naming import incident_named
from commands.incidents.sheet import job_at, known_then, sheet_of
from commands.papers.addendum import addendum, proposed_rows, settled_questions, wanted_item
from commands.papers.declination import declination
from commands.papers.disclosure_form import disclosure_form
from commands.papers.facts import UNNAMED, PaperFacts, read_facts
from commands.papers.incident_sheet import IncidentSubject, incident_sheet
from commands.papers.making import Made, Writer, make
from commands.papers.notice_letter import NoticeSubject, deadline, ended_unnoticed, is_late, notice_letter
from commands.papers.statement import statement
from commands.papers.walkthrough_sheet import walkthrough_sheet
from commands.parameters import Kind, Parameter
from commands.reckoning import reckoning_of
from commands.reply import Choice, Field, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.incidents.clocks import discovered_at
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, shorten
from commands.rules.text.placeholders import BLANK
from commands.rules.text.wording import absolutes
from storage.records import Client, DecisionChoice, Incident, PaperFormat, PaperKind, Role, ScopeQuestion


class PrintFormat(StrEnum):
    PDF = "pdf"
    DOCX = "docx"


_STEPS = 3
_ANY_AGREEMENT = replace(
    OPTIONAL_AGREEMENT, help="the agreement's reference; all that stand if left out", hint="all that stand if left out"
)
_FORMAT = Parameter(
    "format", "PDF to read and sign, DOCX to edit; PDF if left out", Kind.CHOICE, choices=PrintFormat,
    words={"word": "docx"},
)  # fmt: skip


def make_statement(ctx: Context, args: Arguments) -> Reply:
    facts = _facts(ctx, args)
    return _made(ctx, args, PaperKind.STATEMENT, facts, lambda texts: statement(facts, texts))


def make_walkthrough(ctx: Context, args: Arguments) -> Reply:
    facts = _facts(ctx, args)
    return _made(ctx, args, PaperKind.WALKTHROUGH, facts, lambda texts: walkthrough_sheet(facts, texts))


def make_disclosure(ctx: Context, args: Arguments) -> Reply:
    facts = read_facts(ctx, args.client, None, _day(ctx, args), needs_agreement=False)
    reply = _made(ctx, args, PaperKind.DISCLOSURE, facts, lambda texts: disclosure_form(facts, texts))
    if args.client.industry is None:
        edit = command_line("/engagement client edit", args.client.name, industry=BLANK)
        said = f"The industry is not recorded, so only what concerns everybody is asked: {edit}"
        reply = replace(reply, cautions=(*reply.cautions, said))
    return reply


def make_declination(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    declined = versions.find_by_name(
        ctx.uow.recommendations.current(client.id), args.what, lambda each: each.what,
        f"{client.name} has no declined recommendation",
    )  # fmt: skip
    agreement = ctx.uow.agreements.find(declined.agreement_id) if declined.agreement_id else None
    facts = read_facts(ctx, client, agreement, _day(ctx, args), needs_agreement=False)
    write: Writer = lambda texts: declination(facts, texts, declined, args.risk)  # noqa: E731
    reply = _made(ctx, args, PaperKind.DECLINATION, facts, write)
    if declined.accepted_on is not None:
        said = f"It was accepted on {format_date(declined.accepted_on)}: this paper is about the time before."
        reply = replace(reply, cautions=(said, *reply.cautions))
    if args.risk is None:
        said = "The risk is not described. Say it in plain words with risk:, or write it on the paper."
        reply = replace(reply, cautions=(*reply.cautions, said))
    return reply


def make_notice(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement = args.agreement
    facts = _facts(ctx, args)
    reckoning = reckoning_of(ctx.uow, client)
    decision = reckoning.decision(agreement)
    if decision is None or decision.decided is not DecisionChoice.GIVE_NOTICE:
        decide = command_line("renewal decide", client.name, agreement.reference, "give_notice", reason=BLANK)
        raise NotFound(
            f"Nobody has decided to give notice of {agreement.reference}. Decide first; then it can be written.",
            next_steps=(f"/engagement {decide}",),
            choices=(Choice("Decide", decide, opens_form=True),),
        )
    verdict = reckoning.verdict(agreement, decision)
    subject = NoticeSubject(
        agreement, reckoning.standing(agreement, facts.day), decision, args.clause,
        verdict.deadline if verdict is not None else None,
    )  # fmt: skip
    reply = _made(ctx, args, PaperKind.NOTICE, facts, lambda texts: notice_letter(facts, texts, subject))
    names = (client.name, agreement.reference, "give_notice")
    sent = command_line(
        "renewal decide",
        *names,
        reason=decision.reason or BLANK,
        notice_on=BLANK,
        method=BLANK,
        to=BLANK,
        tracking=BLANK,
        proof=BLANK,
    )
    last = deadline(subject)
    if is_late(subject, facts.day) and last:
        said = (
            f"{format_date(last)}, the last day for this notice, has passed. It does not end the term: the agreement "
            "stands as renewed."
        )
        reply = replace(reply, cautions=(said, *reply.cautions))
    elif (over := ended_unnoticed(subject, facts.day)) is not None:
        said = (
            f"The decision was about the term that ended on {format_date(over)}. No notice is recorded, so "
            f"{agreement.reference} stands as renewed: decide again."
        )
        reply = replace(reply, cautions=(said, *reply.cautions))
    elif decision.notice_on is None:
        reply = replace(
            reply,
            lines=(*reply.lines, f"It must be given by {format_date(last)}.") if last is not None else reply.lines,
            cautions=("It is not recorded that it was sent: sign it, send it, and record that.", *reply.cautions),
        )
    if decision.notice_on is None:
        reply = replace(reply, choices=(*reply.choices, Choice("Record that it was sent", sent, opens_form=True)))
    return reply


def make_incident(ctx: Context, args: Arguments) -> Reply:
    """The incident as it stands now: its clocks go by the hour, so there is no other day to print it as of."""
    client: Client = args.client
    incident = _incident(ctx, client, args.what)
    sheet = sheet_of(ctx.uow, client, incident, ctx.now)
    job, since = job_at(ctx, client, incident, discovered_at(incident)), job_at(ctx, client, incident, ctx.now)
    subject = IncidentSubject(
        incident, ctx.uow.incidents.find(incident.number) or incident, sheet.clocks, sheet.unknown, job.words,
        known_then(ctx, client, incident), since.words if since != job else "", hold_on(ctx.uow, client.id),
        insurers_of(ctx.uow, client, incident),
    )  # fmt: skip
    facts = read_facts(ctx, client, None, ctx.today_for(client), needs_agreement=False)
    return _made(ctx, args, PaperKind.INCIDENT, facts, lambda texts: incident_sheet(facts, texts, subject))


def _incident(ctx: Context, client: Client, text: str | None) -> Incident:
    """By its number or how its text begins; the only one that is open if nothing was typed."""
    known = ctx.uow.incidents.current(client.id)
    is_open = [each for each in known if each.ended_on is None]
    if text is None and len(is_open) == 1:
        return is_open[0]
    if not known:
        raise NotFound(
            f"No incident of {client.name} is on record, so there is none to print.",
            next_steps=(command_line("/engagement incident record", client.name, BLANK),),
        )
    if text is None:
        several = counted(len(is_open), "open incident") if is_open else "no open incident, only closed ones"
        raise UsageError(
            f"{client.name} has {several}. Name the one that is meant.",
            fields={"what": "is missing: its number, or how its text begins."},
            next_steps=(command_line("/engagement incident list", client.name, history="yes"),),
        )
    return incident_named(known, text, client)


def make_addendum(ctx: Context, args: Arguments) -> Reply:
    facts, client = _facts(ctx, args), args.client
    proposed, settled = proposed_rows(facts), settled_questions(facts)
    if not proposed and not settled:
        raise NotFound(
            f"Nothing is proposed for {facts.references} of {client.name}. Propose what shall change first.",
            next_steps=(
                command_line(
                    "/engagement matrix set", client.name, facts.chosen[0].reference, BLANK, BLANK, proposed="yes"
                ),
            ),
        )  # fmt: skip
    reply = _made(ctx, args, PaperKind.ADDENDUM, facts, lambda texts: addendum(facts, texts))
    free = [row for row in proposed if row.carried_by_id is None]
    steps, cautions = list(reply.next_steps), list(reply.cautions)
    if free:
        parent = facts.reference(free[0].agreement_id)
        steps.append(command_line("/engagement agreement add", client.name, BLANK, kind="addendum", parent=parent))
        steps += [
            command_line("/engagement matrix set", client.name, facts.reference(row.agreement_id), row.item,
                         carried_by=BLANK)
            for row in free[:_STEPS]
        ]  # fmt: skip
        cautions.append(
            f"No agreement carries {len(free)} of its rows yet: signing one that does puts them in force, not before."
        )
    if settled:
        cautions.append(
            f"{counted(len(settled), 'settled question stands', 'settled questions stand')} in it as no row yet: "
            "propose the row, so that signing puts it in force."
        )
    return replace(
        reply, cautions=tuple(cautions), next_steps=tuple(steps),
        choices=(*reply.choices, *(_propose(facts, client, each) for each in settled[:_STEPS])),
    )  # fmt: skip


def _propose(facts: PaperFacts, client: Client, question: ScopeQuestion) -> Choice:
    """The form that makes a proposed row of a settled question."""
    party = question.settled_verdict.value if question.settled_verdict else BLANK
    item = wanted_item(question)
    typed = command_line(
        "matrix set", client.name, facts.chosen[0].reference, item, party, proposed="yes", clause=BLANK
    )
    return Choice(f"Propose: {shorten(item, 40)}", typed, opens_form=True)


def list_papers(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    made = ctx.uow.papers.of_client(client.id)
    papers = {each.id: each.reference for each in ctx.uow.agreements.of_client(client.id)}
    rows = tuple(
        (
            each.number, each.kind.value, each.format.value, papers.get(each.agreement_id or 0, ""), str(each.as_of),
            str(ctx.day_of(each.made_at, client)), as_person(each.made_by),
        )
        for each in reversed(made)
    )  # fmt: skip
    count = "1 paper was" if len(rows) == 1 else f"{len(rows)} papers were"
    return Reply(
        f"{client.name}: {count} made." if rows else f"{client.name}: no paper was made yet.",
        table=Table(("Number", "Kind", "Format", "Agreement", "As of", "Made on", "By"), rows) if rows else None,
        next_steps=() if rows else (command_line("/engagement paper statement", client.name),),
        data={"papers": [each.model_dump(mode="json") for each in made]},
    )


def _day(ctx: Context, args: Arguments) -> date:
    day: date = args.as_of or ctx.today_for(args.client)
    return day


def _facts(ctx: Context, args: Arguments) -> PaperFacts:
    return read_facts(ctx, args.client, args.agreement, _day(ctx, args))


def _made(ctx: Context, args: Arguments, kind: PaperKind, facts: PaperFacts, write: Writer) -> Reply:
    form = PaperFormat(args.format.value) if args.format else PaperFormat.PDF
    return reply_of(make(ctx, kind, facts, write, form), args.client)


def reply_of(made: Made, client: Client) -> Reply:
    """The paper that was made: its number, its day, its hash and the file."""
    content, paper = made.content, made.paper
    facts = (
        ("Number", paper.number),
        ("As of", format_date(paper.as_of)),
        ("Agreements", content.agreements),
        ("Wording", content.wording.removeprefix("Wording: ").rstrip(".")),
        ("SHA-256 of the file", paper.file_hash),
    )
    return Reply(
        f"{content.title} for {client.name}{f': {content.draft}' if content.draft else ''}.",
        fields=tuple(Field(label, value) for label, value in facts if value),
        cautions=tuple(_cautions(made)),
        files=(made.file,),
        data={"paper": paper.model_dump(mode="json"), "file": made.file.name, "draft": bool(content.draft)},
    )


def _cautions(made: Made) -> list[str]:
    content, said = made.content, []
    if content.draft:
        said.append(f'It says "{content.draft}" across every page: {content.draft_words}')
    if content.provider == UNNAMED:
        said.append("It names nobody as the provider: set ENGAGEMENT_COMPANY to your company's legal name.")
    missing = [section.title for section in content.sections if section.missing and not section.rows]
    if missing:
        said.append(f"Printed as missing: {', '.join(missing)}.")
    if made.unreadable:
        said.append(
            f'The PDF has no letters for "{made.unreadable[:40]}", and is no PDF/A for that. Take format:docx instead.'
        )
    cells = (cell for section in content.sections for row in (section.texts, *section.rows) for cell in row)
    phrases = dict.fromkeys(each.phrase for cell in cells for each in absolutes(cell))
    if phrases:
        quoted = ", ".join(f'"{phrase}"' for phrase in list(phrases)[:5])
        said.append(
            f"Words in it promise more than anybody can keep: {quoted}. Mend the records or the template first."
        )
    return said


COMMANDS = (
    Command(
        "paper", "statement", make_statement, Role.TECHNICIAN, "The responsibility statement, to read and to sign",
        parameters=(CLIENT, _ANY_AGREEMENT, AS_OF, _FORMAT), is_slow=True,
        example="/engagement paper statement calder SOW-A",
    ),
    Command(
        "paper", "walkthrough", make_walkthrough, Role.TECHNICIAN, "The sheet for explaining an agreement",
        parameters=(CLIENT, AGREEMENT, AS_OF, _FORMAT), is_slow=True,
        example="/engagement paper walkthrough calder SOW-A",
    ),
    Command(
        "paper", "disclosure", make_disclosure, Role.TECHNICIAN, "The questionnaire on regulations, to tick and sign",
        parameters=(CLIENT, AS_OF, _FORMAT), is_slow=True, example="/engagement paper disclosure calder",
    ),
    Command(
        "paper", "declination", make_declination, Role.TECHNICIAN, "A declined recommendation, for the client to sign",
        parameters=(
            CLIENT, Parameter("what", "what was declined, or how its text begins", positional=True, required=True),
            Parameter("risk", "the risk in plain words", Kind.LONG_TEXT), AS_OF, _FORMAT,
        ),
        is_slow=True, example='/engagement paper declination calder "Offline backup copy"',
    ),
    Command(
        "paper", "notice", make_notice, Role.TECHNICIAN, "The notice that was decided, to sign and send",
        parameters=(
            CLIENT, AGREEMENT, Parameter("clause", "the clause that allows it, such as MSA 12.2"), AS_OF, _FORMAT,
        ),
        is_slow=True, example="/engagement paper notice calder SOW-A",
    ),
    Command(
        "paper", "incident", make_incident, Role.TECHNICIAN, "The sheet of an incident, for counsel and the file",
        parameters=(
            CLIENT,
            Parameter("what", "what happened, its beginning or its number; the open one if left out", positional=True),
            _FORMAT,
        ),
        is_slow=True, example='/engagement paper incident calder "Mailbox of the CFO"',
    ),
    Command(
        "paper", "addendum", make_addendum, Role.TECHNICIAN, "What is proposed to change, to sign",
        parameters=(CLIENT, AGREEMENT, AS_OF, _FORMAT), is_slow=True,
        example="/engagement paper addendum calder SOW-A",
    ),
    Command(
        "paper", "list", list_papers, Role.VIEWER, "The papers that were made for a client", changes=False,
        parameters=(CLIENT,), example="/engagement paper list calder",
    ),
)  # fmt: skip
