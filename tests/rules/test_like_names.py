"""Names that are alike: which a slip of the keyboard tells apart, and which are two."""

import pytest

from commands.rules.questions.like_names import KnownNames, are_near

NEAR = [
    ("Harbor Dental", "Harbour Dental"),
    ("Harbor Dental", "Habor Dental"),
    ("Harbor Dental", "Harbor Dentall"),
    ("Granite Peak Orthodontics", "Granite Paek Orthodontics"),
    ("Granite Peak Orthodontics", "Granite Peek Orthodontic"),
    ("Northwind", "Nothwind"),
    ("Calder Ridge", "Calder Rigde"),
    ("Calder Ridge", "CalderRidge Ltd"),
    ("Müller & Söhne GmbH", "Muller Sohn"),
    ("Bright Smile", "Bright Smiles"),
]
APART = [
    ("Harbor Dental", "Harbor Rental"),
    ("Clinic 1 Leeds", "Clinic 2 Leeds"),
    ("Branch 10", "Branch 100"),
    ("North Clinic", "South Clinic"),
    ("Company A", "Company B"),
    ("Acme", "Acne"),
    ("Kelly", "Kelley"),
    ("Harbor Dental", "Harbor Medical"),
    ("Oak House", "Elm House"),
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_a_slip_apart(one: str, other: str) -> None:
    assert are_near(one, other)
    assert are_near(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_names(one: str, other: str) -> None:
    assert not are_near(one, other)
    assert not are_near(other, one)


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_known_names_find_what_is_near(one: str, other: str) -> None:
    known = KnownNames()
    for name in ("Zenith", one, "Acme"):
        known.add(name, name)
    assert (known.like(other) or ("",))[0] == one
    assert known.like("Something Else") is None
