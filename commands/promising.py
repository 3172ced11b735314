"""What reads like a promise that nobody can keep, though no pattern is found in it; nothing without an encoder."""

from collections.abc import Iterable, Mapping

from commands.matrix_cache import Matrices
from commands.rules.text.promising import reads_like, sentences
from commands.rules.text.wording import absolutes, reads_like_a_promise, wording_caution
from storage.catalog.promising import promise_model
from storage.unit_of_work import UnitOfWork


def promises_like(matrices: Matrices, texts: Iterable[str | None], uow: UnitOfWork | None = None) -> Mapping[str, str]:
    """By the text: the known promise that it reads like, for those in which no pattern is found.

    With `uow` the vectors that some process kept are read at once, and only what is new is encoded.
    """
    unclear = dict.fromkeys(text for text in texts if text and not absolutes(text))
    if not unclear or (meanings := matrices.meanings) is None:
        return {}
    if uow is not None:
        meanings.load(uow, (each for text in unclear for each in sentences(text)))
    near = {text: reads_like(promise_model(), meanings.row_vectors, text) for text in unclear}
    return {text: known for text, known in near.items() if known is not None}


def caution_about(matrices: Matrices, text: str | None) -> str | None:
    """What to say to whoever just wrote `text`: what is found by patterns, or else by likeness."""
    if (found := wording_caution(text)) is not None or text is None:
        return found
    nearest = promises_like(matrices, (text,)).get(text)
    return f'"{text}" {reads_like_a_promise(nearest)}' if nearest is not None else None
