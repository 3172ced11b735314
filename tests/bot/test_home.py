"""The home tab by role, its pages and buttons; shortcuts; forms that show the record. All through Bolt's front door."""

from itertools import pairwise
from time import monotonic, sleep
from typing import Any

import pytest

from bot.slack.home import HomeTabs, home_view
from bot.slack.limits import VIEW_BLOCKS, check_home, check_view
from commands import catalog
from commands.command import Registry
from commands.reply import Choice, Emphasis, Item, Section
from commands.workspace.home import Home
from tests.bot.conftest import CALDER, DANA, GUS, HELPDESK, RITA, SAM, VIC, Bot, buttons, jobs_of
from tests.bot.form_filler import untouched

MATRIX = 'matrix set calder SOW-A "Firewall patching" msp clause:3.2'


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


def texts(view: Any) -> str:
    return str(view["blocks"])


def opened(bot: Bot, user: str) -> Any:
    """The home tab of `user`, opened anew."""
    bot.send(bot.payloads.home_opened(user))
    assert bot.workers.wait(10)
    return bot.slack.homes[user]


def home_buttons(view: Any) -> dict[str, Any]:
    accessories = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return {button["text"]["text"]: button for button in (*buttons(view), *accessories)}


@pytest.fixture
def known(bot: Bot) -> Bot:
    bot.prepare(
        "agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01 end:2026-09-30 notice:30d", MATRIX
    )
    return bot


def test_everybody_can_ask_and_sees_what_waits_for_them(known: Bot) -> None:
    known.slash(VIC, "calder who waters the plants?", command="/scope")
    view = opened(known, VIC)
    assert check_home(view) == []
    assert "who waters the plants?" in texts(view)
    assert "Ask a question" in home_buttons(view)
    assert "Settle" not in home_buttons(view)
    assert "Roles" not in texts(view)


def test_managers_see_what_is_due_and_what_to_settle_and_admins_the_settings(known: Bot) -> None:
    known.slash(SAM, "calder who waters the plants?", command="/scope")
    view = opened(known, DANA)
    shown = texts(view)
    assert "Today" in shown
    assert "The next 7 days" in shown
    assert "Questions to settle (1)" in shown
    assert {"Settle", "Dismiss", "Draft addendum line"} <= set(home_buttons(view))
    assert "covered by a signed agreement in force" in shown
    assert "Managers' channel" in shown
    assert "The bot" in shown


def test_what_is_due_has_the_button_that_settles_it(known: Bot) -> None:
    known.do('access grant calder "Payroll server" view data:x basis:y limit:z review:2026-08-10')
    known.do('promise add calder "Test a restore" every:1y due:2026-08-09')
    dates = "effective:2025-01-01 signed:2025-01-01 review-every:1y reviewed:2025-08-08"
    known.do(f"agreement add calder MSA-1 kind:msa term:evergreen {dates}")
    day = {"reviewed": {"type": "datepicker", "selected_date": "2026-08-03"}}  # the form proposes no day
    for label, filled, shown in (
        ("Review access", {}, "reviewed on 3\\xa0August\\xa02026"),
        ("Promise kept", {}, "Kept on 3\\xa0August\\xa02026"),
        ("Reviewed", day, "is changed"),
    ):  # fmt: skip
        view = opened(known, DANA)
        known.send(known.payloads.press_home(DANA, view, home_buttons(view)[label]))
        form = known.view()
        assert shown in str(known.send(known.payloads.submit(DANA, form, {**untouched(form), **filled})))
        assert label not in home_buttons(opened(known, DANA)), "it is done"


def test_technicians_see_their_clients_and_not_what_managers_do(known: Bot) -> None:
    known.do(f"client edit calder owner:{SAM}")
    view = opened(known, SAM)
    assert "1 of 1 agreement signed; 1 row in the matrix" in texts(view)
    assert "last day to give notice" not in texts(view)


