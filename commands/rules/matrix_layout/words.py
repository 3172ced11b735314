"""The words of the field for a party, a mark and a RACI letter. A word that is not here is asked about, never guessed.

Sources of the pairs: FedRAMP CIS and CRM worksheets, PCI DSS 12.8.5, CSA CCM (SSRM ownership), CMMC responsibility
matrices, and what MSPs write. "Inherited" alone is left out on purpose: it means the provider in one standard and the
provider's provider in another. So are "CSP", "MSSP" and job titles: who they are depends on who is speaking.
"""

import re
from collections.abc import Mapping
from enum import Enum

from commands.rules.matrix_layout.cleaning import comparable
from storage.records import Party

_WORDS: dict[Party, str] = {
    Party.MSP: """
        msp, us, we, ours, our team, our responsibility, provider, service provider, the provider, the msp,
        the service provider, managed service provider, managed services provider, managed service provider
        msp, msp provider, it provider, it service provider, msp only, provider only, msp owned, msp
        managed, provider owned, provider managed, managed by msp, managed by provider, managed by us, fully
        by msp, fully by esp, service provider owned, csp owned, cloud service provider owned, cloud service
        provider owned csp, tpsp, managed by tpsp, esp, external service provider, service provider
        corporate, service provider system specific, service provider hybrid, service provider hybrid
        corporate and system specific, service provider hybrid service provider corporate and service
        provider system specific, msp team""",
    Party.CLIENT: """
        client, customer, the client, the customer, clients, customers, you, your team, your responsibility,
        client it, customer it, end customer, client only, customer only, client owned, customer owned,
        client managed, customer managed, customer responsibility, client responsibility, managed by client,
        managed by customer, managed by the entity, entity, osc, organization seeking certification, sole
        responsibility of the osc, csc owned, cloud service customer owned, cloud service customer owned
        csc, customer specific, configured by customer, configured by customer customer system specific,
        provided by customer, provided by customer customer system specific, customer agency, client staff,
        customer configured, customer provided,
        subscriber""",
    Party.SHARED: """
        shared, both, joint, jointly, shared responsibility, joint responsibility, msp and client, client
        and msp, msp client, client msp, both parties, us and client, us and customer, us and them, provider
        and customer, customer and provider, provider customer, customer provider, provider and client,
        client and provider, shared csp and csc, shared service provider and customer responsibility, shared
        msp and client, shared msp client, co managed, comanaged, jointly managed, msp and customer,
        customer and msp, joint msp and client, split, mixed responsibility""",
    Party.THIRD_PARTY: """
        third party, 3rd party, third parties, 3rd parties, vendor, vendors, supplier, suppliers, third
        party vendor, 3rd party vendor, external vendor, third party provider, 3rd party provider, third
        party outsourced, 3rd party outsourced, subcontractor, sub contractor, contractor, third party
        supplier, outside vendor, isp, carrier, manufacturer, inherited from pre existing authorization,
        reseller, inherited from pre existing provisional authorization, inherited from pre existing fedramp
        authorization, shared csp and third party, shared csp and 3rd party""",
    Party.OUT_OF_SCOPE: """
        out of scope, not in scope, n a, na, not applicable, not included, excluded, exclusion, exclusions,
        not covered, out of contract, not provided, not supported, not part of the agreement, not
        contracted, not in contract, outside scope, outside of scope, oos, no coverage, unsupported, not
        offered""",
}
# The same in French, German, Spanish, Portuguese and Dutch. What means provider and supplier alike is left out:
# fournisseur, Anbieter, Lieferant, proveedor, fornecedor, leverancier.
_OTHER_TONGUES: dict[Party, str] = {
    Party.MSP: """
        prestataire, le prestataire, prestataire de services, infogérant, nous, dienstleister, it dienstleister,
        auftragnehmer, wir, prestador, prestador de servicios, proveedor de servicios, prestador de serviços,
        provedor de serviços, dienstverlener, opdrachtnemer, wij""",
    Party.CLIENT: """
        le client, client final, vous, kunde, der kunde, auftraggeber, cliente, el cliente, o cliente, usted, klant, de
        klant, opdrachtgever""",
    Party.SHARED: """
        partagé, partagée, partagés, partagees, partage, partagee, conjoint, conjointe, les deux, gemeinsam,
        geteilt, beide, gemeinsame verantwortung, compartida, compartido, ambos, conjunta, compartilhada,
        compartilhado, partilhada,
        partilhado, gedeeld, gezamenlijk, gedeelde verantwoordelijkheid""",
    Party.THIRD_PARTY: """
        tiers, tierce partie, sous traitant, dritter, dritte, drittanbieter, tercero, terceros, terceiro, terceiros,
        derde, derde partij, derden""",
    Party.OUT_OF_SCOPE: """
        hors périmètre, hors perimetre, non applicable, sans objet, exclu, non inclus, nicht enthalten,
        nicht zutreffend,
        nicht anwendbar, entfällt, nicht im leistungsumfang, außerhalb des leistungsumfangs, fuera de alcance,
        fuera del alcance, no aplica, no incluido, fora do escopo, fora de âmbito, não aplicável, não incluído,
        buiten scope, niet van toepassing, niet inbegrepen""",
}
PARTY_WORDS: Mapping[str, Party] = {
    comparable(word): party
    for tongue in (_OTHER_TONGUES, _WORDS)
    for party, words in tongue.items()
    for word in words.split(",")
}
# Only in a column or list that says whether something is part of the service.
INCLUSION_WORDS: Mapping[str, Party] = {
    **dict.fromkeys(
        ("included", "in scope", "covered", "include", "inclusion", "inclusions", "included services", "in contract",
         "included in agreement", "services included", "what s included", "whats included", "what is included",
         "in scope services", "inscope"),
        Party.MSP,
    ),
    **dict.fromkeys(
        ("excluded", "exclude", "not included", "out of scope", "not covered", "exclusions", "exclusion",
         "excluded services", "services not included", "services excluded", "what s not included", "not in scope",
         "what is not included", "whats not included", "out of scope services", "what s excluded", "whats excluded",
         "what is excluded", "in scope no"),
        Party.OUT_OF_SCOPE,
    ),
}  # fmt: skip
INHERITANCE_WORDS: Mapping[str, Party] = {
    "yes": Party.MSP, "full": Party.MSP, "fully": Party.MSP, "y": Party.MSP,
    "partial": Party.SHARED, "partially": Party.SHARED, "partly": Party.SHARED,
    "no": Party.CLIENT, "none": Party.CLIENT, "n": Party.CLIENT,
    "n a": Party.OUT_OF_SCOPE, "not applicable": Party.OUT_OF_SCOPE,
}  # fmt: skip
_ROLE_ENDING = re.compile(
    r"\s(?:role|roles|responsibility|responsibilities|responsible|tasks?|duties|obligations?|action|actions|owned|part"
    r"|(?:is|are) responsible for|handles?|does|do)$"
)
_ROLE_START = re.compile(r"^(?:responsibility|responsibilities|role|tasks|duties|obligations)\s(?:of|for)\s(?:the\s)?")
_WHAT = re.compile(r"^what (?:the )?")
_ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!")


