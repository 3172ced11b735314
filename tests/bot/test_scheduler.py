"""The clock: it ticks, outlives failures, is woken when it stands still, and gives up loudly."""

import threading
import time

from bot.jobs.scheduler import Scheduler, Tick


def test_it_ticks_at_once_and_again_and_beats_only_for_what_ran_to_its_end() -> None:
    ran, beats = threading.Event(), list[str]()
    counts = {"good": 0, "bad": 0}

    def good() -> None:
        counts["good"] += 1
        if counts["good"] > 1 and counts["bad"] > 1:
            ran.set()

    def bad() -> None:
        counts["bad"] += 1
        raise RuntimeError("on purpose")

    clock = Scheduler({"good": Tick(0.05, good), "bad": Tick(0.05, bad)}, beats.append)
    clock.start()
    assert ran.wait(5)
    clock.stop()
    assert set(beats) == {"good"}


def test_a_nudge_runs_a_tick_now_and_none_after_the_end() -> None:
    ran = threading.Semaphore(0)
    clock = Scheduler({"rare": Tick(3600, ran.release)})
    clock.nudge("rare")
    clock.start()
    assert ran.acquire(timeout=5)
    time.sleep(1.1)  # nudges closer together than a second are one
    clock.nudge("rare")
    assert ran.acquire(timeout=5)
    clock.stop()
    clock.nudge("rare")
    assert not ran.acquire(timeout=0.1)


def test_the_watchdog_wakes_what_is_late_and_gives_up_on_what_stays_silent() -> None:
    now, given_up, ran = [0.0], [], threading.Semaphore(0)
    clock = Scheduler({"sweep": Tick(20, ran.release)}, monotonic=lambda: now[0], give_up=lambda: given_up.append(True))
    clock.start()
    assert ran.acquire(timeout=5)
    now[0] = 50
    clock.look()
    assert not ran.acquire(timeout=0.1)
    now[0] = 61  # three intervals: the wall clock was set back, or the loop has died
    clock.look()
    assert ran.acquire(timeout=5)
    clock.stop()
    now[0] = 500
    clock.look()
    assert given_up == [True]
