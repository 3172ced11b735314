"""`engagement-bot demo`: type what you would type in Slack. The real app runs, against a Slack in this process."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TextIO

from rich.console import Console
from slack_bolt import BoltRequest

from bot.console.demo_world import CHANNELS, PEOPLE, DemoWorld, demo_world
from bot.console.form_filling import Cancelled, FormFiller
from bot.console.local_slack import BOT_USER, Channel, LocalSlack, Person, Posted
from bot.console.payloads import Payloads
from bot.console.terminal import draw_message, draw_view
from bot.slack.request_handler import REFUSED
from commands.rules.dates.format import format_date

INTRODUCTION = """\
You are @sam, a technician, in #calder-ridge. Type what you would type in Slack:
  /scope who patches the firewall?      /scope bluebird who backs up Dentrix?      /engagement help
  1 presses [1] . as @dana speaks as Dana (admin) . in #helpdesk . tick 30d: time passes . quit"""
TOUR_HINT = "  tour shows one of each: an answer, a gap settled, a decision, a disclosure, a paper, and the week"
_OPEN = "{open}"
"""Stands in the tour for the number of the newest open question."""
_TOUR = (
    "as sam",
    "in calder-ridge",
    "/scope who patches the firewall?",
    "/scope who waters the office plants?",
    "as dana",
    f'/engagement scope settle {_OPEN} out_of_scope agreement:SOW-A clause:9.9 item:"Office plants"',
    "as sam",
    "/scope are the office plants ours?",
    "as dana",
    '/engagement renewal decide calder MSA-2024 renew reason:"Good client; the price goes up 3 percent"',
    '/disclose calder gdpr does_not_apply by:"Dana Lee, CFO"',
    "/engagement matrix export calder SOW-A format:xlsx",
    "/engagement week",
)
_WIDTH = 100
_LONGEST_WORK = 30.0


def run_demo(*, script: TextIO | None, now: datetime | None) -> int:
    """Run the lines of `script`, or ask for them; the exit code, 1 when a line of a script did not go as it should.

    `now` (aware UTC) is when the demo's clock starts; the real time if None.
    """
    console = Console(width=_WIDTH if script is not None else None, highlight=False, soft_wrap=False)
    with demo_world(now) as world:
        console.print(INTRODUCTION, markup=False)
        console.print(TOUR_HINT, markup=False)
        return Demo(world, console, _reader(script, console)).run()


