"""Phrases that promise what nobody can keep, each with softer words for it where there are any."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from commands.rules.text.late_pattern import late_pattern
from commands.rules.text.wording_context import (
    is_denied,
    is_others_duty,
    is_required,
    sentence_before,
)

_THING = (
    r"(?:attacks?|breach(?:es)?|threats?|incidents?|malware|virus(?:es)?|ransomware|outages?|intrusions?|downtime"
    r"|risks?"
    r"|vulnerabilit(?:y|ies)|data[ ]loss|failures?|loss(?:es)?|phishing|spam|hacks?|hackers?|infections?|liability"
    r"|fines|lawsuits|claims)"
)
_OF_ALL = r"(?:all|any|every|each|100\s?% of)(?: (?:the|cyber|security|data|network|known|new|future|kinds? of))*"
_KIND = r"(?:(?:the|cyber|security|data|network|your)[ -])*"
_SURE = r"(?:fully|completely|totally|absolutely|perfectly|entirely)"
_QUALITY = (
    r"(?:up-?time|availab\w+|secure|security|safe|safety|protect\w+|complian\w+|reliab\w+|recover\w+|confidential\w*"
    r"|private|satisfaction|success|accura\w+|effective\w*|risk|guarantee\w*|of (?:all |the )?"
    r"(?:malicious|threats|attacks|malware|viruses|breaches|ransomware|phishing|spam|vulnerabilities))"
)
_NO_SUCH_CERTIFICATE = r"(HIPAA|GDPR|CCPA|NIST(?: [\d-]+)?|FERPA|GLBA|FTC|SEC|OSHA|COPPA|DFARS)"
_LAW = r"(?:HIPAA|GDPR|CCPA|PCI|NIST|CMMC|FTC|GLBA|SOC 2|ISO|FERPA|DORA|NIS2|CJIS)"
_CAUGHT = (
    r"(?:stopped|blocked|caught|prevented|detected|found|spotted|fixed|patched|closed|eliminated|neutrali[sz]ed"
    r"|removed|defeated|intercepted)"
)
_STOP = r"(?:stop|block|catch|prevent|kill|defeat|intercept|neutrali[sz]e)(?:e?s)?"
_ATTACK = r"(?:hack(?:ed)?|breach(?:ed)?|crack(?:ed)?|compromised?|penetrated?)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """`hints`: one of them is in every text that it is found in. `instead` may refer to groups of the expression.

    `not_ours`: what takes a phrase out beside questions and quotations, given the text and where the phrase starts.
    """

    hints: tuple[str, ...]
    expression: re.Pattern[str]
    instead: str | None
    not_ours: tuple[Callable[[str, int], bool], ...]


def _is_past(text: str, start: int) -> bool:
    """Told of what was: "there was zero downtime last month"."""
    return re.search(r"\b(?:was|were|had|been|reported)\s+(?:\w+\s+)?$", text[:start], re.I) is not None


def _is_quantity(text: str, start: int) -> bool:
    """A number of something, not of a quality: none of uptime, security and the like is next to it."""
    after = re.match(rf"[\w.]+\s?(?:%|per ?cent)?,?(?:\s+(?!of\b)[\w-]+){{0,3}}?\s+{_QUALITY}\b", text[start:], re.I)
    before = re.search(rf"\b{_QUALITY}\b(?:\s+[\w-]+){{0,2}}[\s:]+$", sentence_before(text, start), re.I)
    return after is None and before is None and re.search(r"\w", text[start:][4:]) is not None


def _is_a_rule_for_others(text: str, start: int) -> bool:
    """A duty of the reader's, or of a thing: "keep the gateway on at all times"."""
    said = sentence_before(text, start)
    is_service = re.search(
        r"\b(?:we|our|availab\w+|protected|secured?|monitor\w*|watch\w*|support\w*|complian\w+|reachable|up|online"
        r"|up-?time)\b", said, re.I,
    )  # fmt: skip
    return is_service is None or re.search(r"\b(?:must|shall|users|you must|please)\b", said, re.I) is not None


