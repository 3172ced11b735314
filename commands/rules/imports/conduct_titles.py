"""By which titles the columns of lists of walkthroughs, signatures, contracts and duties are known."""

from collections.abc import Mapping

_CLIENT = """
    client, customer, client name, customer name, company, company name, account, account name, organization,
    organisation, kunde, cliente"""
_AGREEMENT = "agreement, reference, agreement reference, contract, document, paper, vertrag"
CONDUCT_FIELDS: Mapping[str, Mapping[str, str]] = {
    "walkthrough": {
        "client": _CLIENT,
        "agreement": _AGREEMENT,
        "to": "to, explained to, attendee, attendees, contact, whom, client contact, participants",
        "by": "by, explained by, presenter, account manager, who explained",
        "on": "on, date, day, held on, meeting date, explained on, walkthrough date",
        "topic": "topic, topics, topics covered, covered, agenda",
        "may-sign": "may sign, authorized to sign, authorised to sign, signatory, can sign",
        "asked": "asked, questions, questions asked, q and a",
        "notes": "notes, minutes, remarks, comments",
    },
    "signature": {
        "client": _CLIENT,
        "agreement": _AGREEMENT,
        "side": "side, party, signed for, for, on behalf of",
        "signer": "signer, signed by, signatory, name, signer name",
        "title": "title, signer title, role, position",
        "on": "on, date, signed on, date signed, signature date, signed, completed on",
        "manner": "manner, method, how, signature type",
        "provider": "provider, e signature provider, platform",
        "envelope": "envelope, envelope id, certificate, certificate id, transaction id",
        "hash": "hash, sha 256, sha256, document hash",
    },
    "contract": {
        "client": _CLIENT,
        "with": "with, counterparty, other side, other party, insurer, carrier, vendor, supplier, lender, landlord",
        "kind": "kind, type, contract type, relationship",
        "reference": "reference, number, policy number, policy no, contract number, policy",
        "demands": "demands, controls, requirements, security requirements",
        "notice-hours": "notice hours, incident notice hours, breach notice hours, notify within hours",
        "notice-to": "notice to, notify, incident contact, hotline",
        "starts": "starts, start, start date, effective, effective date, from, inception",
        "ends": "ends, end, end date, expires, expiry, expiration date, until",
        "report-days": "report days, reporting days, extended reporting days, tail days",
        "by": "by, said by, told by, source",
        "on": "on, asked on, told on, date, as of",
        "reask": "reask, ask again, ask again on, review date, next review",
        "url": "url, link, document, document link",
        "notes": "notes, remarks, comments",
    },
    "obligation": {
        "client": _CLIENT,
        "what": "what, obligation, duty, client must, requirement, task, description",
        "agreement": _AGREEMENT,
        "clause": "clause, section, article, paragraph",
        "row": "row, matrix row, depends on, item",
        "every": "every, how often, frequency, cadence, interval",
        "due": "due, due date, due on, deadline, next due",
        "owner": "owner, responsible, watched by",
        "since": "since, from, effective, start, start date",
    },
}
"""By noun: the names of each column, as titles are compared; the first is that of the field itself."""
