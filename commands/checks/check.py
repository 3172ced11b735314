"""The engagement check: the gaps of each client, how severe they are, and the command that fixes them. Not a score."""

from dataclasses import dataclass
from typing import Any

from commands.arguments import Arguments
from commands.checks.counsel import PREPARED, for_counsel, seen, seen_ids
from commands.checks.facts import facts_of, general_facts, people_of
from commands.checks.findings import findings_of_each
from commands.checks.progress import FEWEST_CLIENTS, progress_sections
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Group, Item, Reply, Table
from commands.rules.checks import GENERAL_RULES, RULES, Changes, Finding, Mend, Severity, changes_since, check
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_person
from commands.rules.text.phrases import capitalize_first, counted
from commands.rules.text.placeholders import BLANK
from commands.stamps import stamp_cautions
from storage.records import CheckResult, Client, Role

_SHOWN = 12
_WORST = 3
_OF_EACH = 5
_PAPERS, _LABEL = 8, 36
_LABELS = {
    "agreement add": "Add", "agreement sign": "Signed", "agreement edit": "Edit", "agreement terminate": "End",
    "agreement show": "Show", "walkthrough record": "Explained", "renewal decide": "Decide", "topic set": "Record",
    "access grant": "Edit", "access review": "Review", "client edit": "Edit", "client restrict": "Edit",
    "recommendation decline": "Edit", "recommendation reoffer": "Offer", "framework adopt": "Adopt",
    "framework review": "Review", "scope settle": "Settle", "promise kept": "Kept", "promise edit": "Edit",
    "promise add": "Edit", "promise end": "End", "matrix set": "Set row", "matrix retire": "Retire",
    "disclosure answers": "Answers", "disclosure record": "Answer", "insurance require": "Edit",
    "insurance end": "End", "matrix import": "Import",
}  # fmt: skip
"""What the button of a command says. Short: beside it is the gap, and a phone is narrow."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`changes` is None the first time. `counsel` are the ids of those that are prepared for counsel."""

    client: Client
    findings: tuple[Finding, ...]
    changes: Changes | None
    before: CheckResult | None
    counsel: frozenset[str]

    @property
    def counts(self) -> dict[str, int]:
        return {severity.value: sum(each.severity is severity for each in self.findings) for severity in Severity}


def run(ctx: Context, args: Arguments) -> Reply:
    """The result is kept, so that the next check can say what changed."""
    client: Client = args.client
    found = check(facts_of(ctx, client))
    checked = _compared(ctx, client, found)
    ctx.uow.checks.record(
        CheckResult(
            client_id=client.id,
            checked_at=ctx.now,
            checked_by=ctx.actor.user,
            findings=tuple(each.id for each in found),
        )
    )
    shown = [each for each in checked.findings if args.severity is None or each.severity is args.severity]
    limit = len(shown) if args.everything else _SHOWN
    if not checked.findings:
        return Reply(
            f"{client.name}: nothing is missing, by the {len(RULES)} rules of the check.",
            lines=_change_lines(ctx, checked),
            data=_as_data(checked),
        )
    more = f"{len(shown) - limit} more: {command_line('/engagement check', client.name, everything='yes')}"
    return Reply(
        f"{client.name}: {_count_text(checked.counts)}.",
        lines=_change_lines(ctx, checked),
        table=Table(
            ("Severity", "Gap", "Who", "Fix"),
            tuple(_row(each, checked) for each in shown[:limit]),
            "Findings, the worst first",
        ),
        groups=_groups(checked, shown, everything=bool(args.everything)),
        choices=_papers(shown),
        next_steps=(more,) if len(shown) > limit else (),
        data=_as_data(checked),
    )


def _groups(checked: Checked, shown: list[Finding], *, everything: bool) -> tuple[Group, ...]:
    """By severity, the worst first; the first few of each, unless everything is asked for."""
    found = []
    for severity in Severity:
        mine = [each for each in shown if each.severity is severity]
        limit = len(mine) if everything else _OF_EACH
        entries = tuple(_entry(each, checked) for each in mine[:limit])
        rest = command_line("check", checked.client.name, severity=severity.value, everything="yes")
        more = Choice(f"Show {len(mine) - limit} more", rest) if len(mine) > limit else None
        if mine:
            found.append(Group(f"{severity.value.capitalize()} ({len(mine)})", entries, len(mine), more))
    return tuple(found)


