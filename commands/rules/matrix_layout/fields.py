"""The names that columns have in the field, best first, for each field of a row."""

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from commands.rules.matrix_layout.cleaning import comparable

_HEADERS: dict[str, str] = {
    "item": """
        item, responsibility item, service item, task, activity, activity function, control activity, task
        activity, activity task, service task, service activity, tasks, activities, services, services tasks,
        service, line item, work item, scope item, duty, duties, deliverable, deliverables, service element,
        service component, service description, task description, activity description, item description,
        function, functions, process, topic, what, responsibility area, area of responsibility,
        responsibilities, responsibility, requirement, requirements, requirement text, security requirement,
        control name, control title, control objective, control description, benchmark recommendation,
        recommendation, control, practice, objective, description, element, component, capability, decision,
        decision type, title, name, outcome, subcategory, system, asset, resource, statement, scope of work,
        scope, safeguard, control area, work package, tâche, activité, prestation, aufgabe, tätigkeit, leistung,
        aktivität, maßnahme, tarea, actividad, servicio, tarefa, atividade, serviço, taak, activiteit, dienst""",
    "category": """
        category, service category, service area, area, section, domain, control domain, group, family,
        control family, service group, workstream, pillar, tower, service tower, department, service line,
        function area, phase, topic area, class, discipline, control family name, catégorie, domaine, bereich,
        kategorie, categoría, categoria, categorie""",
    "party": """
        responsible, responsible party, party responsible, responsibility, owner, who, party, owned by,
        ownership, responsible entity, responsible organization, responsible organisation, who is
        responsible, responsibility owner, responsible team, resp, resp party, assigned to, performed by,
        provided by, managed by, handled by, delivered by, implemented by, done by, who does it, who owns
        it, control owner, control ownership, ssrm control ownership, accountable party, responsibility
        assignment, assigned party, assignment, responsible role, owner party, responsibility type,
        responsable, verantwortlich, verantwortlicher, verantwortliche partei, zuständig, zuständigkeit,
        verantwortung, responsabilidad, responsabilité, responsável, responsabilidade, verantwoordelijk,
        verantwoordelijke, verantwoordelijkheid, accountable, lead, primary owner, primary responsibility,
        status, scope status, coverage, service
        status, in scope""",
    "clause": """
        clause, clause ref, clause reference, contract clause, contract ref, contract reference, contract
        section, contract, agreement ref, agreement section, agreement clause, sow ref, sow reference, sow
        section, sow clause, sow, msa section, msa ref, section ref, section reference, section number,
        section no, section #, paragraph, ref, reference, source, exhibit, schedule, document reference,
        legal reference, contract paragraph, clause #, clause no""",
    "notes": """
        notes, note, comments, comment, remarks, remark, details, detail, shared details, notes comments,
        comments notes, additional notes, additional information, explanation, description, guidance,
        customer guidance, limits, limitations, exceptions, assumptions, conditions, clarification,
        clarifications, scope notes, remarques, commentaires, bemerkung, bemerkungen, anmerkung, anmerkungen,
        observaciones, comentarios, observações, opmerking, opmerkingen, specifics, specifics if shared,
        more information, qualifier""",
    "msp_part": """
        msp part, msp responsibility, msp responsibilities, provider part, provider responsibility, provider
        responsibilities, what we do, what the msp does, our part, our responsibility, our responsibilities,
        msp does, we do, msp scope, msp tasks, msp duties, provider scope, service provider responsibility,
        service provider responsibilities, what msp provides""",
    "client_part": """
        client part, client responsibility, client responsibilities, customer part, customer responsibility,
        customer responsibilities, what you do, what the client does, your part, your responsibility, your
        responsibilities, client does, you do, client scope, client tasks, client duties, customer scope,
        what the customer does""",
    "third_party": """
        third party, third party name, vendor, vendor name, 3rd party, 3rd party name, supplier, supplier
        name, which vendor, which third party, third party vendor, subcontractor, vendor third party""",
    "aliases": """
        aliases, alias, also known as, aka, other names, synonyms, keywords, search words""",
    "effective_from": """
        effective from, effective, effective date, valid from, from, start, start date""",
    "effective_to": """
        effective to, effective until, valid to, valid until, until, to, end, end date, expires""",
    "control_id": """
        control id, control ids, control number, control no, control #, control ref, control refs, control
        reference, controls reference, controls, control, requirement id, requirement number, requirement
        no, requirement #, req id, req #, practice id, nist id, objective id, statement id, framework ref,
        framework reference, reference id, subcategory id, outcome id, id""",
}
# Field -> headers as `comparable`: case, punctuation and line breaks do not matter.
FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(comparable(header) for header in headers.split(",")) for name, headers in _HEADERS.items()
}
HEADER_NAMES = frozenset(name for names in FIELDS.values() for name in names)
_BRACKET = re.compile(r"\s*[(\[].*[)\]]\s*$", re.S)
_ADJECTIVE = re.compile(r"^(?:additional|other|general|specific|further)\s")
_OF = re.compile(r"(\w+) of (?:the )?(\w+?)s?")  # "description of services" is "service description"
_ALIKE = 87  # of 100: one letter wrong in eight
_SHORTEST_MISSPELT = 7


