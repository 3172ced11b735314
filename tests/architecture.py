"""The modules of the code base, their packages, and who imports whom; and a picture of it.

`python -m tests.architecture` draws `docs/packages.svg` anew. A package is a folder; a module that stands directly on a
floor (`commands/reply.py`) counts as a package of its own.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "commands", "storage")
PICTURE = ROOT / "docs" / "packages.svg"
Graph = Mapping[str, frozenset[str]]
_LEFT_OUT = ("storage.migrations",)

_BANDS = (("bot", "#e8f0fe"), ("commands", "#e6f4ea"), ("commands.rules", "#fef7e0"), ("storage", "#fce8e6"))
_WIDTH, _BOX, _GAP, _ROW, _LABEL = 1080, 24, 44, 64, 110


@cache
def files() -> Mapping[str, Path]:
    """Every module of the code base and its file."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(files()[module].read_text(encoding="utf-8"))


def imported_by(node: ast.AST) -> Iterator[str]:
    """What the import statements within `node` name: modules, ours as precisely as they can be told."""
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names)
        elif isinstance(each, ast.ImportFrom):
            module = each.module or ""
            for alias in each.names:
                full = f"{module}.{alias.name}"
                yield full if full in files() else module


@cache
def modules() -> Graph:
    """From each module to those of ours that it imports."""
    ours = files()
    return {name: frozenset(imported_by(tree_of(name))) & ours.keys() - {name} for name in ours}


def package_of(module: str) -> str:
    """The folder of a module; the module itself where it stands directly on a floor."""
    if files()[module].name == "__init__.py":
        return module
    parent = module.rpartition(".")[0]
    return module if parent in FLOORS else parent


@cache
def packages() -> Graph:
    """From each package to those that its modules import."""
    found: dict[str, set[str]] = {package_of(name): set() for name in files()}
    for name, imported in modules().items():
        found[package_of(name)] |= {package_of(each) for each in imported} - {package_of(name)}
    return {name: frozenset(imported) for name, imported in found.items()}


def circles(graph: Graph) -> list[tuple[str, ...]]:
    """The groups of more than one that reach each other."""
    below = {name: _reached(graph, name) for name in graph}
    groups = {frozenset(each for each in below[name] if name in below[each]) for name in graph if name in below[name]}
    return sorted(tuple(sorted(group)) for group in groups)


def _reached(graph: Graph, start: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph[name]
    return frozenset(found)


def picture() -> str:
    """The packages as SVG, top down: an arrow that follows from others is left out."""
    graph = {name: ours for name, ours in packages().items() if not _is_left_out(name)}
    graph = {name: frozenset(each for each in imported if each in graph) for name, imported in graph.items()}
    below = {name: _reached(graph, name) for name in graph}
    direct = {
        name: [each for each in sorted(imported) if not any(each in below[other] for other in imported - {each})]
        for name, imported in graph.items()
    }
    places, bands, height = _placed(graph)
    lines = [_arrow(places[name], places[each]) for name in sorted(direct) for each in direct[name]]
    boxes = [_boxed(name, *places[name]) for name in sorted(places)]
    frames = [
        f'<rect x="4" y="{top}" width="{_WIDTH - 8}" height="{bottom - top}" rx="8" fill="{colour}"/>'
        f'<text x="16" y="{top + 22}" font-size="15" font-weight="bold">{title}</text>'
        for title, colour, top, bottom in bands
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
            "<title>Packages of Engagement Checks and what they import</title>",
            *frames, *lines, *boxes, "</svg>", "",
        ]
    )  # fmt: skip


def _is_left_out(package: str) -> bool:
    return package in FLOORS or package == "commands.rules" or package.startswith(_LEFT_OUT)


def _band_of(package: str) -> str:
    return "commands.rules" if package.startswith("commands.rules.") else package.partition(".")[0]


def _rows(graph: Graph, band: str) -> list[list[str]]:
    """The packages of a band by how many others of the band lie below, those with the most first."""
    names = [name for name in sorted(graph) if _band_of(name) == band]
    depth: dict[str, int] = {}

    def measure(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((measure(each) for each in graph[name] if _band_of(each) == band), default=-1)
        return depth[name]

    levels = [[name for name in names if measure(name) == level] for level in range(max(map(measure, names)) + 1)]
    return list(reversed(levels))


def _placed(graph: Graph) -> tuple[dict[str, tuple[int, int, int]], list[tuple[str, str, int, int]], int]:
    """Left, top and width of each package's box; each band's title, colour, top and bottom; the height of all."""
    places: dict[str, tuple[int, int, int]] = {}
    bands = []
    top = 4
    for title, colour in _BANDS:
        y = top + 12
        for row in _rows(graph, title):
            for line in _wrapped(row):
                widths = [_width(name) for name in line]
                x = _LABEL + (_WIDTH - _LABEL - sum(widths) - _GAP * (len(line) - 1)) // 2
                for name, width in zip(line, widths, strict=True):
                    places[name] = (x, y, width)
                    x += width + _GAP
                y += _ROW
        bottom = y - _ROW + _BOX + 12
        bands.append((title, colour, top, bottom))
        top = bottom + 30
    return places, bands, top - 26


def _wrapped(names: Iterable[str]) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    used = 0
    for name in names:
        if used + _width(name) > _WIDTH - _LABEL - 20:
            lines.append([])
            used = 0
        lines[-1].append(name)
        used += _width(name) + _GAP
    return lines


def _short(package: str) -> str:
    name = package.removeprefix(f"{_band_of(package)}.")
    return name if files()[package].name == "__init__.py" else f"{name}.py"


def _width(package: str) -> int:
    return 7 * len(_short(package)) + 18


def _boxed(package: str, x: int, y: int, width: int) -> str:
    weight = "bold" if files()[package].name == "__init__.py" else "normal"
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{_BOX}" rx="4" fill="white" stroke="#5f6368"/>'
        f'<text x="{x + width // 2}" y="{y + 16}" font-size="12" font-weight="{weight}" text-anchor="middle">'
        f"{escape(_short(package))}</text>"
    )


def _arrow(start: tuple[int, int, int], end: tuple[int, int, int]) -> str:
    x1, y1 = start[0] + start[2] // 2, start[1] + _BOX
    x2, y2 = end[0] + end[2] // 2, end[1]
    bend = (y2 - y1) // 2
    path = f"M{x1},{y1} C{x1},{y1 + bend} {x2},{y2 - bend} {x2},{y2}"
    return (
        f'<path d="{path}" fill="none" stroke="#5f6368" stroke-opacity="0.45"/>'
        f'<path d="M{x2 - 3},{y2 - 6} L{x2 + 3},{y2 - 6} L{x2},{y2} Z" fill="#5f6368" fill-opacity="0.7"/>'
    )


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
