"""What a question asks about, as a row of a matrix would be called."""

import re

from commands.rules.text.phrases import capitalize_first

_AFTER_WHO = (
    "runs|handles|does|manages|owns|covers|performs|maintains|looks after|takes care of|is responsible for|"
    "is in charge of|deals with|is accountable for|takes on|is doing|is handling|is supposed to do"
)
_OURS = "ours|our responsibility|our job|our problem|on us|theirs|the client's|in scope|out of scope|included|covered"
_SHAPES = (
    re.compile(rf"^(?:who|which (?:side|party)) (?:{_AFTER_WHO}) (?P<item>.+)$", re.I),
    re.compile(r"^(?:whose (?:job|responsibility|task|problem)) (?:is|are) (?P<item>.+)$", re.I),
    re.compile(r"^who(?:'s| is) responsible for (?P<item>.+)$", re.I),
    re.compile(rf"^(?:is|are|was|were) (?P<item>.+?) (?:{_OURS})(?: or .+)?$", re.I),
    re.compile(r"^do we (?:do|handle|manage|cover|run|own) (?P<item>.+)$", re.I),
    re.compile(r"^what about (?P<item>.+)$", re.I),
)
_ASKS = re.compile(
    r"^(?:who|whose|whom|what|which|when|where|why|how|is|are|was|were|do|does|did|can|could|shall|should|will|would|"
    r"may|must|have|has|am)\b",
    re.I,
)
_ARTICLE = re.compile(r"^(?:the|a|an|our|their|all|any) ", re.I)


def asked_item(question: str) -> str | None:
    """The noun that the question is about: "User access reviews" of "who runs the user access reviews?".

    None where it cannot be told, so that nobody's row is called like a question.
    """
    text = " ".join(question.split()).rstrip(" ?!.")
    found = next((match for shape in _SHAPES if (match := shape.match(text))), None)
    item = _ARTICLE.sub("", found["item"].strip()) if found else text
    if not item or _ASKS.match(item) or (found is None and "?" in question):
        return None
    return capitalize_first(item)
