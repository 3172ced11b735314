"""What a newer edition of a framework asks of each client that is measured by an older one."""

from datetime import UTC, date, timedelta

from commands.frameworks.editions import (
    Family,
    applying_to,
    family_of,
    is_looked_at,
    still_required_by,
    traces,
)
from commands.rules.frameworks.trace import Trace, is_older
from commands.rules.reminders.facts import Item
from commands.rules.text.phrases import join_names, quote_names
from storage.records import Adoption, Client, FrameworkVersion, ReminderKind
from storage.unit_of_work import UnitOfWork

_TO_ADAPT = timedelta(days=30)
_NAMED = 3
_LONGEST = 250


def framework_updates(uow: UnitOfWork, client: Client, today: date) -> tuple[Item, ...]:
    """One for each adoption that is behind and that nobody has looked at since; it names agreement, rows, promises."""
    found = []
    applying = applying_to(uow, client)
    for key in dict.fromkeys(each.family for each in uow.adoptions.current(client.id)):
        imported = uow.frameworks.list(key)
        family = family_of(key, imported)
        for trace in traces(uow, family, family.newest, today, [client]):
            found += [
                _item(trace, each, family, imported)
                for each in trace.adoptions
                if _is_due(each, family, imported) and not still_required_by(family, each.edition, applying)
            ]
    return tuple(found)


def _is_due(adoption: Adoption, family: Family, imported: list[FrameworkVersion]) -> bool:
    return is_older(adoption.edition, family.newest) and not is_looked_at(adoption, family, imported)


def _item(trace: Trace, adoption: Adoption, family: Family, imported: list[FrameworkVersion]) -> Item:
    references = {agreement.id: agreement.reference for agreement in trace.agreements}
    measured = references.get(adoption.agreement_id or 0)
    known_on = max([adoption.recorded_at.astimezone(UTC).date(), *_import_days(family, imported)])
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


def _import_days(family: Family, imported: list[FrameworkVersion]) -> list[date]:
    """The day the newest edition was first imported; nothing where it is known from the shipped catalogue only."""
    days = [each.imported_at.astimezone(UTC).date() for each in imported if each.edition == family.newest]
    return [min(days)] if days else []
