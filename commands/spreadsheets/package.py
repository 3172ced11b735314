"""A look at a ZIP package (XLSX, DOCX) before anything in it is unpacked."""

import zipfile
from typing import IO
from xml.parsers import expat

from commands.errors import UsageError
from commands.spreadsheets import limits
from commands.zip_files import MOST_OF_TABLE, is_protected, unpacked_size


def check_package(package: zipfile.ZipFile, name: str) -> None:
    """UsageError for a package that is protected, that unpacks to more than is read, or that defines a document type.

    ExpatError, LookupError and what zipfile raises for one that is damaged.
    """
    parts = package.infolist()
    if is_protected(package):
        raise UsageError(f"{name} is protected by a password.", next_steps=("Save a copy without password.",))
    unpacked = unpacked_size(package)
    if len(parts) > limits.MAX_PARTS or unpacked > MOST_OF_TABLE:
        raise UsageError(f"{name} unpacks to {unpacked / 1e6:,.0f} MB; at most {MOST_OF_TABLE // 10**6} MB.")
    for part in parts:
        if part.file_size > limits.SMALL_PART_BYTES and part.file_size > limits.MAX_PACKING_RATIO * part.compress_size:
            raise UsageError(f"{name} is packed suspiciously tightly ({part.filename}); it was not opened.")
        if part.filename.lower().endswith((".xml", ".rels")):
            with package.open(part) as content:
                if _defines_type(content):
                    raise UsageError(f"{name} holds a document type definition, which no such file has.")


def _defines_type(content: IO[bytes]) -> bool:
    """Whether XML has a DOCTYPE, in any encoding; it can only stand before the first element."""
    types: list[str] = []
    elements: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda type_name, *_: types.append(type_name)
    parser.StartElementHandler = lambda element_name, _: elements.append(element_name)
    while not (types or elements) and (chunk := content.read(4096)):
        parser.Parse(chunk)
    return bool(types)
