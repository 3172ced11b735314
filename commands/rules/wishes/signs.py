"""Signs in a sentence, each with a name, of what it is about: what few labelled sentences cannot teach alone."""

import re

from commands.rules.text.late_pattern import late_pattern

_PAPER = r"(?:agreements?|contracts?|msas?|sows?|ndas?|dpas?|addend(?:um|a|ums)|amendments?|paper(?:work|s)?|deals?)"
_REGULATION = (
    r"(?:hipaa|pci(?:[- ]dss)?|gdpr|ferpa|glba|sox|cmmc|ccpa|hitech|nydfs|itar|dora|nis ?2|phi|health data|patient data"
    r"|card(?:holder)? data|credit cards?|regulat(?:ions?|ed)|compliance|covered entity)"
)
_CHANGES = (
    r"(?:record|note|log|add|put|mark|make|set|change|update|fix|enter|create|rename|import|upload|load|register"
    r"|document|write|revoke|remove|terminate|cancel|end|offboard|onboard|link|undo|snooze|give|let)"
)
_SIGNS = {
    # What speaks for a question about scope.
    "whose": r"\b(?:ours|theirs|whose|us or|or us|or them|our (?:job|problem|side|duty|responsibility)|responsib\w+)\b",
    "who does": r"\bwho (?:does|do|is|are|has|gets?|should|would|will|can|[a-z]{4,}s)\b",
    "do we": r"\b(?:do|are|should|would) we\b",
    "in scope": r"\b(?:in|within) scope\b|\b(?:covered|included|supported)\b",
    "the client at the end": r"\bthe client\W*$",
    # What speaks for the record.
    "paper": rf"\b{_PAPER}\b",
    "whole paper of the client": rf"\b(?:the client['’]?s?|our|their) {_PAPER}\b|\b{_PAPER} (?:with|for"
    r"|of) the client\b",
    "paper and its end": rf"\b{_PAPER}\b.*\b(?:end|expir|renew|term|notice|cancel|up\b)|"
    rf"\b(?:end|ends|expir\w+|renew\w*|notice|cancel\w*|term\w*)\b.*\b{_PAPER}\b",
    "signed": r"\b(?:un)?sign(?:ed|s|ature|atures)?\b|\bcountersigned\b",
    "notice": r"\bnotice (?:period|deadlines?|date|windows?)\b|\bgive notice\b|\bget out\b|\bauto[- ]?renew",
    "renewals": r"\brenewals?\b|\b(?:expir|renew)\w*\b.*\b(?:next|soon|this|coming|month|quarter|days|year)\b",
    "leaves us": r"\b(?:left us|leave us|locked in|offboard\w*|no longer (?:our|a) (?:client|customer)|dropped)\b",
    "regulation": rf"\b{_REGULATION}\b",
    "under a regulation": rf"\b(?:is|are|does|do|has|have|did)\b.*\bthe client\b.*\b{_REGULATION}\b|"
    rf"\b{_REGULATION}\b.*\bthe client\b",
    "baa": r"\bbaa\b|\bbusiness associate\b",
    "matrix": r"\b(?:matrix|raci|responsibilities|rows?)\b",
    "overview of whose": r"\b(?:what|which|everything|list|all)\b.*\b(?:ours|not ours|theirs|out of scope"
    r"|in scope|excluded"
    r"|shared|we (?:do|cover)|on the hook)\b",
    "may we touch": r"\b(?:may|can|am i|are we|allowed|cleared|should)\b.*\b(?:touch|log in(?:to)?|log into"
    r"|access|get into"
    r"|open|remote|look at|look into|go (?:on|in)(?:to)?|allowed on)\b",
    "our access": r"\b(?:our|we|what|still|any) (?:have |still have )?(?:access|admin|rights|login)\b|\boff limits\b"
    r"|\bdo not touch\b|\bview only\b",
    "promised": r"\bpromis\w+\b|\bcommit(?:ted|ments?)\b|\bguarante\w+\b|\bslas?\b|\bwe owe\b|\bresponse time\b",
    "walked through": r"\b(?:walk\w*|talk\w*|go|went|gone|run) (?:[a-z@]+ )?(?:through|over)\b"
    r"|\bexplain\w*\b|\bwalkthroughs?\b",
    "insurer": r"\binsur(?:er|ers|ance)(?:['’]s)?\b|\bcarrier(?:['’]s)?\b|\bcyber policy\b|\bunderwriter\b",
    "declined": r"\b(?:declin\w+|refus\w+|reject\w+|turn(?:ed)? down|said no|say no|ignore[ds]?|doesn['’]?t want)\b",
    "accepted": r"\b(?:accepted|agreed to|said yes)\b",
    "topics": r"\bliability\b|\bdisclaimers?\b|\bwarrant(?:y|ies)\b|\bassumption of risk\b"
    r"|\bstandard of care\b|\bkey topics?\b",
    "clients as a list": r"\b(?:my|our|all|which|list|the|how many) (?:our )?(?:clients|customers"
    r"|accounts)\b|^clients\b",
    "the account": r"\b(?:account manager|backup owner|owner|owns|account|time ?zone|industry|details|info"
    r"|tell me about)\b",
    "to do": r"\b(?:to ?do|todos?|my (?:week|day|tasks?)|on my plate|due|overdue|waiting for me|needs? my attention|"
    r"this week|must i|do i have to|should i)\b",
    "reminders": r"\bremind\w*\b",
    "frameworks": r"\bframeworks?\b|\bnist\b|\bcis\b|\biso ?27001\b|\bmeasured by\b",
    "is missing": r"\b(?:missing|gaps?|in order|complete|check)\b",
    "questions": r"\bquestions?\b|\b(?:asked|unanswered|settl\w+|answer(?:ed)?)\b",
    "roles": r"\b(?:admins?|managers?|technicians?|roles?|approve)\b",
    "audit": r"\baudit (?:log|trail)\b|\bwho (?:changed|edited|deleted|recorded|touched)\b"
    r"|\bchanged (?:lately|today|recently)\b",
    "picture": r"\btimeline\b|\bpicture\b|\bchart\b",
    "bot": r"\bcommands?\b|\bthis bot\b|\bcan (?:you do|i ask)\b|\bhow this works\b",
    "obligations": r"\bobligations?\b|\b(?:owes?|their side|its side|his duties|their duties|keeping up)\b"
    r"|\bthe client (?:has|have|had|must|needs?|is supposed) (?:to )?\b",
    "hold": r"\b(?:legal|litigation|lawsuit) (?:hold|stop)s?\b|\bon hold\b|\bholds?\b|\bpreserv\w+|\bfreeze\b"
    r"|\bdemand letter\b",
    "contracts with others": r"\b(?:other|third[- ]party|own|else|vendors?|suppliers?|landlord|acquirer"
    r"|insurer) (?:contracts?"
    r"|agreements?|polic(?:y|ies))\b|\bthe client['’]?s? (?:own |other )?(?:contracts?|polic(?:y|ies)) (?:with"
    r"|have|is|are)\b",
    "signers": r"\b(?:who|whom|which person).*\b(?:signed|signs|executed|signatory)\b|\bsignator\w+|\bsigners?\b"
    r"|\bdocusign\b|\bwet ink\b|\bexecuted\b",
    "signed copy": r"\b(?:signed|executed) (?:copy|copies|pdf|documents?|scan|papers?)\b|\bscans?\b",
    "calendar": r"\bcalendar\b|\bi?cal\b|\bics\b|\boutlook\b|\bsubscribe\b",
    "evidence": r"\bevidence\b|\bzip\b|\bfor (?:our |the )?(?:counsel|lawyers?|court|insurer)\b",
    "defense": r"\bsafe harbou?rs?\b|\bdefen[sc]es?\b|\bstatutes?\b",
    "log is whole": r"\b(?:tamper\w*|intact|integrity|unbroken|altered|whole|chain)\b",
    "as it was": r"\b(?:histor\w+|versions?|previous\w*|earlier|before|used to|old|over time|last year|since when)\b",
    "set up": r"\b(?:set ?up|started|first steps?|progress|how far)\b",
    "made papers": r"\b(?:statement|questionnaire|sheet|pdf|letter|form|declination|generated|drawn up"
    r"|prepared?|printed?)\b",
    "why": r"^(?:so |but |and )?(?:why|how come|explain|on what basis)\b",
    "a clock": r"\b(?:hours|days|how fast|deadlines?) .*\b(?:breach|notif\w+|report\w*)\b|\bcatalog(?:ue)?\b",
    "time spent": r"\b\d+ ?(?:m|min|mins|minutes|h|hr|hrs|hours?)\b|\b(?:an|one|half an|two) hours?\b",
    "all of them": r"\b(?:everyone|everybody|all|every|which|our) (?:our )?(?:clients?|customers?|accounts?)\b|^who\b",
    "show": r"^(?:please |pls |can you |could you )?(?:show|list|give me|pull up|open|display|draw|see)\b",
    # What would change it.
    "begins with a change": rf"^(?:please |pls |can you |could you )?{_CHANGES}\b",
    "asks to keep it": r"\b(?:note|log|record|document|write|put) (?:it|that|this)\b|\b(?:it|that"
    r"|this) down\b|\bmark it\b",
    "the client did": r"^the client (?:just |has |have |finally |now )?(?:[a-z]+ed|told|says?|said|gave"
    r"|left|doesn['’]?t|has|"
    r"is no longer|took)\b",
    "we did": r"^(?:we|i|both sides|we['’]re|i['’]ve|we['’]ve) (?:just |finally |have )?(?:[a-z]+ed|did|got"
    r"|won|lost|walked|told|gave"
    r"|will|renewing)\b",
    "new": r"\bnew (?:client|customer|agreement|contract|sow|msa)\b|\bclient called\b",
    "takes back": r"\bundo\b|\btake (?:it|that) back\b|\brevert\b|\boops\b",
    # What is neither.
    "money": r"\b(?:bill(?:ed|ing|able)?|charg(?:e|ed|es|eable)|invoic\w+|pays?|paid|extra|hourly|overtime"
    r"|rates?|fees?|flat"
    r"|markup|costs?|prices?|free of charge|per (?:seat|hour|user)|hours (?:are )?included)\b",
    "how to": r"^(?:how (?:do|can|to|would)|where (?:do|is|can)|when is|what time|what['’]?s the (?:weather"
    r"|status|wifi)|what is the ip)\b",
    "an order to us": r"^(?:please |pls |can you |could you )?(?:call|email|mail|text|ping|reboot|restart"
    r"|order|send|close|open"
    r" a ticket|schedule|fix|reset|install|book|tell me|translate|explain|summari[sz]e|write me"
    r"|remind me to|set a timer)\b",
    "a complaint": r"\b(?:is|are) (?:slow|down|broken|frozen|not working)\b|\b(?:expired|crash\w+|froze)\b"
    r"|\bdoes ?n['’]t work\b",
    "ticket": r"\btickets?\b|\bcase #",
    "about me": r"^(?:i['’]?m|i am|my)\b",
    "small": r"^\W*(?:\w+\W*){1,2}$",
}  # fmt: skip
SIGNS = tuple(_SIGNS)
"""Their names, in order."""
_PATTERNS = tuple(late_pattern(words, re.IGNORECASE) for words in _SIGNS.values())


def signs(text: str) -> tuple[bool, ...]:
    """Which of `SIGNS` a sentence shows."""
    return tuple(sign.search(text) is not None for sign in _PATTERNS)
