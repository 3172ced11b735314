"""An answer that states what the paper says and tells nobody what to do, for where answers may become exhibits."""

from dataclasses import replace
from datetime import date

from commands.policy import Policy, reservation_of
from commands.reply import Evidence, Field, Reply, Ruling, Table
from commands.rules.matrix.row_basis import with_clause
from commands.rules.scope.answer import ScopeAnswer
from commands.rules.scope.precedence import Source
from commands.rules.scope.whose import OURS, WHOSE
from commands.rules.text.phrases import paper_and_clause
from storage.records import Client, Party, Responsibility, Verdict

_LABELS = {"Our part": "The MSP's part"}
_WORDS = {
    Verdict.MSP: "The MSP's",
    Verdict.CLIENT: "The client's",
    Verdict.SHARED: "Shared",
    Verdict.OUT_OF_SCOPE: "Out of scope",
    Verdict.LAPSED: "Lapsed",
    Verdict.UNDOCUMENTED: "Not documented",
}
_LONGEST = 8000
_NOBODYS = {
    Verdict.UNDOCUMENTED: "not documented",
    Verdict.AMBIGUOUS: "it could be one of several",
    Verdict.LAPSED: "not in force",
}


def party_phrase(party: Party, policy: Policy | None) -> str:
    """Whose it is, in two words: "ours", or "the MSP's" where the wording is to be neutral."""
    return (WHOSE if policy is not None and policy.is_neutral else OURS)[party]


def verdict_phrase(verdict: Verdict, policy: Policy | None) -> str:
    """Whose it is, or why that is not known, as people say it."""
    return _NOBODYS.get(verdict) or party_phrase(Party(verdict.value), policy)


def row_phrase(source: Source, policy: Policy | None, *, is_doubtful: bool) -> str:
    """Whose it is, whether that was agreed and is clear, and which paper and clause say so."""
    said = paper_and_clause(source.paper.reference, source.row.clause)
    return f"{relied_phrase(source, policy, is_doubtful=is_doubtful)} ({said})"


def relied_phrase(source: Source, policy: Policy | None, *, is_doubtful: bool) -> str:
    """Whose it is, and whether anybody can rely on it: "ours", "proposed as ours, not agreed"."""
    whose = party_phrase(source.row.party, policy)
    if not source.agreement.is_signed:
        return f"{whose}, but not signed"
    if source.is_proposed:
        return f"proposed as {whose}, not agreed"
    return f"{whose}, but whether it still applies is not clear" if is_doubtful else whose


def reserved(policy: Policy | None) -> tuple[str, ...]:
    """The workspace's own line under what leaves the bot; nothing where none is set."""
    line = reservation_of(policy)
    return (line,) if line else ()


def neutral_reply(reply: Reply, client: Client, answer: ScopeAnswer, limits: tuple[str, ...]) -> Reply:
    """`reply` with the same facts and evidence, and without "ours" or an instruction; `limits` are of the access."""
    said = _sentence(answer)
    on_record = f"Access on record: {'; '.join(limits)}. " if limits else ""
    return replace(
        reply,
        headline=f"{client.name}: {on_record}{said}",
        lines=tuple(_neutral_line(line) for line in reply.lines),
        table=_neutral_table(reply.table) if reply.table else None,
        choices=tuple(
            replace(each, label=each.label.replace("(ours)", "(the MSP's)")) if each.is_option else each
            for each in reply.choices
        ),
        ruling=_neutral_ruling(reply.ruling, answer, said) if reply.ruling else None,
    )


def under(source: Source) -> str:
    """SOW-A 3.1"""
    return with_clause(source.paper.reference, source.row.clause)


def as_shown(reply: Reply) -> str:
    """The answer as text, to be kept with the question: verdict, row, parts, evidence, cautions."""
    evidence = (_evidence_line(reply.evidence),) if reply.evidence else ()
    return "\n".join((reply.headline, *reply.lines, *evidence, *reply.cautions))[:_LONGEST]


def why_asked_back(answer: ScopeAnswer) -> str:
    """Why a lone row is no sure answer."""
    if answer.is_overruled:
        return "It settled this question, and other paper takes precedence over it."
    if answer.settled is not None:
        return "It was changed after it had settled this question."
    return "The question does not quite name it."


def _sentence(answer: ScopeAnswer) -> str:
    source = answer.source
    if source is None:
        if answer.open_point is not None:
            return f"{answer.open_point}."
        if answer.verdict is Verdict.AMBIGUOUS:
            if len(answer.candidates) == 1:
                return f'Is "{answer.candidates[0].item}" meant? {why_asked_back(answer)}'
            return "The question may be about several rows."
        return "No agreement on record says whose this is."
    named = f"{under(source)} names {_named(source.row)}"
    if answer.verdict is Verdict.LAPSED:
        return f"{named}, and no longer applies."
    if not source.agreement.is_signed:
        return f"{named}; {source.agreement.reference if source.carrier else 'it'} is not signed."
    if source.is_proposed:
        return f"{named} as proposed; it is not agreed."
    if answer.is_doubtful:
        return f"{named}; whether it still applies is not clear."
    return f"Under {under(source)} this is {_whose(source.row)}."


def _whose(row: Responsibility) -> str:
    if row.party is Party.THIRD_PARTY and row.third_party:
        return f"{row.third_party}'s"
    return "shared between the MSP and the client" if row.party is Party.SHARED else WHOSE[row.party]


def _named(row: Responsibility) -> str:
    return {
        Party.MSP: "the MSP",
        Party.CLIENT: "the client",
        Party.SHARED: "the MSP and the client",
        Party.THIRD_PARTY: row.third_party or "a third party",
        Party.OUT_OF_SCOPE: "this as out of scope",
    }[row.party]


def _neutral_ruling(ruling: Ruling, answer: ScopeAnswer, said: str) -> Ruling:
    word = _WORDS.get(answer.verdict, ruling.word)
    if ruling.asks_first:
        word = "Open point"
    parts = tuple(Field(_LABELS.get(part.label, part.label), part.value) for part in ruling.parts)
    return replace(ruling, word=word, do=said, parts=parts)


def _neutral_line(line: str) -> str:
    label, colon, rest = line.partition(":")
    return f"{_LABELS[label]}{colon}{rest}" if colon and label in _LABELS else line


def _neutral_table(table: Table) -> Table:
    ours = OURS[Party.MSP]
    rows = tuple(tuple(WHOSE[Party.MSP] if cell == ours else cell for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def _evidence_line(evidence: Evidence) -> str:
    parts = (
        ", ".join(filter(None, (evidence.agreement, evidence.clause))),
        _dated("in effect since", evidence.effective_from),
        _dated("until", evidence.effective_to),
        _dated("reviewed on", evidence.last_reviewed),
        _dated("recorded on", evidence.recorded_on),
        evidence.settlement,
        evidence.attestation,
        evidence.weakness,
    )
    return f"Evidence: {'; '.join(part for part in parts if part)}."


def _dated(words: str, day: date | None) -> str | None:
    return f"{words} {day}" if day else None
