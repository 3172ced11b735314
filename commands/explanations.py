"""From what is stored to whether each agreement of a client counts as explained."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from commands.rules.agreements.explanation import USUAL_DAYS, Explanation, explanation, last_change
from storage.records import Agreement, Responsibility, TopicCoverage, Walkthrough


def explanations(
    agreements: Iterable[Agreement],
    walkthroughs: Sequence[Walkthrough],
    topics: Sequence[TopicCoverage],
    rows: Sequence[Responsibility],
    today: date,
    within: timedelta = timedelta(days=USUAL_DAYS),
) -> Mapping[int, Explanation]:
    """By the agreement's id; everything given is of one client."""
    return {
        agreement.id: explanation(
            agreement,
            [each for each in walkthroughs if each.agreement_id == agreement.id],
            [each for each in topics if each.agreement_id == agreement.id],
            last_change(agreement, rows, today),
            within,
        )
        for agreement in agreements
    }


def unexplained_parts(known: Mapping[int, Explanation], agreements: Iterable[Agreement]) -> dict[int, str]:
    """What answers say of agreements that were explained in part, by id. Where nobody recorded which key topics an
    agreement has, nobody can tell, and nothing is said; nor of what was only explained late.
    """
    found = {}
    for agreement in agreements:
        each = known.get(agreement.id)
        words = each.in_words(agreement.reference) if each and each.topics and (each.missing or each.doubts) else None
        if words is not None:
            found[agreement.id] = words
    return found
