"""Whose something is, in words, by the party that a row names."""

from storage.records.responsibility import Party

WHOSE = {
    Party.MSP: "the MSP's",
    Party.CLIENT: "the client's",
    Party.SHARED: "shared",
    Party.THIRD_PARTY: "a third party's",
    Party.OUT_OF_SCOPE: "out of scope",
}
OURS = {**WHOSE, Party.MSP: "ours"}
"""The same as one of us says it."""