def party_of(text: str, known: Mapping[str, Party]) -> Party | None:
    """The party of a cell by the vocabulary and by what was said about this file (`known`, keys as `comparable`).

    A remark in brackets after a known word is passed over ("Vendor (Ricoh)"), but not one that could turn its sense.
    """
    if text.strip().upper() in _ERRORS:
        return None
    word = comparable(text)
    found = known.get(word) or PARTY_WORDS.get(word) or PARTY_WORDS.get(_IS_RESPONSIBLE.sub("", word))
    if found:
        return found
    bare = comparable(_without_remark(text))
    return known.get(bare) or PARTY_WORDS.get(bare) if bare != word else None


def inclusion_of(text: str) -> Party | None:
    """What a cell says of a service that is included or not, a remark behind it passed over: "Included (up to 2)"."""
    return INCLUSION_WORDS.get(comparable(text)) or INCLUSION_WORDS.get(comparable(_without_remark(text)))


def remark_of(text: str) -> str:
    """What stands in brackets or behind a dash after the word: "Ricoh" in "Vendor (Ricoh)" and in "Vendor - Ricoh"."""
    match = _REMARK.search(text.strip()) or _DASHED.search(text.strip())
    return match[1].strip() if match else ""


_IS_RESPONSIBLE = re.compile(r"\s(?:(?:is|are)\s)?(?:responsible|accountable|owns(?:\sit)?|does(?:\sit)?)$")
_REMARK = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]$")
_DASHED = re.compile(r"(?<=\w)\s+[-–—]\s+(\S[^-–—]{0,40})$")
# What a remark may take back: the row, a part of it, or for how long it holds.
_EXCEPTING_WORDS = (
    r"not|no|except|exception|excepting|excl|excludes|excluding|excluded|exclusions?|without|but|unless|if"
    r"|subject|pending|tba|tbd|tbc|until|till|only|former|formerly|previously|for now|then|instead|otherwise"
    r"|planned|proposed|optional|nicht|kein\w*|ohne|außer|ausser|sauf|pas|sans|excepto|salvo|sin|exceto|sem|niet|geen"
    r"|zonder|behalve"
)
_EXCEPTING = re.compile(rf"\b(?:{_EXCEPTING_WORDS})\b|\?", re.I)
_TURNING = re.compile(
    rf"\b(?:{_EXCEPTING_WORDS}|or|see|when|shared|joint|both|client|customer|msp|vendor|provider|supplier|third party"
    r"|3rd party|(?-i:us)|we|you|they|them|partly|partial)\b|\?",
    re.I,
)


