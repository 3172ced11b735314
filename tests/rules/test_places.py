"""Countries and time zones as people write them."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tzlocal.windows_tz import win_tz

from commands.rules.dates.countries import country_code, near_countries
from commands.rules.dates.time_zones import near_zones, read_zone


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("US", "US, us, USA, U.S., U.S.A., United States, United States of America, America, the United States"),
        ("GB", "GB, UK, U.K., GBR, United Kingdom, the United Kingdom, Great Britain, England, Scotland, Wales"),
        ("DE", "DE, DEU, Germany, Deutschland, GERMANY"),
        ("AU", "AU, AUS, Australia"),
        ("CA", "CA, CAN, Canada"),
        ("AT", "Österreich, Austria"),
        ("CI", "Côte d'Ivoire, Cote d’Ivoire, Ivory Coast"),
        ("NL", "the Netherlands, Netherlands, Holland"),
        ("KR", "South Korea, Korea"),
        ("BA", "Bosnia & Herzegovina"),
    ],
)
def test_a_country_is_named_in_many_ways(code: str, names: str) -> None:
    for name in names.split(", "):
        assert country_code(name) == code, name


@pytest.mark.parametrize("text", ["Atlantis", "XX", "", "...", "U", "Congo Virgin"])
def test_what_is_no_country_is_none(text: str) -> None:
    assert country_code(text) is None


def test_a_slip_is_asked_back() -> None:
    assert near_countries("Untied States") == ["US"]


@pytest.mark.parametrize(
    ("text", "country", "zone"),
    [
        ("America/Chicago", None, "America/Chicago"),
        ("america/new york", None, "America/New_York"),
        ("CST", None, "America/Chicago"),
        ("CST", "US", "America/Chicago"),
        ("CST", "CA", "America/Winnipeg"),
        ("CST", "CN", "Asia/Shanghai"),
        ("CST", "CU", "America/Havana"),
        ("CST", "MX", "America/Mexico_City"),
        ("Central Time", None, "America/Chicago"),
        ("Central", None, "America/Chicago"),
        ("central standard time", None, "America/Chicago"),
        ("Central Standard Time", "CA", "America/Winnipeg"),
        ("Eastern (US)", None, "America/New_York"),
        ("Eastern (Canada)", None, "America/Toronto"),
        ("Eastern Time (US & Canada)", None, "America/New_York"),
        ("(UTC-06:00) Central Time (US & Canada)", None, "America/Chicago"),
        ("US Eastern Standard Time", None, "America/New_York"),
        ("Eastern Standard Time", "AU", "Australia/Sydney"),
        ("EST", None, "America/New_York"),
        ("EDT", None, "America/New_York"),
        ("MST", None, "America/Denver"),
        ("PT", None, "America/Los_Angeles"),
        ("GMT Standard Time", None, "Europe/London"),
        ("GMT", None, "Europe/London"),
        ("GMT", "IE", "Europe/Dublin"),
        ("BST", None, "Europe/London"),
        ("CET", "DE", "Europe/Berlin"),
        ("IST", None, "Asia/Kolkata"),
        ("IST", "IL", "Asia/Jerusalem"),
        ("IST", "IE", "Europe/Dublin"),
        ("AEST", "AU", "Australia/Sydney"),
        ("W. Europe Standard Time", None, "Europe/Berlin"),
        ("AUS Eastern Standard Time", None, "Australia/Sydney"),
        ("Chicago", None, "America/Chicago"),
        ("Melbourne, Florida", "US", None),
        ("Melbourne, Florida", None, None),
        ("Paris, Texas", "US", None),
        ("Paris, Texas, USA", None, None),
        ("Athens, GA", "US", None),
        ("Athens, Georgia", "US", None),
        ("Dublin, Ohio", "US", None),
        ("Dublin, CA", "US", None),
        ("Rome, NY", "US", None),
        ("London, Ontario", "CA", None),
        ("Portland, London", "US", None),
        ("Denver, NC", "US", None),
        ("Melbourne", "US", None),
        ("Melbourne", "AU", "Australia/Melbourne"),
        ("Paris, France", None, "Europe/Paris"),
        ("London, England", "US", "Europe/London"),
        ("Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "IT", "Europe/Rome"),
        ("Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "US", None),
        ("(UTC+10:00) Canberra, Melbourne, Sydney", None, "Australia/Sydney"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", None, "Asia/Kolkata"),
        ("Dublin, Edinburgh, Lisbon, London", "GB", "Europe/London"),
        ("Athens, Bucharest", None, "Europe/Athens"),
        ("Islamabad, Karachi", "PK", "Asia/Karachi"),
        ("New York", None, "America/New_York"),
        ("UTC", None, "UTC"),
        ("US/Central", None, "US/Central"),
        ("Mars", None, None),
        ("UTC-6", None, None),
        ("", None, None),
    ],
)
def test_a_time_zone_is_named_in_many_ways(text: str, country: str | None, zone: str | None) -> None:
    assert read_zone(text, country) == zone


@pytest.mark.parametrize(("text", "zone"), [("Amerika/Chicago", "America/Chicago"), ("Chigago", "America/Chicago")])
def test_a_hint_is_a_place_and_not_an_abbreviation(text: str, zone: str) -> None:
    assert near_zones(text)[0] == zone


def test_every_name_of_windows_and_every_place_is_read() -> None:
    assert [name for name in win_tz if read_zone(name) is None] == []
    places = [name for name in available_timezones() if "/" in name]
    assert [name for name in places if read_zone(name) != name] == []


@given(st.text(max_size=30), st.sampled_from([None, "US", "DE", "XX"]))
def test_any_text_is_a_zone_or_none(text: str, country: str | None) -> None:
    assert read_zone(text, country) in {None, *available_timezones()}
    assert country_code(text) is None or len(str(country_code(text))) == 2
