"""SQLite has one writer at a time: writers of this process queue here, in order, and small ones share a commit.

A commit waits for the disk. Whoever is done hands the open transaction on to the next in the queue, who works in a
savepoint of its own; the last of a row commits for all, and only then does any of them go on. So each is committed or
told that it is not, as before, while sixteen that arrive together wait for the disk once and not sixteen times.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, RootTransaction, Transaction
from sqlalchemy.exc import SQLAlchemyError

from storage.errors import DatabaseUnavailable

_MOST_IN_A_ROW = 32
_LONGEST_ROW = 0.05


@dataclass(slots=True)
class _SharedTransaction:
    """One transaction of several units; `failure` is set before `done` when its commit failed."""

    connection: Connection
    transaction: RootTransaction
    began: float
    units: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    failure: SQLAlchemyError | None = None

    @property
    def has_room(self) -> bool:
        return self.units < _MOST_IN_A_ROW and time.monotonic() - self.began < _LONGEST_ROW


@dataclass(slots=True, eq=False)
class _Waiter:
    shares: bool
    called: threading.Event = field(default_factory=threading.Event)
    inherited: _SharedTransaction | None = None


class GroupCommit:
    """`epoch` is counted up when a commit fails: what was read in that transaction was never committed."""

    def __init__(self, engine: Engine, patience: float) -> None:
        """`patience`: how long to queue, in seconds."""
        self._engine = engine
        self._patience = patience
        self._lock = threading.Lock()
        self._queue: deque[_Waiter] = deque()
        self._is_taken = False
        self.epoch = 0

    def write(self, *, shares: bool) -> "QueuedWrite":
        return QueuedWrite(self, shares)

    def take(self, shares: bool) -> _SharedTransaction:
        """The transaction to work in, once it is this thread's turn. Raises DatabaseUnavailable, SQLAlchemyError."""
        with self._lock:
            if self._is_taken:
                waiting = _Waiter(shares)
                self._queue.append(waiting)
            else:
                self._is_taken = True
                waiting = None
        if waiting is not None:
            self._wait(waiting)
            if waiting.inherited is not None:
                return waiting.inherited
        try:
            connection = self._engine.connect()
            return _SharedTransaction(connection, connection.begin(), time.monotonic())
        except BaseException:
            self._call_next()
            raise

    def end(self, shared: _SharedTransaction, shares: bool) -> None:
        """Hand the transaction on or commit it; back when it is committed. Raises SQLAlchemyError when it is not."""
        shared.units += 1
        if shares and shared.transaction.is_active and self._hand_on(shared):
            shared.done.wait()
        else:
            self._commit(shared)
        if shared.failure is not None:
            raise shared.failure

    def _wait(self, waiting: _Waiter) -> None:
        if waiting.called.wait(self._patience):
            return
        with self._lock:
            if waiting in self._queue:
                self._queue.remove(waiting)
                raise DatabaseUnavailable("the database is locked: too many are writing to it")
        waiting.called.wait()  # called at the last moment

    def _hand_on(self, shared: _SharedTransaction) -> bool:
        with self._lock:
            if not self._queue or not self._queue[0].shares or not shared.has_room:
                return False
            following = self._queue.popleft()
        following.inherited = shared
        following.called.set()
        return True

    def _commit(self, shared: _SharedTransaction) -> None:
        try:
            if shared.transaction.is_active:
                shared.transaction.commit()
        except SQLAlchemyError as error:
            self.epoch += 1
            shared.failure = error
        finally:
            shared.connection.close()
            shared.done.set()
            self._call_next()

    def _call_next(self) -> None:
        with self._lock:
            following = self._queue.popleft() if self._queue else None
            self._is_taken = following is not None
        if following is not None:
            following.called.set()


class QueuedWrite:
    """One unit's turn to write: begun and ended once."""

    def __init__(self, group: GroupCommit, shares: bool) -> None:
        self._group = group
        self._shares = shares
        self._shared: _SharedTransaction | None = None
        self._own: Transaction | None = None

    @property
    def epoch(self) -> int:
        return self._group.epoch

    def begin(self) -> Connection:
        """Raises DatabaseUnavailable, SQLAlchemyError."""
        self._shared = self._group.take(self._shares)
        try:
            is_first = self._shared.units == 0  # there is nobody's work but its own in the transaction yet
            self._own = self._shared.transaction if is_first else self._shared.connection.begin_nested()
        except BaseException:
            self._group.end(self._shared, self._shares)
            raise
        return self._shared.connection

    def end(self, *, is_kept: bool) -> None:
        """Back when everything is committed, or this unit's work undone. Raises SQLAlchemyError when it is not."""
        assert self._shared is not None, "ended before it was begun"
        assert self._own is not None
        try:
            if not is_kept:
                self._own.rollback()
            elif self._own is not self._shared.transaction:
                self._own.commit()
        finally:
            self._group.end(self._shared, self._shares)
