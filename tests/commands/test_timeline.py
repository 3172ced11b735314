"""The timeline and the calendar file."""

from datetime import date, timedelta
from io import BytesIO

from icalendar import Calendar
from PIL import Image

from commands.rules.agreements.renewals import standing
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.agreements.timeline import Part, lane_in_words, timeline
from storage.records import Agreement, AgreementStatus
from tests.commands.conftest import Desk

TODAY = date(2026, 3, 2)


def paper(**terms: object) -> Agreement:
    return Agreement(
        client_id=1, reference="SOW", status=AgreementStatus.EXECUTED, msp_signed_on=date(2025, 1, 1),
        client_signed_on=date(2025, 1, 1), effective_on=date(2025, 7, 1), **terms,
    )  # fmt: skip


def test_a_term_and_the_one_that_follows_tile_the_line() -> None:
    renewing = paper(initial_term="12m", renewal="auto", renewal_term="12m", notice="60d")
    [lane] = timeline([(renewing, standing(renewing, TODAY))], TODAY).lanes
    assert (lane.bars[0].part, lane.bars[0].end) == (Part.TERM, date(2026, 6, 30))
    assert lane.bars[1].start == date(2026, 7, 1)
    assert lane.deadline == standing(renewing, TODAY).send_by


def test_what_ended_long_ago_is_left_out_and_what_has_no_end_goes_on() -> None:
    over = paper(initial_term="1m", renewal="none")
    endless = paper(term_kind="evergreen", notice="30d")
    line = timeline([(each, standing(each, TODAY)) for each in (over, endless)], TODAY)
    assert [bar.part for lane in line.lanes for bar in lane.bars] == [Part.OPEN_ENDED]


def test_what_is_at_the_edge_of_the_line_is_on_it() -> None:
    """From 2 September 2025 to 2 September 2027; a bar of a single day is one."""
    first, last = date(2025, 9, 2), date(2027, 9, 2)
    cases = [(first, 1), (first - timedelta(days=1), 0), (last, 1), (last + timedelta(days=1), 0)]
    for at, bars in cases:
        ends = Standing(AgreementStanding.LAPSED, term_start=at if at >= first else None, term_end=at)
        lanes = timeline([(paper(), ends)], TODAY).lanes
        assert [len(lane.bars) for lane in lanes] == [bars] * bars, at
        due = Standing(AgreementStanding.ACTIVE, term_start=first, term_end=last, notice_deadline=at)
        [lane] = timeline([(paper(), due)], TODAY).lanes
        assert lane.deadline == (at if bars else None), at


def test_the_day_to_send_it_is_drawn_rather_than_the_deadline() -> None:
    due = Standing(
        AgreementStanding.ACTIVE, term_start=TODAY, term_end=date(2026, 12, 31), notice_deadline=date(2026, 11, 1),
        send_by=date(2026, 10, 23),
    )  # fmt: skip
    [lane] = timeline([(paper(), due)], TODAY).lanes
    assert lane.deadline == date(2026, 10, 23)
    assert lane_in_words(lane) == "term until 31 Dec 2026, notice by 23 Oct 2026"


def test_the_picture_is_a_png_with_words_for_who_cannot_see_it(calder: Desk) -> None:
    reply = calder.type("/engagement agreement timeline calder")
    [picture] = reply.files
    assert Image.open(BytesIO(picture.content)).size[0] == 760
    assert "SOW-A: term until 31 Dec 2026, notice by" in picture.alt_text
    assert reply.table is not None
    assert reply.table.rows[0][1].startswith("term until 31 Dec 2026, notice by")


def test_the_calendar_is_read_by_a_calendar_library_and_keeps_its_identities(calder: Desk) -> None:
    [file] = calder.type("/engagement calendar calder").files
    events = {str(event["uid"]): event for event in Calendar.from_ical(file.content).walk("VEVENT")}
    days = {event.decoded("dtstart") for event in events.values()}
    assert {date(2026, 11, 1), date(2026, 12, 31)} <= days
    [again] = calder.type("/engagement calendar").files
    assert {str(event["uid"]) for event in Calendar.from_ical(again.content).walk("VEVENT")} == set(events)


def test_a_client_without_agreements_says_so(calder: Desk) -> None:
    calder.type("/engagement client add Acme")
    assert "no agreement" in calder.type("/engagement agreement timeline acme").headline
    assert "No agreement" in calder.type("/engagement calendar acme").headline


def test_renewals_by_client_owner_length_and_overdue(calder: Desk) -> None:
    calder.type("/engagement client add Acme owner:<@U0OTHER|o>")
    calder.type(
        "/engagement agreement add Acme MSA kind:msa effective:2025-01-01 signed:2025-01-01 initial-term:15m "
        "renewal:auto renewal-term:12m notice:60d"
    )

    def listed(words: str) -> list[str]:
        return [each["agreement"] for each in calder.type(f"/renewals {words}").data.get("renewals", [])]

    assert listed("") == ["MSA"]
    assert listed("1y") == ["MSA", "SOW-A"]
    assert listed("calder ridge 12m") == ["SOW-A"]
    assert listed("owner:<@U0OTHER|o> 1y") == ["MSA"]
    assert listed("overdue") == ["MSA"]
    assert listed("calder overdue") == []
    assert listed("<@U0OTHER|o> 1y") == listed("1y <@U0OTHER>") == ["MSA"]
    assert listed("calder <@U0OTHER> 1y") == []
    assert "@o is nobody" in calder.refused("/renewals @o").message
    assert "@b is nobody" in calder.refused("/renewals <@U0OTHER> <@U0B|b>").message
    assert "no client called" in calder.refused("/renewals nobody").message


def test_terms_as_written_are_echoed_before_anything_is_saved(calder: Desk) -> None:
    text = "auto-renews for successive 2 year terms unless 90 days' notice"
    read = calder.type(f"/engagement agreement terms calder SOW-A {text}")
    assert read.data["stated"] == {"renewal": "auto", "renewal_term": "2y", "notice": "90d", "client_notice": "90d"}
    assert calder.type("/engagement agreement show calder SOW-A").data["agreement"]["notice"] == "60d"
    calder.type(read.choices[0].command)
    saved = calder.type("/engagement agreement show calder SOW-A").data["agreement"]
    assert (saved["notice"], saved["renewal_term"]) == ("90d", "2y")


def test_terms_that_are_only_partly_understood_are_not_saved_with_one_press(calder: Desk) -> None:
    read = calder.type("/engagement agreement terms calder SOW-A renews when the moon is full, 30 days notice")
    assert read.data["not_understood"] or read.data["questions"]
    assert all(choice.opens_form for choice in read.choices)
    assert "No terms" in calder.type("/engagement agreement terms calder SOW-A hello").headline
