"""What the styles and lists of a Word document say of its text: struck out, hidden, ticked."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"
_OFF = ("0", "false", "off")
_LINES = ("strike", "dstrike")
# The ticks, crosses and boxes of Wingdings and Wingdings 2.
_SIGNS = {"F0FC": "✓", "F0FE": "☑", "F0FB": "✗", "F0FD": "☒", "F06F": "☐", "F0A8": "☐", "F050": "✓", "F052": "☑",
          "F04F": "✗", "F053": "☒", "F0A3": "☐", "F06C": "●", "F06E": "■", "F09F": "•"}  # fmt: skip
_DOTS = "●■•▪◦o§·–-"
_MOST_STYLES = 20  # that build on each other


def sign(code: str) -> str | None:
    """The sign of Wingdings that has this number, in hexadecimal; None for one that is not known."""
    return _SIGNS.get(code.upper())


def is_on(switch: Element | None) -> bool:
    """Whether a property is there and not switched off."""
    return switch is not None and switch.get(f"{W}val", "1") not in _OFF


@dataclass(frozen=True, slots=True)
class Looks:
    """The styles by name, with the one that each is based on; the bullets of each list, by list and level."""

    styles: Mapping[str, Element] = field(default_factory=dict)
    bullets: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def is_struck(self, run: Element, paragraph: Element | None) -> bool:
        """Whether a line goes through the run, by itself, by its style or by that of its paragraph."""
        return any(self._is(line, run, paragraph) for line in _LINES)

    def is_hidden(self, run: Element, paragraph: Element | None) -> bool:
        return self._is("vanish", run, paragraph)

    def bullet(self, paragraph: Element) -> str:
        """The tick, cross or box that a list puts before the paragraph; a dot only where nothing stands behind it."""
        numbered = paragraph.find(f"{W}pPr/{W}numPr")
        if numbered is None:
            numbered = self._of_style(_named(paragraph, "pPr", "pStyle"), f"{W}pPr/{W}numPr")
        number = numbered.find(f"{W}numId") if numbered is not None else None
        if numbered is None or number is None:
            return ""
        level = numbered.find(f"{W}ilvl")
        key = number.get(f"{W}val", ""), level.get(f"{W}val", "0") if level is not None else "0"
        shown = self.bullets.get(key, "")
        is_empty = not any((text.text or "").strip() for text in paragraph.iter(f"{W}t"))
        return shown if is_empty or shown not in (*_DOTS, "?") else ""

    def _is(self, switch: str, run: Element, paragraph: Element | None) -> bool:
        own = run.find(f"{W}rPr/{W}{switch}")
        if own is not None:
            return is_on(own)
        styles = _named(run, "rPr", "rStyle"), _named(paragraph, "pPr", "pStyle") if paragraph is not None else ""
        return any(is_on(self._of_style(style, f"{W}rPr/{W}{switch}")) for style in styles)

    def _of_style(self, name: str, path: str) -> Element | None:
        """What the style says, or the nearest of those that it is based on."""
        for _ in range(_MOST_STYLES):
            style = self.styles.get(name)
            if style is None:
                return None
            if (found := style.find(path)) is not None:
                return found
            based = style.find(f"{W}basedOn")
            name = based.get(f"{W}val", "") if based is not None else ""
        return None


def _named(element: Element, properties: str, style: str) -> str:
    found = element.find(f"{W}{properties}/{W}{style}")
    return found.get(f"{W}val", "") if found is not None else ""


def looks_of(package: zipfile.ZipFile) -> Looks:
    """What the document's other parts say. Raises what a damaged part provokes."""
    names = package.namelist()
    styles = ElementTree.fromstring(package.read(STYLES)) if STYLES in names else None
    lists = ElementTree.fromstring(package.read(NUMBERING)) if NUMBERING in names else None
    by_name = {style.get(f"{W}styleId", ""): style for style in styles.iter(f"{W}style")} if styles is not None else {}
    return Looks(by_name, _bullets(lists) if lists is not None else {})


def _bullets(lists: Element) -> dict[tuple[str, str], str]:
    kinds = {
        (kind.get(f"{W}abstractNumId", ""), level.get(f"{W}ilvl", "0")): _bullet(level)
        for kind in lists.findall(f"{W}abstractNum") for level in kind.findall(f"{W}lvl")
    }  # fmt: skip
    found: dict[tuple[str, str], str] = {}
    for number in lists.findall(f"{W}num"):
        kind = number.find(f"{W}abstractNumId")
        own = kind.get(f"{W}val", "") if kind is not None else ""
        found |= {
            (number.get(f"{W}numId", ""), level): text for (of, level), text in kinds.items() if of == own and text
        }
    return found


def _bullet(level: Element) -> str:
    """The sign of a level of a list; "" for numbers, "?" for a sign that is not known."""
    kind, text = level.find(f"{W}numFmt"), level.find(f"{W}lvlText")
    if kind is None or kind.get(f"{W}val") != "bullet" or text is None:
        return ""
    shown = text.get(f"{W}val", "").strip()
    if len(shown) == 1 and "\uf000" <= shown <= "\uf0ff":
        font = level.find(f"{W}rPr/{W}rFonts")
        names = " ".join(font.attrib.values()) if font is not None else ""
        return (sign(f"{ord(shown):04X}") or "?") if "Wingdings" in names else "•"
    return shown