def _is_of_others(text: str, start: int) -> bool:
    """A guarantee in law or of a maker, which is a paper and no promise of ours."""
    before = text[:start].casefold()
    is_paper = re.search(
        r"\b(?:manufacturer|vendor|bank|personal|parent|loan|lease|maker|supplier)(?:['\u2019]?s['\u2019]?)?\s+$"
        r"|\bunder\s+$", before,
    )  # fmt: skip
    given = re.match(
        r"guarantees? (?:that are )?(?:given|issued|offered|granted|made|provided) (?:by|under)\b(?! us\b| our)",
        text[start:],
        re.I,
    )
    return is_paper is not None or given is not None


def _is_no_success(text: str, start: int) -> bool:
    """Said of something that is not achieved: "a technician calls you every time"."""
    said = sentence_before(text, start)
    good = (
        r"\b(?:recover\w*|restor\w*|cover\w*|protect\w*|work\w*|succe\w*|secur\w*|pass\w*|safe\w*|complian\w*|audit\w*)"
    )
    return re.search(good, said, re.I) is None


def _is_no_failure(text: str, start: int) -> bool:
    """Something else that is no option: "paying the ransom is not an option"."""
    said = sentence_before(text, start)
    return re.search(r"\b(?:fail\w*|down-?time|outages?|data loss|breach\w*|disruption)\s+$", said, re.I) is None


def _pattern(
    hints: str, expression: str, instead: str | None, *not_ours: Callable[[str, int], bool], may_be_denied: bool = True
) -> Pattern:
    denied = (is_denied, *not_ours) if may_be_denied else not_ours
    return Pattern(tuple(hints.split("|")), late_pattern(rf"\b(?:{expression})(?!\w)", re.IGNORECASE), instead, denied)


