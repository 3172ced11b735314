"""What is recorded of a key topic of an agreement, in words."""

from storage.records.topic import TopicCoverage

NOT_LOOKED_FOR = "nobody has looked for it"


def topic_state(found: TopicCoverage | None) -> str:
    """Present, missing or unclear; or that nobody has looked for it."""
    return found.state.value if found is not None else NOT_LOOKED_FOR