def test_an_empty_home_teaches_the_three_steps(bot: Bot) -> None:
    view = opened(bot, DANA)
    assert "Three steps to the first answer" in texts(view)
    found = home_buttons(view)
    assert {"Import a matrix", "Add an agreement"} <= set(found)
    bot.send(bot.payloads.press_home(DANA, view, found["Import a matrix"]))
    form = bot.view()
    assert form["title"]["text"] == "Import a matrix"
    assert untouched(form)["client"]["selected_option"]["value"] == "Calder Ridge"


@pytest.mark.parametrize("user", [GUS, RITA])
def test_strangers_and_guests_get_a_refusal_and_nothing_else(known: Bot, user: str) -> None:
    view = opened(known, user)
    assert len(view["blocks"]) == 1
    assert "Calder" not in texts(view)


def test_a_button_of_the_home_tab_answers_on_top_of_it(known: Bot) -> None:
    view = opened(known, DANA)
    known.send(known.payloads.press_home(DANA, view, home_buttons(view)["All clients"]))
    answer = known.view()
    assert check_view(answer) == []
    assert "Calder Ridge" in texts(answer)


def test_the_home_tab_is_published_again_when_something_changes(known: Bot) -> None:
    opened(known, DANA)
    known.slash(SAM, "calder who feeds the cat?", command="/scope")
    assert known.workers.wait(10)
    assert "who feeds the cat?" in texts(known.slack.homes[DANA])