def _without_remark(text: str) -> str:
    stripped = text.strip()
    remark = _REMARK.search(stripped) or _DASHED.search(stripped)
    if remark is None:
        return stripped
    bare = stripped[: remark.start()]
    says_the_same = PARTY_WORDS.get(comparable(remark[1])) is PARTY_WORDS.get(comparable(bare), "")
    return stripped if _TURNING.search(remark[1]) and not says_the_same else bare


def header_party(header: str, known: Mapping[str, Party], *, people: bool = True) -> Party | None:
    """The party that a column is about: "Client Role", "MSP responsibility", "Not in scope".

    `people`: also by who works for it, "Client IT contact" or "MSP service desk".
    """
    word = comparable(header)
    for form in (
        word,
        _ROLE_START.sub("", word),
        _ROLE_ENDING.sub("", word),
        _WHAT.sub("", _ROLE_ENDING.sub("", word)),
        comparable(_without_remark(header)),
    ):
        found = known.get(form) or PARTY_WORDS.get(form)
        if found:
            return found
    first, *others = word.split() or [""]
    # Not so "customer service provider" or "MSP + client".
    first, *others = word.split() or [""]
    if people and others and not set(others) & _OTHER_PARTIES:
        return {"client": Party.CLIENT, "customer": Party.CLIENT, "msp": Party.MSP}.get(first)
    return None


def side_of_people(text: str) -> Party | None:
    """For whom somebody seems to work, to be proposed: "Client CFO", "MSP NOC"; not "Customer Success"."""
    party = header_party(text, {})
    has_more = _MORE_THAN_A_NAME.search(text) or _DASHED.search(text) or excepts(text) or set(text) & set("()[]/")
    is_name = not (has_more or denies(text))
    return party if is_name and not _AT_WORK_FOR_CLIENTS & set(comparable(text).split()) else None


def role_name(header: str) -> str | None:
    """Whom a column of duties names: "Norvane" of "Norvane responsibilities"; None for a header that names nobody."""
    text = " ".join(header.split())
    word = comparable(text)
    text = re.sub(r"^what\s+(?:the\s+)?(?=\S+.*\s(?:does|do|handles?)$)", "", text, flags=re.IGNORECASE)
    word = comparable(text)
    bare = _ROLE_ENDING.sub("", word)
    if bare == word or len(bare.split()) > _LONGEST_NAME or set(bare.split()) & _NO_NAMES:
        return None
    return " ".join(re.sub(r"['’]s?$", "", part) for part in text.split()[: len(bare.split())])


_LONGEST_NAME = 3
_AT_WORK_FOR_CLIENTS = {"service", "services", "success", "care", "experience", "support", "relations", "facing"}
_NO_NAMES = frozenset({
    "shared", "primary", "secondary", "joint", "control", "key", "roles", "role", "and", "or", "service", "security",
    "the", "task", "area", "other", "additional", "general", "specific", "main", "implementation", "what", "who",
})  # fmt: skip
_OTHER_PARTIES = {
    "msp", "provider", "vendor", "shared", "and", "or", "both", "third", "party", "supplier", "facing", "impact",
    "guidance", "notes", "comments", "comment", "id", "ref", "reference", "no", "number", "name", "approval",
}  # fmt: skip


