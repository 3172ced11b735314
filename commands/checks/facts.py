"""Everything on record about a client, put together for the engagement check."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from commands.command import Context
from commands.disclosures.in_force import why_not
from commands.disclosures.paper_needs import paper_needs
from commands.explanations import explanations
from commands.frameworks.editions import applying_to, cites_of, family_of, is_looked_at, still_required_by
from commands.grammar.people import absent_among, why_absent
from commands.incidents.sheet import by_words, open_sheets
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.policy import explain_within
from commands.promising import promises_like
from commands.reckoning import reckoning_of
from commands.reminders.facts import drifts_of
from commands.row_standings import RecordedMatrix
from commands.rules.agreements.explanation import Explanation
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.checks.facts import (
    Facts,
    GrayArea,
    Measure,
    OpenClocks,
    Paper,
    Placed,
    RegulationNote,
)
from commands.rules.checks.placing import declined_for, placed, texts_to_place
from commands.rules.conduct.promises import is_standing
from commands.rules.frameworks.control_ids import control_key
from commands.rules.frameworks.trace import is_adopted, is_older
from commands.rules.incidents.clocks import ClockState
from storage.catalog.gray_zones import gray_zones
from storage.catalog.regulations import Regulation
from storage.records import (
    Adoption,
    Agreement,
    Client,
    FrameworkVersion,
    Promise,
    RegulationKind,
    Responsibility,
    TopicCoverage,
)

# Laws that protect data which an MSP comes across in its work; a breach law binds everybody and limits no access.
_DATA_KINDS = (RegulationKind.LAW, RegulationKind.INDUSTRY_STANDARD)


def facts_of(ctx: Context, client: Client) -> Facts:
    """As of the client's today."""
    today = ctx.today_for(client)
    recorded = RecordedMatrix(ctx.uow, client, today)
    agreements = tuple(recorded.papers.values())
    rows = [row for row in recorded.rows if row.in_force_on(today)]
    disclosures = tuple(ctx.uow.disclosures.current(client.id))
    known = known_regulations(ctx.uow)
    likely = known.likely(client.industry, client.country, client.subdivision)
    disclosed = [found for each in disclosures if (found := known.find(each.regulation)) is not None]
    promises = tuple(ctx.uow.promises.current(client.id))
    general = tuple(each for each in ctx.uow.promises.general() if is_standing(each, today))
    requirements = tuple(ctx.uow.insurance.current(client.id))
    advice = tuple(ctx.uow.recommendations.current(client.id))
    readers = _readers(ctx, client)
    people = people_of(ctx, client)
    return Facts(
        client,
        today,
        papers=_papers(ctx, client, agreements, rows, _not_amended(recorded)),
        forces=recorded.forces,
        carrying=recorded.carrying,
        disclosures=disclosures,
        regulations={regulation.key: _note(regulation, today) for regulation in (*disclosed, *likely)},
        likely=tuple(regulation.key for regulation in likely),
        questionnaires=tuple(ctx.uow.questionnaires.current(client.id)),
        requirements=requirements,
        grants=tuple(ctx.uow.access.current(client.id)),
        promises=promises,
        obligations=tuple(ctx.uow.obligations.current(client.id)),
        contracts=tuple(ctx.uow.contracts.current(client.id)),
        recommendations=advice,
        clocks=tuple(_clocks(ctx, client)),
        measures=_measures(ctx, client, agreements, rows, today),
        questions=tuple(ctx.uow.questions.open(client.id)),
        gray_areas=_gray_areas(ctx, client, agreements, recorded.rows, today),
        readers=readers,
        absent=_absent(ctx, people),
        people=people,
        general_promises=general,
        placed=_placed(ctx, client, texts_to_place(agreements, (*promises, *general), requirements, today), today),
        declined=declined_for(requirements, advice, ctx.matrices.knowledge.by_words_alone(), today),
        reads_like=promises_like(ctx.matrices, _worded(promises, agreements), ctx.uow),
    )


def _worded(promises: Iterable[Promise], agreements: Iterable[Agreement]) -> Iterator[str | None]:
    yield from (each.what for each in promises)
    yield from (each.summary for each in agreements)


def _placed(ctx: Context, client: Client, texts: Sequence[str], today: date) -> Mapping[str, Placed]:
    """A client whose texts say nothing about whose work it is needs no matrix for it."""
    return placed(texts, ctx.matrices.of(ctx.uow, client, today).answer) if texts else {}


def _clocks(ctx: Context, client: Client) -> Iterator[OpenClocks]:
    for sheet in open_sheets(ctx.uow, client, ctx.now):
        incident = sheet.incident
        left = [each for each in sheet.clocks if each.state.is_open]
        passed = sum(1 for each in left if each.state is ClockState.OVERDUE)
        following = f"{left[0].name}, by {by_words(left[0])}" if left and left[0].by else left[0].name if left else None
        yield OpenClocks(
            incident.what, incident.number, incident.discovered_on, len(left), passed, following, incident.owner
        )


def people_of(ctx: Context, client: Client) -> frozenset[str]:
    """Everybody who answers for something of the client, or may read about it."""
    owners = [each.owner for each in ctx.uow.agreements.of_client(client.id)]
    owners += [each.owner for each in ctx.uow.promises.current(client.id)]
    named = (client.owner, client.backup_owner, *_readers(ctx, client), *owners)
    return frozenset(user for user in named if user)


