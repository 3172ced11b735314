"""The wording of papers as DOCX files: taken out, edited by a lawyer, put back in; every version is kept."""

from enum import StrEnum
from hashlib import sha256

from commands.arguments import Arguments
from commands.command import Command, Context, Upload
from commands.errors import Conflict, NeedsYes, NotFound, UsageError
from commands.grammar.words import command_line
from commands.papers.blank import KINDS
from commands.papers.own_wording import shipped_template, wording_of
from commands.papers.template_check import CheckedTemplate, TemplateRefused, check_template, fields_known
from commands.papers.wording import FIRST
from commands.parameters import Kind, Parameter
from commands.reply import Field, File, Reply, Table
from commands.rules.text.people import as_person
from storage.records import PaperKind, PaperTemplate, Role


class TemplateKind(StrEnum):
    STATEMENT = "statement"
    WALKTHROUGH = "walkthrough"
    DISCLOSURE = "disclosure"
    ADDENDUM = "addendum"
    DECLINATION = "declination"
    NOTICE = "notice"
    INCIDENT = "incident"


_SHOWN = 5


def list_templates(ctx: Context, args: Arguments) -> Reply:
    history = ctx.uow.paper_templates.history()
    rows = []
    for kind in KINDS:
        versions = [each for each in history if each.kind is kind]
        rows += [_row(ctx, each, is_last=each is versions[-1]) for each in reversed(versions)]
        if not versions:
            rows.append((kind.value, "0", "as it came with the bot", "", "", "", "in use"))
    own = sum(1 for kind in KINDS if wording_of(ctx.uow, kind).version > 0)
    return Reply(
        f"{own} of {len(KINDS)} papers have a wording of your own." if own else "All papers have the shipped wording.",
        table=Table(("Paper", "Version", "File", "SHA-256 begins", "Changed on", "By", "State"), tuple(rows)),
        next_steps=(command_line("/engagement template get", "statement"),),
        data={"templates": [each.model_dump(mode="json") for each in history]},
    )


def _row(ctx: Context, each: PaperTemplate, *, is_last: bool) -> tuple[str, ...]:
    name = "as it came with the bot" if each.is_reset else each.name
    state = "in use" if is_last else ""
    day = str(ctx.day_of(each.changed_at))
    return each.kind.value, str(each.version), name, each.file_hash[:16], day, as_person(each.changed_by), state


def get_template(ctx: Context, args: Arguments) -> Reply:
    kind = PaperKind(args.kind.value)
    known = {each.version: each for each in ctx.uow.paper_templates.of_kind(kind)}
    if args.version not in (None, 0) and (args.version not in known or known[args.version].is_reset):
        versions = ", ".join(str(each) for each in (0, *known) if each == 0 or not known[each].is_reset)
        raise NotFound(f"There is no template of version {args.version} for the {kind.value}. There is {versions}.")
    wording = wording_of(ctx.uow, kind, args.version)
    page = ctx.policy.paper_size if ctx.policy else "a4"
    content = wording.template or shipped_template(kind, page)
    return Reply(
        f"The template of the {kind.value}, version {wording.version}.",
        lines=(
            "Edit the paragraphs in the styles that begin with Passage: they are in the PDF and the DOCX.",
            "Headings, tables and other paragraphs count for the DOCX alone.",
            f"Look first at the passages {', '.join(FIRST[kind])}: what binds, what is excluded, what controls.",
        ),
        table=Table(("Field", "What it has"), _fields(kind), "What the template may use"),
        next_steps=(command_line("/engagement template set", kind.value),),
        files=(File(f"template-{kind.value}-{wording.version}.docx", content, f"Template, {kind.value}"),),
        data={"kind": kind.value, "version": wording.version, "file_hash": sha256(content).hexdigest()},
    )


def _fields(kind: PaperKind) -> tuple[tuple[str, str], ...]:
    said = []
    for name, shape in fields_known(kind).items():
        if shape is None:
            said.append((name, "a text"))
        elif isinstance(shape, list):
            said.append((name, "one for each side: side, lines (label, value)"))
        else:
            columns = ", ".join(shape["rows"][0])
            said.append((name, f"shown, missing, rows ({columns})" if columns else "shown"))
    return tuple(said)


