"""What reads like a promise that nobody can keep, though no pattern is found in it; nothing without an encoder."""

from collections.abc import Iterable, Mapping

from commands.matrix_cache import Matrices
from commands.rules.text.promising import reads_like
from commands.rules.text.wording import absolutes, reads_like_a_promise, wording_caution
from storage.catalog.promising import promise_model


def promises_like(matrices: Matrices, texts: Iterable[str | None]) -> Mapping[str, str]:
    """By the text: the known promise that it reads like, for those in which no pattern is found."""
    unclear = dict.fromkeys(text for text in texts if text and not absolutes(text))
    if not unclear or (meanings := matrices.meanings) is None:
        return {}
    near = {text: reads_like(promise_model(), meanings.row_vectors, text) for text in unclear}
    return {text: known for text, known in near.items() if known is not None}


def caution_about(matrices: Matrices, text: str | None) -> str | None:
    """What to say to whoever just wrote `text`: what is found by patterns, or else by likeness."""
    if (found := wording_caution(text)) is not None or text is None:
        return found
    nearest = promises_like(matrices, (text,)).get(text)
    return f'"{text}" {reads_like_a_promise(nearest)}' if nearest is not None else None
