"""The cells of a table as they would be typed: dates, lengths of time, people and words as other tools write them.

A word that nobody explained is asked about once; a date or a length that is not understood stops its row.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from commands.command import Command, Context
from commands.grammar.words import quote
from commands.parameters import Kind, Parameter
from commands.rules.dates.countries import country_code
from commands.rules.imports.file_dates import (
    Order,
    UnclearOrder,
    has_time,
    is_date,
    is_serial,
    order_in_digits,
    orders_of,
    read_file_date,
    sign_between,
)
from commands.rules.imports.file_periods import NoUnit, read_file_period
from commands.rules.imports.regions import region_code
from commands.rules.imports.tables import TableReading, TableRow
from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.term_text.modes import read_modes
from commands.rules.text.people import as_person
from commands.rules.text.phrases import join_names
from commands.workspace.import_answers import Answers, Questions
from storage.records import AgreementStatus, ClientStatus, Person, TermKind

_PERSON = re.compile(r"<@[UW][A-Z0-9]{2,30}(?:\|[^>]*)?>|[UW][A-Z0-9]{2,30}|[Mm][Ee]")
_YES = frozenset({"yes", "y", "true", "1", "x", "on", "ja", "oui", "si", "sí", "sim", "wahr", "vrai", "verdadero"})
_NO = frozenset({"no", "n", "false", "0", "off", "nein", "non", "nee", "não", "falsch", "faux", "falso"})
_ACTIVE = frozenset({
    "active", "active client", "active customer", "customer", "client", "aktiv", "actif", "activo", "ativo", "actief",
    "open", "enabled", "good standing",
})  # fmt: skip
_INACTIVE = frozenset({
    "inactive", "not active", "disabled", "dormant", "archived", "inaktiv", "inactif", "inactivo", "inativo",
    "inactief", "closed", "cancelled", "canceled", "deleted", "past", "former client", "former customer", "ex client",
})  # fmt: skip
_PAST = frozenset({"past", "former", "ex", "inactive", "lost", "previous"})
_BLANK = frozenset({"n/a", "na", "-", "--", "---", "–", "—", "null", "nil", "(blank)", "(none)", "not set"})
_NO_CLIENTS = frozenset({
    "prospect", "lead", "vendor", "supplier", "partner", "competitor", "distributor", "manufacturer",
    "marketing qualified lead", "marketingqualifiedlead", "sales qualified lead", "salesqualifiedlead", "opportunity",
    "subscriber", "dead", "investor", "press", "technology partner", "integrator", "suspect", "interessent",
    "lieferant", "reseller", "analyst",
})  # fmt: skip
# What people write into a name so that nobody uses it: "Old Mill (INACTIVE)", "ZZZ Acme - do not use".
_PUT_AWAY = re.compile(
    r"^z{2,}[\s_-]+|\bdo not use\b"
    r"|[(\[{*]\s*(?:inactive|dnu|closed|former|old|deleted|duplicate|dup|archived|test|merged)\s*[)\]}*]"
    r"|\s[-–—:]\s*(?:inactive|dnu|closed|deleted|duplicate|archived|merged)$",
    re.IGNORECASE,
)
_LOST = frozenset({"closed lost", "lost", "closedlost", "rejected", "declined", "abandoned"})
_ENDLESS = {"evergreen": "evergreen", "month to month": "month_to_month", "monthly rolling": "month_to_month"}
_RENEWALS = {
    **dict.fromkeys(("tacite", "tacita", "tácita", "stillschweigend", "stilzwijgend", "automatisch", "automatique",
                     "automatica", "automática", "automático"), "auto"),
    **dict.fromkeys(("aucun", "aucune", "keine", "ninguna", "ninguno", "nenhuma", "geen"), "none"),
    **dict.fromkeys(("manuell", "manuelle", "handmatig", "by agreement"), "manual"),
}  # fmt: skip
_MORE_STATUS = {
    "activated": "executed", "in effect": "executed", "in approval process": "draft", "new": "draft",
    "closed won": "executed", "closedwon": "executed", "won": "executed",
}  # fmt: skip


_WORDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE)


@dataclass(slots=True)
class Prepared:
    """The rows as they would be typed. `problems` stop their row: number, field, message."""

    rows: list[TableRow] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def prepare(
    ctx: Context, command: Command, reading: TableReading, answers: Answers, asked: Questions, *, is_clients: bool
) -> Prepared:
    """What the cells say, as it would be typed; what is not clear goes into `asked`."""
    reading = reading if is_clients else _with_days_of_ending(reading)
    cells = _Cells(ctx, command, reading, answers, asked)
    names = frozenset(clean_line(row.values.get("name", "")) for row in reading.rows)
    done = cells.done
    for row in reading.rows:
        values = dict(row.values)
        if is_clients and (
            cells.is_no_client(row.number, values)
            or cells.is_part(row.number, values, names)
            or cells.is_put_away(row.number, values)
        ):
            continue
        if is_clients:
            cells.settle_status(row.number, values)
        else:
            if cells.is_no_paper(row.number, values):
                continue
            cells.settle_paper(values)
        for name in list(values):
            cells.read(row.number, name, values)
        done.rows.append(TableRow(row.number, values))
    cells.note()
    return done


def _with_days_of_ending(reading: TableReading) -> TableReading:
    """A column "Cancelled" holds yes and no, or the day on which it was: a day belongs to "terminated"."""
    column = reading.columns.get("is-ended")
    texts = [row.values["is-ended"] for row in reading.rows if "is-ended" in row.values]
    if column is None or "terminated" in reading.columns or all(comparable(text) in _YES | _NO for text in texts):
        return reading
    rows = tuple(replace(row, values=_with_day_of_ending(row.values)) for row in reading.rows)
    return replace(reading, columns={**reading.columns, "terminated": column}, rows=rows)


def _with_day_of_ending(values: Mapping[str, str]) -> dict[str, str]:
    is_flag = comparable(values.get("is-ended", "")) in _YES | _NO
    return {"terminated" if name == "is-ended" and not is_flag else name: text for name, text in values.items()}


class _Cells:
    """The cells of one table."""

    def __init__(
        self, ctx: Context, command: Command, reading: TableReading, answers: Answers, asked: Questions
    ) -> None:
        self.done = Prepared()
        self._reading, self._answers, self._asked = reading, answers, asked
        self._parameters: Mapping[str, Parameter] = {each.name: each for each in command.parameters}
        self._today = ctx.today
        self._people: Mapping[str, str] | None = None
        self._ctx = ctx
        dated = [name for name in reading.columns if self._kind(name) is Kind.DATE]
        self._texts = {name: [row.values[name] for row in reading.rows if name in row.values] for name in dated}
        self._orders = self._orders_by_sign()
        self._read: dict[tuple[str, str], str] = {}

    def _kind(self, name: str) -> Kind | None:
        return self._parameters[name].kind if name in self._parameters else None

    def _orders_by_sign(self) -> dict[tuple[str, str], frozenset[Order]]:
        """The orders of a column's dates, by the sign between their numbers: what was said; else what the column
        settles, or all columns together.
        """
        found: dict[tuple[str, str], frozenset[Order]] = {}
        signs = {name: {*map(sign_between, texts)} for name, texts in self._texts.items()}
        for sign in {"", *(each for signs_of in signs.values() for each in signs_of)}:
            alike = {name: [t for t in texts if sign_between(t) == sign] for name, texts in self._texts.items()}
            whole = orders_of((text for texts in alike.values() for text in texts), self._today)
            for name, texts in alike.items():
                own = orders_of(texts, self._today)
                found[name, sign] = whole if len(own) > 1 and len(whole) == 1 else own
        if (said := self._answers.dates) is not None:  # of the dates that do not settle it themselves, if there are any
            open_ones = [place for place, orders in found.items() if place[1] and len(orders) != 1] or [*found]
            found |= dict.fromkeys(open_ones, frozenset({said}))
        return found

    def is_no_client(self, number: int, values: dict[str, str]) -> bool:
        """Whether a column of types says that it is a prospect, a vendor or the like: asked, and left out till then."""
        flag, text = (clean_line(values.pop(name, "")) for name in ("is-vendor", "relation"))
        is_flagged = comparable(flag) in _YES and comparable(text) not in _NO_CLIENTS
        text = f"{self._reading.columns['is-vendor']}: {flag}" if is_flagged else text
        said = self._answers.value("relation", text) if text else None
        if text and comparable(text).split()[:1] and comparable(text).split()[0] in _PAST and "status" not in values:
            values["status"] = text
        if not text or said is not None or not (is_flagged or comparable(text) in _NO_CLIENTS):
            is_out = said is not None and comparable(said) in ("", "no", "leave out", "skip")
            if is_out:
                self.done.left_out[number] = f'its type is "{text}"'
            return is_out
        self.done.left_out[number] = f'"{text}" is no client'
        self._asked.ask(
            "relation", text, number, f'"{text}" is taken for no client and left out.', "",
            f"value:{quote(f'{text}=client')}",
        )  # fmt: skip
        return True

    def is_part(self, number: int, values: dict[str, str], names: Collection[str]) -> bool:
        """Whether it is a part of a client of the file, as QuickBooks writes one: "Pinewood:North Branch"."""
        text = clean_line(values.get("name", ""))
        whole, part = text.partition(":")[0].strip(), text.rpartition(":")[2].strip()
        if ":" not in text or whole not in names or self._answers.value("name", text) is not None:
            return False
        self.done.left_out[number] = f'it is a part of "{whole}"'
        self._asked.ask(
            "name", text, number, f'"{text}" is taken for a part of "{whole}" and left out.', "",
            f"value:{quote(f'{text}={whole}, {part}')}",
        )  # fmt: skip
        return True

    def is_put_away(self, number: int, values: dict[str, str]) -> bool:
        """Whether its name says that nobody is to use it: asked, and left out till then."""
        text = clean_line(values.get("name", ""))
        if not _PUT_AWAY.search(text) or self._answers.value("name", text) is not None:
            return False
        self.done.left_out[number] = f'its name says that it is not used: "{text}"'
        bare = _PUT_AWAY.sub("", text).strip(" -–—:") or text
        self._asked.ask(
            "name", text, number, f'"{text}" is taken for a client that is not used, and left out.', "",
            f"value:{quote(f'{text}={bare}')}",
        )  # fmt: skip
        return True

    def settle_status(self, number: int, values: dict[str, str]) -> None:
        """Active, inactive and flags such as "Inactive: Yes" as a status; inactive is asked once."""
        active, inactive = values.pop("is-active", ""), values.pop("is-inactive", "")
        text, label = clean_line(values.get("status", "")), self._reading.columns.get("status", "")
        if not text and inactive:
            text, label = ("inactive" if self._flag(inactive) else "active"), self._reading.columns["is-inactive"]
            shown = f"{label}: {inactive}"
        elif not text and active:
            text = "inactive" if self._flag(active) is False else "active"
            shown = f"{self._reading.columns['is-active']}: {active}"
        else:
            shown = text
        if not text:
            return
        word = comparable(text)
        if (said := self._answers.value("status", shown)) is not None:
            values["status"] = said
        elif word in _ACTIVE or word.startswith("active "):
            values["status"] = ClientStatus.ACTIVE.value
        elif word in _INACTIVE or (
            word.split()[:1] and word.split()[0] in _PAST and not self._is_choice("status", text)
        ):
            values["status"] = ClientStatus.OFFBOARDED.value
            self._asked.ask(
                "status", shown, number, f'"{shown}" is taken for offboarded: no reminders are planned for it.',
                "offboarded", f"value:{quote(f'{shown}=active')}",
            )  # fmt: skip
        elif not self._is_choice("status", text):
            del values["status"]
            self._asked.ask(
                "status", shown, number, f'What "{shown}" means is not known: its status is not taken.', "",
                f"value:{quote(f'{shown}=offboarded')}",
            )  # fmt: skip

    def _flag(self, text: str) -> bool | None:
        word = comparable(text)
        return True if word in _YES | {"active", "inactive"} else False if word in _NO else None

    def is_no_paper(self, number: int, values: dict[str, str]) -> bool:
        """Whether its stage says that nobody agreed to it: asked about, and left out till then."""
        text = clean_line(values.get("status", ""))
        if comparable(text) not in _LOST or self._answers.value("status", text) is not None:
            return False
        self.done.left_out[number] = f'"{text}" is no agreement'
        self._asked.ask(
            "status", text, number, f'"{text}" is taken for no agreement and left out.', "",
            f"value:{quote(f'{text}=terminated')}",
        )  # fmt: skip
        return True

    def settle_paper(self, values: dict[str, str]) -> None:
        """What stands under another title: "Evergreen" under "Term"; "Yes" under "Auto renew"."""
        if comparable(values.pop("is-ended", "")) in _YES and "terminated" not in values:
            values["status"] = AgreementStatus.TERMINATED.value
        word = comparable(values.get("initial-term", ""))
        kind = _ENDLESS.get(word, word.replace(" ", "_"))
        if kind in tuple(TermKind):
            values.pop("initial-term")
            values.setdefault("term", kind)
        if (renewal := comparable(values.get("renewal", ""))) in _YES | _NO | {"enabled", "disabled"}:
            values["renewal"] = "auto" if renewal in _YES | {"enabled"} else "none"
        elif renewal in _RENEWALS:
            values["renewal"] = _RENEWALS[renewal]
        elif renewal and not self._is_choice("renewal", values["renewal"]):
            modes = read_modes(values["renewal"]).modes
            values["renewal"] = next(iter(modes)).value if len(modes) == 1 else values["renewal"]

    def read(self, number: int, name: str, values: dict[str, str]) -> None:
        """Put what a cell says in place of its text, or say why it cannot be read."""
        text, parameter = clean_line(values[name]), self._parameters.get(name)
        if parameter is None or (text.casefold() in _BLANK and parameter.kind not in _WORDS):
            del values[name]
            return
        if (said := self._answers.value(name, text)) is not None:
            if said:
                values[name] = said
            else:
                del values[name]
            return
        try:
            if parameter.kind is Kind.DATE:
                values[name] = self._date(name, text)
            elif parameter.kind is Kind.PERIOD:
                values[name] = self._period(name, text)
            elif parameter.kind is Kind.CHOICE and name != "term":
                self._choice(number, name, text, values)
            elif parameter.kind is Kind.PERSON:
                self._person(number, name, text, values)
            elif parameter.kind is Kind.URL and not text.startswith(("http", "<http")):
                del values[name]
                self.done.remarks.append((number, f'"{text[:40]}" is not taken as the {name}: it is no link.'))
            elif name == "subdivision":
                self._region(number, text, values)
        except UnclearOrder as error:
            del values[name]
            is_both = not self._orders[name, sign_between(text)]
            both = "both orders occur in its column" if is_both else "nothing in its column settles it"
            self._asked.ask(
                "dates", "", number, f"{error} Which number comes first? {both.capitalize()}.", None,
                'Say dates:"day first" or dates:"month first".',
            )  # fmt: skip
        except NoUnit:
            del values[name]
            title = self._reading.columns[name]
            self._asked.ask(
                name, "", number, f'"{title}" has numbers without a unit.', None,
                f'Say unit:"{name}=days", months or years.',
            )  # fmt: skip
        except ValueError as error:
            self.done.problems.append((number, name, str(error)))

    def _date(self, name: str, text: str) -> str:
        found = self._read.get((name, text))
        if found is None:
            found = self._read[name, text] = read_file_date(
                text, self._orders[name, sign_between(text)], self._today
            ).isoformat()
        return found

    def _period(self, name: str, text: str) -> str:
        unit = self._answers.units.get(name, self._reading.units.get(name))
        found = self._read.get((name, text))
        if found is None:
            found = self._read[name, text] = str(read_file_period(text, unit))
        return found

    def _is_choice(self, name: str, text: str) -> bool:
        parameter = self._parameters[name]
        word = re.sub(r"[\s/-]+", "_", text.lower())
        return parameter.choices is not None and parameter.words.get(word, word) in tuple(parameter.choices)

    def _choice(self, number: int, name: str, text: str, values: dict[str, str]) -> None:
        """A word that is none of the choices: it is asked about. The kind becomes "other", a status is not taken."""
        if self._is_choice(name, text) or comparable(text) in ("expired", "lapsed"):
            return
        if name == "notice-method" and is_date(text, self._today):
            del values[name]
            title = self._reading.columns[name]
            self._asked.ask(
                name, "", number, f'"{title}" holds days, which are not taken over: the last day for notice follows '
                "from the end and the notice period.", "", 'column:"notice=TITLE" names the column with the period',
            )  # fmt: skip
            return
        if name not in ("kind", "status"):
            self._open_choice(number, name, text, values)
            return
        if name == "status" and (meant := _MORE_STATUS.get(comparable(text))) is not None:
            values[name] = meant
            return
        if name == "kind":
            values[name] = "other"
            message, proposed, example = f'"{text}" is taken for the kind "other".', "other", "sow"
        else:
            del values[name]
            message, proposed, example = f'What "{text}" means is not known: its status is not taken.', "", "terminated"
        self._asked.ask(name, text, number, message, proposed, f"value:{quote(f'{text}={example}')}")

    def _open_choice(self, number: int, name: str, text: str, values: dict[str, str]) -> None:
        """Ask what a word means for which nothing can be proposed."""
        del values[name]
        choices = [str(each) for each in self._parameters[name].choices or ()]
        self._asked.ask(
            name, text, number, f'What "{text}" means as the {name} is not known.', None,
            f"Say value:{quote(f'{text}={choices[0]}')}, for example; {name} is one of {', '.join(choices)}.",
        )  # fmt: skip

    def _person(self, number: int, name: str, text: str, values: dict[str, str]) -> None:
        """Somebody by Slack name or e-mail; who is not known here is asked about once, and left empty till then."""
        if _PERSON.fullmatch(text):
            return
        known = self._known_people()
        user = known.get(_person_key(text))
        if user is not None:
            values[name] = as_person(user)
            return
        answer = f"value:{quote(f'{text}=@person')}, or the id of the person in Slack."
        near = known.get(_person_key(text.partition("@")[0].replace(".", " "))) if "@" in text else None
        if near is not None:
            values[name] = as_person(near)
            self._asked.ask(name, text, number, f"{text} is taken for {as_person(near)}, by the name.", near, answer)
            return
        del values[name]
        self._asked.ask(name, text, number, f"{text} is nobody known here: the {name} stays empty.", "", answer)

    def _known_people(self) -> Mapping[str, str]:
        if self._people is None:
            self._people = _by_name(self._ctx.uow.people.list())
        return self._people

    def _region(self, number: int, text: str, values: dict[str, str]) -> None:
        country = country_code(values.get("country", ""))
        code = region_code(text, country)
        if code is not None:
            values["subdivision"] = code
        else:
            del values["subdivision"]
            self.done.remarks.append((number, f'the region "{text}" is not taken: no holidays of its own are known.'))

    def note(self) -> None:
        """Say how dates were read that can be read otherwise."""
        for name, texts in self._texts.items():
            title = self._reading.columns[name]
            signs = {sign_between(text) for text in texts if order_in_digits(text, self._today)}
            read = {sign: next(iter(orders)) for sign in signs if len(orders := self._orders[name, sign]) == 1}
            for order in sorted({*read.values()}):
                like = join_names([f"1{sign}2" for sign in sorted(read) if read[sign] is order], len(read))
                which = f"Dates like {like}" if len({*read.values()}) > 1 else "Dates"
                why = "as you said" if order is self._answers.dates else "as its column or another one shows"
                self.done.notices.append(f'{which} in "{title}" are read {order.value}, {why}.')
            serial = next((text for text in texts if is_serial(text)), None)
            if serial is not None and (name, serial) in self._read:
                day = self._read[name, serial]
                self.done.notices.append(f'Numbers in "{title}" are read as Excel\'s days: {serial} is {day}.')
            if any(has_time(text) for text in texts):
                self.done.notices.append(f'The time of day in "{title}" is left out.')


def _by_name(people: Iterable[Person]) -> Mapping[str, str]:
    """Name -> user, for the names of one full member only."""
    found: dict[str, set[str]] = {}
    for person in people:
        if person.name and person.absence is None:
            found.setdefault(_person_key(person.name), set()).add(person.user)
    return {name: users.pop() for name, users in found.items() if len(users) == 1}


def _person_key(text: str) -> str:
    """ "Fox, Dana" and "Dana Fox" are the same name."""
    last, comma, first = text.partition(",")
    return comparable(f"{first} {last}" if comma else text)
