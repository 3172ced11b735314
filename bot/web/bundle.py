"""The page as it was built, in this package: read whole, and checked, before anything is served."""

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

LIST = "bundle.json"
TYPES = {
    "index.html": "text/html; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "LICENSES.txt": "text/plain; charset=utf-8",
}
_HOW = "Build it with: make page (that needs node 18 or newer; nothing else of the bot does)."


class BundleBroken(Exception):
    """The page cannot be served; the text says how to build it."""


def built_page(folder: Traversable | None = None) -> Mapping[str, bytes]:
    """Each file's content by its name. Raises BundleBroken for files that are missing, or not as they were built."""
    folder = folder or resources.files(__package__).joinpath("built")
    try:
        listed: Mapping[str, str] = json.loads(folder.joinpath(LIST).read_bytes())["files"]
        found = {name: folder.joinpath(name).read_bytes() for name in TYPES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleBroken(f"The page is not built, or not all of it is here. {_HOW}") from error
    changed = [name for name, content in found.items() if listed.get(name) != hashlib.sha256(content).hexdigest()]
    if changed:
        raise BundleBroken(f"The built page was changed or cut short ({', '.join(changed)}). {_HOW}")
    return found
