"""Marking somebody as told, once Slack has taken the message: what is not marked is told again later."""

from commands.dispatch import Dispatcher


def mark_told(dispatcher: Dispatcher, workspace_id: int, receipt: str) -> None:
    """`receipt` is a notice's, such as question:12. Raises StorageError; ValueError for one that nobody handles."""
    kind, _, number = receipt.partition(":")
    if kind != "question" or not number.isdecimal():
        raise ValueError(f"nobody handles the receipt {receipt}")
    with dispatcher.open_unit(workspace_id, writes=True) as uow:
        question = uow.questions.find(int(number))
        if question is not None and question.asker_told_at is None:
            uow.questions.save(question.changed(asker_told_at=dispatcher.clock()))
