"""Whether a file is signed by the one whose key the workspace trusts, for commands that must not run a program."""

from collections.abc import Callable


class CannotVerify(Exception):
    """Why nobody could look at the signature, as a sentence for people."""


Verify = Callable[[bytes, bytes], bool]
"""Whether the second is a signature of the first by the trusted key. Raises CannotVerify."""
