"""The row that a text of ours is about, by the matcher that answers questions; only where it is sure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from commands.rules.checks.contradictions import control_asked
from commands.rules.checks.facts import Placed
from commands.rules.history.spans import has_ended
from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.knowledge import Knowledge
from commands.rules.matching.match import Outcome, match
from commands.rules.matching.outline import Row
from commands.rules.scope.answer import ScopeAnswer
from commands.rules.text.claims import claims
from commands.rules.text.commitments import commitments, without_times
from storage.records.agreement import Agreement
from storage.records.insurance import InsuranceRequirement
from storage.records.promise import Promise
from storage.records.question import Verdict
from storage.records.recommendation import DeclinedRecommendation


def texts_to_place(
    agreements: Iterable[Agreement],
    promises: Iterable[Promise],
    requirements: Iterable[InsuranceRequirement],
    today: date,
) -> tuple[str, ...]:
    """What is looked up in the matrix, each once: what says whose work something is, and what an insurer was told."""
    asked: list[str] = []
    for promise in promises:
        if not has_ended(promise, today):
            asked += [claim.about for claim in claims(promise.what, is_promise=True)]
            asked += [without_times(promise.what)] if commitments(promise.what) else []
    for agreement in agreements:
        asked += [claim.about for claim in claims(agreement.summary, is_promise=False)]
    asked += [control_asked(each) for each in requirements if not has_ended(each, today)]
    return tuple(dict.fromkeys(filter(None, asked)))


def placed(texts: Iterable[str], answer: Callable[[str], ScopeAnswer]) -> Mapping[str, Placed]:
    """By the text: the row of signed paper in force that it is surely about. Others are left out."""
    found = {}
    for text in texts:
        given = answer(text)
        source = given.source
        if source is None or given.verdict is Verdict.LAPSED or given.is_doubtful or source.is_proposed:
            continue
        if source.agreement.is_signed:
            found[text] = Placed(source.row, source.agreement.reference)
    return found


def declined_for(
    requirements: Iterable[InsuranceRequirement],
    advice: Sequence[DeclinedRecommendation],
    knowledge: Knowledge,
    today: date,
) -> Mapping[str, DeclinedRecommendation]:
    """The declined advice that a demand of an insurer is surely about, by what is looked up for the demand."""
    standing = [each for each in advice if each.accepted_on is None]
    asked = [control_asked(each) for each in requirements if not has_ended(each, today)]
    if not standing or not asked:
        return {}
    rows = tuple(Row(key=number, item=each.what) for number, each in enumerate(standing))
    index = ScopeIndex(rows, knowledge)
    matched = {text: match(index, text) for text in asked}
    return {text: standing[each.candidates[0].key] for text, each in matched.items() if each.outcome is Outcome.SURE}
