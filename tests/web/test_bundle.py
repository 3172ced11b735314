"""The built page is that of the sources, whole, with the licences of what is in it; and says how to build it if not."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

import bot.web
from bot.web.bundle import LIST, TYPES, BundleBroken, built_page

WEB = Path(bot.web.__file__).parent
PAGE, BUILT = WEB / "page", WEB / "built"


def sources() -> str:
    """As bot/web/page/build.mjs works it out."""
    names = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")
    paths = [*(PAGE / "src").iterdir(), *(PAGE / name for name in names)]
    listed = {path.relative_to(PAGE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    return hashlib.sha256("".join(f"{name} {listed[name]}\n" for name in sorted(listed)).encode()).hexdigest()


def test_the_built_page_is_that_of_the_sources() -> None:
    assert json.loads((BUILT / LIST).read_text())["sources"] == sources(), "run: make page"


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    if not (PAGE / "node_modules" / "esbuild").is_dir() or shutil.which("node") is None:
        pytest.skip("needs node and: npm ci --prefix bot/web/page")
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=PAGE, check=True, timeout=120)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in BUILT.iterdir()}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (BUILT / path.name).read_bytes(), f"{path.name}: run make page"


def test_nothing_that_is_not_listed_lies_there() -> None:
    assert {path.name for path in BUILT.iterdir()} == {LIST, *TYPES}


@pytest.mark.parametrize("name", ["react", "react-dom", "slack-blocks-to-jsx", "scheduler", "node-emoji"])
def test_the_licences_of_what_is_in_it_are_there(name: str) -> None:
    text = (BUILT / "LICENSES.txt").read_text(encoding="utf-8")
    part = text.partition(f"\n{name} ")[2].partition("-" * 72)[0]
    assert "MIT" in part
    assert "Permission is hereby granted" in part


@pytest.mark.parametrize("name", [LIST, *TYPES])
def test_a_missing_part_says_how_to_build_it(tmp_path: Path, name: str) -> None:
    shutil.copytree(BUILT, tmp_path / "built")
    (tmp_path / "built" / name).unlink()
    with pytest.raises(BundleBroken, match=r"not all of it is here.* make page"):
        built_page(tmp_path / "built")


@pytest.mark.parametrize("name", [LIST, *TYPES])
def test_a_broken_part_says_how_to_build_it(tmp_path: Path, name: str) -> None:
    shutil.copytree(BUILT, tmp_path / "built")
    path = tmp_path / "built" / name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BundleBroken, match="make page"):
        built_page(tmp_path / "built")