@dataclass
class Demo:
    """One conversation. `read` asks for a line with a prompt; None is the end."""

    world: DemoWorld
    console: Console
    read: Callable[[str], str | None]
    speaker: Person = PEOPLE[2]
    channel: Channel = CHANNELS[0]
    buttons: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    payloads: Payloads = field(init=False)
    _was_refused: bool = False

    def __post_init__(self) -> None:
        self.payloads = Payloads(self.slack)

    @property
    def slack(self) -> LocalSlack:
        return self.world.slack

    def run(self) -> int:
        """Handle lines until the end or `quit`. 1 when one was refused unexpectedly, or not refused after a !."""
        failures = 0
        while (line := self.read(f"@{self.speaker.handle} #{self.channel.name}> ")) is not None:
            text = line.strip()
            if text.lower() in ("quit", "exit"):
                break
            if not text or text.startswith("# "):
                continue
            should_refuse = text.startswith("!")
            self._was_refused = False
            self._line(text.lstrip("!").strip())
            if self._was_refused is not should_refuse:
                failures += 1
                if should_refuse:
                    self._say("(this was expected to be refused)")
        return 1 if failures else 0

    def _line(self, text: str) -> None:
        word, _, rest = text.partition(" ")
        if text.isdecimal() or (word == "press" and rest.strip().isdecimal()):
            self._press(int(rest or text))
        elif word == "as":
            self._become(rest.strip().lstrip("@"))
        elif word == "in":
            self._go_to(rest.strip().lstrip("#"))
        elif text == "tour":
            self._tour()
        elif word == "tick":
            self._tick(rest)
        elif word.startswith("/"):
            self._deliver(self.payloads.slash(self.speaker.id, self.channel.id, word, rest.strip()))
        elif word == "@engagement":
            self._deliver(self.payloads.mention(self.speaker.id, self.channel.id, rest.strip()))
        else:
            self._deliver(self.payloads.direct(self.speaker.id, text))

    def _tour(self) -> None:
        for line in _TOUR:
            text = line.replace(_OPEN, str(self._newest_open()))
            self._say(f"@{self.speaker.handle} #{self.channel.name}> {text}")
            self._line(text)

    def _newest_open(self) -> int:
        """The number of the question that was asked last and waits for a manager; 0 for none."""
        world = self.world
        with world.runtime.database.open_unit(world.jobs.sender.workspace_id, writes=False) as uow:
            return max((question.id for question in uow.questions.open()), default=0)

    def _become(self, handle: str) -> None:
        found = [person for person in self.slack.people.values() if person.handle == handle]
        if not found:
            self._refuse(f"There is no @{handle}. There is {', '.join(f'@{person.handle}' for person in PEOPLE)}.")
            return
        self.speaker = found[0]
        self._say(f"You are {self.speaker.name} now.")

    def _go_to(self, name: str) -> None:
        found = [channel for channel in self.slack.channels.values() if channel.name == name]
        if not found:
            self._refuse(f"There is no #{name}. There is {', '.join(f'#{channel.name}' for channel in CHANNELS)}.")
            return
        self.channel = found[0]

    def _tick(self, text: str) -> None:
        """Let time pass, three hours at a time, and draw what arrives meanwhile."""
        try:
            target = self.world.clock.target(text)
        except ValueError as error:
            self._refuse(str(error))
            return
        before = len(self.slack.posted)
        self.world.pass_time(target)
        arrived = self.slack.since(before)
        self.buttons = self.buttons if not arrived else []
        for one in arrived:
            self._draw(one)
        count = f"{len(arrived)} message{'' if len(arrived) == 1 else 's'}"
        self._say(f"It is {target:%A}, {format_date(target.date())} now. {count} arrived.")

    def _press(self, number: int) -> None:
        if not 1 <= number <= len(self.buttons):
            self._refuse(f"There is no button [{number}] on the last answer.")
            return
        channel, button = self.buttons[number - 1]
        if channel.startswith("D") and channel != f"D{self.speaker.id[1:]}":
            self._refuse(f"That message is in {self._name('U' + channel[1:])}'s direct messages: speak as them first.")
            return
        if confirm := button.get("confirm"):
            self._say(f"({confirm['text']['text']} Yes.)")
        self._deliver(self.payloads.press(self.speaker.id, channel, button))

    def _deliver(self, payload: dict[str, Any]) -> None:
        """Hand `payload` to the app, wait until its work is done, and draw everything that appeared."""
        answer, posted = self._dispatch(payload)
        if not answer and not posted:
            self._say("(no answer)")
            return
        self.buttons = []
        if isinstance(answer, dict) and "text" in answer:
            is_public = answer.get("response_type") == "in_channel"
            self._draw(Posted("response", answer, payload["channel_id"], None if is_public else payload["user_id"]))
        for one in posted:
            if one.kind == "view":
                self._fill_in(one.payload)
            else:
                self._draw(one)

    def _dispatch(self, payload: dict[str, Any]) -> tuple[Any, list[Posted]]:
        before = len(self.slack.posted)
        response = self.world.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        self.world.workers.wait(_LONGEST_WORK)
        is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
        return json.loads(response.body) if is_json else response.body, self.slack.since(before)

    def _fill_in(self, view: Mapping[str, Any]) -> None:
        draw_view(self.console, view, self._name)
        filler = FormFiller(self.slack, self.read, self._say, lambda block, typed: self._options(view, block, typed))
        try:
            state = filler.fill_in(view)
            while True:
                answer, posted = self._dispatch(self.payloads.submit(self.speaker.id, view, state))
                if not isinstance(answer, dict) or answer.get("response_action") != "errors":
                    break
                state = filler.correct(view, state, answer["errors"])
        except Cancelled:
            self._refuse("(closed without saving)")
            return
        if isinstance(answer, dict) and "view" in answer:
            draw_view(self.console, answer["view"], self._name)
        for one in posted:
            self._draw(one)

    def _options(self, view: Mapping[str, Any], block_id: str, typed: str) -> list[dict[str, Any]]:
        answer, _ = self._dispatch(self.payloads.suggest(self.speaker.id, view, block_id, typed))
        options: list[dict[str, Any]] = answer["options"]
        return options

    def _draw(self, posted: Posted) -> None:
        where = self._name(posted.channel or "")
        if posted.kind == "file":
            self._say(f"(file for {where}: {posted.payload['name']}, {len(posted.payload['content'])} bytes)")
            return
        seen_by = f", only {self._name(posted.user)} sees it" if posted.user else ""
        title = f"engagement in {where}{seen_by}"
        drawn = draw_message(self.console, posted.payload, title, self._name, len(self.buttons) + 1)
        self.buttons += [(posted.channel or "", button) for button in drawn]
        if any(block.get("block_id") == REFUSED for block in posted.payload.get("blocks", ())):
            self._was_refused = True

    def _name(self, id: str) -> str:
        if id == BOT_USER:
            return "@engagement"
        if person := self.slack.people.get(id):
            return f"@{person.handle}"
        if channel := self.slack.channels.get(id):
            return f"#{channel.name}"
        if id.startswith("D") and (person := self.slack.people.get(f"U{id[1:]}")):
            return f"@{person.handle}'s direct messages"
        return id

    def _refuse(self, text: str) -> None:
        self._was_refused = True
        self._say(text)

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)


def _reader(script: TextIO | None, console: Console) -> Callable[[str], str | None]:
    """Reads lines: typed by a person, or from a script, which is echoed."""
    if script is None:
        return _read_line

    def read(prompt: str) -> str | None:
        line = script.readline()
        if not line:
            return None
        console.print(f"{prompt}{line.rstrip()}", markup=False)
        return line

    return read


def _read_line(prompt: str) -> str | None:
    try:
        return input(prompt)
    except (EOFError, KeyboardInterrupt):
        sys.stdout.write("\n")
        return None
