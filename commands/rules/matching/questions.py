"""Several questions in one message: taken apart, so that each gets its own answer."""

import re

from commands.rules.matching.text import FRAME, tokens

_MARK = re.compile(r"(?<=\?)\s+|\n+\s*(?:[-*•]|\d+[.)])?\s*")
_AND_ASKS = re.compile(
    r"(?:,|;)?\s+(?:and|also|plus)\s+(?:also\s+)?"
    r"(?=(?:who|whos|who's|whose|are we|do we|is the|is their|are the|are their)\b)"
    r"|[,;]\s+(?=(?:who|who's|whose)\s+(?:does|handles|owns|manages|is|runs)\b)",
    re.IGNORECASE,
)
_LINK = re.compile(r"^\s*(?:and|also|plus)\s+(?=who|whos|is|are|do|does)", re.IGNORECASE)
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:and\s+)?(?:who|whos|whose|is|are|do|does|did|can|should|what|which)\b", re.IGNORECASE
)


def split_questions(text: str) -> tuple[str, ...]:
    """The questions of a message in order; a message with one question, and its story, stays whole.

    A part is a question of its own if it asks and names something: "is that us?" belongs to what came before it.
    """
    pieces = [part for piece in _MARK.split(text) for part in _AND_ASKS.split(piece)]
    parts = [part for piece in pieces if (part := _LINK.sub("", piece).strip())]
    questions: list[str] = []
    story: list[str] = []
    for part in parts:
        has_topic = any(word not in FRAME and not word.isdigit() for word in tokens(part))
        if has_topic and _ASKS.search(part):
            questions.append(" ".join((*story, part)))
            story = []
        elif questions and not has_topic:
            questions[-1] += f" {part}"
        else:
            story.append(part)
    if len(questions) < 2:
        return (" ".join(text.split()),) if text.strip() else ()
    if story:
        questions[-1] = " ".join((questions[-1], *story))
    return tuple(questions)
