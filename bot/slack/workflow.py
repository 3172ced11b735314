"""Two steps for Workflow Builder: ask about scope, record a disclosure. Fronts of the same commands.

A step names the person it acts for, and Slack does not vouch for that: whoever builds the workflow chooses. So a step
sees only clients that exist for everybody, and records nothing unless ENGAGEMENT_WORKFLOW_RECORDS allows it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import plain
from bot.slack.request_handler import RequestHandler
from bot.slack.text import typed
from commands.dispatching.request import Request
from commands.errors import CommandError, NotAllowed
from commands.grammar import lookup
from commands.reply import Reply

ASK_STEP, DISCLOSE_STEP = "ask_scope", "record_disclosure"
_NOBODY = "workflow"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """`inputs` and `outputs`: name, title, what it is; those whose name ends in "by" are people."""

    title: str
    description: str
    inputs: tuple[tuple[str, str, str], ...]
    outputs: tuple[tuple[str, str, str], ...]


STEPS = {
    ASK_STEP: Step(
        "Ask about scope",
        "Whose responsibility is it? Answered from the client's signed matrix",
        (
            ("client", "Client", "The client's name or alias"),
            ("question", "Question", "What you want to know"),
            ("asked_by", "Asked by", "Who is told when the question is settled: the person who uses the workflow"),
        ),
        (
            ("verdict", "Verdict", "msp, client, shared, third_party, out_of_scope, undocumented, ambiguous or lapsed"),
            ("answer", "Answer", "The verdict in words"),
            ("evidence", "Evidence", "The agreement and clause that it rests on, or a dash"),
        ),
    ),
    DISCLOSE_STEP: Step(
        "Record a disclosure",
        "Record what a client said about a regulation",
        (
            ("client", "Client", "The client's name or alias"),
            ("regulation", "Regulation", "Such as hipaa, pci_dss, gdpr"),
            ("answer", "Answer", "applies, does_not_apply, unknown or declined"),
            ("attested_by_name", "Attested by", "Who said so at the client, with title"),
            ("recorded_by", "Recorded by", "The person who uses the workflow"),
        ),
        (("answer", "Answer", "What was recorded, in words"),),
    ),
}


@dataclass(frozen=True, slots=True)
class Steps:
    handler: RequestHandler

    def on_ask(self, inputs: Mapping[str, Any], complete: Callable[..., Any], fail: Callable[..., Any]) -> None:
        self._guarded(fail, lambda: complete(self._ask(inputs)))

    def on_disclose(self, inputs: Mapping[str, Any], complete: Callable[..., Any], fail: Callable[..., Any]) -> None:
        self._guarded(fail, lambda: complete(self._disclose(inputs)))

    def _ask(self, inputs: Mapping[str, Any]) -> dict[str, str]:
        form = {"client": _text(inputs, "client"), "question": _text(inputs, "question")}
        reply = self._run(str(inputs.get("asked_by") or ""), "scope ask", form)
        evidence = plain.evidence_sentence(reply.evidence) if reply.evidence else "-"
        verdict = reply.verdict.value if reply.verdict else "-"
        return {"verdict": verdict, "answer": reply.headline, "evidence": evidence}

    def _disclose(self, inputs: Mapping[str, Any]) -> dict[str, str]:
        if not self.handler.runtime.settings.workflow_records:
            raise NotAllowed(
                "Workflows may not record anything here. Whoever runs the bot can allow it: "
                "ENGAGEMENT_WORKFLOW_RECORDS=yes"
            )
        form = {
            "client": _text(inputs, "client"),
            "regulation": _text(inputs, "regulation"),
            "answer": _text(inputs, "answer"),
            "by": _text(inputs, "attested_by_name"),
        }
        return {"answer": self._run(str(inputs.get("recorded_by") or ""), "disclosure record", form).headline}

    def _run(self, user: str, command: str, form: dict[str, str]) -> Reply:
        """Raises CommandError."""
        handler = self.handler
        request = handler.request(user, command, form={name: value for name, value in form.items() if value})
        handler.admit(request)
        self._check_client(form["client"])
        reply = handler.runtime.dispatcher.run(request)
        handler.after_change()
        handler.tell(reply.notices)
        return handler.prefix.in_reply(reply)

    def _check_client(self, name: str) -> None:
        """Raises NotFound for a client that does not exist for everybody."""
        nobody = Request(self.handler.workspace_id, _NOBODY, "")
        with self.handler.runtime.dispatcher.reading(nobody) as ctx:
            lookup.client_named(ctx, name)

    def _guarded(self, fail: Callable[..., Any], act: Callable[[], Any]) -> None:
        """Slack shows the error to whoever uses the workflow."""
        try:
            act()
        except CommandError as error:
            fail(error=self.handler.prefix.in_text(error.message))
        except Exception:
            fail(error=self.handler.failure().payload["text"])


def declare_steps() -> dict[str, Any]:
    """The steps as the manifest declares them."""
    return {
        callback: {
            "title": step.title,
            "description": step.description,
            "input_parameters": _parameters(step.inputs),
            "output_parameters": _parameters(step.outputs),
        }
        for callback, step in STEPS.items()
    }


def _parameters(named: tuple[tuple[str, str, str], ...]) -> dict[str, Any]:
    return {
        "properties": {
            name: {
                "type": "slack#/types/user_id" if name.endswith("_by") else "string",
                "title": title,
                "description": description,
            }
            for name, title, description in named
        },
        "required": [name for name, *_ in named],
    }


def _text(inputs: Mapping[str, Any], name: str) -> str:
    return typed(str(inputs.get(name) or ""))
