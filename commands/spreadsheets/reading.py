"""From the bytes of a file to a `Workbook`; what is not a readable spreadsheet ends here, in one sentence."""

import io
import re
import zipfile

from commands.errors import UsageError
from commands.rules.matrix_layout.sheets import Workbook
from commands.spreadsheets.delimited import decode, read_delimited
from commands.spreadsheets.docx import DOCUMENT, read_docx
from commands.spreadsheets.limits import MAX_FILE_BYTES
from commands.spreadsheets.markup import is_markdown, read_html, read_markdown
from commands.spreadsheets.xlsx import read_xlsx
from commands.zip_files import ZIP_DAMAGE

_MARKUP = re.compile(rb"[\xef\xbb\xbf\s]*<(?:!doctype|html|table|\?xml|meta|body|div|h[1-6]|p)\b", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "Open it in a spreadsheet program and save it as XLSX or 'CSV UTF-8'."
_AS_DOCX = "Open it in a word processor, save it as DOCX, and import that."
_NOT_SEEN = "Import the spreadsheet or the Word document that it was made from, or copy its table into a spreadsheet."
_FOREIGN = (
    (b"%PDF", "is a PDF; a table can only be read from a spreadsheet or a Word document", _NOT_SEEN),
    (b"{\\rtf", "is a rich text document", _AS_DOCX),
    (b"\x1f\x8b", "is a compressed archive", "Unpack it, and import the file inside."),
    (b"\x89PNG", "is a picture; no table is read from it", _NOT_SEEN),
    (b"\xff\xd8\xff", "is a picture; no table is read from it", _NOT_SEEN),
)


def read_workbook(data: bytes, name: str) -> Workbook:
    """Read XLSX, XLSM (macros ignored), CSV, TSV and other delimited text, tables in DOCX, Markdown and HTML, by
    content: the name is only for messages.

    UsageError, one sentence, for what is empty, too large, encrypted, corrupt or of another kind.
    """
    if len(data) > MAX_FILE_BYTES:
        raise UsageError(f"{name} has {len(data) / 1e6:,.1f} MB; at most {MAX_FILE_BYTES // 1_000_000} MB are read.")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UsageError(f"{name} is empty.")
    if data.startswith(b"PK"):
        return _read_package(data, name)
    _refuse_foreign(data, name)
    if _MARKUP.match(data[:2000].lower()):
        return _read_page(data, name)
    text = decode(data, name)
    sheet, remarks = read_markdown(text, name) if is_markdown(text) else read_delimited(data, name)
    if not sheet.rows:
        raise UsageError(f"{name} is empty.")
    return Workbook(name=name, sheets=(sheet,), remarks=remarks)


def _refuse_foreign(data: bytes, name: str) -> None:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UsageError(
                f"{name} is protected by a password.", next_steps=("Save a copy without password and import that.",)
            )
        if "WordDocument".encode("utf-16-le") in data:
            raise UsageError(f"{name} is in the old Word 97-2003 format (.doc).", next_steps=(_AS_DOCX,))
        raise UsageError(f"{name} is in the old Excel 97-2003 format (.xls).", next_steps=(_SAVE_AS,))
    for magic, words, step in _FOREIGN:
        if data.startswith(magic):
            raise UsageError(f"{name} {words}.", next_steps=(step,))


def _read_package(data: bytes, name: str) -> Workbook:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_DAMAGE:
        raise UsageError(
            f"{name} is damaged and cannot be read.",
            next_steps=("Open it in the program that it comes from, save it again, and import that.",),
        ) from None
    with package:
        return read_docx(package, name) if DOCUMENT in package.namelist() else read_xlsx(package, data, name)


def _read_page(data: bytes, name: str) -> Workbook:
    """The tables of a web page. UsageError for a page without any, and for XML."""
    sheets = read_html(decode(data, name), name) if b"<table" in data.lower() else ()
    if not sheets:
        raise UsageError(f"{name} is a web page or XML without a table, not a spreadsheet.", next_steps=(_SAVE_AS,))
    return Workbook(name=name, sheets=sheets)
