"""The parts that everything else leans on: memory, workers, the limits checker."""

import threading
from typing import Any

import pytest

from bot.slack.limits import check_message, check_options, check_view
from bot.slack.memory import Memory
from bot.slack.workers import Workers

BUTTON: dict[str, Any] = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "a", "value": "v"}
INPUT: dict[str, Any] = {
    "type": "input",
    "block_id": "b",
    "label": {"type": "plain_text", "text": "x"},
    "element": {"type": "plain_text_input", "action_id": "a"},
}
TITLE = {"type": "plain_text", "text": "x"}


def test_memory_forgets_the_oldest_and_the_old() -> None:
    now = [0.0]
    memory: Memory[str, int] = Memory(most=2, seconds=10, clock=lambda: now[0])
    for number, key in enumerate("abc"):
        memory.keep(key, number)
    assert [memory.recall(key) for key in "abc"] == [None, 1, 2]
    now[0] = 10
    assert memory.recall("c") is None
    assert memory.is_new("c", 3)
    assert not memory.is_new("c", 4)


def test_only_one_of_many_threads_is_first() -> None:
    memory: Memory[str, int] = Memory(most=9, seconds=10)
    firsts: list[bool] = []
    barrier = threading.Barrier(8)

    def race() -> None:
        barrier.wait()
        firsts.append(memory.is_new("key", 1))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(firsts) == 1


def test_workers_finish_what_they_accepted_and_take_no_more() -> None:
    workers, done = Workers(size=1, backlog=3), list[int]()
    go = threading.Event()

    def wait_and_count() -> None:
        go.wait(5)
        done.append(1)

    assert all(workers.submit(wait_and_count) for _ in range(3))
    assert not workers.submit(lambda: done.append(2))
    assert not workers.wait(0.01)
    go.set()
    assert workers.drain(5)
    assert done == [1, 1, 1]
    assert not workers.submit(lambda: done.append(2))


def test_work_that_does_not_end_is_reported() -> None:
    workers = Workers(size=1)
    go = threading.Event()
    workers.submit(lambda: go.wait(5) and None)
    assert not workers.drain(0.01)
    go.set()


def test_a_job_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise IndexError("on purpose")

    workers = Workers()
    workers.submit(fail)
    workers.drain(5)
    assert "IndexError" in caplog.text


def message(*blocks: dict[str, Any], text: str = "x") -> list[str]:
    return check_message({"text": text, "blocks": list(blocks)})


def view(**parts: Any) -> list[str]:
    return check_view({"type": "modal", "title": TITLE, "submit": TITLE, "blocks": [INPUT], **parts})


@pytest.mark.parametrize(
    ("problems", "words"),
    [
        (message(text=""), "text is missing"),
        (message(text="x" * 4001), "4001"),
        (message(*[{"type": "divider"}] * 51), "51 blocks"),
        (message({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}), "151"),
        (message({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}), "plain_text"),
        (message({"type": "section"}), "neither"),
        (message({"type": "section", "text": {"type": "mrkdwn", "text": ""}}), "empty"),
        (message({"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}), "11 fields"),
        (message({"type": "context", "elements": []}), "0 elements"),
        (message({"type": "actions", "elements": [BUTTON] * 26}), "26 elements"),
        (message({"type": "actions", "elements": [BUTTON, BUTTON]}), "used twice"),
        (message({"type": "actions", "elements": [{**BUTTON, "value": "x" * 2001}]}), "2001"),
        (message({"type": "actions", "elements": [{**BUTTON, "style": "loud"}]}), "style"),
        (message({"type": "actions", "elements": [{**BUTTON, "type": "datepicker"}]}), "not a button"),
        (message({"type": "rich_text", "elements": []}), "empty"),
        (message({"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}), "empty cell"),
        (message({"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 10_001}]]}), "10001"),
        (message(*[{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2), "more than one table"),
        (message(INPUT), "not a block that goes here"),
        (message({"type": "divider", "block_id": "x"}, {"type": "divider", "block_id": "x"}), "used twice"),
        (view(title={"type": "plain_text", "text": "x" * 25}), "25"),
        (view(blocks=[{"type": "table", "rows": []}]), "not a block that goes here"),
        (view(private_metadata="x" * 3001), "3001"),
        (view(blocks=[{**INPUT, "element": {"type": "sundial"}}]), "sundial"),
        (check_view({"type": "modal", "title": TITLE, "blocks": [INPUT]}), "submit is missing"),
        (check_options([{"text": TITLE, "value": "x" * 151}]), "151"),
        (check_options([{"text": TITLE, "value": "x"}] * 101), "101"),
    ],
)
def test_the_checker_finds(problems: list[str], words: str) -> None:
    assert len(problems) >= 1
    assert words in " ".join(problems)


def test_the_checker_accepts_what_is_fine() -> None:
    assert message({"type": "actions", "elements": [BUTTON]}, {"type": "divider"}) == []
    assert view() == []
