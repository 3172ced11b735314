"""Compares the scope matcher with general search on the same questions: `python -m tests.benchmarks.bench_matching`.

Each alternative is given its best single threshold on the very set it is measured on; the matcher has its fixed ones.
Right, wrong and abstained are counted as in the scorer that came with the questions: a choice that offers an expected
row is right; any answer to an uncovered question, and a choice without an expected row, is confidently wrong.
"""

import argparse
import csv
import gc
import json
import math
import sqlite3
import sys
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from commands.meanings import knowledge, shipped_meanings
from commands.rules.matching import Outcome, Row, ScopeIndex, match
from commands.rules.matching.lexicon import compiled
from tests.benchmarks.figures import Section
from tests.training import sets

# Of the sets that nothing learned from.
SETS = ("scope_dentalgroup", "scope_council")
THRESHOLDS = 80
ROWS_PER_CLIENT = 200
CLIENTS = 1000
MEASURED_CLIENTS = 25

Ranked = list[tuple[float, str]]
Answer = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    expected: frozenset[str]
    kind: str


@dataclass(slots=True)
class Figures:
    """Counts of one approach on one set; `by_kind` holds (asked, right, wrong, abstained)."""

    approach: str
    data: str
    questions: int = 0
    right: int = 0
    wrong: int = 0
    abstained: int = 0
    uncovered_answered: int = 0
    choices: int = 0
    unambiguous: int = 0
    microseconds: float = 0.0
    build_milliseconds: float = 0.0
    by_kind: dict[str, list[int]] = field(default_factory=dict)


def load(name: str) -> tuple[list[Row], list[Question]]:
    one = sets.load(name.removeprefix("scope_"))
    asked = [
        Question(each.text, frozenset(one.rows[row].item for row in each.right), each.kind) for each in one.questions
    ]
    return list(one.rows), asked


def count(figures: Figures, question: Question, answer: Answer, is_choice: bool = False) -> None:
    is_right = bool(set(answer) & question.expected) if question.expected else not answer
    kind = figures.by_kind.setdefault(question.kind, [0, 0, 0, 0])
    figures.questions += 1
    kind[0] += 1
    if is_right:
        figures.right += 1
        kind[1] += 1
    elif answer:
        figures.wrong += 1
        kind[2] += 1
        figures.uncovered_answered += question.kind in sets.UNCOVERED
    else:
        figures.abstained += 1
        kind[3] += 1
    if question.kind not in (*sets.UNCOVERED, "ambiguous"):
        figures.unambiguous += 1
        figures.choices += is_choice


# The alternatives: each builds a ranking function of a question -----------------------------------------------------