def _entry(each: Finding, checked: Checked) -> Item:
    """The gap in one line, what shows it, and the form that fixes it, filled in with what is known."""
    who = f"Concerns {as_person(each.concerns)}" if each.concerns and each.concerns != checked.client.owner else ""
    counsel = PREPARED if each.id in checked.counsel else ""
    detail = ". ".join(filter(None, (counsel, capitalize_first(each.evidence) if each.evidence else "", who)))
    return Item(each.reason, detail, (_button(each),))


def _papers(shown: list[Finding]) -> tuple[Choice, ...]:
    """The papers that help to close the first gaps, each once."""
    found = dict.fromkeys(paper for each in shown for paper in _papers_of(each.mend))
    return tuple(found)[:_PAPERS]


def _papers_of(mend: Mend) -> tuple[Choice, ...]:
    """The paper that helps to close the gap, where one does."""
    client, *named = map(str, mend.values) if mend.values else ("",)
    if mend.command in ("disclosure record", "disclosure answers", "disclosure ask") and client:
        return (Choice("Questionnaire", command_line("paper disclosure", client)),)
    if not named:
        return ()
    match mend.command:
        case "walkthrough record":
            label, paper = "Walkthrough sheet", command_line("paper walkthrough", client, named[0])
        case "agreement sign":
            label, paper = "Statement", command_line("paper statement", client, named[0])
        case "recommendation decline":
            label, paper = "Declination to sign", command_line("paper declination", client, named[0], risk=BLANK)
        case _:
            return ()
    whole = f"{label}: {named[0]}"
    return (Choice(whole if len(whole) <= _LABEL else label, paper, opens_form=BLANK in paper),)


def run_all(ctx: Context, args: Arguments) -> Reply:
    """Only reads: it takes long, and a writer would hold up everybody else. Compares with each client's last check."""
    clients = ctx.uow.clients.list()
    checked = sorted(
        (_compared(ctx, client, findings) for client, findings in findings_of_each(ctx, clients)),
        key=_badness, reverse=True,
    )  # fmt: skip
    general = seen(ctx, check(general_facts(ctx), GENERAL_RULES))
    total = {severity.value: sum(each.counts[severity.value] for each in checked) for severity in Severity}
    for each in general:
        total[each.severity.value] += 1
    rows = tuple(
        (
            each.client.name, *(str(count or "") for count in each.counts.values()), _move_text(each),
            each.findings[0].reason if each.findings else "nothing is missing",
        )
        for each in checked
    )  # fmt: skip
    first = progress_sections(ctx, {client.id: client for client in clients})
    columns = ("Client", *(severity.value.capitalize() for severity in Severity), "Since last", "Worst")
    worst = [each for each in checked if each.findings][:_WORST]
    return Reply(
        f"{counted(len(clients), 'client')} checked: {_count_text(total)}.",
        cautions=stamp_cautions(ctx),
        lines=tuple(f"Promised to everybody: {each.reason}" for each in general),
        next_steps=tuple(as_typed(each.mend) for each in general),
        table=Table(columns, rows) if rows and (args.everything or len(rows) < FEWEST_CLIENTS) else None,
        sections=first if len(clients) >= FEWEST_CLIENTS else (),
        choices=tuple(Choice(each.client.name, command_line("check", each.client.name)) for each in worst),
        data={
            "clients": [_as_data(each) for each in checked],
            "everybody": [_finding_data(each) for each in general],
            "counts": total,
        },
    )


def rules(ctx: Context, args: Arguments) -> Reply:
    rows = tuple((each.title, each.severity.value, each.key) for each in RULES)
    return Reply(
        f"The check has {len(RULES)} rules. Each is met when this is true:",
        table=Table(("Met when", "Severity", "Rule"), rows),
        data={"rules": [{"key": key, "severity": severity, "title": title} for title, severity, key in rows]},
    )


