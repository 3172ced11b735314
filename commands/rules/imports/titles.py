"""The titles that columns have in exports of PSA, CRM and accounting tools, best first, for each field of a record."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from commands.rules.matrix_layout.cleaning import clean_line, comparable

# Field -> the titles it is known by. The first is the one that our export uses.
CLIENT_FIELDS: Mapping[str, str] = {
    "name": """
        name, client, client name, customer, customer name, company, company name, account, account name,
        organization, organization name, organisation, organisation name, business name, customer full name,
        company display name, customer company, business, contactname, firma, firmenname, kunde, kundenname,
        raison sociale, nom du client, nom de l entreprise, societe, empresa, nombre del cliente, cliente, nome
        do cliente, klant, klantnaam, bedrijfsnaam, bedrijf, razon social, nombre de la empresa, nome da empresa""",
    "alias": "aliases, alias, also known as, aka, short name, abbreviation, code, nickname, client code, short code",
    "channel": "channels, channel, slack channel, slack channels, slack",
    "owner": """
        owner, account manager, client owner, vcio, am, responsible, primary contact at msp, account owner,
        company owner, customer owner, owner full name, account owner full name, client manager, relationship
        manager, customer success manager, technical account manager, tam, owner name, betreuer, kundenbetreuer,
        account rep, account representative, owner email, owner e mail, account manager e mail, account owner e mail,
        account manager email, account owner email, primary
        account manager, responsable de compte, responsable, charge de compte, responsavel, gerente de cuenta,
        accountmanager""",
    "backup": "backup owner, backup, deputy, second owner, backup account manager, secondary owner",
    "zone": "time zone, timezone, zone, tz, zeitzone, fuseau horaire, zona horaria, fuso horario, tijdzone",
    "country": """
        country, country code, holiday calendar, holidays, country region, billing country, address 1 country region,
        address1 country, pocountry, billing address country, primary country, mailing country, country name, land,
        pays, pais, billing country region, billing address line country, shipping country, sacountry,
        country of address, address country, country of registration, country region code""",
    "subdivision": """
        subdivision, state code, region code, province code, state, state province, state region, billing state,
        billing state province, poregion, address 1 state province, province, bundesland""",
    "industry": """
        industry, vertical, sector, line of business, market, industry type, vertical market, market segment, branche,
        secteur, secteur d activite, sector de actividad, setor, sektor""",
    "employees": """
        employees, number of employees, no of employees, employee count, headcount, head count, staff count, company
        size, mitarbeiter, effectif, empleados, medewerkers, funcionarios""",
    "is-vendor": "is vendor, vendor, is supplier, supplier, is prospect, prospect, is lead",
    "status": """
        status, client status, account status, customer status, company status, company status desc, organization
        status, contact status, relationship status, active status, statut, estado""",
    "is-active": """
        active, is active, account active, organization active, enabled, active flag, aktiv, actif, activo,
        ativo, actief""",
    "is-inactive": """
        inactive, is inactive, disabled, is disabled, inactive flag, archived, is archived, deleted, is deleted""",
    "relation": """
        type, account type, company type, client type, customer type, organization type, relationship, relationship
        type, lifecycle stage, record type, contact type""",
    "offboarded": "offboarded, offboarded on, client until, customer until",
    "former": "former names, former name, formerly, previous name, previous names",
}
AGREEMENT_FIELDS: Mapping[str, str] = {
    "client": """
        client, customer, client name, customer name, company, company name, account, account name,
        organization, organization name, organisation, organisation name, business name, associated company,
        associated company primary, customer full name, sold to, bill to company, counterparty, counterparty
        name, kunde, kundenname, nom du client, klant, klantnaam, cliente, nombre del cliente, nome do cliente""",
    "reference": """
        reference, ref, agreement, agreement reference, agreement id, contract, contract id, contract number, number,
        id, document, agreement number, agreement no, contract no, contract ref, contract reference, agreement ref,
        numero contrat, contract code, document number, document id, external contract number, external agreement
        number, external reference,
        vertragsnummer, numero de contrat, reference du contrat, numero de contrato, numero do contrato,
        contractnummer""",
    "kind": """
        kind, type, agreement type, contract type, document type, agreement kind, contract category, agreement
        category, vertragsart, vertragstyp, type de contrat, tipo de contrato, contracttype, soort contract""",
    "title": """
        title, name, agreement name, contract name, description, document title, contract title, deal name,
        opportunity name, agreement title, contract description, document name, bezeichnung, vertragsbezeichnung,
        intitule, libelle, nombre del contrato, omschrijving""",
    "summary": "summary, agreement summary, contract summary, abstract",
    "parent": """
        parent, parent agreement, under, master, governed by, master agreement, parent reference, parent contract,
        master contract""",
    "precedence": "rank, precedence, precedence rank, order of precedence",
    "effective": """
        effective, effective date, start, start date, commencement, commencement date, term start, begins, contract
        start date, contract start, agreement start date, agreement start, date start, begin date, term start date,
        valid from, from date, service start date, effective from, contract effective date, contract begin date,
        startdatum, beginn, vertragsbeginn, date de debut, debut, date d effet, fecha de inicio, inicio, data de inicio,
        ingangsdatum, begindatum""",
    "signed": """
        signed, signed on, signed date, date signed, signature date, executed, execution date, executed on,
        date executed, contract signed date, agreement signed date""",
    "msp-signed": """
        msp signed, signed by msp, msp signature, msp signed on, provider signed, msp signature date, company signed
        date""",
    "client-signed": """
        client signed, signed by client, client signature, client signed on, customer signed, client signature date,
        customer signed date""",
    "signer": """
        signer, client signer, signed for the client by, signatory, client signatory, customer signed by""",
    "term": "term kind, term type, kind of term, type of term",
    "initial-term": """
        initial term, term, term length, contract term, initial term months, length, agreement term, contract length,
        duration, contract duration, initial period, initial contract term, minimum term, laufzeit, vertragslaufzeit,
        mindestlaufzeit, duree, duree du contrat, duree initiale, duracion, duracao, looptijd""",
    "end": """
        end, end date, expiry, expires, expiration, expiration date, term end, ends, expiry date, contract end
        date, contract end, contract expiry, contract expiration date, contract expiry date, agreement end date,
        agreement end, date end, term end date, valid to, valid until, to date, service end date, expires on,
        initial term expiration, initial term end, initial term end date, current term end, current term end date,
        term expiration, term expiration date, term expiry, contract end on, end of term, end of contract,
        agreement expiration date, agreement expiry date, date expires, enddatum, vertragsende, ende, date de
        fin, fin, echeance, date d echeance, fecha de fin, fecha de vencimiento, data de fim, data de termino,
        einddatum""",
    "renewal": """
        renewal, renewal mode, renewal type, auto renew, auto renewal, renews, automatic renewal, automatically
        renew, automatically renews, is auto renew, auto renews, autorenew, renew automatically, auto renew
        flag, automatische verlangerung, reconduction tacite, tacite reconduction, renouvellement automatique,
        reconduction, renouvellement, verlangerung, vertragsverlangerung, renovacion, prorroga,
        verlenging, renovacion automatica, renovacao automatica, automatische verlenging, stilzwijgende verlenging""",
    "renewal-term": """
        renewal term, renewal period, renewal length, renewal term length, renewal duration, auto renewal term, auto
        renew term, auto renew period, renews for""",
    "max-renewals": "max renewals, maximum renewals, most renewals, renewal limit, number of renewals",
    "notice": """
        notice, notice period, non renewal notice, notice days, notice required, termination notice,
        cancellation notice, notice period length, days notice, cancellation notice period, renewal notice, non
        renewal notice period, termination notice period, notice to terminate, notice to cancel, notice to non renew,
        opt out notice, non renewal notice days, cancellation notice days, notice msp, notice provider, our notice,
        notice for termination, notice of termination, notice of cancellation, notice of non renewal,
        kundigungsfrist, preavis, delai
        de preavis, preaviso, plazo de preaviso, aviso previo, opzegtermijn""",
    "client-notice": """
        client notice, client notice period, notice by client, customer notice, customer notice period, notice client,
        notice customer, notice by customer, notice from client""",
    "extension-notice": "notice to extend, extension notice, extension notice period, option notice",
    "notice-window": "notice window, earliest notice, notice window opens",
    "notice-method": "notice method, notice by, method of notice, how to give notice",
    "notice-address": "notice address, address for notice, address for notices, notices to",
    "review-every": "review every, review interval, review cycle, review frequency",
    "reviewed": "last reviewed, reviewed, review date, last review, last reviewed on",
    "uplift": """
        uplift, uplift percent, price increase, annual increase, annual uplift, increase percent, uplift %, annual
        increase %, price increase %""",
    "url": "link, document link, url, document url, file, location, document location",
    "owner": """
        owner, agreement owner, contract owner, contract manager, deal owner, account manager, opportunity owner,
        account owner, owner full name, owner name""",
    "status": "status, agreement status, contract status, state, deal stage, contract state, agreement state",
    "terminated": """
        terminated, terminated on, date terminated, cancelled on, canceled on, cancellation date, cancelled
        date, canceled date, date cancelled, date canceled, termination date""",
    "is-ended": "cancelled, canceled, is cancelled, is canceled, is terminated, cancelled flag, agreement cancelled",
    "reason": """
        termination reason, reason, reason for termination, cancellation reason, reason cancelled, reason
        canceled""",
}
_UNITS = {
    "day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "month": "months", "months": "months",
    "mths": "months", "mos": "months", "year": "years", "years": "years", "yrs": "years", "tage": "days",
    "monate": "months", "jahre": "years", "jours": "days", "mois": "months", "ans": "years",
}  # fmt: skip
# A word before a title that says only whose column it is: "client_abbreviation", "CONTRACTSTATUS".
_BEFORE: Mapping[str, tuple[str, ...]] = {
    "name": ("client", "customer", "company", "account", "organization", "organisation"),
    "reference": ("contract", "agreement"),
}
_BEFORE_CLIENT = ("customer", "client", "account", "related", "associated")
_FIRST = -1
_WITH_WORD = 50  # such a title says less well what it is than one that is known as it stands
_NUMERO = re.compile(
    r"\b(?:n\s*\.?\s*[º°o]|n[uú]m)(?=[\s.])\.?\s*", re.IGNORECASE
)  # "N.º de contrato", "N° de contrat"
_NUMMER = re.compile(r"[\s-]?nr\.?$", re.IGNORECASE)  # "Vertragsnr.", "Vertrags-Nr.", "Contractnr"
_LEVEL = re.compile(r":|\s[-–>/]\s")  # "Account: Owner", "Organization - Name", "Term / Start"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def fields_of(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """The titles of the fields called `names`; one that is not in `known` goes by its own name."""
    return {name: known.get(name, name.replace("-", " ")) for name in names}


def own_header(names: str) -> str:
    """The title that our export uses, of the names that a field is known by."""
    return clean_line(names.split(",", maxsplit=1)[0])


@lru_cache(maxsize=2_000)
def title_forms(title: str) -> tuple[str, ...]:
    """The forms by which a title may be known, the fullest first, as `comparable`.

    "Account: Owner: Full Name" is also "owner full name", "Term (months)" also "term", "StartDate" also "start date".
    """
    forms = [form for form in _forms(clean_line(title)) if form]
    return tuple(dict.fromkeys([*forms, *map(_without_accents, forms)]))


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _forms(title: str) -> Iterator[str]:
    parts = [part for part in _LEVEL.split(title) if part.strip()]
    whole = [" ".join(parts[start:]) for start in range(len(parts))] if len(parts) > 1 else [title]
    for text in whole:
        yield comparable(text)
        yield comparable(_CAMEL.sub(" ", text))
        if "#" in text:
            yield comparable(text.replace("#", " number "))
        yield comparable(_NUMERO.sub("numero ", text))
        yield comparable(_NUMMER.sub("nummer", text))
        bare = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", text)
        yield comparable(bare)
        words = comparable(_CAMEL.sub(" ", bare)).split()
        if len(words) > 1 and words[-1] in _UNITS:
            yield " ".join(words[:-2] if words[-2:-1] == ["in"] else words[:-1])


def unit_of_title(title: str) -> str | None:
    """The unit of time that a title names: days of "Notice Days", months of "Term (months)"."""
    found = {_UNITS[word] for word in comparable(_CAMEL.sub(" ", title)).split() if word in _UNITS}
    return found.pop() if len(found) == 1 else None


def unit_named(word: str) -> str | None:
    """The unit that somebody named: "months", "month"."""
    return _UNITS.get(comparable(word))


def field_of(title: str, ranks: Mapping[str, tuple[str, int]]) -> tuple[str, int] | None:
    """The field that a title means, and how well it says so, best 0."""
    for place, form in enumerate(title_forms(title)):
        if form in ranks:
            field, rank = ranks[form]
            return field, rank + 100 * place
    return None


def ranked(fields: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Title -> the field that it means, and its place among the titles of that field. A field's own name is one.

    "Company Name" says better what it is than "Name", which stands beside it for a person.
    """
    ranks: dict[str, tuple[str, int]] = {}
    for field, names in fields.items():
        for rank, name in enumerate(names.split(",")):
            form = comparable(name)
            ranks.setdefault(form, (field, _FIRST if field == "name" and form.endswith(" name") else rank))
    for field in fields:
        ranks.setdefault(comparable(field), (field, 0))
    kind = next((each for each in ("reference", "name") if each in fields), "")
    for form, (field, rank) in list(ranks.items()):
        words = _BEFORE_CLIENT if field == "client" else _BEFORE.get(kind, ())
        for word in words:
            ranks.setdefault(f"{word} {form}", (field, rank + _WITH_WORD))
    for form, meant in list(ranks.items()):  # "BILLINGCOUNTRY"
        ranks.setdefault(form.replace(" ", ""), meant)
    return ranks
