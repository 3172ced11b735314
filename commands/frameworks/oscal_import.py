"""Taking an OSCAL catalogue in: which framework and edition it is, and what it changes. Nothing kept is rewritten."""

import re
from dataclasses import dataclass
from typing import ClassVar

from commands.command import Context, Upload
from commands.errors import CommandError, Conflict, UsageError
from commands.frameworks.editions import Family, changes_between, edition_of_file, family_of, predecessor
from commands.rules.frameworks.changes import FrameworkChanges
from commands.rules.frameworks.oscal import Catalogue, NotACatalogue, read_catalogue
from commands.rules.frameworks.trace import is_older
from storage.catalog import frameworks
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
    key = _family_key(catalogue, family)
    known = ctx.uow.frameworks.list(key)
    called = version or catalogue.version
    same = next((each for each in known if each.version == called), None)
    if same is not None:
        _refuse_other_content(ctx, same, catalogue)
    stored = same or _keep(ctx, upload, catalogue, key, called, edition_of_file(key, catalogue, version))
    everything = known if same else [*known, stored]
    before = predecessor(stored, everything)
    return Imported(
        family=family_of(key, everything),
        version=stored,
        compared_with=before,
        changes=changes_between(ctx.uow, before, stored) if before else None,
        is_new=same is None,
        is_newest=not any(is_older(stored.edition, each.edition) for each in everything),
    )


def _family_key(catalogue: Catalogue, given: str | None) -> str:
    if given is not None:
        shipped = frameworks.find(given)
        key = shipped.key if shipped else given.strip().casefold()
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,59}", key):
            raise UsageError(
                f'family: "{given}" cannot be the key of a framework. Write letters, digits and hyphens: our-baseline.',
                fields={"family": "is made of letters, digits and hyphens."},
            )
        return key
    shipped = frameworks.of_title(catalogue.title)
    if shipped is None:
        known = ", ".join(each.key for each in frameworks.all_of_them())
        raise UsageError(
            f'Which framework is "{catalogue.title}"? Say so: family:KEY, one of {known}, or one of your own.',
            fields={"family": "is missing: the title does not say."},
        )
    return shipped.key


def _keep(
    ctx: Context, upload: Upload, catalogue: Catalogue, family: str, version: str, edition: str
) -> FrameworkVersion:
    return ctx.uow.frameworks.add(
        FrameworkVersion(
            family=family,
            version=version,
            edition=edition,
            title=catalogue.title[:300],
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


def _refuse_other_content(ctx: Context, kept: FrameworkVersion, catalogue: Catalogue) -> None:
    """A version is never rewritten: another file of the same name needs another name. Raises Conflict."""
    if ctx.uow.frameworks.controls_of(kept.id) != catalogue.controls:
        raise Conflict(
            f"{kept.family} {kept.version} is imported already, from {kept.file}, and this file differs. What was "
            "imported is never rewritten: give this one a version of its own.",
            next_steps=(f"engagement-bot import framework FILE --family {kept.family} --version {kept.version}-NEW",),
        )