PATTERNS = (
    *(
        _pattern("guarantee", expression, instead, is_others_duty, _is_of_others)
        for expression, instead in (
            ("(?:is|are) guaranteed", "is the target"), ("guarantee that", "work so that"),
            ("guarantees that", "works so that"), ("guarantees", "aims for"), ("guaranteeing", "aiming for"),
            ("guaranteed", "targeted"), ("guarantee", "aim for"),
        )
    ),
    *(
        _pattern("ensur", expression, instead, is_others_duty)
        for expression, instead in (
            ("ensure that", "take reasonable steps so that"), ("ensures that", "takes reasonable steps so that"),
            ("ensuring that", "taking reasonable steps so that"), ("ensure", "take reasonable steps towards"),
            ("ensures", "takes reasonable steps towards"), ("ensuring", "taking reasonable steps towards"),
        )
    ),
    _pattern(
        "100|hundred", r"(?:100\s?(?:%|per ?cent)|(?:one |a )?hundred per ?cent)(?: compliant)?", "the agreed level of",
        _is_quantity, is_others_duty, is_required,
    ),
    _pattern(
        "ly secure|ly safe|ly protected", rf"{_SURE} (?:secured?|safe|protected)", "reasonably protected", is_required
    ),
    _pattern(
        "complete|total|absolute|perfect|ironclad|100%",
        r"(?:complete|total|absolute|perfect|ironclad|100% ?) (?:\w+ )?(protection|security|safety|immunity)"
        r"(?! (?:fees?|packages?|bundles?|charges?|prices?|tiers?|items?|lines?|review|assessment|audit|awareness"
        r"|polic|training|program|report|plan|team|check|scan|patch|update"
        r"|setting|group|log|incident|camera|system|questionnaire|budget|cost|spend|officer|guard))",
        r"reasonable \1", is_required,
    ),
    _pattern("prevent|stop|block|eliminat|remove", rf"(?:prevent|stop|block|eliminate|remove)(?:s|ing)? {_OF_ALL}"
             rf"[ -]({_THING})", r"help to reduce \1", is_others_duty),
    _pattern("eliminat", rf"eliminat(?:es?|ing) {_KIND}({_THING})", r"help to reduce \1", is_others_duty),
    _pattern("from ever", r"from ever (?:happening|occurring|getting in|starting)", "where that is practical"),
    _pattern("detect|find|catch|spot|beat|defeat|repel|intercept|neutrali", rf"(?:detect|find|catch|spot|beat"
        rf"|defeat|repel|intercept|neutrali[sz]e)(?:es|s|ing)? {_OF_ALL}[ -]({_THING})",
             r"help to detect \1", is_others_duty),
    _pattern(
        "from|against",
        rf"(?:protect|secure|defend|cover|shield|guard|safeguard)s? ((?:\w+ ){{0,4}}?)(?:against"
        rf"|from) {_OF_ALL}[ -]({_THING})",
        r"help to protect \1against \2",
    ),
    _pattern(
        "zero|no downtime|no data loss|no-downtime",
        r"(?:zero|no)[ -](downtime|data loss)(?! (?:is|was|are|has|had|occurred|window|report|prevention|polic\w+)\b)"
        r"|zero[ -](risk|breaches|outages|incidents|attacks|infections|surprises)",
        r"as little \1\2 as is practical", _is_past, may_be_denied=False,
    ),
    _pattern("never", r"never (be|go(?:es)?|fails?|loses?|suffers?|experiences?)", r"seldom \1", is_required,
             is_others_duty, may_be_denied=False),
    _pattern("never", r"never (miss(?:es)?|worry(?: about)?|get(?:s)? (?:in|past|through|hacked|breached|lost)"
             r"|have to worry|happens?)", r"seldom \1", is_required, is_others_duty, may_be_denied=False),
    _pattern("always", r"always[ -](available|protected|secure|safe|up|on|online|compliant|pass|recoverable)"
             r"(?![ -](?:vpn|availability|encrypted|display|listener))", r"normally \1", is_others_duty, is_required),
    _pattern("at all times", r"at all times", "in the agreed hours", _is_a_rule_for_others),
    _pattern("pass", r"pass(?:es)? (?:every|all|any) (audits?|reviews?|inspections?|assessments?)", r"prepare for \1",
             is_others_duty),
    _pattern("risk-free|risk free", r"risk[- ]free(?! trial)", "hardened"),
    _pattern(
        "proof",
        r"(?:bullet|hack|hacker|virus|ransomware|malware|breach|attack|phishing|fail|fool|quantum|tamper|threat"
        r"|cyber|audit"
        r"|disaster|error|outage|downtime)[- ]?proof(?! (?:of|seal|tape|label))",
        "hardened", is_required,
    ),
    _pattern("unhack|unbreak|breachable|impenetr|infallib|flawless",
             r"unhackable|unbreakable|un-?breachable|impenetrable|infallible|flawless", "hardened"),
    _pattern(
        "grade|strength|level",
        r"(?:military|bank|government|nsa|pentagon|nasa|defen[cs]e)[ -](?:grade|strength|level)"
        r"(?= (?:\w+ )?(?:secur|encrypt|protect|priva|defen|safe|cipher|backup|cloud|technolog|host))",
        "strong", may_be_denied=True,
    ),
    _pattern("military|bank", r"(?:military|bank)[ -]grade", "strong"),
    _pattern("fort knox", r"fort knox(?:[ -](?:level|grade|like))?", "strong"),
    _pattern(
        "certifi",
        rf"{_NO_SUCH_CERTIFICATE}[ -](?:\w+ )?certified|certified {_NO_SUCH_CERTIFICATE}(?:[ -]complian(?:t|ce))?",
        r"\1\2-trained",
    ),
    _pattern("compliant", r"(?:fully|completely|totally|entirely|100% ?) (?:\w+ )?compliant",
             "supported in its compliance work", is_required),
    _pattern(
        "compliant",
        r"(?:make|keep|get)s? (you|the client|every client|our clients|(?:your|the) (?:business|practice|company|firm"
        r"|office|clinic|organi[sz]ation)) (?:[\w-]+ ){0,2}compliant",
        r"help \1 with compliance work",
    ),
    _pattern(
        "compliant",
        r"become (?:[\w-]+ )?compliant (?:overnight|instantly|automatically|today|in \d+ (?:days?|hours?))",
        "work on compliance with us",
    ),
    _pattern(
        "liability|responsibility",
        r"(?:take|assume|accept|bear)s? (?:complete|full|total|all|unlimited|entire) (?:responsibility|liability)"
        r" for (your|any|all|every)",
        r"share the work for \1", is_others_duty,
    ),
    _pattern(
        "cannot|can't|can\u2019t|can never|could never|won't ever|impossible to",
        rf"(?:can(?:not|['\u2019]t)|can never|could never|won['\u2019]t ever) (?:be )?"
        rf"(?:{_ATTACK}|fail(?! over| to)|crash|go down|break into)|impossible to (?:{_ATTACK}|break into)",
        "is hardened", is_required, may_be_denied=False,
    ),
    _pattern(
        "nobody|no one|no hacker|no attacker",
        rf"(?:nobody|no one|no hackers?|no attackers?) (?:can|will|could)(?: ever)? (?:{_ATTACK}|break in(?:to)?)"
        r"|no (?:hackers?|attackers?) (?:can|will|could)(?: ever)? get (?:in|past|through)",
        "it is hard to get into", may_be_denied=False,
    ),
    _pattern("nothing", r"nothing (?:\w+ )?ever (?:happens|goes wrong|fails)", "problems are noticed",
             may_be_denied=False),
    _pattern("interrupted", r"uninterrupted(?! power)", "dependable"),
    _pattern("-free|free of|free from|error free|defect free",
             r"(?:error|defect|bug|vulnerability|virus)[- ]free(?! trial)|free (?:of|from) (?:all |any )?"
             r"(?:errors|vulnerabilities|defects|viruses|malware|bugs)", "maintained", is_required, is_others_duty),
    _pattern(
        "stopped|blocked|caught|prevented|detected|found|spotted|fixed|patched|closed|eliminated|neutrali|removed"
        "|defeat"
        "|intercept",
        rf"(?:every|each|all|any) (?:[\w-]+ ){{0,2}}?({_THING}) (?:is|are|gets?|will be) (?:\w+ )?{_CAUGHT}"
        r"(?! (?:under|according|as set|as described|in line|within|by|in \d))",
        None, is_others_duty, is_required,
    ),
    _pattern(
        "before they|before it", rf"{_STOP} (?:[\w-]+ ){{0,2}}?({_THING}|cyber-?attacks?) before (?:they|it)"
        r" (?:can |ever |even )*(?:start|happen|begin|strike|reach|land|hurt|hit|do|cause|spread)s?",
        None, is_others_duty,
    ),
    _pattern(
        "past|through|unnoticed|undetected|unseen",
        r"(?:no|not a single|nothing)(?: [\w-]+){0,2}? (?:gets?|slips?|makes? it|comes?|goes?|go|get|slip) "
        r"(?:past|through|unnoticed|undetected|unseen)",
        None, is_required, is_others_duty, may_be_denied=False,
    ),
    _pattern("nothing", r"nothing (?:ever )?gets by|nothing (?:ever )?(?:escapes|evades)", None,
             may_be_denied=False),
    _pattern(
        "impossible",
        rf"(?:an? |the )?({_THING}) (?:is|are|becomes?) impossible|mak(?:es?|ing) (?:an? |the )?({_THING}) impossible",
        None, may_be_denied=False,
    ),
    _pattern("end to", rf"puts? (?:a stop|an end) to (?:all )?({_THING})", None, is_others_duty),
    _pattern("disappear|vanish|go away|goes away", r"(?:all|any|every|your) (?:[\w-]+ ){0,3}(?:disappears?"
        r"|vanish(?:es)?"
             r"|go(?:es)? away)(?= (?:on|from|the|with)\b|[.!])", None, is_required, is_others_duty),
    _pattern("never", r"(?:never (?:have|has)|(?:have|has) never) (?:failed|been (?:hacked|breached)) and never will"
             r"|(?:you|your \w+|it|they|regulators|auditors|hackers|attackers) will never(?: again)?"
             r" (?:knock|be|go|hear|need|face|have|suffer|experience|notice)",
             None, is_others_duty, is_required, may_be_denied=False),
    _pattern("not one of|not a single one", r"not (?:one|a single one) of (?:your|the|our) [\w-]+ (?:will|can"
        r"|is)(?: ever)?",
             None, may_be_denied=False),
    _pattern("nobody|no one", r"(?:nobody|no one|no stranger) (?:ever )?gets (?:in|into"
        r"|inside)\b", None,
             may_be_denied=False),
    _pattern("hiccup|a glitch|missing a beat|a hitch", r"without (?:a |any )?(?:single )?(?:hiccups?"
        r"|glitch(?:es)?|hitch(?:es)?"
             r"|missing a beat)", "as the service level says", may_be_denied=False),
    _pattern("sure thing|sure bet|certainty", r"(?:is|are) a (?:sure (?:thing|bet)|certainty)", None),
    _pattern("every time", r"every time(?=[.!]|, (?:for|at|in"
        r"|no)\b)(?!, when)", "as a rule", is_others_duty, is_required,
             _is_no_success),
    _pattern("safe|secure", r"(?:is|are|stays?) (?:always )?(?:safe"
        r"|secure) with us(?:, always)?", None),
    _pattern("promise", r"(?:we|i) promise (?:that )?(?:you|your|it|nobody|nothing|no|every"
        r"|all)", None),
    _pattern("certification", rf"{_NO_SUCH_CERTIFICATE} certification", None, is_others_duty),
    _pattern("secure|safe", r"the (?:most secure|safest|most reliable) (?:[\w-]+ )?(?:network|cloud|platform"
        r"|backup|systems?"
             r"|office|hosting|service|it|email)", None),
    _pattern("vault", r"(?:security|safety|protection) of a (?:bank vault|vault"
        r"|fortress)", None),
    _pattern(
        "automatically|instantly", rf"(?:automatically|instantly) (?:satisf(?:y|ies)|meets?|fulfil?ls?|compl(?:y"
        rf"|ies) with)"
        rf" (?:the )?{_LAW}", None,
    ),
    _pattern("every", rf"every (?:conceivable|possible|imaginable) (?:[\w-]+ )?{_THING}"
             r"|(?:close|plug|seal|fix)(?:es|s)? every (?:\w+ )?(?:hole|gap|vulnerability|weakness)",
             None, is_others_duty, is_required),
    _pattern("keep", rf"keep(?:s|ing)? {_OF_ALL}[ -]({_THING})(?: \w+)? out", None, is_others_duty),
    _pattern(
        "chance",
        r"(?:do(?:es)?|will|would)(?: \w+)?(?: not|n['\u2019]t) (?:\w+ )?(?:stand|have) a chance"
        r"|(?:stand|have|has)s? no chance", None, may_be_denied=False,
    ),
    _pattern("thing of the past", r"(?:is|are|becomes?) (?:\w+ )?a? ?things? of the past", None,
             may_be_denied=False),
    _pattern("no matter what|whatever happens|come what may", r"no matter what(?! \w)|whatever happens|come what may",
             "in the cases that are agreed", is_others_duty, may_be_denied=False),
    _pattern("doubt", r"beyond (?:any|all|the shadow of a) doubt", None),
    _pattern("single time", r"every single time", "as a rule"),
    _pattern(
        "false positive", r"(?:no|zero|without(?: any)?|free of) false (?:positives|alarms)", "few false alarms",
        is_required, may_be_denied=False,
    ),
    _pattern("without", r"without (?:any |a single )?(?:interruptions?|outages?|downtime|fail)\b(?! of| to)",
             None, is_others_duty, is_required, may_be_denied=False),
    _pattern("not an option", r"(?:is|are) (?:simply )?not an option(?=[:.;!,]|$)", None,
             _is_no_failure, may_be_denied=False),
    _pattern("peace of mind", r"(?:complete|total|absolute|full|100\s?%|perfect) peace of mind", None),
    _pattern("rest assured", r"rest assured", None, is_others_duty),
    _pattern(
        "vulnerable|vincible|beatable|assailable|destructible|crackable|pregnable|iron|air|water",
        r"(?:invulnerable|invincible|unbeatable|unassailable|indestructible|un-?crackable|impregnable|iron-?clad"
        r"|air-?tight|water-?tight)(?! (?:\w+ )?(?:prices?|value|rates?|offers?|deals?|contracts?|agreements?|nda"
        r"|containers?|cases?|doors?|housings?|boxes))", "hardened", is_required,
    ),
    _pattern(
        "risk|worr", r"(?:remov|eliminat|eras|tak|lift)(?:es?|ing) (?:(?:all|any|the|your|of|cyber|security|human"
        r"|every)"
        r" )*(?:risks?|worr(?:y|ies)) (?:of|off|away|entirely|completely|for good|altogether|out of)",
        None, is_others_duty,
    ),
    _pattern("no more", rf"no more (?:[\w-]+ )?(?:{_THING}|worr(?:y|ies|ying))", None, is_required,
             may_be_denied=False),
    _pattern(
        "approved|accredited|endorsed|federally",
        rf"{_NO_SUCH_CERTIFICATE}[ -](?:approved|accredited|endorsed)"
        r"|(?:approved|certified|endorsed|accredited) by (?:the )?(?:us |federal |u\.s\. )?(?:government|hhs|ocr|ftc)"
        r"|(?:federally|government)[ -](?:certified|approved|endorsed)", None,
    ),
    _pattern(
        "complian", r"(?:turn-?key|instant|push-?button|one-?click|automatic|effortless) (?:[\w-]+ )?compliance"
        r"|compliance (?:in a box|out of the box|on autopilot|made automatic)", None, is_required,
    ),
    _pattern(
        "requirement|obligation|controls",
        rf"(?:meets?|satisf(?:y|ies)|fulfil?ls?) (?:all|every|each) (?:of )?(?:the )?(?:[\w-]+ )?"
        rf"(?:requirements?|obligations?|controls?) (?:of|under|in) (?:the )?{_LAW}",
        None, is_required, is_others_duty,
    ),
    _pattern(
        "auditor|examiner|inspector|regulator",
        r"(?:auditors?|examiners?|inspectors?|regulators?) (?:will|can|are going to) (?:find|have) (?:nothing|no)",
        None, may_be_denied=False,
    ),
    _pattern(
        "fined|sued|penali|lost|stolen",
        r"(?:can(?:not|['\u2019]t)|can never|could never|won['\u2019]t(?: ever)?|will (?:not|never)|never) (?:ever )?"
        r"(?:be|get) (?:fined|sued|penali[sz]ed|lost|stolen)", None, is_required,
        is_others_duty, may_be_denied=False,
    ),
    _pattern("always", r"always (pays?|succeeds?|restores?|recovers?|approves?)(?! attention)", None,
             is_others_duty, is_required),
    _pattern("ransom", r"never (?:have to |need to |again )?pay (?:a|any|the|another) ransom(?= again|[.!]|$)",
             None, may_be_denied=False),
    _pattern("immune", r"immune (?:to|from|against)", "hardened against"),
)  # fmt: skip
# Most texts have none of the hints, and are done with in two microseconds.
BY_HINT = {
    hint: tuple(pattern for pattern in PATTERNS if hint in pattern.hints)
    for hint in dict.fromkeys(hint for pattern in PATTERNS for hint in pattern.hints)
}