@lru_cache(maxsize=2_000)
def header_names(header: str) -> tuple[str, ...]:
    """The forms by which a header may be known: itself, without brackets, each side of a slash; or one misspelt."""
    bare = _BRACKET.sub("", header)
    names = [comparable(header), comparable(bare), *(comparable(part) for part in re.split(r"[/|]", bare))]
    names += [f"{match[2]} {match[1]}" for name in names if (match := _OF.fullmatch(name))]
    names += [_ADJECTIVE.sub("", name) for name in names]
    names = list(dict.fromkeys(name for name in names if name))
    if not any(name in HEADER_NAMES for name in names):
        names += [found for name in names[:1] if (found := _misspelt(name))]
    return tuple(names)


def _misspelt(name: str) -> str | None:
    if len(name) < _SHORTEST_MISSPELT:
        return None
    found = process.extractOne(name, HEADER_NAMES, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if found and found[0][0] == name[0] and found[0].count(" ") == name.count(" "):
        return str(found[0])
    return None


# The columns of our own export -> field. The first five are always there, in this order.
OWN_COLUMNS: Mapping[str, str] = {
    "item": "item", "category": "category", "responsible": "party", "clause": "clause", "notes": "notes",
    "msp part": "msp_part", "client part": "client_part", "third party": "third_party", "control ids": "control_id",
    "aliases": "aliases", "effective from": "effective_from", "effective to": "effective_to",
    "agreement": "agreement", "basis": "basis", "carried by": "carried_by",
}  # fmt: skip
ENTERED = "entered at"
REPLACED = "replaced"
# Columns of our own export to be read by people only -> the fields of the record.
RECORD_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "attested by": ("attester",), "attested at": ("attested_at",),
    ENTERED: ("entered_at", "recorded_at"), "entered by": ("entered_by", "recorded_by"),
    REPLACED: (),
}  # fmt: skip
# What people call the fields in corrections.
FIELD_NAMES: Mapping[str, str] = {comparable(name): name for name in FIELDS} | {
    "responsible": "party", "owner": "party", "who": "party", "responsibility": "party", "msp part": "msp_part",
    "client part": "client_part", "third party": "third_party", "vendor": "third_party", "control": "control_id",
    "control id": "control_id", "control ref": "control_id", "control refs": "control_id", "alias": "aliases",
    "effective from": "effective_from", "effective to": "effective_to", "section": "category", "note": "notes",
    "service": "item", "task": "item", "included": "included", "reference": "clause", "ref": "clause",
}  # fmt: skip
INHERITED = re.compile(r"\binherit(?:ed|able|ance)?\b")
INCLUDED = re.compile(
    r"^(?:is )?(?:it )?(?:included|in scope|covered|include|inclusion|in contract)(?: in .*| y n| yes no)?$"
)
