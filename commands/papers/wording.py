"""The wording that came with the bot: the passages of each paper, to be replaced by a lawyer's in a template.

Passages say what the paper is for and how to read it; facts come from the record only. A passage may use the fields
in `FIELDS`. "We" is the provider, "you" the client.
"""

from collections.abc import Mapping

from storage.records import PaperKind

FIELDS = ("client", "provider", "agreements", "as_of")
REQUIRED = "nature"
"""The passage that no template may leave out: that the paper is a report of what was recorded."""

FIRST: Mapping[PaperKind, tuple[str, ...]] = {
    PaperKind.STATEMENT: ("about", "care", "hold", "nature"),
    PaperKind.WALKTHROUGH: ("about", "topics", "nature"),
    PaperKind.DISCLOSURE: ("attest", "about", "nature"),
    PaperKind.ADDENDUM: ("about", "force", "nature"),
    PaperKind.DECLINATION: ("risk", "back", "nature"),
    PaperKind.NOTICE: ("notice", "late", "sending", "nature"),
    PaperKind.INCIDENT: ("about", "clocks", "nature"),
}
"""The passages that a lawyer should read and change first: what binds, what is excluded, what controls."""

_NATURE = (
    "This paper reports what was recorded on the day it is as of. It is not legal advice, and it changes no agreement "
    "by itself. Typed names and dates are records, not signatures. What is not recorded is printed as missing, and "
    "silence in it means nothing was recorded, not that nothing was agreed."
)

PASSAGES: Mapping[PaperKind, Mapping[str, str]] = {
    PaperKind.STATEMENT: {
        "about": (
            "This statement lists who does what between {{ provider }} (we) and {{ client }} (you), as recorded "
            "under {{ agreements }}. Where it differs from the signed agreement, the agreement controls."
        ),
        "ours": "We do these. The clause says how far.",
        "yours": "You do these. We do not do them for you unless we agree so in writing.",
        "both": "Each of us has a part. One part done does not do the other.",
        "third": (
            "Whoever is named does these, not we. Where a note says that we do a part of it, our part ends there."
        ),
        "out": "These are not part of the agreement. Nobody should assume that we do them.",
        "topics": ("Put your initials beside each topic once it was explained to you and is clear to you."),
        "care": (
            "Our work is measured by these published frameworks, in these versions, as far as the clause that is "
            "named says so. It is no promise that nothing will happen."
        ),
        "regulations": (
            "You told us which regulations concern you. We rely on that. Tell us in writing when it changes."
        ),
        "insurance": "These are required of you by an insurer or a contract. We know only what you have told us.",
        "access": (
            "We may use your systems this far and no further. Where no limit or no clause is recorded, how far is "
            "still to be agreed."
        ),
        "hold": "Our part rests on yours. Where yours is not done, ours may not be possible.",
        "nature": _NATURE,
    },
    PaperKind.WALKTHROUGH: {
        "about": (
            "This sheet is for the conversation in which {{ provider }} (we) explains {{ agreements }} to {{ client "
            "}} (you). It is no part of the agreement."
        ),
        "who": "Write down who took part. Only what is recorded can be shown later.",
        "topics": "Explain each topic in your own words, and write down what was asked and what was answered.",
        "apart": "Say each of these aloud: misunderstandings begin here.",
        "back": "Record the conversation on the same day. In Slack, or on the command line:",
        "nature": _NATURE,
    },
    PaperKind.DISCLOSURE: {
        "about": (
            "{{ provider }} (we) asks {{ client }} (you) which laws, standards and contracts set requirements for "
            "your systems and data. Only you can know. We do not find out for you, and we conclude nothing from what "
            "you do."
        ),
        "asked": "Tick one box for each. If you do not know, say so: it will be asked again.",
        "more": "Name whatever is not listed above.",
        "attest": (
            "I have authority to answer for {{ client }}. The answers are what {{ client }} knows today. It tells "
            "{{ provider }} in writing when something changes. Whether the agreed services satisfy these requirements "
            "is for {{ client }} to judge, unless a signed agreement says otherwise."
        ),
        "nature": _NATURE,
    },
    PaperKind.DECLINATION: {
        "about": (
            "{{ provider }} (we) recommended what is named here, and {{ client }} (you) decided against it. The "
            "decision is yours. This paper makes sure that both of us know what it means."
        ),
        "declined": "",
        "risk": "What the recommendation guards against can happen. You carry what comes of it.",
        "back": "Tell us, and we make a new offer. Until it is agreed in writing, nothing changes.",
        "nature": _NATURE,
    },
    PaperKind.NOTICE: {
        "about": "{{ provider }} (we) gives notice to {{ client }} (you) under {{ agreements }}.",
        "notice": "We give notice as follows.",
        "late": (
            "The last day for this notice has passed. Given now, it does not end the term named here: the agreement "
            "stands as renewed. Agree on an earlier end in writing, or give notice against the next term."
        ),
        "sending": "A notice counts only if it is given in the way and to the place that the agreement asks for.",
        "nature": (
            "This paper was prepared from what was recorded. It is not legal advice. It is notice only once it is "
            "signed and given as the agreement asks. What is not recorded is printed as missing."
        ),
    },
    PaperKind.INCIDENT: {
        "about": (
            "This sheet is for whoever handles the incident at {{ client }}: what is on record of it, who must tell "
            "whom by when, and who was told. It decides nothing: which of these clocks run is for counsel to say."
        ),
        "facts": "Times are local to the incident. What became known later is recorded as a later version.",
        "clocks": (
            "Each clock is what its source says; the last column says whether anybody verified that. Where a source "
            "gives no number, its own words stand here. Hours count from the discovery unless another start is named."
        ),
        "told": "Only what was recorded, with its proof where there is one.",
        "unknown": "Ask about each of these, and record the answer.",
        "nature": (
            "This paper reports what was recorded on the day it is as of. It is not legal advice, it is no complete "
            "list of duties, and it admits no fault of anybody. What is not recorded is printed as missing, and "
            "silence in it means nothing was recorded, not that nothing happened and not that nobody has to be told."
        ),
    },
    PaperKind.ADDENDUM: {
        "about": (
            "This addendum amends {{ agreements }} between {{ provider }} (we) and {{ client }} (you). What it does "
            "not name stays as it is."
        ),
        "changes": "",
        "settled": (
            "These were decided when somebody asked. No row says them yet: fill in what is open, or strike them out."
        ),
        "force": (
            "The changes apply from the days named above, and not before both of us have signed. Until then the "
            "agreement applies as it was."
        ),
        "nature": (
            "This paper was prepared from what was recorded as proposed. It is not legal advice, and a draft until "
            "both sides have signed it. What is not recorded is printed as missing."
        ),
    },
}
