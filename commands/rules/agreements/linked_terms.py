"""Whether the terms behind an agreement's link changed since they were last looked at, by what a reader sees."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from html.parser import HTMLParser

from commands.rules.dates.format import format_date
from storage.records.terms_copy import HashOf, TermsCopy

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg"})
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Drift:
    """`before` and `after` differ; the days are those of the client."""

    before: TermsCopy
    before_on: date
    after: TermsCopy
    after_on: date

    @property
    def in_words(self) -> str:
        """its linked terms changed between 1 March 2026 (SHA-256 ab12...) and 2 May 2026 (SHA-256 cd34...)"""
        old, new = self.before.content_hash[:_SHOWN], self.after.content_hash[:_SHOWN]
        return (
            f"its linked terms changed between {format_date(self.before_on)} (SHA-256 begins {old}) and "
            f"{format_date(self.after_on)} (begins {new})"
        )


def drift_of(copies: Iterable[TermsCopy], reviewed_on: date | None, day_of: Callable[[datetime], date]) -> Drift | None:
    """The newest copy against the newest that was there at the last review, else the first; None where they are alike.

    A review on the day of the newest copy or later has looked at it. `copies` are of one agreement, in any order; only
    those that were hashed in the same way are compared.
    """
    known = sorted(copies, key=lambda each: each.id)
    if not known:
        return None
    newest = known[-1]
    newest_on = day_of(newest.taken_at)
    if reviewed_on is not None and reviewed_on >= newest_on:
        return None
    alike = [each for each in known[:-1] if each.hash_of is newest.hash_of]
    at_review = [each for each in alike if reviewed_on is not None and day_of(each.taken_at) <= reviewed_on]
    before = at_review[-1] if at_review else alike[0] if alike else None
    if before is None or before.content_hash == newest.content_hash:
        return None
    return Drift(before, day_of(before.taken_at), newest, newest_on)


def digest_of(content: bytes, media: str) -> tuple[HashOf, str]:
    """What is hashed of it, and the SHA-256: of a page or a plain text the readable text, else the bytes."""
    kind = media.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml", "text/plain"):
        text = content.decode(_charset(media), errors="replace")
        words = " ".join((_seen(text) if kind != "text/plain" else text).split())
        return HashOf.TEXT, sha256(words.encode()).hexdigest()
    return HashOf.BYTES, sha256(content).hexdigest()


def _charset(media: str) -> str:
    named = media.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        "".encode(named or "utf-8")
    except LookupError:
        return "utf-8"
    return named or "utf-8"


def _seen(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return " ".join(reader.texts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag == "body":
            self._unseen.clear()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.append(data)