class Mark(Enum):
    """What a cell of a mark column says."""

    YES = "yes"
    NO = "no"
    EMPTY = "empty"
    OTHER = "other"


_TICKED = "✓✔☑✅☒⊠▣●■◼⬤√🗸🗹⚫◉🔘🟢"
_EMPTY = "☐□⬜◻◽▢○◯⚪"
_CROSSED = "✗✘❌✕✖"
_BOX = re.compile(f"([{_TICKED}{_EMPTY}{_CROSSED}])")
_UNTICKED = re.compile(rf"[{_EMPTY}{_CROSSED}☒]|\[\s*\]|\(\s*\)")
_TYPED_BOXES = ((re.compile(r"\[\s*x\s*\]|\(\s*x\s*\)", re.I), "☒"), (re.compile(r"\[\s*\]|\(\s*\)"), "☐"))
_MORE_THAN_A_NAME = re.compile(r"\n|[.;:]\s|\b(?:except|unless|only|if|when|until|but|see|subject|pending)\b|\?", re.I)


def ticked(text: str) -> str | None:
    """What is ticked where a cell offers a choice: "MSP" of "☒ MSP ☐ Client". None if that is not clear.

    A cell without boxes, or of nothing else, is given as it is.
    """
    if not _UNTICKED.search(text):
        return text
    plain = text.replace("\ufe0f", "").replace("\ufe0e", "")
    for typed, sign in _TYPED_BOXES:
        plain = typed.sub(sign, plain)
    parts = [part.strip(" \t\r\n/|,;:-•*") for part in _BOX.split(plain)]
    labels, signs = parts[::2], parts[1::2]
    kinds = set(signs)
    if not any(labels) or kinds == {"☒"}:
        return text
    named = labels[:-1] if labels[0] else labels[1:]
    # A cross beside an empty box, or ☒ beside ☑, may mean yes or no.
    is_mixed = not kinds & set(_EMPTY) if "☒" in kinds else bool(kinds & set(_CROSSED) and kinds & set(_EMPTY))
    if is_mixed or len(signs) < 2 or (labels[0] and labels[-1]) or not all(named):
        return None
    left = [label for sign, label in zip(signs, named, strict=True) if sign not in _TICKED]
    if any(_MORE_THAN_A_NAME.search(label) for label in left):
        return None  # what stands after the last box may be said of all
    return " / ".join(label for sign, label in zip(signs, named, strict=True) if sign in _TICKED)


_YES = frozenset({"x", "yes", "y", "1", "true", "ü", "þ", "check", "checked", "tick", "ok"})
_NO = frozenset({"no", "n", "0", "false", "n a", "na", "none", "nein"})
# As Slack, GitHub and Confluence write signs in words.
_NAMED_SIGNS = {
    **dict.fromkeys((":white_check_mark:", ":heavy_check_mark:", ":ballot_box_with_check:", ":check:", "(tick)"), "✓"),
    **dict.fromkeys((":x:", ":heavy_multiplication_x:", ":negative_squared_cross_mark:", "(error)", "(cross)"), "✗"),
}
_YES_SIGNS = frozenset("✓✔☑✅☒●•■▪◼◾⬤√🗸🗹⚫◉★*🟢Ⓧⓧ⊗🅇")
_NO_SIGNS = frozenset("✗✘❌✕☐□○◯⚪-–—‐‑−.…/\\")


def mark_of(text: str) -> Mark:
    """Whether a cell is ticked, or its box beside "Yes" is. "X (from July)" is OTHER: a remark may change the sense."""
    stripped = text.strip().replace("\ufe0f", "").replace("\ufe0e", "")
    stripped = _NAMED_SIGNS.get(stripped.lower(), stripped)
    if not stripped:
        return Mark.EMPTY
    if all(sign in _YES_SIGNS for sign in stripped) and len(set(stripped)) == 1:
        return Mark.YES
    if all(sign in _NO_SIGNS for sign in stripped):
        return Mark.NO
    word = comparable(stripped)
    if word in _YES or (set(word) == {"x"} and len(word) <= 3):
        return Mark.YES
    if word in _NO:
        return Mark.NO
    chosen = ticked(stripped)
    return mark_of(chosen) if chosen and chosen != stripped else Mark.OTHER


