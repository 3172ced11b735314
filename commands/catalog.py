"""The one place that names every command module."""

from commands.agreements import (
    agreement,
    agreement_history,
    key_topic,
    linked_terms,
    notice_year,
    renewal,
    signature,
    terms,
    timeline,
    walkthrough,
    walkthrough_history,
)
from commands.checks import check, figures, marking, portfolio, progress
from commands.clients import client, erasure, hold, merge, restriction
from commands.command import Registry
from commands.conduct import access, obligation, promise, recommendation
from commands.disclosures import (
    catalogue,
    catalogue_import,
    contract,
    disclosure,
    disclosure_history,
    insurance,
    own_regulation,
    questionnaire,
)
from commands.frameworks import adoption, framework, own_framework, safe_harbor
from commands.incidents import clock, incident
from commands.matrix import coverage, export, file_import, rows, shown_rows
from commands.papers import paper, proof, signed_copy, templates
from commands.reminders import lead_times, listing, renewal_decision, response
from commands.scope import billing, follow_up, questions, record, same_thing, settlement
from commands.workspace import audit, calendar_feed, conduct_import, help, home, record_import, role, setup, undo, week

REGISTRY = Registry(
    command
    for module in (
        questions,
        settlement,
        same_thing,
        follow_up,
        record,
        billing,
        client,
        merge,
        agreement,
        agreement_history,
        terms,
        linked_terms,
        signature,
        walkthrough,
        walkthrough_history,
        shown_rows,
        rows,
        export,
        coverage,
        file_import,
        record_import,
        conduct_import,
        disclosure,
        disclosure_history,
        questionnaire,
        catalogue,
        own_regulation,
        catalogue_import,
        insurance,
        contract,
        access,
        promise,
        obligation,
        key_topic,
        recommendation,
        framework,
        own_framework,
        adoption,
        paper,
        proof,
        signed_copy,
        templates,
        safe_harbor,
        check,
        marking,
        portfolio,
        figures,
        notice_year,
        renewal,
        renewal_decision,
        listing,
        response,
        lead_times,
        restriction,
        hold,
        incident,
        clock,
        erasure,
        role,
        audit,
        undo,
        setup,
        progress,
        home,
        week,
        timeline,
        calendar_feed,
        help,
    )
    for command in module.COMMANDS
)
