"""What the demo's clients have beside their agreements: key topics, access, promises, insurance, a standard of care.

Each has something that the engagement check finds, as real clients do.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from commands.grammar.words import command_line

_CALDER_TOPICS = (
    ("customer_obligations", "MSA-2024 3"),
    ("msp_obligations", "MSA-2024 4"),
    ("disclaimer_of_warranties", "MSA-2024 8"),
    ("limitation_of_liability", "MSA-2024 9.2"),
    ("assumption_of_risk", "MSA-2024 9.4"),
    ("standard_of_care", "MSA-2024 5.1"),
)


def calder_lines(client: str, owner: str, msa_start: date, today: date) -> Iterator[str]:
    """The manufacturer: well kept, with a restore test overdue and a standard of care from before 2024."""
    for topic, clause in _CALDER_TOPICS:
        yield command_line(
            "topic set", client, "MSA-2024", "present", topic=topic, clause=clause,
            initialled=msa_start + timedelta(days=4),
        )  # fmt: skip
    yield command_line(
        "topic set", client, "MSA-2024", "unclear", topic="regulatory_responsibility", clause="MSA-2024 11",
        notes='Says "as required by law" and not whose duty it is',
    )  # fmt: skip
    yield command_line(
        "topic set", client, "SOW-A", "present", topic="access_scope", clause="SOW-A 9.1", initialled=today
    )
    yield command_line(
        "access grant", client, "Payroll server", "view", data="payroll and personnel records",
        limit="only while the payroll clerk watches", basis="SOW-A 9.2", explained=today - relativedelta(months=2),
        explained_to="Dana Lee, CFO", alias="payroll",
    )  # fmt: skip
    yield command_line(
        "access grant", client, "Parts counter terminal", "none", data="card data", regulation="pci_dss",
        basis="SOW-A 9.3", explained=today - relativedelta(months=2), alias="card reader",
        limit="the processor services it",
    )  # fmt: skip
    yield command_line(
        "access grant", client, "File server", "admin", data="personnel records", basis="SOW-A 3.6",
        explained=today - relativedelta(months=2),
    )  # fmt: skip
    yield command_line(
        "promise add", client, "Test a restore and send the report to the plant manager", source="agreement",
        where="SOW-A 7.2", every="3m", made=today - relativedelta(months=8), kept=today - relativedelta(months=5),
        owner=owner, control="PR.IP-4",
    )  # fmt: skip
    yield command_line(
        "promise add", client, "We guarantee an answer within 15 minutes", source="proposal",
        where="proposal, page 3", made=msa_start - timedelta(days=40), owner=owner,
    )  # fmt: skip
    yield command_line(
        "recommendation decline", client, "Replace the end-of-life ERP database server", by="Lee Marsh, COO",
        on=today - relativedelta(months=6), reason="After the new line is paid for", row="ERP application support",
    )  # fmt: skip
    yield command_line(
        "insurance require", client, "MFA for mail and remote access", insurer="Prairie Mutual",
        attested_by="Dana Lee, CFO", implemented_by="shared", row="Multi-factor authentication",
        on=today - relativedelta(months=3),
    )  # fmt: skip
    yield command_line(
        "framework adopt", client, "nist-csf", "1.1", agreement="SOW-A", clause="SOW-A 10.1",
        on=today - relativedelta(months=5),
    )  # fmt: skip


def bluebird_lines(client: str, owner: str, msa_start: date, today: date) -> Iterator[str]:
    """The dental practice: health data, and much of what protects us is not written down."""
    for topic, clause in (("customer_obligations", "MSA-1 3"), ("msp_obligations", "MSA-1 4")):
        yield command_line(
            "topic set",
            client,
            "MSA-1",
            "present",
            topic=topic,
            clause=clause,
            initialled=msa_start - timedelta(days=12),
        )
    yield command_line(
        "topic set",
        client,
        "MSA-1",
        "missing",
        topic="assumption_of_risk",
        notes="Left out when the draft was shortened",
    )
    yield command_line(
        "access grant", client, "Dentrix", "admin", data="PHI", regulation="hipaa",
        limit="the server and its backups, never patient charts", alias="practice management server",
        on=msa_start, review=today - timedelta(days=20),
    )  # fmt: skip
    yield command_line(
        "promise add", client, "Review who may sign in to Dentrix", source="sla", where="SOW-1 7.5", every="6m",
        made=msa_start, kept=today - relativedelta(months=2),
    )  # fmt: skip
    yield command_line(
        "recommendation decline", client, "Backup of Microsoft 365", by="Maria Keller, practice administrator",
        on=today - relativedelta(months=13), row="Backup of Microsoft 365", agreement="MSA-1",
    )  # fmt: skip
    yield command_line("framework adopt", client, "hipaa-security-rule", clause="SOW-1 7.1", on=msa_start)


def general_lines(owner: str, today: date) -> Iterator[str]:
    """What is promised to everybody."""
    yield command_line(
        "promise add", what="Your business is fully secure with us", everybody="yes", source="marketing",
        where="the home page", made=today - relativedelta(years=1), owner=owner,
    )  # fmt: skip