def general_facts(ctx: Context) -> Facts:
    """What concerns every client: the promises made to everybody."""
    general = tuple(each for each in ctx.uow.promises.current() if each.client_id is None)
    return Facts(
        None,
        ctx.today,
        promises=general,
        absent=_absent(ctx, (each.owner for each in general)),
        reads_like=promises_like(ctx.matrices, (each.what for each in general), ctx.uow),
    )


def _readers(ctx: Context, client: Client) -> tuple[str, ...]:
    visibility = ctx.uow.visibilities.of_client(client.id)
    return visibility.people if visibility is not None and visibility.is_restricted else ()


def _absent(ctx: Context, users: Iterable[str | None]) -> dict[str, str]:
    return {user: why_absent(reason) for user, reason in absent_among(ctx, (user for user in users if user)).items()}


def _not_amended(recorded: RecordedMatrix) -> list[Responsibility]:
    """The rows that stand on the day and that no amendment replaced; what other paper only overrules stands."""
    return [
        each.row
        for each in recorded.standings.values()
        if each.row.in_force_on(recorded.day) and not (each.replaced is not None and each.replaced.is_amendment)
    ]


def _papers(
    ctx: Context,
    client: Client,
    agreements: Sequence[Agreement],
    rows: Sequence[Responsibility],
    standing: Sequence[Responsibility],
) -> tuple[Paper, ...]:
    """`rows`: those of the day; `standing`: those of them that no amendment replaced."""
    today = ctx.today_for(client)
    reckoning = reckoning_of(ctx.uow, client)
    held = ctx.uow.walkthroughs.of_client(client.id)
    explained = {each.agreement_id: each.held_on for each in held}
    topics = ctx.uow.topics.current(client.id)
    drifts = drifts_of(ctx.uow, agreements, client, ctx.zone)
    told = explanations(agreements, held, topics, rows, today, explain_within(ctx.policy))
    return tuple(
        _paper(
            reckoning,
            agreement,
            today,
            explained.get(agreement.id),
            tuple(each for each in topics if each.agreement_id == agreement.id),
            tuple(row for row in standing if row.agreement_id == agreement.id),
            told[agreement.id],
            drifts.get(agreement.id),
        )
        for agreement in agreements
    )


def _paper(
    reckoning: Reckoning,
    agreement: Agreement,
    today: date,
    explained_on: date | None,
    topics: tuple[TopicCoverage, ...],
    rows: tuple[Responsibility, ...],
    told: Explanation,
    terms_changed: str | None,
) -> Paper:
    outlook = reckoning.outlook(agreement, today)
    has_ending = outlook is not None and outlook.ends_on is not None
    is_invalid = outlook is not None and outlook.verdict is not None and not outlook.verdict.is_valid and not has_ending
    return Paper(
        agreement,
        reckoning.standing(agreement, today),
        explained_on,
        topics,
        rows,
        outlook is not None and outlook.is_settled,
        f"{'; '.join(outlook.verdict.problems)}." if is_invalid and outlook and outlook.verdict else None,
        told,
        terms_changed,
    )


def _note(regulation: Regulation, today: date) -> RegulationNote:
    return RegulationNote(
        regulation.key,
        regulation.title,
        paper_needs(regulation),
        limits_access=regulation.kind in _DATA_KINDS and regulation.family is None,
        is_insurance=regulation.kind is RegulationKind.INSURANCE,
        not_in_force=why_not(regulation, today),
        in_force_from=regulation.in_force_from,
        ended=regulation.ended,
    )


def _measures(
    ctx: Context, client: Client, agreements: Sequence[Agreement], rows: Sequence[Responsibility], today: date
) -> tuple[Measure, ...]:
    references = {agreement.id: agreement.reference for agreement in agreements}
    adopted = [each for each in ctx.uow.adoptions.current(client.id) if is_adopted(each, today)]
    imported = {key: ctx.uow.frameworks.list(key) for key in {each.family for each in adopted}}
    applying = applying_to(ctx.uow, client)
    return tuple(
        _measure(ctx, client, each, imported[each.family], references.get(each.agreement_id or 0), rows, applying)
        for each in adopted
    )


def _measure(
    ctx: Context,
    client: Client,
    adoption: Adoption,
    imported: list[FrameworkVersion],
    reference: str | None,
    rows: Sequence[Responsibility],
    applying: Collection[str],
) -> Measure:
    family = family_of(known_frameworks(ctx.uow), adoption.family, imported)
    is_required = still_required_by(known_regulations(ctx.uow), family, adoption.edition, applying)
    is_looked = is_looked_at(adoption, family, imported, ctx.zone_of(client))
    is_behind = is_older(adoption.edition, family.newest) and not is_looked and not is_required
    cites = cites_of(ctx.uow, family) if is_behind else None
    citing = sum(1 for row in rows if any(cites(control_key(ref)) for ref in row.control_refs)) if cites else 0
    return Measure(adoption, family.title, family.newest, is_behind, reference, citing)


def _gray_areas(
    ctx: Context, client: Client, agreements: Sequence[Agreement], rows: Sequence[Responsibility], today: date
) -> tuple[GrayArea, ...]:
    phrases = ctx.uow.phrases.known(client.id)
    still_open = ctx.matrices.open_areas(agreements, rows, phrases, today, reckoning_of(ctx.uow, client))
    return tuple(GrayArea(zone.title, zone.assumed) for zone in gray_zones() if zone.title in still_open)
