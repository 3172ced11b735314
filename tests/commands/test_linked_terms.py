"""Linked terms: fetched where that is switched on, or attached; compared; said by the check and by the review."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commands.fetching import CannotFetch, Fetched
from tests.commands.conftest import TECHNICIAN, VIEWER, Desk, set_up_calder

URL = "https://files.calder.com/terms"
FETCH = f"/engagement agreement fetch calder SOW-A url:{URL}"


def serving(desk: Desk, text: str) -> None:
    def fetch(url: str) -> Fetched:
        assert url == URL
        return Fetched(url, f"<p>{text}</p>".encode(), "text/html")

    desk.dispatcher = replace(desk.dispatcher, fetch=fetch)


def test_a_change_is_found_and_said_until_it_is_reviewed(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    serving(desk, "Pay within 30 days.")
    assert desk.type(FETCH, user=TECHNICIAN).headline.endswith("the first that is kept.")
    desk.now += timedelta(days=7)
    again = desk.type("/engagement agreement fetch calder SOW-A")
    assert again.data["same"]
    serving(desk, "Pay within 10 days.")
    desk.now += timedelta(days=7)
    said = desk.type("/engagement agreement fetch calder SOW-A")
    assert said.data["changed"]
    assert said.cautions[0].startswith("Its linked terms changed between 2 March 2026 (SHA-256 begins ")
    found = {each["rule"] for each in desk.type("/engagement check calder").data["findings"]}
    assert "terms_changed" in found
    desk.type("/engagement agreement edit calder SOW-A review-every:6m")
    desk.now += timedelta(days=130)
    reviews = [
        each for each in desk.type("/engagement reminder list calder").data["reminders"]
        if each["kind"] == "agreement_review"
    ]  # fmt: skip
    assert any("Note: its linked terms changed between" in each["headline"] for each in reviews)
    desk.type("/engagement agreement edit calder SOW-A reviewed:2026-07-01")
    assert "terms_changed" not in {each["rule"] for each in desk.type("/engagement check calder").data["findings"]}
    assert len(desk.type("/engagement agreement fetched calder SOW-A", user=VIEWER).data["terms"]) == 3


def test_off_unless_switched_on_and_files_do_as_well(calder: Desk) -> None:
    assert "ENGAGEMENT_FETCH_TERMS" in calder.refused(FETCH).message
    said = calder.type("/engagement agreement fetch calder SOW-A", upload=("terms.pdf", b"%PDF-1.7 terms"))
    assert said.data["terms"]["hash_of"] == "bytes"
    assert "has no link" in calder.refused("/engagement agreement fetch calder SOW-A").message


def test_what_cannot_be_fetched_is_said_and_nothing_is_kept(calder: Desk) -> None:
    def fetch(url: str) -> Fetched:
        raise CannotFetch("files.calder.com answered with status 404.")

    calder.dispatcher = replace(calder.dispatcher, fetch=fetch)
    error = calder.refused(FETCH)
    assert error.message == (
        "The terms were not fetched: files.calder.com answered with status 404. Nothing was saved."
    )
    assert calder.type("/engagement agreement fetched calder SOW-A").data["terms"] == []


def test_nothing_is_fetched_for_those_who_may_not(calder: Desk) -> None:
    def fetch(url: str) -> Fetched:
        raise AssertionError(url)

    calder.dispatcher = replace(calder.dispatcher, fetch=fetch)
    with pytest.raises(Exception, match=r"(?i)technician"):
        calder.type(FETCH, user=VIEWER)
