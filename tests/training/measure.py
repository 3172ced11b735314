"""Scores the matcher on a data set: python -m tests.training.measure FOLDER (such as questions export writes)."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from commands.meanings import knowledge, shipped_meanings
from commands.rules.matching import Knowledge, Outcome, ScopeIndex, match
from tests.training import sets


def measure(one: sets.Set, known: Knowledge) -> Counter[str]:
    """Counts of questions: a choice with a right row is right; any answer where no row is right is wrong."""
    index = ScopeIndex(one.rows, known)
    counted: Counter[str] = Counter()
    for question in one.questions:
        found = match(index, question.text)
        got = set() if found.outcome is Outcome.NONE else {each.key for each in found.candidates}
        is_right = bool(got & set(question.right)) if question.right else not got
        counted["all"] += 1
        counted["right"] += is_right
        counted["wrong"] += bool(got) and not is_right
        counted["sure wrong"] += found.outcome is Outcome.SURE and not is_right
        counted["uncovered"] += not question.right
        counted["uncovered answered"] += not question.right and bool(got)
        counted["single"] += len(question.right) == 1
        counted["choice"] += len(question.right) == 1 and found.outcome is Outcome.CHOICE
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder scope_NAME with matrix.csv and questions.csv")
    folder: Path = parser.parse_args().folder
    one = sets.load(folder.resolve().name.removeprefix("scope_"), folder.resolve().parent)
    found = measure(one, knowledge(shipped_meanings()))
    shares = {name: found[name] / found["all"] for name in ("right", "wrong", "sure wrong")}
    shares["choice"] = found["choice"] / max(found["single"], 1)
    shares["uncovered answered"] = found["uncovered answered"] / max(found["uncovered"], 1)
    sys.stdout.write(f"{found['all']} questions: " + ", ".join(f"{n} {s:.1%}" for n, s in shares.items()) + "\n")


if __name__ == "__main__":
    main()
