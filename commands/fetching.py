"""A page as it is on the web now, for commands that must not open a connection themselves."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url`: where it was in the end. `media` is its content type as it was said."""

    url: str
    content: bytes
    media: str


class CannotFetch(Exception):
    """Why it was not fetched, as a sentence for people."""


Fetch = Callable[[str], Fetched]
"""Fetches an https address of a public host, within limits of size and time. Raises CannotFetch."""
