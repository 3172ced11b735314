"""Loads the shipped vocabulary of services: one TOML file per area in `storage/catalog/services/`.

Lists of words are comma-separated strings, which read like a dictionary entry and parse faster
than arrays.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from storage.records.vocabulary import Concept, Vocabulary

_LISTS = {
    "synonyms": "synonyms",
    "acronyms": "acronyms",
    "brands": "brands",
    "hints": "hints",
    "broader": "broader",
    "parts": "parts",
    "context": "context",
    "not": "excludes",
}


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary, read once per process. Raises ValueError naming the entry that cannot be read."""
    concepts: list[Concept] = []
    everyday: list[str] = []
    idioms: list[str] = []
    shared: list[str] = []
    for entry in sorted(files("storage.catalog").joinpath("services").iterdir(), key=lambda each: each.name):
        if not entry.name.endswith(".toml"):
            continue
        area = entry.name.removesuffix(".toml")
        data = tomllib.loads(entry.read_text(encoding="utf-8"))
        concepts.extend(_concept(area, raw) for raw in data.get("concept", ()))
        everyday.extend(data.get("everyday", "").split())
        idioms.extend(_words(data.get("idioms", "")))
        shared.extend(_words(data.get("shared_brands", "")))
    return Vocabulary(
        concepts=tuple(concepts), everyday=tuple(everyday), idioms=tuple(idioms), shared_brands=tuple(shared)
    )


def _concept(area: str, raw: dict[str, Any]) -> Concept:
    unknown = raw.keys() - _LISTS.keys() - {"key", "label", "weight", "bag", "circumstance"}
    if unknown or "key" not in raw or "label" not in raw:
        raise ValueError(f"{area}.toml: {raw.get('key', raw)}: needs key and label, does not know {sorted(unknown)}")
    lists = {field: _words(raw.get(name, "")) for name, field in _LISTS.items()}
    return Concept(
        key=raw["key"],
        label=raw["label"],
        area=area,
        weight=float(raw.get("weight", 1.0)),
        is_bag=bool(raw.get("bag", False)),
        is_circumstance=bool(raw.get("circumstance", False)),
        **lists,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split(",") if (word := " ".join(part.split())))
