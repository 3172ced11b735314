"""Everything of a workspace in one ZIP file, and back into an empty database: for the operator, on the command line.

The file holds one member for each table, a JSON object a line, and a manifest with the number of rows and the SHA-256
of each. Nothing is unpacked to disk, and nothing is saved unless all of it can be.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from commands.errors import CommandError, Conflict
from commands.rules.text.phrases import plain
from commands.zip_files import MOST_OF_ARCHIVE, is_protected, unpacked_size
from storage.records import Workspace
from storage.repositories.archive import NOT_CARRIED, archive_tables
from storage.unit_of_work import UnitOfWork

_FORMAT = "engagement-checks archive"
_VERSION = 1
_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 1_000_000
_LONGEST_LINE = 64_000_000  # a file of 25 MB in base64, or the controls of a framework's version, are one row
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same records give the same member


@dataclass(frozen=True, slots=True)
class Contents:
    """`rows`: how many of each table. `digest`: the SHA-256 of the manifest, which has those of all members."""

    rows: Mapping[str, int]
    digest: str
    workspace: Mapping[str, Any]
    exported_at: str

    @property
    def summary(self) -> str:
        shown = [f"{count} {plain(name)}" for name, count in self.rows.items() if count]
        return f"{sum(self.rows.values())} rows: {', '.join(shown) or 'none'}"


def write_archive(uow: UnitOfWork, file: IO[bytes], *, schema: str, workspace: Workspace, now: datetime) -> Contents:
    """Write all that the workspace holds, as `uow` sees it."""
    members: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for table in archive_tables():
            digest, size, count = hashlib.sha256(), 0, 0
            with package.open(_info(_member(table.name)), "w", force_zip64=True) as member:
                for row in uow.archive.rows(table):
                    line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
                    member.write(line)
                    digest.update(line)
                    size, count = size + len(line), count + 1
            members[table.name] = {"rows": count, "bytes": size, "sha256": digest.hexdigest()}
        manifest = {
            "format": _FORMAT, "version": _VERSION, "schema": schema, "exported_at": now.isoformat(),
            "workspace": {"name": workspace.name, "slack_id": workspace.slack_id}, "members": members,
            "not_carried": dict(NOT_CARRIED),
        }  # fmt: skip
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        package.writestr(_info(_MANIFEST), text)
    return _contents(manifest, text)


def read_archive(uow: UnitOfWork, file: IO[bytes], *, schema: str) -> Contents:
    """Put everything into the empty workspace of `uow`. Raises CommandError, and nothing of it may be kept then."""
    try:
        with zipfile.ZipFile(file) as package:
            text = _check_package(package)
            manifest = _manifest(text, schema)
            _check_members(package, manifest["members"])
            if held := uow.archive.held():
                raise Conflict(
                    f"The database is not empty: it holds {_counts(held)}. Everything is imported into an empty one.",
                    next_steps=("Set ENGAGEMENT_DATABASE_URL to a new database, and import there.",),
                )
            for table in archive_tables():
                with package.open(_member(table.name)) as member:
                    uow.archive.put(table, _rows(table.name, member))
            uow.archive.finish()
    except CommandError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeDecodeError) as error:
        raise _damage_error(str(error) or type(error).__name__) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damage_error(f"a row cannot be read: {error}") from error
    _, broken = uow.audit.verify()
    if broken is not None:
        raise _damage_error(f"its audit log does not hold: {broken}")
    return _contents(manifest, text)


def _contents(manifest: Mapping[str, Any], text: bytes) -> Contents:
    rows = {name: member["rows"] for name, member in manifest["members"].items()}
    return Contents(rows, hashlib.sha256(text).hexdigest(), manifest["workspace"], manifest["exported_at"])


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _WRITTEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _check_package(package: zipfile.ZipFile) -> bytes:
    """The manifest. Raises CommandError for a package that holds anything else than an archive does."""
    parts = package.infolist()
    if len({part.filename for part in parts}) != len(parts):
        raise _damage_error("a member is there twice")
    known = {_MANIFEST, *(_member(table.name) for table in archive_tables())}
    if _MANIFEST not in {part.filename for part in parts}:
        raise _damage_error("it has no manifest, so it is no archive of this bot")
    if strange := [part.filename for part in parts if part.filename not in known]:
        raise _damage_error(f'"{strange[0][:80]}" is no member of an archive of this release')
    if is_protected(package):
        raise CommandError("The file is protected by a password. Nothing was saved.")
    if unpacked_size(package) > MOST_OF_ARCHIVE:
        raise CommandError(f"The file unpacks to more than {MOST_OF_ARCHIVE // 10**9} GB. Nothing was saved.")
    if package.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
        raise _damage_error("its manifest is too large")
    return package.read(_MANIFEST)


def _manifest(text: bytes, schema: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise _damage_error("its manifest is not of an archive of this bot")
    if found.get("version") != _VERSION or found.get("schema") != schema:
        raise CommandError(
            f"The file was written by another release (schema {found.get('schema')}; this one has {schema}). "
            "Nothing was saved.",
            next_steps=("Upgrade the old database with this release (db upgrade), and export it again.",),
        )
    return found


def _check_members(package: zipfile.ZipFile, members: Mapping[str, Mapping[str, Any]]) -> None:
    """Every table is there, with as many rows and the same digest as the manifest says. Raises CommandError."""
    for table in archive_tables():
        told = members.get(table.name)
        if told is None or _member(table.name) not in package.namelist():
            raise _damage_error(f"{table.name} is missing")
        digest, count = hashlib.sha256(), 0
        with package.open(_member(table.name)) as member:
            for line in _lines(table.name, member):
                digest.update(line)
                count += 1
        if (count, digest.hexdigest()) != (told["rows"], told["sha256"]):
            raise _damage_error(f"{table.name} is not what the manifest says")


def _rows(table: str, member: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    for line in _lines(table, member):
        yield json.loads(line)


def _lines(table: str, member: IO[bytes]) -> Iterator[bytes]:
    while line := member.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise _damage_error(f"a row of {table} is too long")
        yield line


def _counts(held: Mapping[str, int]) -> str:
    shown = [f"{count} {plain(name)}" for name, count in list(held.items())[:6]]
    return ", ".join(shown) + (" and more" if len(held) > len(shown) else "")


def _damage_error(how: str) -> CommandError:
    return CommandError(f"The file is damaged or is no archive: {how}. Nothing was saved.")