def set_template(ctx: Context, args: Arguments) -> Reply:
    kind = PaperKind(args.kind.value)
    upload = _one_upload(ctx)
    digest = sha256(upload.content).hexdigest()
    versions = ctx.uow.paper_templates.of_kind(kind)
    if versions and versions[-1].file_hash == digest:
        raise Conflict(f"That very file counts already, as version {versions[-1].version} of the {kind.value}.")
    try:
        checked = check_template(kind, upload.content)
    except TemplateRefused as error:
        said = f"{upload.name} is not taken as the template of the {kind.value}. {error}"
        raise UsageError(
            said, fields={"file": str(error)}, next_steps=(command_line("/engagement template get", kind.value),)
        ) from error
    if checked.promising and not (args.accept or ctx.is_confirmed):
        raise NeedsYes(
            f"{_too_much(upload, checked)} Nothing is taken yet. Write it otherwise, or take it all the same.",
            next_steps=(command_line("/engagement template set", kind.value, accept="yes"),),
            data={"phrases": [each.phrase for each in checked.promising]},
        )
    kept = ctx.uow.paper_templates.keep(
        PaperTemplate(
            kind=kind, version=len(versions) + 1, name=upload.name[-255:], file_hash=digest, size=len(upload.content),
            changed_at=ctx.now, changed_by=ctx.actor.user,
        ),
        upload.content,
    )  # fmt: skip
    cautions = [_too_much(upload, checked)] if checked.promising else []
    if checked.left_out:
        cautions.append(f"It leaves out: {', '.join(checked.left_out)}.")
    if checked.only_in_word:
        quoted = ", ".join(f'"{said[:60]}"' for said in checked.only_in_word[:_SHOWN])
        more = f" and {len(checked.only_in_word) - _SHOWN} more" if len(checked.only_in_word) > _SHOWN else ""
        cautions.append(f"Only in the DOCX, not in the PDF, as their style is no passage: {quoted}{more}.")
    return Reply(
        f"The {kind.value} has your wording from now on: version {kept.version}.",
        fields=(Field("File", kept.name), Field("SHA-256", kept.file_hash)),
        cautions=tuple(cautions),
        next_steps=(command_line("/engagement template list"),),
        data={"template": kept.model_dump(mode="json")},
    )


def _too_much(upload: Upload, checked: CheckedTemplate) -> str:
    phrases = list(dict.fromkeys(f'"{each.phrase}" (rather: "{each.instead}")' for each in checked.promising))
    more = f" and {len(phrases) - _SHOWN} more" if len(phrases) > _SHOWN else ""
    return f"{upload.name} promises more than anybody can keep: {', '.join(phrases[:_SHOWN])}{more}."


def reset_template(ctx: Context, args: Arguments) -> Reply:
    kind = PaperKind(args.kind.value)
    versions = ctx.uow.paper_templates.of_kind(kind)
    if not versions or versions[-1].is_reset:
        raise Conflict(f"The {kind.value} has the wording that came with the bot already.")
    kept = ctx.uow.paper_templates.keep(
        PaperTemplate(
            kind=kind, version=len(versions) + 1, is_reset=True, changed_at=ctx.now, changed_by=ctx.actor.user
        ),
        b"",
    )
    back = command_line("/engagement template get", kind.value, version=versions[-1].version)
    return Reply(
        f"The {kind.value} has the wording that came with the bot again.",
        lines=(f"Your version {versions[-1].version} is kept: {back}",),
        data={"template": kept.model_dump(mode="json")},
    )


def _one_upload(ctx: Context) -> Upload:
    if len(ctx.uploads) != 1:
        raise UsageError(
            "Send one DOCX file with this command.",
            fields={"file": "is missing: one DOCX file."},
            next_steps=("engagement-bot paper templates import KIND FILE",),
        )
    return ctx.uploads[0]


_KIND = Parameter("kind", "which paper", Kind.CHOICE, positional=True, required=True, choices=TemplateKind)
COMMANDS = (
    Command(
        "template", "list", list_templates, Role.ADMIN, "Whose wording each paper has, by version", changes=False,
        example="/engagement template list",
    ),
    Command(
        "template", "get", get_template, Role.ADMIN, "Get the wording of a paper as a DOCX to edit", changes=False,
        is_slow=True,
        parameters=(
            _KIND, Parameter("version", "an earlier version; 0 is the shipped one; the newest if left out",
                             Kind.INTEGER),
        ),
        example="/engagement template get statement",
    ),
    Command(
        "template", "set", set_template, Role.ADMIN, "Take an edited DOCX as the wording of a paper", is_slow=True,
        parameters=(
            _KIND, Parameter("file", "one DOCX file", Kind.FILE, file_types=("docx",)),
            Parameter("accept", "yes takes it even where it promises more than anybody can keep", Kind.YES_NO),
        ),
        example="/engagement template set statement",
    ),
    Command(
        "template", "reset", reset_template, Role.ADMIN, "Go back to the wording that came with the bot",
        parameters=(_KIND,), example="/engagement template reset statement",
    ),
)  # fmt: skip
