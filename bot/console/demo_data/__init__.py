"""Two believable clients for the demo, put in by the commands a person would type.

Calder Ridge (a manufacturer): an MSA whose notice deadline is days away, a signed and explained SOW, and an older SOW
that lapsed. Bluebird Dental: a SOW, an addendum that nobody signed and that disagrees with it, and a HIPAA disclosure
without a BAA. What else they have is in `engagement`. Whatever must be near or overdue is counted from `today`; old
paper keeps its own dates.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources

from dateutil.relativedelta import relativedelta

from bot.console.demo_data.engagement import bluebird_lines, calder_lines, general_lines
from commands.command import Upload
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.grammar.words import command_line

CALDER = "Calder Ridge"
BLUEBIRD = "Bluebird Dental"
DANA, PRIYA = "U0DANA", "U0PRIYA"
CALDER_CHANNEL, BLUEBIRD_CHANNEL = "C0CALDER", "C0BLUE"
DAYS_TO_NOTICE = 9
_NOTICE_DAYS = 60
_DOCUMENTS = "https://files.msp.internal/agreements"


def seed(dispatcher: Dispatcher, workspace_id: int, today: date) -> None:
    """Fill an empty workspace. Raises CommandError when a command is refused, as it would be for anybody else."""
    further = (
        *calder_lines(CALDER, DANA, _msa_start(today), today),
        *bluebird_lines(BLUEBIRD, PRIYA, _bluebird_start(today), today),
        *general_lines(DANA, today),
    )
    for text, upload in (*_calder(today), *_bluebird(today), *((line, None) for line in further)):
        uploads = (Upload(upload, _file(upload)),) if upload else ()
        dispatcher.run(Request(workspace_id=workspace_id, user=CONSOLE, text=text, uploads=uploads))


Line = tuple[str, str | None]


def _calder(today: date) -> Iterator[Line]:
    msa = _msa_start(today)
    sow = (today - relativedelta(months=5)).replace(day=1)
    yield _add_client(
        CALDER,
        alias="calder",
        zone="America/Chicago",
        country="US",
        subdivision="IL",
        industry="manufacturing",
        owner=DANA,
        backup=PRIYA,
    )
    yield command_line("client link", CALDER, CALDER_CHANNEL), None
    yield _add_agreement(
        CALDER, "MSA-2024", kind="msa", title="Master services agreement", signed=msa - timedelta(days=8),
        effective=msa, initial_term="12m", renewal="auto", renewal_term="12m", notice=f"{_NOTICE_DAYS}d",
        notice_method="email", notice_address="contracts@calder-ridge.internal",
        reviewed=today - relativedelta(months=7), owner=DANA,
    )  # fmt: skip
    yield _add_agreement(
        CALDER, "SOW-2023", kind="sow", title="On-premises telephony", signed=date(2023, 2, 20),
        effective=date(2023, 3, 1), initial_term="12m", renewal="none", reviewed=date(2023, 9, 12),
    )  # fmt: skip
    yield _add_agreement(
        CALDER, "SOW-A", kind="sow", parent="MSA-2024", title="Managed services", signed=sow - timedelta(days=5),
        effective=sow, initial_term="12m", renewal="auto", renewal_term="12m", notice="60d",
        reviewed=today - relativedelta(months=2), owner=DANA,
    )  # fmt: skip
    yield _explain(CALDER, "MSA-2024", msa - timedelta(days=12), "Dana Ortiz", "Lee Marsh, COO", _ALL_TOPICS)
    yield _explain(CALDER, "SOW-A", sow - timedelta(days=9), "Dana Ortiz", "Lee Marsh, COO", _SOW_TOPICS)
    yield from _import(CALDER, "SOW-2023", "calder_ridge_sow_2023.csv")
    yield from _import(CALDER, "SOW-A", "calder_ridge_sow_a.csv")
    cfo = "Dana Lee, CFO"
    asked = today - relativedelta(months=4)
    yield _disclose(CALDER, "pci_dss", "applies", cfo, asked, scope="Parts counter only: card reader on its own line")
    yield _disclose(CALDER, "hipaa", "does_not_apply", cfo, asked)
    yield _disclose(CALDER, "cmmc", "unknown", cfo, asked, scope="Asks its largest customer about flow-down clauses")
    yield _disclose(CALDER, "illinois_breach", "applies", cfo, asked, scope="Personnel records")
    yield _disclose(
        CALDER, "cyber_insurance", "applies", cfo, today - relativedelta(months=13),
        scope="MFA, endpoint detection and offline backups were attested in the application",
    )  # fmt: skip


def _bluebird(today: date) -> Iterator[Line]:
    msa = _bluebird_start(today)
    yield _add_client(
        BLUEBIRD,
        alias="bluebird",
        zone="America/New_York",
        country="US",
        subdivision="NY",
        industry="dental",
        owner=PRIYA,
        backup=DANA,
    )
    yield command_line("client link", BLUEBIRD, BLUEBIRD_CHANNEL), None
    yield _add_agreement(
        BLUEBIRD, "MSA-1", kind="msa", title="Master services agreement", signed=msa - timedelta(days=12),
        effective=msa, initial_term="36m", renewal="auto", renewal_term="12m", notice="90d",
        notice_method="certified_mail", reviewed=today - relativedelta(months=14), owner=PRIYA,
    )  # fmt: skip
    yield _add_agreement(
        BLUEBIRD, "SOW-1", kind="sow", parent="MSA-1", title="Managed services for three offices",
        signed=msa - timedelta(days=12), effective=msa, initial_term="36m", renewal="auto", renewal_term="12m",
        notice="90d", reviewed=today - relativedelta(months=3), owner=PRIYA,
    )  # fmt: skip
    yield _add_agreement(
        BLUEBIRD, "ADD-1", kind="addendum", parent="SOW-1", title="Addendum: Microsoft 365 backup and HIPAA support",
        effective=(today - relativedelta(months=1)).replace(day=1), initial_term="12m", renewal="manual",
    )  # fmt: skip
    yield _explain(BLUEBIRD, "SOW-1", msa - timedelta(days=16), "Priya Nair", "Dr. Amy Sato, owner", _SOW_TOPICS)
    yield from _import(BLUEBIRD, "SOW-1", "bluebird_dental_sow_1.csv")
    yield from _import(BLUEBIRD, "ADD-1", "bluebird_dental_add_1.csv")
    administrator = "Maria Keller, practice administrator"
    asked = today - relativedelta(months=3)
    yield _disclose(BLUEBIRD, "hipaa", "applies", administrator, asked, scope="Dentrix, DEXIS images, mailboxes")
    yield _disclose(
        BLUEBIRD,
        "pci_dss",
        "does_not_apply",
        administrator,
        asked,
        scope="Terminals are the processor's, on their own line",
    )
    yield _disclose(BLUEBIRD, "new_york_breach", "applies", administrator, asked)
    yield _disclose(BLUEBIRD, "cyber_insurance", "declined", administrator, asked)


_SOW_TOPICS = ("customer_obligations", "msp_obligations", "assumption_of_risk", "access_scope")
_ALL_TOPICS = (
    "customer_obligations",
    "msp_obligations",
    "disclaimer_of_warranties",
    "limitation_of_liability",
    "assumption_of_risk",
)


def _msa_start(today: date) -> date:
    """A start in 2024 (or a year before the end) of yearly terms, so that notice is due in DAYS_TO_NOTICE days."""
    after_term = today + timedelta(days=DAYS_TO_NOTICE + _NOTICE_DAYS + 1)
    return after_term - relativedelta(years=max(1, after_term.year - 2024))


def _bluebird_start(today: date) -> date:
    return (today - relativedelta(months=14)).replace(day=1)


def _add_client(name: str, **options: str) -> Line:
    return command_line("client add", name, **options), None


def _add_agreement(client: str, reference: str, **options: object) -> Line:
    url = f"{_DOCUMENTS}/{client.replace(' ', '-')}-{reference}.pdf".lower() if "signed" in options else None
    return command_line("agreement add", client, reference, **options, url=url), None


def _explain(client: str, reference: str, on: date, by: str, to: str, topics: tuple[str, ...]) -> Line:
    return command_line(
        "walkthrough record", client, reference, on=on, by=by, to=to, topic=topics, may_sign="yes"
    ), None


def _import(client: str, reference: str, file: str) -> Iterator[Line]:
    yield command_line("matrix import", client, reference), file
    yield command_line("matrix import", client, reference, confirm="yes"), file


def _disclose(client: str, regulation: str, answer: str, by: str, on: date, **options: str) -> Line:
    return command_line("disclosure record", client, regulation, answer, by=by, on=on, **options), None


def _file(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()
