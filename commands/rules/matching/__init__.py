"""Which row of a matrix a question is about: by vocabulary, sentence encoder and a trained ranking; no network."""

from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.knowledge import Knowledge
from commands.rules.matching.match import Candidate, Match, Outcome, match
from commands.rules.matching.outline import Row
from commands.rules.matching.questions import split_questions

__all__ = ["Candidate", "Knowledge", "Match", "Outcome", "Row", "ScopeIndex", "match", "split_questions"]
