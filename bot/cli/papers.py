"""`paper`: what is handed to a client, made from the record without Slack."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import print_reply, progress, save_file, session, upload_of
from commands.errors import NeedsYes
from commands.grammar.words import command_line

_Client = Annotated[str, typer.Option("--client", help="The client's name or alias.")]
_Agreement = Annotated[str | None, typer.Option("--agreement", help="The agreement's reference.")]
_AsOf = Annotated[str | None, typer.Option("--as-of", help="As of this day; today if left out.")]
_Format = Annotated[str | None, typer.Option("--format", help="pdf or docx; by the output's name if left out.")]
_Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; its own name if left out.")]
_TemplateKind = Annotated[
    str, typer.Argument(help="statement, walkthrough, disclosure, addendum, declination, notice, incident.")
]
_FORMATS = (".pdf", ".docx")


def register(app: typer.Typer) -> None:
    papers = typer.Typer(no_args_is_help=True, help="Statements, sheets, notices and evidence: made from the record.")
    papers.command("statement")(statement)
    papers.command("walkthrough")(walkthrough)
    papers.command("disclosure")(disclosure)
    papers.command("addendum")(addendum)
    papers.command("notice")(notice)
    papers.command("declination")(declination)
    papers.command("incident")(incident)
    papers.command("evidence")(evidence)
    papers.command("verify")(verify)
    papers.command("attach")(attach)
    _register_templates(papers)
    app.add_typer(papers, name="paper")


def statement(
    client: _Client, agreement: _Agreement = None, as_of: _AsOf = None, file_format: _Format = None,
    output: _Output = None,
) -> None:  # fmt: skip
    """Who does what, by which clause: the responsibility statement."""
    _make("paper statement", output, file_format, client=client, agreement=agreement, as_of=as_of)


def walkthrough(
    client: _Client, agreement: Annotated[str, typer.Option("--agreement", help="The agreement's reference.")],
    as_of: _AsOf = None, file_format: _Format = None, output: _Output = None,
) -> None:  # fmt: skip
    """The sheet for the conversation in which an agreement is explained."""
    _make("paper walkthrough", output, file_format, client=client, agreement=agreement, as_of=as_of)


def disclosure(client: _Client, as_of: _AsOf = None, file_format: _Format = None, output: _Output = None) -> None:
    """The questionnaire on regulations, for the client to tick and sign."""
    _make("paper disclosure", output, file_format, client=client, as_of=as_of)


def addendum(
    client: _Client, agreement: Annotated[str, typer.Option("--agreement", help="The agreement that it amends.")],
    as_of: _AsOf = None, file_format: _Format = None, output: _Output = None,
) -> None:  # fmt: skip
    """What is proposed to change in an agreement, to be signed."""
    _make("paper addendum", output, file_format, client=client, agreement=agreement, as_of=as_of)


def notice(
    client: _Client, agreement: Annotated[str, typer.Option("--agreement", help="The agreement's reference.")],
    clause: Annotated[str | None, typer.Option("--clause", help="The clause that allows it.")] = None,
    as_of: _AsOf = None, file_format: _Format = None, output: _Output = None,
) -> None:  # fmt: skip
    """The notice that was decided, to sign and to send."""
    _make("paper notice", output, file_format, client=client, agreement=agreement, clause=clause, as_of=as_of)


def declination(
    client: _Client, what: Annotated[str, typer.Option("--what", help="What was declined, or how its text begins.")],
    risk: Annotated[str | None, typer.Option("--risk", help="The risk in plain words.")] = None,
    as_of: _AsOf = None, file_format: _Format = None, output: _Output = None,
) -> None:  # fmt: skip
    """What was recommended and declined, for the client to sign."""
    _make("paper declination", output, file_format, client=client, what=what, risk=risk, as_of=as_of)


def incident(
    client: _Client,
    what: Annotated[str | None, typer.Option("--what", help="Its number or text; the open one if left out.")] = None,
    file_format: _Format = None, output: _Output = None,
) -> None:  # fmt: skip
    """The sheet of an incident: who must tell whom by when, and who was told."""
    _make("paper incident", output, file_format, client=client, what=what)


def evidence(
    client: _Client,
    first: Annotated[str, typer.Option("--from", help="The first day.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP file to write.")],
    last: Annotated[str | None, typer.Option("--to", help="The last day; today if left out.")] = None,
    without_remarks: Annotated[bool, typer.Option("--without-remarks", help="Leave out internal remarks.")] = False,
) -> None:
    """All that is on record about a client in a time, for counsel: one ZIP, readable without this program."""
    text = command_line("paper evidence", client, to=last, remarks="no" if without_remarks else None)
    _receive(f"{text} {command_line('', **{'from': first}).strip()}", output)


def verify(
    file: Annotated[Path, typer.Argument(help="A pack (ZIP) or a paper (PDF, DOCX).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Check a pack or a paper against the records, and say what differs. Exit code 1 if it is none of ours."""
    with session(as_json=as_json) as opened:
        print_reply(opened.run(opened.request("paper verify", uploads=(upload_of(file),))), as_json=as_json)


