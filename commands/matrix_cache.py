"""Each client's matrix, arranged once per version and kept in bounded memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commands.explanations import explanations, unexplained_parts
from commands.meanings import MOST_AT_ONCE, Meanings, knowledge, no_meanings
from commands.reckoning import reckoning_of
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.matching.knowledge import Knowledge
from commands.rules.matching.nearness import Vectors
from commands.rules.scope.answer import ClientMatrix
from commands.rules.scope.coverage import coverage
from commands.rules.text.promising import sentences
from commands.rules.text.wording import absolutes
from commands.settled import settled_before
from storage.catalog.gray_zones import gray_zones
from storage.records import Agreement, Client, LearnedPhrase, Responsibility
from storage.unit_of_work import UnitOfWork

# So that the process stays near 300 MB: some 80 MB of matrices with their vectors beside 220 MB of program.
MOST_ROWS = 60_000
_MOST_DAYS = 3
# What a matrix takes beside its rows, as rows.
_OVERHEAD = 20
# Of so many clients it is kept which gray zones are open: 1 to 2 KB each.
_MOST_AREAS = 5_000
# Of so many clients it is kept which words their records have: up to 100 KB each.
_MOST_STEMS = 200
_Key = tuple[int, int]


@dataclass(slots=True)
class _Kept:
    """One version of a client's matrix, as of the last days asked for. `awaited` is a text that is not encoded yet: as
    long as that is so, questions are answered by words alone.
    """

    version: tuple[int, int]
    days: OrderedDict[date, ClientMatrix]
    size: int
    awaited: str | None


class Matrices:
    """At most `rows` rows of matrices, the least recently used first out; about 1.4 KB a row.

    The client's `matrix_version` is compared, so a change in any process counts from the next question on.
    `load_meanings` gives the sentence encoder, None where there is none. It is called once, by whoever needs it first.
    """

    def __init__(self, rows: int = MOST_ROWS, load_meanings: Callable[[], Meanings | None] = no_meanings) -> None:
        self._most = rows
        self._load_meanings = load_meanings
        self._loaded: list[Meanings | None] = []
        self._loading = threading.Lock()
        self._rows = 0
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._open_areas: OrderedDict[bytes, frozenset[str]] = OrderedDict()
        self._stems: OrderedDict[_Key, tuple[tuple[int, int], frozenset[str]]] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    @property
    def meanings(self) -> Meanings | None:
        """The sentence encoder, loaded by the first who asks: half a second that no start-up has to wait for."""
        if not self._loaded:
            with self._loading:
                if not self._loaded:
                    self._loaded.append(self._load_meanings())
        return self._loaded[0]

    @property
    def question_vectors(self) -> Vectors | None:
        """From questions to one unit vector each, for comparing them; None without an encoder."""
        meanings = self.meanings
        return meanings.vectors if meanings is not None else None

    @property
    def knowledge(self) -> Knowledge:
        """What questions are answered with."""
        return knowledge(self.meanings)

    @property
    def rows(self) -> int:
        """How many rows are kept."""
        return self._rows

    def of(self, uow: UnitOfWork, client: Client, as_of: date) -> ClientMatrix:
        """The client's matrix as of a day, as it stands in this unit of work."""
        key, version = (uow.workspace_id, client.id), (uow.epoch, client.matrix_version)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.version != version:
                kept = None
        if kept is not None and kept.awaited is not None and not self._waits(uow, kept.awaited):
            kept = None
        if kept is not None and not uow.changed_clients:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                if (found := kept.days.get(as_of)) is not None:
                    kept.days.move_to_end(as_of)
                    self.hits += 1
                    return found
                nearest = next(reversed(kept.days.values()))
            built = nearest.on(as_of)
        else:
            built = self.built(uow, client, as_of)
        if not uow.changed_clients:
            self._keep(key, version, built)
        return built

    def stems(self, uow: UnitOfWork, client: Client, as_of: date) -> frozenset[str]:
        """The stems of all words in the client's rows and papers."""
        matrix = self.of(uow, client, as_of)
        if uow.changed_clients:
            return matrix.stems
        key, version = (uow.workspace_id, client.id), (uow.epoch, client.matrix_version)
        with self._lock:
            known = self._stems.get(key)
            if known is not None and known[0] == version:
                self._stems.move_to_end(key)
                return known[1]
        found = matrix.stems
        with self._lock:
            self._stems[key] = version, found
            while len(self._stems) > _MOST_STEMS:
                self._stems.popitem(last=False)
        return found

    def _waits(self, uow: UnitOfWork, text: str) -> bool:
        """Whether nobody has encoded a text yet."""
        return self.meanings is not None and bool(self.meanings.load(uow, [text]))

    def built(self, uow: UnitOfWork, client: Client, as_of: date) -> ClientMatrix:
        """The same, arranged anew. By words alone while many of its texts are not encoded yet."""
        agreements, rows = uow.agreements.of_client(client.id), uow.responsibilities.current(client.id)
        phrases, reckoning = uow.phrases.known(client.id), reckoning_of(uow, client)
        known, awaited = self.knowledge, None
        if (meanings := self.meanings) is not None:
            texts = coverage(agreements, rows, phrases, as_of, reckoning).texts
            if len(new := meanings.load(uow, texts)) > MOST_AT_ONCE:
                known, awaited = known.by_words_alone(), new[-1]
        held = uow.walkthroughs.of_client(client.id)
        told = explanations(agreements, held, uow.topics.current(client.id) if held else (), rows, as_of)
        explained, partly = (each.agreement_id for each in held), unexplained_parts(told, agreements)
        settled = settled_before(uow, client)
        matrix = ClientMatrix(agreements, rows, explained, as_of, known, phrases, reckoning, settled, partly)
        matrix.awaited = awaited
        return matrix

    def new_texts(self, uow: UnitOfWork, client: Client, as_of: date) -> list[str]:
        """The texts of the client's matrix, and the sentences of what was promised, that nobody has encoded yet; none
        without an encoder.
        """
        if (meanings := self.meanings) is None:
            return []
        agreements = uow.agreements.of_client(client.id)
        covered = coverage(
            agreements, uow.responsibilities.current(client.id),
            uow.phrases.known(client.id), as_of, reckoning_of(uow, client),
        )  # fmt: skip
        worded = [each.what for each in uow.promises.current(client.id, with_general=True)]
        worded += [each.summary for each in agreements if each.summary]
        promised = [each for text in worded if not absolutes(text) for each in sentences(text)]
        return meanings.load(uow, (*covered.texts, *promised))

    def encode(self, texts: Sequence[str]) -> None:
        """Encode texts into memory: 4 ms each, so best outside of any unit of work."""
        if (meanings := self.meanings) is not None:
            meanings.row_vectors(texts)

    def encoded_texts(self) -> list[str]:
        """The texts that this process has encoded and nobody has stored; none where the encoder was not needed."""
        meanings = self._loaded[0] if self._loaded else None
        return meanings.new() if meanings is not None else []

    def store(self, uow: UnitOfWork, texts: Sequence[str]) -> None:
        """Keep the vectors of texts that were encoded, for all processes."""
        if (meanings := self.meanings) is not None:
            meanings.store(uow, texts)

    def open_areas(
        self,
        agreements: Iterable[Agreement],
        rows: Iterable[Responsibility],
        phrases: Iterable[LearnedPhrase],
        as_of: date,
        reckoning: Reckoning | None = None,
    ) -> frozenset[str]:
        """The titles of the gray zones that nothing which applies as of a day speaks of. No matrix is arranged or kept
        for it: what is kept is which items leave open what, so that the next check finds it, on whatever day.
        """
        covered = coverage(agreements, rows, phrases, as_of, reckoning)
        digest = covered.digest
        with self._lock:
            if (known := self._open_areas.get(digest)) is not None:
                self._open_areas.move_to_end(digest)
                return known
        found = covered.open_questions({zone.title: zone.question for zone in gray_zones()}, knowledge())
        with self._lock:
            self._open_areas[digest] = found
            while len(self._open_areas) > _MOST_AREAS:
                self._open_areas.popitem(last=False)
        return found

    def _keep(self, key: _Key, version: tuple[int, int], built: ClientMatrix) -> None:
        with self._lock:
            self.misses += 1
            kept = self._kept.get(key)
            if kept is None or (kept.version, kept.awaited) != (version, built.awaited):
                self._drop(key)
                kept = self._kept[key] = _Kept(version, OrderedDict(), _OVERHEAD + built.size, built.awaited)
                self._rows += kept.size
            kept.days[built.as_of] = built
            while len(kept.days) > _MOST_DAYS:
                kept.days.popitem(last=False)
            while self._rows > self._most and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: _Key) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self._rows -= gone.size