_MARK_WITH_REMARK = re.compile(
    r"^\s*(?:x+|yes|[✓✔☑✅●•■√])\s*(?:\(([^()]*)\)|\[([^\[\]]*)\]|[-–:,]\s+(.+))\s*$", re.I | re.S
)


def mark_remark(text: str) -> str:
    """What is said beside a mark: "up to 5" in "X (up to 5)". "" if nothing is, or if it could turn the sense."""
    found = _MARK_WITH_REMARK.match(text)
    remark = next((part.strip() for part in found.groups() if part), "") if found else ""
    return "" if _TURNING.search(remark) else remark


def is_turned_mark(text: str) -> bool:
    """Whether what is said beside a mark may take it back: "x (excluding servers)"."""
    return _MARK_WITH_REMARK.match(text) is not None and not mark_remark(text)


_NO_SHARE = re.compile(r"0+(?:[.,]0+)?\s*%")
_DENIAL = re.compile(
    r"(?:no|not|none|nothing|never|nobody|without|nil|n\s*[/.]\s*a|na(?=\s*[-–—:;,(])|does(?:n['’]t| not) apply"
    r"|out of scope|kein\w*|nicht|aucun\w*|pas|sans|geen|niet|sin|sem|ning[uú]n\w*|nenhum\w*)\b"
    r"|[^.;\n]{0,60}\b(?:(?:is|are) not (?:responsible|involved|applicable)"
    r"|(?:has|have) no (?:part|role|responsibilit\w*|dut(?:y|ies)|obligations?|involvement|actions?))\b[^.;\n]*\.?$",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(r"^([RASCI](?:\s*[/,&+]\s*[RASCI]){0,4})(?:\s+[-–—]|\s*:)\s+(\S.*)$", re.DOTALL)


def is_no_share(text: str) -> bool:
    """Whether a share of the work is none of it: "0 %"."""
    return _NO_SHARE.fullmatch(text.strip()) is not None


def denies(text: str) -> bool:
    """Whether a text may say that somebody has no part: "No action required", "N/A - see MSP", "Client has no role"."""
    return _DENIAL.match(text.strip(" (*–—-")) is not None


_LETTERS = re.compile(r"^[RASCI](?:\s*(?:[/,&+]|\band\b)?\s*[RASCI]){0,4}$", re.I)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_RACI_WORDS = {
    "responsible": "R",
    "accountable": "A",
    "consulted": "C",
    "informed": "I",
    "lead": "R",
    "leads": "R",
    "approves": "A",
    "approver": "A",
    "consult": "C",
    "inform": "I",
    "support": "S",
    "supports": "S",
    "supporting": "S",
}


def raci_remark(text: str) -> str:
    """What is said beside the letters of a RACI cell: "runs it" of "R (runs it)" and of "R - runs it"."""
    parts = [part.strip() for part in re.findall(r"\(([^()]{2,})\)", text)]
    explained = _EXPLAINED.match(" ".join(_BRACKETED.sub(" ", text).split()))
    return "; ".join([*([explained[2].strip()] if explained else []), *parts])


def excepts(remark: str) -> bool:
    """Whether a remark may take back what it stands beside: "except servers", "until July"."""
    return _EXCEPTING.search(remark) is not None


def raci_of(text: str) -> frozenset[str] | None:
    """The letters of a RACI cell: "R/A", "RA", "A & R (Config, Ops)", "Responsible". None if it is none."""
    bare = " ".join(_BRACKETED.sub(" ", text.strip().strip("*")).split())
    if not bare:
        return None
    if (explained := _EXPLAINED.match(bare)) is not None:
        if _LETTERS.match(explained[2]):  # "A - R": which of the two it is, or both, nobody can say
            return None
        bare = explained[1]
    # In brackets only: "(R)".
    if _LETTERS.match(bare):
        return frozenset(letter for letter in bare.upper().replace("AND", "") if letter in "RASCI")
    words = [_RACI_WORDS.get(word) for word in comparable(bare).replace(" and ", " ").split()]
    return frozenset(word for word in words if word) if words and all(words) else None
