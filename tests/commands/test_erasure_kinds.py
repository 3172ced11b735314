"""Every text column of every table says whether erasing a client takes its content, and the command says so, too."""

from typing import Any

import pytest
from sqlalchemy import inspect

from storage.engine.concealment import about_clients
from storage.repositories.erasure import APART, GOES, STAYS, holds_text
from storage.table_base import TenantTable
from tests.commands.conftest import Desk

TEXTS = [
    (table, column) for table in TenantTable.__subclasses__() for column in inspect(table).columns if holds_text(column)
]


@pytest.mark.parametrize(("table", "column"), TEXTS, ids=lambda each: getattr(each, "name", None))
def test_every_text_is_either_gone_or_kept(table: Any, column: Any) -> None:
    """A new column fails here until it is classified in storage/repositories/erasure.py."""
    if about_clients(table):
        kinds = [words for fates in (GOES, STAYS) for words, columns in fates.items() if column.name in columns]
    else:
        kinds = [words for words, columns in APART.items() if f"{table.__tablename__}.{column.name}" in columns]
    assert len(kinds) == 1, f"{table.__tablename__}.{column.name}: {kinds or 'not classified'}"


def test_nothing_is_classified_that_does_not_exist() -> None:
    known = {column.name for table, column in TEXTS if about_clients(table)}
    apart = {f"{table.__tablename__}.{column.name}" for table, column in TEXTS if not about_clients(table)}
    assert {each for fates in (GOES, STAYS) for columns in fates.values() for each in columns} == known
    assert {each for columns in APART.values() for each in columns} == apart


def test_the_command_says_of_every_kind_whether_it_goes_or_stays(calder: Desk) -> None:
    calder.type("/engagement client offboard calder")
    asked = " ".join(calder.type("/engagement client erase calder").lines)
    done = " ".join(calder.type("/engagement client erase number:1 confirm:yes").lines)
    for words in (*GOES, *STAYS, *APART):
        assert words in asked
        assert words in done
