"""Taking an OSCAL catalogue in: which framework and edition it is, and what it changes. Nothing kept is rewritten."""

import re
from dataclasses import dataclass
from typing import ClassVar

from commands.command import Context, Upload
from commands.errors import CommandError, Conflict, UsageError
from commands.frameworks.editions import Family, changes_between, edition_of_file, family_of, predecessor
from commands.known_frameworks import known_frameworks
from commands.rules.frameworks.changes import FrameworkChanges, compare_controls
from commands.rules.frameworks.oscal import Catalogue, NotACatalogue, part_in_title, read_catalogue
from commands.rules.frameworks.trace import is_older
from commands.rules.text.phrases import plain
from storage.catalog import frameworks
from storage.catalog.frameworks import Frameworks
from storage.records import FrameworkVersion


@dataclass(frozen=True, slots=True)
class Imported:
    """`changes` is None where there is nothing older to compare with. `is_new`: False if it was here already.

    `is_newest`: no newer edition was imported.
    """

    family: Family
    version: FrameworkVersion
    compared_with: FrameworkVersion | None
    changes: FrameworkChanges | None
    is_new: bool
    is_newest: bool

    no_changes: ClassVar[dict[str, list[str]]] = FrameworkChanges().as_lists()


def import_catalogue(ctx: Context, upload: Upload, family: str | None, version: str | None) -> Imported:
    """Keep the catalogue as a version of its own. Raises CommandError when it cannot be read or is not clear."""
    try:
        catalogue = read_catalogue(upload.content)
    except NotACatalogue as error:
        raise CommandError(
            f"{upload.name} is not imported: {error}", data={"file": upload.name, "reason": str(error), "saved": False}
        ) from error
    listed = known_frameworks(ctx.uow)
    key = _family_key(listed, catalogue, family)
    known = ctx.uow.frameworks.list(key)
    called = version or _version_of(catalogue, key)
    same = next((each for each in known if each.version == called), None)
    if same is not None:
        _ask_about_other_content(ctx, same, catalogue)
    stored = same or _keep(ctx, upload, catalogue, key, called, edition_of_file(listed.get(key), catalogue, version))
    everything = known if same else [*known, stored]
    before = predecessor(stored, everything)
    return Imported(
        family=family_of(listed, key, everything),
        version=stored,
        compared_with=before,
        changes=changes_between(ctx.uow, before, stored) if before else None,
        is_new=same is None,
        is_newest=not any(is_older(stored.edition, each.edition) for each in everything),
    )


def _family_key(known: Frameworks, catalogue: Catalogue, given: str | None) -> str:
    if given is not None:
        listed = known.find(given)
        key = listed.key if listed else given.strip().casefold()
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,59}", key):
            raise UsageError(
                f'family: "{given}" cannot be the key of a framework. Write letters, digits and hyphens: our-baseline.',
                fields={"family": "is made of letters, digits and hyphens."},
            )
        return key
    listed = known.of_title(catalogue.title)
    if listed is None:
        names = ", ".join(each.key for each in known.families)
        raise UsageError(
            f'Which framework is "{catalogue.title}"? Say so: family:KEY, one of {names}, or one of your own.',
            fields={"family": "is missing: the title does not say."},
        )
    return listed.key


def _keep(
    ctx: Context, upload: Upload, catalogue: Catalogue, family: str, version: str, edition: str
) -> FrameworkVersion:
    return ctx.uow.frameworks.add(
        FrameworkVersion(
            family=family,
            version=version,
            edition=edition,
            title=_title_of(catalogue, family),
            modified=catalogue.modified,
            oscal_version=catalogue.oscal_version,
            file=upload.name[:255],
            controls=len(catalogue.controls),
            withdrawn=sum(control.is_withdrawn for control in catalogue.controls),
            imported_at=ctx.now,
            imported_by=ctx.actor.user,
        ),
        catalogue.controls,
    )


def _version_of(catalogue: Catalogue, family: str) -> str:
    """A baseline has a version of its own beside the catalogue it was chosen from: 5.1.1+u4-low."""
    part = _part(catalogue.title, family) or ("profile" if catalogue.is_resolved else None)
    return catalogue.version if part is None else f"{catalogue.version}-{part}"


def _title_of(catalogue: Catalogue, family: str) -> str:
    """The title, which also says of what a tool made from a profile that it is that."""
    is_unsaid = catalogue.is_resolved and _part(catalogue.title, family) is None
    return f"{catalogue.title[:270]} (resolved profile)" if is_unsaid else catalogue.title[:300]


def _part(title: str, family: str) -> str | None:
    return part_in_title(title, is_published=frameworks.shipped().get(family) is not None)


def _ask_about_other_content(ctx: Context, kept: FrameworkVersion, catalogue: Catalogue) -> None:
    """A version is never rewritten: another file of the same name needs another name. Raises Conflict."""
    controls = ctx.uow.frameworks.controls_of(kept.id)
    if controls == catalogue.controls:
        return
    changes = compare_controls(controls, catalogue.controls)
    counts = ", ".join(f"{count} {plain(name)}" for name, count in changes.counts.items() if count)
    told = f"Against that one: {counts}." if counts else "The controls are the same, in another order."
    another = f"{kept.version}-{(catalogue.modified or '')[:10] or '2'}"
    raise Conflict(
        f"{kept.family} {kept.version} is on record, from {kept.file}, and this file differs. {told} What was imported "
        "is never rewritten. Is this one to be kept beside it? Say under which version.",
        next_steps=(f"engagement-bot import framework FILE --family {kept.family} --version {another}",),
        data={"version": kept.version, "saved": False, **changes.as_lists()},
    )
