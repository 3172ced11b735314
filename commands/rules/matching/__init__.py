"""Which row of a matrix a question is about: words, trade vocabulary and thresholds; no model, no network."""

from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.match import Candidate, Match, Outcome
from commands.rules.matching.outline import Row
from commands.rules.matching.questions import split_questions

__all__ = ["Candidate", "Match", "Outcome", "Row", "ScopeIndex", "split_questions"]
