"""Key topics: the points that decide who carries a risk, in every agreement about services."""

from collections.abc import Iterator

from commands.rules.checks.facts import SERVICE_KINDS, Facts, Paper
from commands.rules.checks.finding import Found, Mend, Severity, rule
from commands.rules.text.phrases import lower_first, plain
from commands.rules.text.placeholders import BLANK
from storage.records.agreement import KeyTopic
from storage.records.topic import TopicCoverage, TopicState

_SERIOUS = (KeyTopic.LIMITATION_OF_LIABILITY, KeyTopic.ASSUMPTION_OF_RISK, KeyTopic.DISCLAIMER_OF_WARRANTIES)


@rule("topics_unread", Severity.MEDIUM)
def unread(facts: Facts) -> Iterator[Found]:
    """Somebody has looked for every key topic in every agreement about services, or in the papers under it."""
    for paper, family in _families(facts):
        known = {each.topic for member in family for each in member.topics}
        missing = tuple(topic.value for topic in KeyTopic if topic not in known)
        if missing:
            names = ", ".join(plain(topic) for topic in missing)
            count = "None of the key topics was" if len(missing) == len(KeyTopic) else f"Not looked for yet: {names}."
            reason = f"{count} looked for." if len(missing) == len(KeyTopic) else count
            yield Found(
                paper.reference,
                f"{paper.reference}: {lower_first(reason)}",
                Mend(
                    "topic set",
                    (*facts.names, paper.reference),
                    {"state": BLANK, "topic": missing, "clause": BLANK, "initialled": BLANK},
                ),
                concerns=paper.agreement.owner,
            )


@rule("topic_missing", Severity.MEDIUM)
def missing_topic(facts: Facts) -> Iterator[Found]:
    """No key topic is missing from an agreement about services, or unclear in it."""
    for paper, family in _families(facts):
        for topic in KeyTopic:
            looked_at = [each for member in family for each in member.topics if each.topic is topic]
            if looked_at and not any(each.state is TopicState.PRESENT for each in looked_at):
                yield _lacking(facts, paper, looked_at[0])


@rule("topic_initials", Severity.LOW)
def not_initialled(facts: Facts) -> Iterator[Found]:
    """Every key topic that is present names its clause, and the client initialled it."""
    for paper in facts.papers:
        unsure = [
            each
            for each in paper.topics
            if each.state is TopicState.PRESENT and (each.clause is None or each.initialled_on is None)
        ]
        if unsure and not paper.is_over:
            names = ", ".join(plain(each.topic) for each in unsure)
            options: dict[str, object] = {"topic": tuple(each.topic.value for each in unsure)}
            if any(each.clause is None for each in unsure):
                options["clause"] = BLANK
            if any(each.initialled_on is None for each in unsure):
                options["initialled"] = BLANK
            yield Found(
                paper.reference,
                f"{paper.reference}: no clause or no initials of the client are recorded for {names}.",
                Mend("topic set", (*facts.names, paper.reference, "present"), options),
                concerns=paper.agreement.owner,
            )


def _families(facts: Facts) -> Iterator[tuple[Paper, list[Paper]]]:
    """Each agreement about services that may apply and stands on its own, with the papers under it."""
    living = [paper for paper in facts.papers if paper.may_apply]
    ids = {paper.agreement.id for paper in living}
    for paper in living:
        if paper.agreement.kind in SERVICE_KINDS and paper.agreement.parent_id not in ids:
            yield paper, [paper, *_under(paper, living, {paper.agreement.id})]


def _under(paper: Paper, papers: list[Paper], seen: set[int]) -> Iterator[Paper]:
    for each in papers:
        if each.agreement.parent_id == paper.agreement.id and each.agreement.id not in seen:
            seen.add(each.agreement.id)
            yield each
            yield from _under(each, papers, seen)


def _lacking(facts: Facts, paper: Paper, coverage: TopicCoverage) -> Found:
    topic = coverage.topic.value
    state = "is missing" if coverage.state is TopicState.MISSING else "is unclear"
    return Found(
        f"{paper.reference}:{topic}",
        f"{paper.reference}: {plain(topic)} {state}; agree on it in an addendum.",
        Mend(
            "topic set",
            (*facts.names, paper.reference),
            {"state": BLANK, "topic": topic, "clause": BLANK, "initialled": BLANK},
        ),
        coverage.notes,
        paper.agreement.owner,
        Severity.HIGH if coverage.topic in _SERIOUS else None,
    )


RULES = (unread, missing_topic, not_initialled)
