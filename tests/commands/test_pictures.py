"""The pictures: a client's coverage, the year's notice deadlines, the timeline; each also said in words."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from commands.pictures.drawing import Theme, draw, in_words
from commands.reply import File, Reply
from commands.rules.matrix.categories import UNNAMED, by_category
from storage.records import Party, Responsibility
from tests.commands.conftest import MANAGER, NOW, VIEWER, Desk

TERMS = "kind:sow signed:2026-01-01 effective:2026-01-01 initial-term:12m renewal:auto renewal-term:12m notice:60d"
LINES = ("matrix coverage calder", "renewal year", "agreement timeline calder")


@pytest.fixture
def filled(calder: Desk) -> Desk:
    """North has three rows in two categories; SOW-A of Calder Ridge ends with the year 2026."""
    calder.type("/engagement client add North")
    calder.type("/engagement agreement add north SOW-N kind:sow signed:2026-01-01 effective:2026-01-01 term:evergreen")
    calder.type('/engagement matrix set north SOW-N "Server backup" msp category:Backup clause:2.1')
    calder.type('/engagement matrix set north SOW-N "Restore tests" client category:backup clause:2.2')
    calder.type(
        '/engagement matrix set north SOW-N "Patching" third_party third-party:"Acme" category:Servers clause:3'
    )
    return calder


def picture(reply: Reply) -> File:
    [file] = reply.files
    return file


def image(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("line", LINES)
def test_each_is_drawn_for_a_light_and_a_dark_screen_and_says_what_it_shows(filled: Desk, line: str) -> None:
    light, dark = (picture(filled.type(f"/engagement {line} theme:{theme}")) for theme in Theme)
    assert picture(filled.type(f"/engagement {line}")).content == light.content
    assert image(light.content).getpixel((2, 2)) == (255, 255, 255)
    assert sum(image(dark.content).getpixel((2, 2))) < 120
    assert image(light.content).width == 760
    assert light.alt_text == dark.alt_text
    assert 20 < len(light.alt_text) <= 1000


def test_coverage_counts_rows_by_category_and_party_and_marks_what_nobody_does(filled: Desk) -> None:
    reply = filled.type("/engagement matrix coverage north")
    assert reply.data["categories"] == [
        {"category": "Backup", "msp": 1, "client": 1},
        {"category": "Servers", "third_party": 1},
    ]
    assert reply.headline.startswith("North: 3 rows in force, ")
    assert "Backup: 1 ours, 1 the client's." in picture(reply).alt_text
    assert reply.data["gaps"]
    assert reply.table is not None
    assert (reply.data["gaps"][0], "nobody assigned") in reply.table.rows


def test_only_rows_in_force_are_covered(filled: Desk) -> None:
    filled.type("/engagement agreement add north SOW-B kind:sow effective:2026-01-01 term:evergreen")
    filled.type('/engagement matrix set north SOW-B "Printers" msp category:Printers')
    filled.type('/engagement matrix retire north SOW-N "Patching" on:2026-02-01')
    reply = filled.type("/engagement matrix coverage north")
    assert [each["category"] for each in reply.data["categories"]] == ["Backup"]


def test_a_client_without_rows_is_all_gaps(calder: Desk) -> None:
    calder.type("/engagement client add Bare")
    reply = calder.type("/engagement matrix coverage bare")
    assert reply.data["categories"] == []
    assert "0 rows in force" in reply.headline
    assert picture(reply).content


def test_the_year_shows_what_is_decided_and_what_is_not(filled: Desk) -> None:
    filled.type("/engagement client add Bluebird")
    filled.type(f"/engagement agreement add bluebird SOW-B {TERMS}")
    before = filled.type("/engagement renewal year")
    assert {(each["client"], each["agreement"]) for each in before.data["deadlines"]} == {
        ("Calder Ridge", "SOW-A"), ("Bluebird", "SOW-B"),
    }  # fmt: skip
    assert "2 not decided" in before.headline
    filled.type("/engagement renewal decide bluebird SOW-B renew reason:x")
    after = filled.type("/engagement renewal year")
    assert "1 not decided" in after.headline
    assert "Bluebird, SOW-B, decided" in picture(after).alt_text
    assert "Calder Ridge, SOW-A, decided" not in picture(after).alt_text


def test_the_year_of_one_person(filled: Desk) -> None:
    filled.type("/engagement client add Bluebird owner:U0OTHER")
    filled.type(f"/engagement agreement add bluebird SOW-B {TERMS}")
    reply = filled.type("/engagement renewal year <@U0OTHER>")
    assert [each["client"] for each in reply.data["deadlines"]] == ["Bluebird"]


def test_a_restricted_client_is_in_no_picture_of_others(filled: Desk) -> None:
    before = picture(filled.type("/engagement renewal year", user=VIEWER))
    filled.type("/engagement client add Lumen owner:U0OTHER")
    filled.type(f"/engagement agreement add lumen SOW-L {TERMS}")
    filled.type("/engagement client restrict lumen to:U0OTHER")
    after = filled.type("/engagement renewal year", user=VIEWER)
    assert picture(after).content == before.content
    assert "Lumen" not in str(after)
    assert "Lumen" in str(filled.type("/engagement renewal year", user="U0OTHER"))
    assert "no client called" in filled.refused("/engagement matrix coverage lumen", user=VIEWER).message


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("client show calder", 'matrix coverage "Calder Ridge"'),
        ("client show calder", 'agreement timeline "Calder Ridge"'),
        ("matrix show calder", 'matrix coverage "Calder Ridge"'),
        ("renewal list 365d", "renewal year"),
        ("week", "renewal year"),
    ],
)
def test_a_button_asks_for_it(filled: Desk, line: str, command: str) -> None:
    reply = filled.type(f"/engagement {line}", user=MANAGER)
    assert command in [choice.command for choice in reply.choices]
    assert filled.type(f"/engagement {command}", user=MANAGER).files


@given(st.lists(st.tuples(st.sampled_from(["Backup", "backup", "Servers", "", None]), st.sampled_from(Party))))
def test_every_row_is_in_exactly_one_category(known: list[tuple[str | None, Party]]) -> None:
    rows = [
        Responsibility.model_construct(
            client_id=1, agreement_id=1, item="x", category=category, party=party, recorded_at=NOW, recorded_by="U0SAM"
        )
        for category, party in known
    ]
    found = by_category(rows)
    assert sum(each.total for each in found) == len(rows)
    assert len({each.name.casefold() for each in found}) == len(found)
    assert all(each.name == UNNAMED for each in found[-1:] if any(not category for category, _ in known))


@given(st.lists(st.text(max_size=200), max_size=60))
def test_alternative_text_is_never_longer_than_slack_takes(sentences: list[str]) -> None:
    said = in_words(sentences)
    assert len(said) <= 1000


@pytest.mark.parametrize(
    "name", ["מרפאת השיניים של רחובות", "東京支店", "🦷 Smile & <b>Co</b> #set page()", 'a"b\\c', "x" * 120]
)
def test_any_name_can_be_drawn(name: str) -> None:
    entry = {
        "head": name,
        "count": "1 row",
        "marks": ["msp"] * 95,
        "lines": [{"mark": "gap", "words": name}],
        "words": name,
    }
    content = draw("squares", {"title": name, "legend": [], "entries": [entry]})
    assert image(content).width == 760
