"""What a newer edition of a framework asks of each client that is measured by an older one."""

from datetime import date, timedelta, tzinfo

from commands.frameworks.editions import (
    Family,
    applying_to,
    family_of,
    import_days,
    is_looked_at,
    still_required_by,
    traces,
)
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.rules.frameworks.trace import Trace, is_older
from commands.rules.reminders.facts import Item
from commands.rules.text.phrases import join_names, quote_names
from storage.records import Adoption, Client, FrameworkVersion, ReminderKind
from storage.unit_of_work import UnitOfWork

_TO_ADAPT = timedelta(days=30)
_NAMED = 3
_LONGEST = 250


def framework_updates(uow: UnitOfWork, client: Client, today: date, zone: tzinfo) -> tuple[Item, ...]:
    """One for each adoption that is behind and that nobody has looked at since; it names agreement, rows, promises.

    `zone` is the client's.
    """
    found = []
    applying, laws, known = applying_to(uow, client), known_regulations(uow), known_frameworks(uow)
    for key in dict.fromkeys(each.family for each in uow.adoptions.current(client.id)):
        imported = uow.frameworks.list(key)
        family = family_of(known, key, imported)
        for trace in traces(uow, family, family.newest, today, [client]):
            found += [
                _item(trace, each, family, imported, zone)
                for each in trace.adoptions
                if _is_due(each, family, imported, zone) and not still_required_by(laws, family, each.edition, applying)
            ]
    return tuple(found)


def _is_due(adoption: Adoption, family: Family, imported: list[FrameworkVersion], zone: tzinfo) -> bool:
    return is_older(adoption.edition, family.newest) and not is_looked_at(adoption, family, imported, zone)


def _item(trace: Trace, adoption: Adoption, family: Family, imported: list[FrameworkVersion], zone: tzinfo) -> Item:
    references = {agreement.id: agreement.reference for agreement in trace.agreements}
    measured = references.get(adoption.agreement_id or 0)
    recorded_on = adoption.recorded_at.astimezone(zone).date()
    known_on = max(recorded_on, min(import_days(family, imported, zone), default=recorded_on))
    parts = [
        f"{family.title} {family.newest} is published, {measured or 'the client'} is measured by {adoption.edition}"
    ]
    if not measured and references:
        parts.append(f"agreements {join_names(references.values(), _NAMED)}")
    rows = dict.fromkeys(row.item for row in (*trace.changed_rows, *trace.rows))
    parts += [f"rows {join_names(quote_names(rows), _NAMED)}"] if rows else []
    parts += (
        [f"promises {join_names(quote_names(each.what for each in trace.promises), _NAMED)}"] if trace.promises else []
    )
    subject = f"adoption:{adoption.client_id}:{adoption.agreement_id or 0}:{family.key}:{family.newest}"[:80]
    label = "; ".join(parts)
    return Item(
        ReminderKind.FRAMEWORK_UPDATE,
        subject,
        label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…",
        known_on + _TO_ADAPT,
        agreement_id=adoption.agreement_id,
        owner=next((each.owner for each in trace.agreements if each.id == adoption.agreement_id), None),
    )