def attach(
    client: _Client,
    of: Annotated[str, typer.Option("--of", help="What it is a signed copy of: statement, agreement, notice...")],
    file: Annotated[Path, typer.Option("--file", help="A PDF, PNG, JPEG or DOCX of at most 25 MB.")],
    agreement: _Agreement = None,
    what: Annotated[str | None, typer.Option("--what", help="For a declination: what was declined.")] = None,
    number: Annotated[str | None, typer.Option("--number", help="The document number on it.")] = None,
) -> None:
    """Keep a signed copy that came back."""
    text = command_line("copy attach", client=client, of=of, agreement=agreement, what=what, number=number)
    with session() as opened:
        print_reply(opened.run(opened.request(text, uploads=(upload_of(file),))), as_json=False)


def _register_templates(papers: typer.Typer) -> None:
    templates = typer.Typer(no_args_is_help=True, help="The wording of papers as DOCX files, for a lawyer to edit.")
    templates.command("list")(list_templates)
    templates.command("export")(export_template)
    templates.command("import")(import_template)
    templates.command("reset")(reset_template)
    papers.add_typer(templates, name="templates")


def list_templates(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Whose wording each paper has: by version, with hash, day and who changed it."""
    with session() as opened:
        print_reply(opened.run(opened.request("template list")), as_json=as_json)


def export_template(
    kind: _TemplateKind, output: _Output = None,
    version: Annotated[int | None, typer.Option(help="An earlier version; 0 is the shipped one.")] = None,
) -> None:  # fmt: skip
    """Write the wording of a paper as a DOCX file to edit."""
    _receive(command_line("template get", kind, version=version), output)


def import_template(
    kind: _TemplateKind, file: Annotated[Path, typer.Argument(help="The edited DOCX file.")],
    yes: Annotated[bool, typer.Option("--yes", help="Take it even where it promises too much.")] = False,
) -> None:  # fmt: skip
    """Take an edited DOCX file as the wording of a paper. What is wrong in it is named, and nothing is taken then."""
    with session() as opened:
        try:
            request = opened.request(command_line("template set", kind), uploads=(upload_of(file),), is_confirmed=yes)
            print_reply(opened.run(request), as_json=False)
        except NeedsYes as error:
            error.next_steps = ("Add --yes to take it all the same.",)
            raise


def reset_template(kind: _TemplateKind) -> None:
    """Go back to the wording that came with the bot. Your versions are kept."""
    with session() as opened:
        print_reply(opened.run(opened.request(command_line("template reset", kind))), as_json=False)


def _make(name: str, output: Path | None, file_format: str | None, **options: object) -> None:
    if file_format is None and output is not None and output.suffix.lower() in _FORMATS:
        file_format = output.suffix[1:].lower()
    _receive(command_line(name, **options, format=file_format), output)


def _receive(text: str, output: Path | None) -> None:
    with session() as opened:
        reply = opened.run(opened.request(text, progress=progress()))
        print_reply(reply, as_json=False)
        for file in reply.files:
            typer.echo(f"Written: {save_file(file, output)}")
