"""What a ZIP file that is damaged, or protected by a password, makes the standard library raise."""

import lzma
import zipfile
import zlib

ZIP_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError,
    RuntimeError,  # a password is wanted, or a way of packing that is not known
    ValueError,  # names and sizes that cannot be
)  # fmt: skip
