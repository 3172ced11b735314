"""Control ids as they are compared: AC-02(1), ac-2.1 and "NIST SP 800-53 AC-2 (1)" are one."""

import re

_FRAMEWORK_WORD = (
    r"nist|sp|iso|iec|cis|csf|pci|dss|csc|cmmc|ccm|csa|controls?|safeguard|requirement|req|"
    r"(?:sp)?800[-_ ]?(?:53|171|172)[ab]?(?:r\d)?|27001|27002|(?:rev|r|v)\.?\d[\d.]*"
)
# A bare number right after the name is its version, unless it is all that follows.
_PREFIX = re.compile(rf"^(?:(?:{_FRAMEWORK_WORD})[\s_:/-]+)+(?:\d+(?:\.\d+)*\s+(?=\S))?")


def control_key(text: str) -> str:
    """`text`, one control id as somebody wrote it, without framework name, padding, case and brackets."""
    key = " ".join(text.casefold().split())
    bare = _PREFIX.sub("", key) or key
    bare = re.sub(r"\s*[(\[]\s*(\w+)\s*[)\]]", r".\1", bare).replace(" ", "")
    return re.sub(r"(?<!\d)0+(?=\d)", "", bare)