def as_typed(mend: Mend) -> str:
    """The command as somebody would type it, with blanks for what only a person knows."""
    return "/engagement " + command_line(mend.command, *mend.values, **dict(mend.options))


def _row(each: Finding, checked: Checked) -> tuple[str, ...]:
    who = each.concerns or checked.client.owner
    reason = f"{each.reason} ({each.evidence})" if each.evidence else each.reason
    reason = f"{PREPARED}: {reason}" if each.id in checked.counsel else reason
    return each.severity.value, reason, as_person(who), as_typed(each.mend)


def _compared(ctx: Context, client: Client, findings: tuple[Finding, ...]) -> Checked:
    """Of what the actor may see."""
    before, findings = ctx.uow.checks.newest(client.id), seen(ctx, findings, client)
    changes = changes_since(seen_ids(ctx, before.findings, client), findings) if before else None
    counsel = for_counsel(ctx, client, [each.id for each in findings])
    return Checked(client, findings, changes, before, counsel)


def _change_lines(ctx: Context, checked: Checked) -> tuple[str, ...]:
    if checked.changes is None or checked.before is None:
        return ("This is the first check.",)
    since = f"Since the check on {format_date(ctx.day_of(checked.before.checked_at, checked.client))}"
    if not checked.changes.new and not checked.changes.gone:
        return (f"{since}: nothing changed.",)
    lines = [f"{since}: {len(checked.changes.new)} new, {len(checked.changes.gone)} fixed."]
    lines += [f"New: {each.reason}" for each in checked.changes.new[:_WORST]]
    return tuple(lines)


def _move_text(checked: Checked) -> str:
    if checked.changes is None:
        return "never checked"
    parts = [f"{len(checked.changes.new)} new"] if checked.changes.new else []
    parts += [f"{len(checked.changes.gone)} fixed"] if checked.changes.gone else []
    return ", ".join(parts) or "as before"


def _count_text(counts: dict[str, int]) -> str:
    said = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count)
    total = sum(counts.values())
    return f"{total} finding{'' if total == 1 else 's'} ({said})" if total else "nothing is missing"


def _badness(checked: Checked) -> tuple[int, ...]:
    return tuple(checked.counts.values())


def _button(finding: Finding) -> Choice:
    """Opens the form of the command, filled in with what is known; its blanks are empty there."""
    mend = finding.mend
    line = command_line(mend.command, *mend.values, **dict(mend.options))
    return Choice(_LABELS.get(mend.command, "Fix"), line, opens_form=True)


def _as_data(checked: Checked) -> dict[str, Any]:
    changes = checked.changes
    return {
        "client": checked.client.name,
        "counts": checked.counts,
        "findings": [_finding_data(each, checked.client) for each in checked.findings],
        "since": checked.before.checked_at.isoformat() if checked.before else None,
        "new": [each.id for each in changes.new] if changes else [],
        "mended": list(changes.gone) if changes else [],
    }


def _finding_data(each: Finding, client: Client | None = None) -> dict[str, Any]:
    return {
        "id": each.id,
        "rule": each.rule,
        "severity": each.severity.value,
        "subject": each.subject,
        "reason": each.reason,
        "evidence": each.evidence,
        "concerns": each.concerns or (client.owner if client else None),
        "command": as_typed(each.mend),
    }


COMMANDS = (
    Command(
        "check", "", run, Role.TECHNICIAN, "The gaps of a client, how severe each is, and how to fix it",
        asks_about=lambda ctx, args: people_of(ctx, args.client),
        form=FormLayout(submit="Check"),
        parameters=(
            CLIENT,
            Parameter("severity", "only these findings", Kind.CHOICE, choices=Severity),
            Parameter("everything", "every finding, not only the worst", Kind.YES_NO),
        ),
        example="/engagement check calder",
    ),
    Command(
        "check", "all", run_all, Role.MANAGER, "Check every client", changes=False, is_slow=True,
        parameters=(Parameter("everything", "every client, not only what to do first", Kind.YES_NO),),
        example="/engagement check all",
    ),
    Command(
        "check", "rules", rules, Role.VIEWER, "What the check looks for", changes=False,
        example="/engagement check rules",
    ),
)  # fmt: skip
