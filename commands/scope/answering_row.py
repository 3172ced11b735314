"""The row that answers today by the name that somebody gave it; asked about where several do."""

from collections.abc import Sequence

from commands.command import Context
from commands.errors import Conflict, NotFound, UsageError
from commands.grammar.words import command_line
from commands.row_standings import standings_of
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.scope.replaced import Standing
from commands.rules.scope.row_status import RowStatus
from storage.records import Agreement, Client, Responsibility

_WITHOUT = "none"


def no_such_row(client: Client, item: str, category: str | None = None) -> NotFound:
    where = f' in the category "{category}"' if category else ""
    return NotFound(
        f'{client.name} has no row "{item}"{where}.', next_steps=(command_line("/engagement matrix show", client.name),)
    )


def answering_row(
    ctx: Context, client: Client, item: str, agreement: Agreement | None, category: str | None
) -> Responsibility:
    """The row of that name, of the paper and the category if given, which answers today.

    Raises NotFound; Conflict where none of them applies today, other paper replaced it or papers disagree about it;
    UsageError where several of them answer.
    """
    named = [
        each
        for each in standings_of(ctx.uow, client, ctx.today_for(client)).values()
        if item_key(each.row.item) == item_key(item)
        and (agreement is None or each.row.agreement_id == agreement.id)
        and (category is None or _category(each) == _wanted(category))
    ]
    if not named:
        raise no_such_row(client, item, category)
    answering = [each for each in named if each.answers]
    if not answering:
        raise Conflict(
            f'"{named[-1].row.item}" answers nothing today: {_why_not(named[-1])}. Nothing was settled.',
            next_steps=(command_line("/engagement matrix history", client.name, named[-1].row.item),),
        )
    left = _relied_on(answering)
    if len(left) > 1:
        raise _which(item, left)
    return left[0].row


def _relied_on(answering: Sequence[Standing]) -> list[Standing]:
    """Those that an answer rests on: what is proposed only where nothing is agreed; and of rows of one category what is
    in force before what may be, which says the same, or papers would disagree.
    """
    agreed = [each for each in answering if each.is_agreed] or answering
    sure = {_category(each) for each in agreed if each.counts}
    return [each for each in agreed if each.counts or _category(each) not in sure]


def _which(item: str, left: Sequence[Standing]) -> UsageError:
    if len(set(map(_category, left))) > 1:
        there_are = ", ".join(dict.fromkeys(f'"{each.row.category or _WITHOUT}"' for each in left))
        return UsageError(
            f'"{item}" is in several categories: {there_are}. Say which: category:"..."',
            fields={"category": f"is needed: {there_are}."},
        )
    papers = ", ".join(dict.fromkeys(each.source.agreement.reference for each in left))
    return UsageError(
        f'Several agreements have a row "{item}": {papers}. Say which: agreement:REFERENCE',
        fields={"agreement": f"is needed: {papers}."},
    )


def _category(standing: Standing) -> str:
    return comparable(standing.row.category or "")


def _wanted(category: str) -> str:
    written = comparable(category)
    return "" if written == _WITHOUT else written


def _why_not(standing: Standing) -> str:
    begins = standing.source.first_day
    is_planned = standing.status is RowStatus.TO_COME and begins is not None
    return f"it applies only from {begins} on" if is_planned else standing.in_words
