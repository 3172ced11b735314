"""Loads what training left: the numbers of the ranking, as JSON."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from storage.records.ranking import Ranking, Rankings, Scorer


@cache
def rankings() -> Rankings:
    """The shipped rankings, read once per process."""
    raw = json.loads(files("storage.catalog").joinpath("rankings.json").read_text(encoding="utf-8"))
    return Rankings(_ranking(raw["full"]), _ranking(raw["words"]))


def as_json(rankings: Rankings) -> str:
    """What `rankings` reads, with numbers of five digits."""
    return json.dumps({"full": _raw(rankings.full), "words": _raw(rankings.words)}) + "\n"


def _ranking(raw: dict[str, Any]) -> Ranking:
    return Ranking(
        columns=tuple(raw["columns"]),
        about=tuple(raw["about"]),
        rows=[_scorer(each) for each in raw["rows"]],
        none=[_scorer(each) for each in raw["none"]],
        offsets=tuple(raw["offsets"]),
        sure=raw["sure"],
        near=raw["near"],
        offered=raw["offered"],
    )


def _scorer(raw: dict[str, Any]) -> Scorer:
    return Scorer(**{name: np.array(values, np.float32) for name, values in raw.items()})


def _raw(ranking: Ranking) -> dict[str, Any]:
    return {
        "columns": ranking.columns,
        "about": ranking.about,
        "rows": [_numbers(each) for each in ranking.rows],
        "none": [_numbers(each) for each in ranking.none],
        "offsets": [round(float(each), 5) for each in ranking.offsets],
        "sure": ranking.sure,
        "near": ranking.near,
        "offered": ranking.offered,
    }


def _numbers(scorer: Scorer) -> dict[str, Any]:
    names = ("mean", "deviation", "linear", "inner", "bias", "outer")
    return {name: np.vectorize(lambda value: float(f"{value:.5g}"))(getattr(scorer, name)).tolist() for name in names}