def fts5(rows: list[Row]) -> Callable[[str], Ranked]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE item USING fts5(text, notes, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO item VALUES (?, ?)", [(row.item, row.notes or "") for row in rows])

    def rank(question: str) -> Ranked:
        plain = "".join(each if each.isalnum() else " " for each in question)
        words = " OR ".join(f'"{word}"' for word in plain.split())
        if not words:
            return []
        found = database.execute(
            "SELECT -bm25(item), text FROM item WHERE item MATCH ? ORDER BY 1 DESC LIMIT 3", (words,)
        )
        return list(found)

    return rank


def wratio(rows: list[Row]) -> Callable[[str], Ranked]:
    names = [row.item for row in rows]

    def rank(question: str) -> Ranked:
        found = process.extract(question, names, scorer=fuzz.WRatio, processor=str.lower, limit=3)
        return [(score, name) for name, score, _ in found]

    return rank


def tfidf(rows: list[Row]) -> Callable[[str], Ranked]:
    """Cosine of character 2- to 5-grams within words."""

    def grams(text: str) -> Counter[str]:
        words = [f" {word} " for word in "".join(c if c.isalnum() else " " for c in text.lower()).split()]
        return Counter(word[at : at + n] for word in words for n in range(2, 6) for at in range(len(word) - n + 1))

    counted = [grams(f"{row.item} {row.notes or ''}") for row in rows]
    frequency = Counter(gram for each in counted for gram in each)
    idf = {gram: math.log((1 + len(rows)) / (1 + number)) + 1 for gram, number in frequency.items()}
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, each in enumerate(counted):
        length = math.sqrt(sum((times * idf[gram]) ** 2 for gram, times in each.items())) or 1.0
        for gram, times in each.items():
            postings[gram].append((number, times * idf[gram] / length))

    def rank(question: str) -> Ranked:
        asked = {gram: times * idf[gram] for gram, times in grams(question).items() if gram in idf}
        length = math.sqrt(sum(weight**2 for weight in asked.values())) or 1.0
        scores: defaultdict[int, float] = defaultdict(float)
        for gram, weight in asked.items():
            for number, value in postings[gram]:
                scores[number] += weight * value / length
        return sorted(((score, rows[number].item) for number, score in scores.items()), reverse=True)[:3]

    return rank


ALTERNATIVES: dict[str, Callable[[list[Row]], Callable[[str], Ranked]]] = {
    "SQLite FTS5 BM25": fts5,
    "rapidfuzz WRatio": wratio,
    "character TF-IDF": tfidf,
}


def measure_alternative(name: str, data: str) -> Figures:
    """At the single threshold that gets most questions right: above it the best row is the answer, below none."""
    rows, asked = load(data)
    started = time.perf_counter()
    rank = ALTERNATIVES[name](rows)
    built = time.perf_counter()
    rankings = [rank(question.text) for question in asked]
    done = time.perf_counter()
    scores = sorted({ranking[0][0] for ranking in rankings if ranking})
    steps = scores[:: max(1, len(scores) // THRESHOLDS)]
    best = Figures(name, data)
    for threshold in [*steps, math.inf]:
        figures = Figures(name, data)
        for question, ranking in zip(asked, rankings, strict=True):
            count(figures, question, (ranking[0][1],) if ranking and ranking[0][0] >= threshold else ())
        if figures.right > best.right:
            best = figures
    best.microseconds = (done - built) / len(asked) * 1e6
    best.build_milliseconds = (built - started) * 1e3
    return best


def measure_matcher(data: str) -> Figures:
    rows, asked = load(data)
    started = time.perf_counter()
    index = ScopeIndex(rows, knowledge(shipped_meanings()))
    built = time.perf_counter()
    for question in asked:  # warm: what was misspelt before is remembered
        match(index, question.text)
    warm = time.perf_counter()
    found = [match(index, question.text) for question in asked]
    done = time.perf_counter()
    figures = Figures("this matcher", data)
    for question, one in zip(asked, found, strict=True):
        answer = () if one.outcome is Outcome.NONE else tuple(each.item for each in one.candidates)
        count(figures, question, answer, one.outcome is Outcome.CHOICE)
    figures.microseconds = (done - warm) / len(asked) * 1e6
    figures.build_milliseconds = (built - started) * 1e3
    return figures


# Time and memory at size ----------------------------------------------------------------------------------------------


def sized(rows: list[Row], number: int) -> list[Row]:
    """`number` rows, all different: the given ones, then the same for named sites."""
    return [
        Row(at, rows[at % len(rows)].item + (f" at site {at // len(rows)}" if at >= len(rows) else ""),
            rows[at % len(rows)].category, notes=rows[at % len(rows)].notes)
        for at in range(number)
    ]  # fmt: skip


def measure_size() -> dict[str, float]:
    """Milliseconds and bytes, on 200 rows of both matrices together. Runs first, so that nothing is warm."""
    started = time.perf_counter()
    shipped = knowledge(shipped_meanings())
    loaded = time.perf_counter()
    compiled(shipped.vocabulary)
    ready = time.perf_counter()
    rows = sized([row for data in SETS for row in load(data)[0]], ROWS_PER_CLIENT)
    asked = [question.text for data in SETS for question in load(data)[1]]
    unknown = [replace(row, item=f"{row.item} abroad", notes=row.notes and f"{row.notes}, abroad") for row in rows]
    before = time.perf_counter()
    index = ScopeIndex(unknown, shipped)
    built = time.perf_counter()
    match(index, asked[40])
    first = time.perf_counter()
    ScopeIndex(unknown, shipped)
    again = time.perf_counter()
    index = ScopeIndex(rows, shipped)
    times = []
    for question in asked * 2:
        at = time.perf_counter()
        match(index, question)
        times.append(time.perf_counter() - at)
    times = sorted(times[len(asked) :])
    gc.collect()
    tracemalloc.start()
    kept = [ScopeIndex(rows, shipped) for _ in range(MEASURED_CLIENTS)]
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return {
        "vocabulary_load_ms": (loaded - started) * 1e3,
        "vocabulary_compile_ms": (ready - loaded) * 1e3,
        "index_build_ms": (built - before) * 1e3,
        "first_question_with_build_ms": (first - before) * 1e3,
        "index_build_of_known_texts_ms": (again - first) * 1e3,
        "question_mean_us": sum(times) / len(times) * 1e6,
        "question_p99_us": times[int(len(times) * 0.99)] * 1e6,
        "index_bytes": taken / len(kept),
        "all_clients_megabytes": taken / len(kept) * CLIENTS / 1e6,
    }


def table(results: list[Figures], size: dict[str, float]) -> str:
    lines = []
    for data in SETS:
        shown = [each for each in results if each.data == data]
        lines.append(f"\n{data} ({shown[0].questions} questions)")
        lines.append(
            f"{'approach':18} {'right':>7} {'wrong':>7} {'abstain':>8}"
            f" {'uncov.':>7} {'choice':>7} {'us/q':>6} {'build ms':>9}"
        )
        for each in shown:
            choice = each.choices / max(each.unambiguous, 1)
            lines.append(
                f"{each.approach:18} {each.right / each.questions:7.1%} {each.wrong / each.questions:7.1%}"
                f" {each.abstained / each.questions:8.1%} {each.uncovered_answered:7d} {choice:7.1%}"
                f" {each.microseconds:6.0f} {each.build_milliseconds:9.1f}"
            )
        lines.append(f"by kind: {'right/wrong/abstained':>12}" + "".join(f" {each.approach:>18}" for each in shown))
        for kind, (asked, *_) in shown[0].by_kind.items():
            cells = ["/".join(str(number) for number in each.by_kind[kind][1:]) for each in shown]
            lines.append(f"  {kind:12} {asked:>4}{'':>14}" + "".join(f" {cell:>18}" for cell in cells))
    lines.append(f"\nat size ({ROWS_PER_CLIENT} rows a client, {CLIENTS} clients)")
    lines.extend(f"  {name:30} {value:12,.1f}" for name, value in size.items())
    return "\n".join(lines)


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    """The same for `make bench`; it needs no database. `quick`: one set, one alternative, nothing at size."""
    section = Section("Matching, each alternative at its best threshold (right / wrong / abstained; a question)")
    for data in SETS[:1] if quick else SETS:
        alternatives = list(ALTERNATIVES)[:1] if quick else list(ALTERNATIVES)
        for each in (measure_matcher(data), *(measure_alternative(name, data) for name in alternatives)):
            shares = " / ".join(f"{part / each.questions:.1%}" for part in (each.right, each.wrong, each.abstained))
            section.add(f"{data}, {each.approach}", f"{shares}; {each.microseconds:.0f} µs", **asdict(each))
    with (sets.FOLDER / "first_scores.csv").open(encoding="utf-8", newline="") as file:
        for first in csv.DictReader(file):
            shares = f"{first['right']} right, {first['wrong']} wrong, choice {first['choice'] or 'not kept'}"
            section.add(f"first score of {first['set']}", f"{shares} ({first['scored on']})", **first)
    for name, value in ({} if quick else measure_size()).items():
        section.add(name.replace("_", " "), f"{value:,.1f}", value=value)
    return section


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    arguments = parser.parse_args()
    size = measure_size()
    results = [
        figures
        for data in SETS
        for figures in (measure_matcher(data), *(measure_alternative(name, data) for name in ALTERNATIVES))
    ]
    sys.stdout.write(table(results, size) + "\n")
    if arguments.json:
        report = {"sets": [asdict(each) for each in results], "size": size}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