def test_a_home_tab_that_takes_long_is_not_all_that_the_bot_does(known: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[float] = []

    def publish(tabs: HomeTabs, user: str, page: int) -> None:
        times.append(monotonic())
        sleep(0.05)

    monkeypatch.setattr(HomeTabs, "_publish", publish)
    known.send(known.payloads.home_opened(DANA))
    until = monotonic() + 1.2
    while monotonic() < until:
        known.slash(VIC, "calder who feeds the cat?", command="/scope")
        known.workers.wait(10)
    gaps = [later - earlier for earlier, later in pairwise(times[1:])]
    assert gaps, "what changed meanwhile is shown in the end"
    assert min(gaps) > 0.4


def test_a_home_tab_that_failed_once_is_kept_current_again(known: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    known.send(known.payloads.home_opened(DANA))
    assert known.workers.wait(10)
    publish, shown = HomeTabs._publish, []

    def failing_once(tabs: HomeTabs, user: str, page: int) -> None:
        shown.append(user)
        if len(shown) == 1:
            raise ValueError("something that should not happen")
        publish(tabs, user, page)

    monkeypatch.setattr(HomeTabs, "_publish", failing_once)
    for _ in range(2):
        known.slash(VIC, "calder who feeds the cat?", command="/scope")
        assert known.workers.wait(10)
        sleep(0.2)
    assert known.workers.wait(10)
    assert len(shown) > 1


def test_many_items_are_counted_and_a_button_opens_all_of_them(known: Bot) -> None:
    for number in range(12):
        known.slash(SAM, f"calder who feeds cat number {number} of the office?", command="/scope")
    view = opened(known, DANA)
    assert len(view["blocks"]) <= VIEW_BLOCKS
    assert "Questions to settle (12)" in texts(view)
    assert "The first 5 of 12:" in texts(view)
    known.send(known.payloads.press_home(DANA, view, home_buttons(view)["All questions"]))
    assert "cat number 11 of" in texts(known.view())


def test_pages_are_turned(known: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Home("Much", (Section("All", tuple(Item(f"Number {number} of all") for number in range(250))),))
    monkeypatch.setattr("bot.slack.home.home", lambda ctx: found)
    view = opened(known, DANA)
    seen = texts(view)
    while (following := home_buttons(view).get("Next page")) is not None:
        known.send(known.payloads.press_home(DANA, view, following))
        assert known.workers.wait(10)
        view = known.slack.homes[DANA]
        assert check_home(view) == []
        seen += texts(view)
    assert all(f"Number {number} of" in seen for number in range(250))


def test_any_home_fits() -> None:
    choice = Choice("x" * 200, "y" * 2000, Emphasis.PRIMARY, confirm="z" * 900)
    item = Item("a" * 4000, "<@U0SAM> " * 300, (choice,) * 7)
    section = Section("t" * 400, (item, Item("b" * 4000, "", (choice,))) * 130, ("l" * 4000,) * 3, (choice,) * 3)
    found = Home("h" * 300, (section, Section("empty"), section))
    pages = 0
    while True:
        view = home_view(found, pages)
        assert check_home(view) == []
        if "Next page" not in home_buttons(view):
            break
        pages += 1
    assert pages > 10


def test_the_agent_pane_suggests_what_to_ask(bot: Bot) -> None:
    bot.send(bot.payloads.home_opened(SAM, "messages"))
    assert len(bot.slack.prompts) == 4


def test_a_message_becomes_a_question_about_its_channels_client(known: Bot) -> None:
    known.send(known.payloads.message_shortcut(SAM, "check_responsibility", CALDER, "firewall patching"))
    posted = known.slack.posted[-1]
    assert (posted.kind, posted.channel, posted.user) == ("ephemeral", CALDER, SAM)
    assert "This is ours" in posted.payload["text"]


def test_a_global_shortcut_asks_and_answers_in_its_form(known: Bot) -> None:
    known.send(known.payloads.shortcut(SAM, "ask_scope"))
    form = known.view()
    state = untouched(form)
    state["client"] = {"type": "external_select", "selected_option": {"value": "Calder Ridge"}}
    state["question"] = {"type": "plain_text_input", "value": "firewall patching"}
    answer = known.send(known.payloads.submit(SAM, form, state))
    assert answer["response_action"] == "update"
    assert check_view(answer["view"]) == []
    assert "✅ Ours" in texts(answer["view"])


def test_a_shortcut_gives_nobody_a_role(known: Bot) -> None:
    known.send(known.payloads.shortcut(VIC, "record_disclosure"))
    assert "yours is viewer" in texts(known.view())
    known.send(known.payloads.shortcut(SAM, "record_disclosure"))
    assert known.view()["title"]["text"] == "Record a disclosure"


def test_an_edit_form_shows_the_record_and_takes_away_what_is_emptied(known: Bot) -> None:
    known.do(f"client edit calder industry:Dental owner:{SAM} alias:cr")
    known.slash(DANA, "client edit calder")
    form = known.view()
    state = untouched(form)
    assert state["industry"]["value"] == "Dental"
    assert state["alias"]["value"] == "calder\ncr"
    assert state["owner"]["selected_user"] == SAM
    state["industry"] = {"type": "plain_text_input", "value": None}
    state["alias"] = {"type": "plain_text_input", "value": "calder"}
    assert known.send(known.payloads.submit(DANA, form, state)) == ""
    shown = known.slash(DANA, "client show calder")["text"]
    assert "Dental" not in shown
    assert "cr" not in shown.split("Aliases: ")[1].splitlines()[0]


def test_picking_a_record_fills_the_form_with_it(known: Bot) -> None:
    known.slash(DANA, "matrix set", HELPDESK)
    for name, value in (("client", "Calder Ridge"), ("agreement", "SOW-A"), ("item", "Firewall patching")):
        form = known.view()
        options = known.send(known.payloads.suggest(DANA, form, name, value[:4]))["options"]
        [option] = [one for one in options if one["value"] == value]
        state = {key: {"x": one} for key, one in untouched(form).items()}
        picked = {"type": "external_select", "selected_option": option}
        payload = known.payloads.pick(DANA, form, name, picked)
        payload["view"]["state"]["values"] = {**state, name: {"x": picked}}
        known.send(payload)
    form = known.view()
    assert check_view(form) == []
    state = {name.partition("~")[0]: one for name, one in untouched(form).items()}
    assert state["party"]["selected_option"]["value"] == "msp"
    assert state["clause"]["value"] == "3.2"


def test_a_new_row_can_be_named_in_the_select_of_rows(known: Bot) -> None:
    known.slash(DANA, "matrix set calder SOW-A")
    options = known.send(known.payloads.suggest(DANA, known.view(), "item", "Printer toner"))["options"]
    assert [option["value"] for option in options] == ["Printer toner"]


def test_somebody_elses_change_is_shown_and_own_entries_are_kept(known: Bot) -> None:
    known.slash(DANA, "client edit calder")
    form = known.whole(DANA)
    state = untouched(form)
    known.do("client edit calder industry:Dental zone:America/Chicago")
    state["country"] = {"type": "plain_text_input", "value": "US"}
    answer = known.send(known.payloads.submit(DANA, form, state))
    assert answer["response_action"] == "update"
    anew = answer["view"]
    assert check_view(anew) == []
    assert "Somebody else changed this" in texts(anew)
    assert 'Industry says "Dental" now' in texts(anew)
    kept = untouched(anew)
    assert known.send(known.payloads.submit(DANA, anew, kept)) == ""
    shown = known.slash(DANA, "client show calder")["text"]
    assert "Country: US" in shown
    assert "Industry: Dental" in shown


def test_what_cannot_be_undone_is_confirmed_in_its_form(known: Bot) -> None:
    known.slash(DANA, "client offboard", CALDER)
    form = known.view()
    answer = known.send(known.payloads.submit(DANA, form, untouched(form)))
    assert list(answer["errors"]) == ["confirmed"]
    state = {**untouched(form), "confirmed": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}}
    assert known.send(known.payloads.submit(DANA, form, state)) == ""
    assert "offboarded" in known.slack.posted[-1].payload["text"]


def test_an_answer_is_explained_doubted_and_worded_for_the_client(known: Bot) -> None:
    answer = known.slash(SAM, "calder firewall patching", command="/scope")
    found = {button["text"]["text"]: button for button in buttons(answer)}
    assert {"Share with channel", "Copy for client", "Why this row?", "Wrong row?", "Ask a manager"} == set(found)
    known.send(known.payloads.press(SAM, HELPDESK, found["Why this row?"]))
    assert "Firewall patching" in known.slack.posted[-1].payload["text"]
    known.send(known.payloads.press(SAM, HELPDESK, found["Copy for client"]))
    assert "is ours to do under SOW-A, 3.2" in known.slack.posted[-1].payload["text"]
    known.send(known.payloads.press(SAM, HELPDESK, found["Wrong row?"]))
    form = known.view()
    options = known.send(known.payloads.suggest(SAM, form, "row"))["options"]
    assert [option["value"] for option in options] == ["Firewall patching"]
    state = {**untouched(form), "note": {"type": "plain_text_input", "value": "It is about the guest network."}}
    assert known.send(known.payloads.submit(SAM, form, state)) == ""
    jobs_of(known).round()
    notice = next(one for one in reversed(known.slack.posted) if one.kind == "message")
    assert notice.channel == HELPDESK
    assert "It is about the guest network." in notice.payload["text"]
    assert {"Settle", "Draft addendum line", "Dismiss"} <= {one["text"]["text"] for one in buttons(notice.payload)}


def test_settle_is_only_offered_to_those_who_may(known: Bot) -> None:
    asked = known.slash(SAM, "calder who waters the plants?", command="/scope")
    assert "Settle" not in [one["text"]["text"] for one in buttons(asked)]
    asked = known.slash(DANA, "calder who feeds the fish?", command="/scope")
    assert "Settle" in [one["text"]["text"] for one in buttons(asked)]


def test_what_does_not_fit_is_counted_and_can_be_reached(known: Bot) -> None:
    lines = ["Name,Owner", *(f"Client {number:03d},<@{SAM}>" for number in range(230))]
    file = known.slack.add_file("clients.csv", "\n".join(lines).encode())
    known.send(known.payloads.direct(DANA, "client import confirm:yes", subtype="file_share", files=[file]))
    assert known.workers.wait(60)
    assert "0 of 231 clients asked about regulations in 2026" in pages(known, DANA)
    assert "The first 10 of 230." in pages(known, SAM)


def pages(bot: Bot, user: str) -> str:
    """All that the home tab of `user` says, page by page."""
    view = opened(bot, user)
    said = texts(view)
    while (following := home_buttons(view).get("Next page")) is not None:
        bot.send(bot.payloads.press_home(user, view, following))
        assert bot.workers.wait(30)
        view = bot.slack.homes[user]
        assert check_home(view) == []
        said += texts(view)
    return said
