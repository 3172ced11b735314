"""The load on several replicas, and what every answer may be.

Everything that is written carries a word of its own, W and a number. A register is one place that is written, by one
writer at a time, and read by everybody: an answer must hold what was last acknowledged when it was asked, or something
that was being written meanwhile.
"""

import json
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.console.local_slack import LocalSlack
from bot.console.payloads import Payloads
from bot.slack.request_handler import REFUSED
from tests.bot.form_filler import untouched
from tests.e2e.replica_door import Balancer, Replica, Unanswered

ADMIN, VIC, HELPDESK = "U0ADMIN", "U0VIC", "C0HELP"
WRITERS = 3
ITEMS = ("zorblax quibbering", "hamster grooming", "fjord varnishing")
REGULATIONS = ("hipaa", "gdpr")
NOTICE = "initial-term:12m end:2026-04-20 renewal:auto renewal-term:12m notice:30d"
"""On the Monday of the clock its reminder of thirty days is overdue: it goes out as soon as it is planned."""
_WORD = re.compile(r"\bW\d+\b")
_NOT_THERE = "There is no client called"


@dataclass
class Register:
    """What was written where, when: (value, sent at, acknowledged at or None), by the monotonic clock."""

    name: str
    writes: list[tuple[str, float, float | None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, value: str) -> None:
        with self._lock:
            self.writes.append((value, time.monotonic(), None))

    def acknowledged(self) -> None:
        with self._lock:
            value, sent, _ = self.writes[-1]
            self.writes[-1] = (value, sent, time.monotonic())

    def permitted(self, asked: float, answered: float) -> set[str]:
        """What a reader may be told who asked and was answered at these times."""
        with self._lock:
            before = [value for value, _, done in self.writes if done is not None and done < asked]
            meanwhile = {
                value for value, sent, done in self.writes if sent <= answered and (done is None or done >= asked)
            }
        return meanwhile | set(before[-1:])


@dataclass
class Place:
    """A register with the ways to write and read it: texts of commands, `{word}` for what is written."""

    register: Register
    write: Callable[[str], str]
    ask: tuple[str, str, str]
    """Who asks, with which slash command, what."""
    found: Callable[[str], str]
    """From an answer to the value in it."""
    form: str | None = None
    """The command that opens a form on what is there; its clause is then overwritten."""
    values: tuple[str, ...] = ()
    """The values that take turns; without any, each is a new word."""


@dataclass
class Load:
    """Writers and readers, until `stop` is called. `findings` says what is wrong, in sentences."""

    balancer: Balancer
    slack: LocalSlack
    seed: int
    findings: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    """The typed text of each acknowledged write, by its word."""
    papers: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    reads: int = 0
    again: int = 0

    def __post_init__(self) -> None:
        self._payloads = Payloads(self.slack)
        self._lock = threading.Lock()
        self._numbers = iter(range(1, 1_000_000))
        self._stopping = threading.Event()
        self.places = [place for number in range(WRITERS) for place in places_of(number)]
        self._threads: list[threading.Thread] = []

    def prepare(self) -> None:
        """The clients and the agreement that the registers are about."""
        for number in range(WRITERS):
            self.write(ADMIN, f"client add C{number} owner:<@{person(number)}>")
            self.write(ADMIN, f"client add R{number}")
            self.write(ADMIN, f"client add N{number} alias:rename{number}")
            self.write(
                ADMIN, f"agreement add C{number} SOW kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen"
            )
        for place in self.places:
            self.set(place, random.Random(self.seed))

    def start(self) -> None:
        for number in range(WRITERS):
            self._run(self._write_on, number)
        for number in range(2):
            self._run(self._read_on, number)

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(90)
            assert not thread.is_alive(), "a writer or a reader hangs"

    def waited(self, seconds: float, ends: float) -> bool:
        """Wait so long, not past `ends`; whether something was found that is wrong."""
        until = min(time.monotonic() + seconds, ends)
        while time.monotonic() < until and not self.findings:
            time.sleep(0.05)
        return bool(self.findings)

    def write(self, user: str, text: str) -> str:
        """Have `text` carried out exactly once, however often it is delivered; what was answered."""
        return self._say(lambda: self._payloads.slash(user, HELPDESK, "/engagement", text), text)

    def set(self, place: Place, luck: random.Random) -> None:
        """Write the next value, as a command, a direct message or a form."""
        register = place.register
        word = self._word()
        value = place.values[len(register.writes) % len(place.values)] if place.values else word
        text = place.write(value if place.values else word)
        way = luck.choice(("slash", "direct", "form")) if place.form and register.writes else "slash"
        register.begin(value)
        if way == "form":
            assert place.form is not None
            self._say(lambda: self._filled(place.form or "", word), word)
        elif way == "direct":
            payload = self._payloads.direct(ADMIN, text)
            self._delivered(payload, luck)
        else:
            self._say(lambda: self._payloads.slash(ADMIN, HELPDESK, "/engagement", text), text, luck)
        register.acknowledged()
        if not place.values:
            with self._lock:
                self.acknowledged[word] = text

    def get(self, place: Place, replica: Replica | None = None) -> None:
        """Ask, and judge the answer."""
        user, slash, text = place.ask
        asked = time.monotonic()
        try:
            answer = (replica or self.balancer.next()).deliver(self._payloads.slash(user, HELPDESK, slash, text))
        except Unanswered:
            return
        permitted = place.register.permitted(asked, time.monotonic())
        found = place.found(answer)
        with self._lock:
            self.reads += 1
            if found not in permitted:
                self.findings.append(
                    f"{place.register.name}: told {found or answer[:300]}, could be {sorted(permitted)}"
                )

    def _say(self, payload: Callable[[], dict[str, Any]], text: str, luck: random.Random | None = None) -> str:
        """Until it is carried out: a refusal of a busy or broken database saved nothing, and is asked anew."""
        for _ in range(20):
            answer = self._delivered(payload(), luck)
            if not _is_refusal(answer):
                return answer
            if not re.search("try again|Try again", answer):
                break
        with self._lock:
            self.findings.append(f"refused: {text}: {answer[:400]}")
        return answer

    def _delivered(self, payload: dict[str, Any], luck: random.Random | None) -> str:
        """To one replica after another until one answers; now and then to two at once, or once more afterwards."""
        manner = luck.random() if luck is not None else 1.0
        other: list[str] = []
        twin = threading.Thread(target=lambda: other.append(self.balancer.deliver(payload)))
        if manner < 0.2:
            twin.start()
        answer = self.balancer.deliver(payload)
        if manner < 0.2:
            twin.join()
        elif manner < 0.4:
            other.append(self.balancer.deliver(payload))
        with self._lock:
            self.again += len(other)
        said = [each for each in (answer, *other) if each]
        if len(said) > 1:
            self.findings.append(f"answered twice: {said}")
        return said[0] if said else ""

    def _filled(self, form: str, word: str) -> dict[str, Any]:
        """The form that `form` opens, sent with `word` as its clause."""
        for _ in range(20):
            payload = self._payloads.slash(ADMIN, HELPDESK, "/engagement", form)
            self.balancer.deliver(payload)
            if (view := self._view_of(payload["trigger_id"])) is not None:
                state = untouched(view)
                state["clause"] = {"type": "plain_text_input", "value": word}
                return self._payloads.submit(ADMIN, {**view, "id": "V1"}, state)
        raise AssertionError(f"no form was opened by: {form}")

    def _view_of(self, trigger: str) -> dict[str, Any] | None:
        for method, arguments in reversed(list(self.slack.calls)):
            if method == "views.open" and arguments.get("trigger_id") == trigger:
                view = arguments["view"]
                found: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
                return found
        return None

    def _write_on(self, number: int) -> None:
        luck = random.Random(self.seed * 100 + number)
        mine = [self._own(place) for place in places_of(number)]
        while not self._stopping.is_set():
            chosen = luck.random()
            if chosen < 0.15:
                self._add_paper(number, luck)
            elif chosen < 0.25:
                self._add_client(luck)
            else:
                place = luck.choice(mine)
                self.set(place, luck)
                self.get(place)

    def _read_on(self, number: int) -> None:
        luck = random.Random(self.seed * 1000 + number)
        while not self._stopping.is_set():
            self.get(luck.choice(self.places))

    def _add_paper(self, number: int, luck: random.Random) -> None:
        """An agreement whose notice is nearly due: one reminder goes out at once."""
        word = self._word()
        text = (
            f"agreement add C{number} {word} kind:sow effective:2025-04-21 signed:2025-04-21 {NOTICE} "
            f"owner:<@{person(int(word[1:]) % 30)}>"
        )
        self._say(lambda: self._payloads.slash(ADMIN, HELPDESK, "/engagement", text), text, luck)
        with self._lock:
            self.acknowledged[word] = text
            self.papers.append(word)

    def _add_client(self, luck: random.Random) -> None:
        word = self._word()
        text = f'client add "{word} Works" alias:{word.lower()}'
        self._say(lambda: self._payloads.slash(ADMIN, HELPDESK, "/engagement", text), text, luck)
        with self._lock:
            self.acknowledged[word] = text
            self.clients.append(word)
        register = Register(f"client {word}", [(word, 0.0, time.monotonic())])
        self.get(Place(register, str, (VIC, "/engagement", f"client show {word.lower()}"), a_word))

    def _own(self, place: Place) -> Place:
        return next(each for each in self.places if each.register.name == place.register.name)

    def _word(self) -> str:
        with self._lock:
            return f"W{next(self._numbers)}"

    def _run(self, act: Callable[[int], None], number: int) -> None:
        def guarded() -> None:
            try:
                act(number)
            except Exception as error:
                self.findings.append(f"{act.__name__} {number} ended: {type(error).__name__} {error}")

        thread = threading.Thread(target=guarded, name=f"{act.__name__}-{number}")
        self._threads.append(thread)
        thread.start()


def places_of(number: int) -> list[Place]:
    """The registers of one writer: rows, disclosures, a name, a restriction, a role."""
    client = f"C{number}"
    rows = [
        Place(
            Register(f"{client} {item}"),
            lambda word, item=item: f'matrix set {client} SOW "{item}" msp clause:{word}',  # type: ignore[misc]
            (VIC, "/scope", f"{client} who does the {item}?"),
            a_word,
            form=f'matrix set {client} SOW "{item}"',
        )
        for item in ITEMS
    ]
    disclosures = [
        Place(
            Register(f"{client} {regulation}"),
            lambda word, regulation=regulation: f'disclosure record {client} {regulation} does_not_apply by:"{word}"',  # type: ignore[misc]
            (VIC, "/engagement", f"disclosure list {client}"),
            lambda answer, regulation=regulation: _attested(answer, regulation),  # type: ignore[misc]
        )
        for regulation in REGULATIONS
    ]
    name = Place(
        Register(f"name {number}"),
        lambda word: f'client edit rename{number} name:"N{number} {word}"',
        (VIC, "/engagement", f"client show rename{number}"),
        a_word,
    )
    restriction = Place(
        Register(f"restriction {number}"),
        lambda value: f"client {value} R{number}" + (f" to:<@{ADMIN}>" if value == "restrict" else ""),
        (VIC, "/engagement", f"client show R{number}"),
        lambda answer: "restrict" if _NOT_THERE in answer else "unrestrict",
        values=("restrict", "unrestrict"),
    )
    role = Place(
        Register(f"role {number}"),
        lambda value: f"role {value} <@{person(number)}>" + (" technician" if value == "grant" else ""),
        (person(number), "/engagement", "scope open"),
        lambda answer: "revoke" if "is for the role technician" in answer else "grant",
        values=("grant", "revoke"),
    )
    return [*rows, *disclosures, name, restriction, role]


def person(number: int) -> str:
    return f"U0P{number:02d}"


def a_word(answer: str) -> str:
    found = _WORD.search(answer)
    return found[0] if found else ""


def _attested(answer: str, regulation: str) -> str:
    """The word in the regulation's line of the list."""
    texts = [block for block in json.loads(answer)["blocks"] if block["type"] == "rich_text"]
    lines = [json.dumps(line) for text in texts for part in text["elements"] for line in part["elements"]]
    return next((a_word(line) for line in lines if regulation in line.lower()), "")


def _is_refusal(answer: str) -> bool:
    if not answer.startswith("{"):
        return False
    payload = json.loads(answer)
    if payload.get("response_action") in ("errors", "update"):
        return True
    return any(block.get("block_id") == REFUSED for block in payload.get("blocks", ()))
