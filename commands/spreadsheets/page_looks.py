"""What the elements of a web page look like, as far as that says what applies: struck out, hidden, ticked."""

import re
from collections.abc import Iterator, Mapping

_LINES = frozenset({"s", "strike", "del"})
_CROSSES = re.compile(r"\bline-through\b", re.IGNORECASE)
_CROSSING_NAME = re.compile(r"(?:^|[-_])(?:line-through|strike(?:-?through)?|struck(?:-?out)?)$", re.IGNORECASE)
_HIDES = re.compile(r"\bdisplay\s*:\s*none\b|\bvisibility\s*:\s*(?:hidden|collapse)\b", re.IGNORECASE)
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
_BRACE = re.compile(r"[{}]")
# Other blocks hold for printing, for small screens or the like.
_EVERY_SCREEN = re.compile(r"@media\s+(?:all|screen)", re.IGNORECASE)
_NAMES = re.compile(r"[.#][\w-]+")
_COMPOUND = re.compile(r"(?:[a-z][\w-]*)?(?:[.#][\w-]+)*", re.IGNORECASE)
_WITHOUT_END = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip
# What a new one of these ends, where the page does not say so: everything open inside of its parent.
_PARENTS = {"td": ("tr",), "th": ("tr",), "tr": ("table", "tbody", "thead", "tfoot"), "option": ("select",)}
_PICTURES = frozenset({"img", "svg", "i", "picture"})
_TICKS = re.compile(r"(?:^|[-_\s])(?:check|checkmark|tick|yes)(?:$|[-_\s])", re.IGNORECASE)
_UNTICKED = re.compile(r"(?:^|[-_\s])(?:empty|off|no|not|un|blank|outline|disabled|slash)(?:$|[-_\s])", re.IGNORECASE)
_DEEPEST = 500


class PageLooks:
    """Which elements are open, and what is true inside of them. `learn` is told all text: style sheets are among it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool, bool]] = []
        self._crossing: set[str] = set()
        self._hiding: set[frozenset[str]] = set()
        self.is_struck = self.is_hidden = False

    def open(self, tag: str, given: Mapping[str, str | None]) -> None:
        """An element begins."""
        if tag in _PARENTS:
            self._leave(_PARENTS[tag])
        if tag in _WITHOUT_END or len(self._open) >= _DEEPEST:
            return
        style, classes = given.get("style") or "", (given.get("class") or "").split()
        names = {tag, f"#{given.get('id')}", *(f".{each}" for each in classes)}
        crossed = bool(tag in _LINES or _CROSSES.search(style) or names & self._crossing)
        crossed = crossed or any(_CROSSING_NAME.search(each) for each in classes)
        hidden = bool("hidden" in given or _HIDES.search(style) or any(each <= names for each in self._hiding))
        self._push(tag, crossed, hidden or (tag == "option" and "selected" not in given))

    def close(self, tag: str) -> None:
        """An element ends, and with it all that is still open inside."""
        if any(name == tag for name, _, _ in self._open):
            while self._open.pop()[0] != tag:
                pass
            self._settle()

    def learn(self, text: str) -> None:
        """What a style sheet strikes out or hides, by class, id or element."""
        if not self._open or self._open[-1][0] != "style":
            return
        for selectors, rules in _rules(_COMMENT.sub("", text)):
            each = selectors.split(",")
            if _CROSSES.search(rules):
                self._crossing.update(filter(None, map(_crossed_name, each)))
            if _HIDES.search(rules):
                self._hiding.update(filter(None, map(_hidden_names, each)))

    def _push(self, tag: str, crossed: bool, hidden: bool) -> None:
        self._open.append((tag, crossed, hidden))
        self.is_struck, self.is_hidden = self.is_struck or crossed, self.is_hidden or hidden

    def _leave(self, parents: tuple[str, ...]) -> None:
        at = max((place for place, (name, _, _) in enumerate(self._open) if name in parents), default=None)
        if (
            at is not None
            and at + 1 < len(self._open)
            and not any(name == "table" for name, _, _ in self._open[at + 1 :])
        ):
            del self._open[at + 1 :]
            self._settle()

    def _settle(self) -> None:
        self.is_struck = any(crossed for _, crossed, _ in self._open)
        self.is_hidden = any(hidden for _, _, hidden in self._open)


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """The selectors and the properties of each rule that holds on every screen."""
    blocks: list[tuple[str, bool]] = []  # what each that is open is for, and whether it holds
    start = 0
    for brace in _BRACE.finditer(style):
        said, start = style[start : brace.start()], brace.end()
        if brace[0] == "{":
            head = said.rpartition(";")[2].strip()
            holds = not head.startswith("@") or _EVERY_SCREEN.fullmatch(head) is not None
            blocks.append((head, holds and (not blocks or blocks[-1][1])))
        elif blocks:
            head, holds = blocks.pop()
            if holds and not head.startswith("@"):
                yield head, said


def _crossed_name(selector: str) -> str | None:
    """The class, id or element that a selector is about: ".gone" of "td.gone span". None for "a:hover".

    Rather too much: what is struck out is asked about.
    """
    if ":" in selector:
        return None
    names = _NAMES.findall(selector)
    parts = selector.split()
    return names[-1] if names else parts[0].lower() if len(parts) == 1 else None


def _hidden_names(selector: str) -> frozenset[str]:
    """The names that an element must have for a selector to be about it: "td" and ".gone" of "td.gone".

    Rather too little: what is hidden is not read. Nothing, for an element within others: "div.tabs td".
    """
    *outer, last = selector.split() or [""]
    if not _COMPOUND.fullmatch(last) or (outer and not _NAMES.search(last)):
        return frozenset()
    element = re.match(r"[\w-]*", last)
    named = {element[0].lower()} if element and element[0] else set()
    return frozenset(named | {*_NAMES.findall(last)})


def sign_of(tag: str, given: Mapping[str, str | None]) -> str:
    """What an element without a text shows: a box, the words for a picture, "?" for one without; "" for any other."""
    if tag == "input":
        kind = (given.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            return "☒" if "checked" in given else "☐"
        return "" if kind == "hidden" else given.get("value") or ""
    said = next((text for name in ("alt", "aria-label", "title") if (text := (given.get(name) or "").strip())), "")
    if said and (tag in _PICTURES or "aria-label" in given):
        return said
    names = given.get("class") or ""
    if tag in _PICTURES or re.search(r"(?:^|[-_\s])icon(?:$|[-_\s])", names):
        return "✓" if _TICKS.search(names) and not _UNTICKED.search(names) else "?"
    return ""
