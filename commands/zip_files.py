"""ZIP files as they are sent: how much of each kind is unpacked, and what one that is damaged raises."""

import lzma
import zipfile
import zlib

MOST_OF_TABLE = 150_000_000
MOST_OF_TEMPLATE = 60_000_000
MOST_OF_PACK = 1_000_000_000
MOST_OF_ARCHIVE = 4_000_000_000  # some hundred times what a large workspace holds
"""How many bytes one may unpack to: a spreadsheet or a document, a template, an evidence pack, `export all`."""
ZIP_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError,
    RuntimeError,  # a password is wanted, or a way of packing that is not known
    ValueError,  # names and sizes that cannot be
)  # fmt: skip
"""What the standard library raises for a file that is damaged, or protected by a password."""


def is_protected(package: zipfile.ZipFile) -> bool:
    """Whether a part of it is encrypted with a password."""
    return any(part.flag_bits & 0x1 for part in package.infolist())


def unpacked_size(package: zipfile.ZipFile) -> int:
    """How many bytes it says that it unpacks to; the standard library unpacks no more than that."""
    return sum(part.file_size for part in package.infolist())


def is_word_document(package: zipfile.ZipFile) -> bool:
    """Whether it has the two parts that no DOCX file lacks."""
    return {"[Content_Types].xml", "word/document.xml"} <= set(package.namelist())
