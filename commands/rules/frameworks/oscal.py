"""Reading an OSCAL catalogue in JSON: its controls, and what it says about itself.

Sources: the OSCAL catalog model 1.0 to 1.1 (https://pages.nist.gov/OSCAL/). Before 1.0 `props` and `params` were called
`properties` and `parameters`, and a parameter was inserted as {{ id }}; files of that time are read, too.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from commands.rules.frameworks.control_ids import control_key
from storage.records.framework import FrameworkControl

_OTHER_MODELS = (
    "profile",
    "component-definition",
    "system-security-plan",
    "assessment-plan",
    "assessment-results",
    "plan-of-action-and-milestones",
    "mapping-collection",
)
_WORDING = ("statement", "item")
_NOT_WORDING = (
    "guidance",
    "objective",
    "example",
    "assessment",
    "assessment-objective",
    "assessment-method",
    "overview",
)
_PARAMETER = re.compile(r"\{\{.*?\}\}|<insert[^>]*/?>(?:</insert>)?")
_DEEPEST = 40
_READ_AS_JSON = (
    "OSCAL catalogues are read in their JSON form: take the file of the same name that ends in .json from the "
    "publisher, or convert it with oscal-cli (oscal-cli catalog convert --to=json FILE)."
)
_RESOLVE = (
    "It only lists which controls count. Import the catalogue it is based on, or the profile resolved to a catalogue "
    "(publishers name it resolved-profile_catalog; oscal-cli profile resolve makes one)."
)
_YAML = re.compile(
    r"(?:%YAML[^\n]*\n|#[^\n]*\n|---[^\n]*\n|\s*\n)*\s*[\"']?(?:catalog|profile|component-definition|metadata)[\"']?:\s*(?:\n|$)"
)
_LEVEL = r"low|moderate|high|privacy|li-saas|tailored|level \d"
_CHOSEN = re.compile(
    rf"\b(?P<level>{_LEVEL})[\s-]+(?:impact[\s-]+)?(?:baseline|profile)\b|\b(?P<kind>resolved profile)\b", re.IGNORECASE
)
_BARE = re.compile(r"\b(?P<kind>baseline|profile)\b", re.IGNORECASE)


class NotACatalogue(ValueError):
    """The file cannot be read as a catalogue; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`version`, `modified` and `oscal_version` as the file states them. `is_resolved`: a tool made it from
    a profile, so that it has only the controls that this chose.
    """

    title: str
    version: str
    modified: str | None
    oscal_version: str | None
    controls: tuple[FrameworkControl, ...]
    is_resolved: bool = False


def part_in_title(title: str, *, is_published: bool) -> str | None:
    """What a title says was chosen from a catalogue: "low" of "LOW IMPACT BASELINE"; None for a whole catalogue.

    `is_published`: of a framework that others publish, whose baselines are parts of it. One's own baseline is whole.
    """
    found = _CHOSEN.search(title) or (_BARE.search(title) if is_published else None)
    if found is None:
        return None
    return (found.groupdict().get("level") or found["kind"]).casefold().replace(" ", "-")


def read_catalogue(content: bytes) -> Catalogue:
    """The catalogue that a file holds. Raises NotACatalogue."""
    document = _document(content)
    catalogue = document.get("catalog")
    if not isinstance(catalogue, Mapping):
        raise NotACatalogue(_why_not(document))
    metadata = catalogue.get("metadata")
    if not isinstance(metadata, Mapping) or not metadata.get("title"):
        raise NotACatalogue("it has no metadata with a title, so it cannot be said which framework it is.")
    if not metadata.get("version"):
        raise NotACatalogue("its metadata has no version, so it cannot be told apart from another version.")
    controls = tuple(_control(each) for each in _controls(catalogue, 0))
    if not controls:
        raise NotACatalogue("it has no controls.")
    _refuse_repeated(controls)
    return Catalogue(
        title=str(metadata["title"]).strip(),
        version=str(metadata["version"]).strip(),
        modified=_optional(metadata.get("last-modified")),
        oscal_version=_optional(metadata.get("oscal-version")),
        controls=controls,
        is_resolved=_is_resolved(metadata),
    )


def _is_resolved(metadata: Mapping[str, Any]) -> bool:
    """Whether a tool made the file from a profile, as OSCAL says to note it."""
    return any(str(prop.get("name")).casefold() == "resolution-tool" for prop in _list(metadata, "props")) or any(
        str(link.get("rel")).casefold() in ("source-profile", "resolution-source") for link in _list(metadata, "links")
    )


def _document(content: bytes) -> Mapping[str, Any]:
    text = content.decode("utf-8-sig", errors="replace").strip()
    if text.startswith("<"):
        raise NotACatalogue(f"it is XML or HTML. {_READ_AS_JSON}")
    if _YAML.match(text):
        raise NotACatalogue(f"it is YAML. {_READ_AS_JSON}")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotACatalogue(f"it is not JSON ({error}). OSCAL catalogues are read in their JSON form.") from error
    if not isinstance(document, Mapping):
        raise NotACatalogue('it is JSON, but not an OSCAL catalogue: it has no "catalog" at the top.')
    return document


def _why_not(document: Mapping[str, Any]) -> str:
    for model in _OTHER_MODELS:
        if model in document:
            advice = _RESOLVE if model == "profile" else "Import the catalogue it is based on."
            return f"it is an OSCAL {model.replace('-', ' ')}, not a catalogue. {advice}"
    metadata = document.get("metadata")
    if isinstance(metadata, Mapping) and ("groups" in document or "controls" in document):
        stated = metadata.get("oscal-version", "unknown")
        return (
            f'its controls are not inside a "catalog", as OSCAL has it since 1.0 (this file says OSCAL {stated}). '
            "Nothing tells how to read such a file; get the publisher's current one."
        )
    return 'it is JSON, but not an OSCAL catalogue: it has no "catalog" at the top.'


def _controls(node: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    """Every control under `node`, in the order of the catalogue, enhancements after their control."""
    if depth > _DEEPEST:
        raise NotACatalogue(f"its groups are nested more than {_DEEPEST} deep.")
    for control in _list(node, "controls"):
        yield control
        yield from _controls(control, depth + 1)
    for group in _list(node, "groups"):
        yield from _controls(group, depth + 1)


def _control(node: Mapping[str, Any]) -> FrameworkControl:
    if not isinstance(node.get("id"), str) or not node["id"].strip():
        raise NotACatalogue(f'a control has no id: "{node.get("title", "")}".')
    id = node["id"].strip()
    wording = " ".join(re.findall(r"\w+", _PARAMETER.sub(" ", " ".join(_prose(node))).casefold()))
    return FrameworkControl(
        key=control_key(id),
        id=id,
        title=str(node.get("title") or id).strip(),
        is_withdrawn=_is_withdrawn(node),
        digest=hashlib.sha256(wording.encode()).hexdigest()[:32],
    )


def _is_withdrawn(node: Mapping[str, Any]) -> bool:
    props = (*_list(node, "props"), *_list(node, "properties"))
    return any(
        str(prop.get("name")).casefold() == "status" and str(prop.get("value")).casefold() == "withdrawn"
        for prop in props
    )


def _prose(node: Mapping[str, Any]) -> list[str]:
    """What the control demands: its statement; where there is none, whatever is neither guidance nor assessment."""
    statement = [text for part in _list(node, "parts") if part.get("name") in _WORDING for text in _texts(part, 0)]
    if statement:
        return statement
    return [text for part in _list(node, "parts") if part.get("name") not in _NOT_WORDING for text in _texts(part, 0)]


def _texts(part: Mapping[str, Any], depth: int) -> Iterator[str]:
    if isinstance(part.get("prose"), str):
        yield part["prose"]
    if depth < _DEEPEST:
        for inner in _list(part, "parts"):
            if inner.get("name") not in _NOT_WORDING:
                yield from _texts(inner, depth + 1)


def _list(node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = node.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise NotACatalogue(f'"{name}" is not a list of objects somewhere in it, as OSCAL has it.')
    return found


def _refuse_repeated(controls: tuple[FrameworkControl, ...]) -> None:
    seen: dict[str, str] = {}
    for control in controls:
        if control.key in seen:
            raise NotACatalogue(f'it has the control "{control.id}" twice (also as "{seen[control.key]}").')
        seen[control.key] = control.id


def _optional(value: object) -> str | None:
    return str(value).strip()[:60] if value else None
