"""The frameworks that a standard of care is measured by, and their published versions: shipped data, with sources.

The facts are in frameworks.toml, next to this file; adding one there is all it takes.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

from storage.catalog.deadlines import Milestone, Proposal, read_day, read_milestones, read_proposals

_FILE = "frameworks.toml"
_NEAR = 70
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version. `published` and `retired` are YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source.

    `still_required_by`: keys of regulations that go on measuring by it although there is a newer one.
    """

    edition: str
    published: str
    source_url: str
    aliases: tuple[str, ...] = ()
    retired: str | None = None
    superseded_by: str | None = None
    notes: str | None = None
    milestones: tuple[Milestone, ...] = ()
    still_required_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """A family of versions, oldest first. `controls` is a pattern of its control ids as they are compared.

    `proposals` are changes that are not published as a version. `checked_on`: see Regulation.
    """

    key: str
    title: str
    publisher: str
    controls: str
    aliases: tuple[str, ...] = ()
    title_words: tuple[str, ...] = ()
    versions: tuple[Edition, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    checked_on: date | None = None
    checked_with: str | None = None

    @property
    def newest(self) -> Edition:
        return self.versions[-1]

    def edition(self, text: str) -> Edition | None:
        """The version cited so: 5, r5, "rev 5", v8.1; and a file of it, 5.0.1, where no other fits better."""
        wanted = edition_key(text)
        known = {edition_key(name): each for each in self.versions for name in (each.edition, *each.aliases)}
        while wanted:
            if wanted in known:
                return known[wanted]
            wanted = wanted.rpartition(".")[0]
        return None

    def names_control(self, key: str) -> bool:
        """Whether a control id, as ids are compared, looks like one of this family."""
        return re.fullmatch(self.controls, key) is not None


@dataclass(frozen=True, slots=True)
class Frameworks:
    """What is known: the shipped families, or these with a workspace's own."""

    families: tuple[Framework, ...]
    by_key: Mapping[str, Framework]
    by_name: Mapping[str, Framework]

    def find(self, text: str) -> Framework | None:
        """The family with that key, title or alias; case, spaces and punctuation do not matter."""
        return self.by_name.get(_name_key(text))

    def get(self, key: str) -> Framework | None:
        """The family with exactly that key."""
        return self.by_key.get(key)

    def title_of(self, key: str) -> str:
        """Its title; the key itself where there is no such family."""
        found = self.by_key.get(key)
        return found.title if found else key

    def of_title(self, title: str) -> Framework | None:
        """The family that a catalogue's title speaks of."""
        words = f" {' '.join(re.findall(r'[a-z0-9-]+', title.casefold()))} "
        return next((each for each in self.families if any(f" {known} " in words for known in each.title_words)), None)

    def near(self, text: str) -> list[str]:
        """Keys of families that `text` comes close to, nearest first."""
        found = process.extract(_name_key(text), self.by_name.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=6)
        return list(dict.fromkeys(self.by_name[name].key for name, _, _ in found))[:3]

    def with_own(self, own: Iterable[Framework]) -> "Frameworks":
        """Together with others; one of the same key counts in the place of what is here. Names that are taken stay."""
        added = {each.key: each for each in own}
        return _of((*(added.pop(each.key, each) for each in self.families), *added.values())) if added else self


@lru_cache(maxsize=1)
def shipped() -> Frameworks:
    """The families that come with the product, in the order of the file."""
    return _of(read(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")))


def framework_of(stanza: Mapping[str, Any]) -> Framework:
    """The family that one stanza describes. Raises ValueError that says what is wrong with it."""
    return _framework(stanza)


def edition_key(text: str) -> str:
    """A version as versions are compared: without "rev", "version" or "v" before the number."""
    return re.sub(r"^(?:revision|version|rev|ver|r|v)\.?\s*(?=\d)", "", " ".join(text.casefold().split()))


def read(text: str) -> tuple[Framework, ...]:
    """The families that a TOML text describes. Raises ValueError naming the stanza that is wrong."""
    found: dict[str, Framework] = {}
    for stanza in tomllib.loads(text)["framework"]:
        family = _framework(stanza)
        if family.key in found:
            raise ValueError(f"{family.key}: there are two frameworks with this key.")
        found[family.key] = family
    return tuple(found.values())


def _of(families: tuple[Framework, ...]) -> Frameworks:
    by_name: dict[str, Framework] = {}
    for each in families:
        for name in (each.key, each.title, *each.aliases):
            by_name.setdefault(_name_key(name), each)
    return Frameworks(families, {each.key: each for each in families}, by_name)


def _name_key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _framework(stanza: Mapping[str, Any]) -> Framework:
    key = stanza.get("key", "?")
    try:
        _refuse_odd(Framework, stanza)
        given = {name: value for name, value in stanza.items() if name != "version"}
        given["aliases"] = _texts(stanza, "aliases")
        given["title_words"] = _texts(stanza, "title_words")
        given["proposals"] = read_proposals(given.get("proposals", ()))
        re.compile(given["controls"])
        if "checked_on" in given:
            given["checked_on"] = read_day(given["checked_on"])
        return Framework(**given, versions=tuple(_edition(each) for each in stanza["version"]))
    except KeyError as error:
        raise ValueError(f"{key}: {error.args[0]} is missing") from error
    except (TypeError, ValueError, AttributeError, re.error) as error:
        raise ValueError(f"{key}: {error}") from error


def _edition(stanza: Mapping[str, Any]) -> Edition:
    _refuse_odd(Edition, stanza)
    given = dict(stanza)
    given["aliases"] = _texts(stanza, "aliases")
    given["milestones"] = read_milestones(given.get("milestones", ()))
    given["still_required_by"] = _texts(stanza, "still_required_by")
    for name in ("published", "retired"):
        if given.get(name) is None:
            continue
        given[name] = str(given[name])  # TOML knows days, too
        if not _DATE.fullmatch(given[name]):
            raise ValueError(f"{stanza['edition']}: {name} is YYYY, YYYY-MM or YYYY-MM-DD")
    return Edition(**given)


def _refuse_odd(kind: type[Framework] | type[Edition], stanza: Mapping[str, Any]) -> None:
    """Raises ValueError for a field that is missing, that there is not, or that holds no text where it should."""
    known = {("version" if each.name == "versions" else each.name): each for each in fields(kind)}
    if unknown := [name for name in stanza if name not in known]:
        raise ValueError(f"{unknown[0]} is not read")
    if missing := [name for name, each in known.items() if each.default is MISSING and name not in stanza]:
        raise ValueError(f"{missing[0]} is missing")
    for name in ("key", "title", "publisher", "edition", "source_url", "notes", "superseded_by"):
        if stanza.get(name) is not None and not isinstance(stanza[name], str):
            raise ValueError(f"{name} is not a text in quotes")


def _texts(stanza: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Raises ValueError for what is not a list of texts."""
    given = stanza.get(name, ())
    if isinstance(given, str) or not all(isinstance(each, str) for each in given):
        raise ValueError(f'{name} is a list of texts: ["...", "..."]')
    return tuple(given)
