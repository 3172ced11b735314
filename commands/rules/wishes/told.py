"""What words that would change something name: a day, a decision, a role, a name, what was declined, time spent."""

import re
from datetime import date, timedelta

from commands.rules.dates.written_dates import read_date
from storage.records import DecisionChoice, Role

_TODAY = re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|just now)\b", re.IGNORECASE)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"\b(?P<next>next )?(?P<name>{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_END = re.compile(
    r"\b(?:the )?(?:end of (?:the |this )?(?P<unit>month|year)|(?P<short>month|year)[ -]end)\b", re.IGNORECASE
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NAMES = "|".join(_MONTHS)
_WRITTEN = re.compile(
    r"\b20\d\d-\d\d-\d\d\b"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH_NAMES})[a-z]*(?: (?P<year>20\d\d))?\b"
    rf"|\b(?P<month2>{_MONTH_NAMES})[a-z]* (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>20\d\d))?\b",
    re.IGNORECASE,
)
_BILLED_MONTH = re.compile(
    r"\b(?:(?:last|this|previous) month|january|february|march|april|june|july|august|september|october"
    r"|november|december)\b",
    re.IGNORECASE,
)
_SPENT = re.compile(
    r"\b(?:(?P<number>\d{1,3}(?:\.\d)?) ?(?P<unit>m|mins?|minutes?|h|hrs?|hours?)|(?P<half>half an hour)"
    r"|(?P<one>(?:an|one) hour)"
    r"|(?P<two>two hours))\b",
    re.IGNORECASE,
)
_DECISIONS = {
    DecisionChoice.RENEGOTIATE: r"\brenegotiat\w+|\bnew terms\b",
    DecisionChoice.LET_LAPSE: r"\b(?:lapse|run out|expire)\b",
    DecisionChoice.GIVE_NOTICE: r"\bnotice\b",
    DecisionChoice.RENEW: r"\b(?:renew\w*|continue|keep|extend)\b",
}
_REASON = re.compile(
    r"(?:\bbecause\s+|[,:;]\s+(?:because |since |as )?)"
    r"(?P<why>(?!(?:please|pls|thanks|thank you|thx|asap)\b\W*$)\w[^\n]{3,200})$",
    re.IGNORECASE,
)
_NOT_RENEWED = re.compile(r"\b(?:not|never|n['’]t)\b|n['’]t\b", re.IGNORECASE)
_ROLES = {
    Role.ADMIN: r"\badmin(?:istrator|s)?\b",
    Role.MANAGER: r"\bmanagers?\b",
    Role.TECHNICIAN: r"\btech(?:nician|s)?s?\b",
    Role.VIEWER: r"\bviewers?\b",
}
_NAME_WORD = r"[A-Z0-9][\w&'’.-]*"
_NEW_NAME = re.compile(
    rf"(?:\b(?i:called|named)\s+|\b(?i:new (?:client|customer)|client|customer)(?::|,)?\s+)"
    rf"(?P<name>{_NAME_WORD}(?:\s+(?:{_NAME_WORD}|&|and|of|the))*)"
)
_DECLINED_WHAT = re.compile(
    r"\b(?:declin\w+|refus\w+ (?:to )?|reject\w+|turn(?:ed|s)? down|said no to|say no to|says no to"
    r"|(?:does|do|did)(?:n['’]?t| not) (?:want|buy)(?: to buy)?|accepted|agreed to|said yes to|wants|bought"
    r"|approved)\s+"
    r"(?P<what>[^,.;?!]{2,80}?)(?=\s+(?:now|today|yesterday|again|in writing|last \w+|on \w+day)\b|[,.;?!]"
    r"|\s+[-–]|\s*$)",
    re.IGNORECASE,
)


_PAST = re.compile(r"\b(?P<which>last|past|previous|this) (?P<unit>week|month|year)\b", re.IGNORECASE)
_KNEW = re.compile(
    r"\b(?:did|had) (?:we|you|i|they|any(?:one|body)) (?:already |ever )?"
    r"(?:know|known|have on (?:record|file)|record(?:ed)?)\b"
    r"|\b(?:was|were|been|had we) (?:already )?(?:on (?:record|file)|recorded|known)\b",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"\bas of\b|\bback (?:on|in)\b|\bas it (?:was|stood)\b", re.IGNORECASE)
_DOER = re.compile(
    r"\bwhat (?:did|has|have|had) (?:<@)?(?P<who>[\w.'’-]+)>? (?:\w+ )?"
    r"(?:do|done|change|changed|record|recorded|edit|edited|touch|touched|delete|deleted|type|typed)\b",
    re.IGNORECASE,
)
_NO_NAMES = """
a all an any anybody anyone anything be been clients customers each every everybody everyone everything i it its
my no nobody nothing our somebody someone something that the their there these they this those to us we who you your
"""
_NOBODY_ELSE = frozenset(_NO_NAMES.split())


def day_said(text: str, today: date, *, has_happened: bool) -> date | None:
    """The one day that is named: "yesterday", "on Friday", "31 December", "at year end"; None where there is none.

    A weekday is the last one where it `has_happened`, else the next one; so is a date without a year.
    """
    if _TODAY.search(text):
        return today
    for word, days in (("yesterday", -1), ("tomorrow", 1)):
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return today + timedelta(days=days)
    if (found := _WRITTEN.search(text)) is not None:
        return _written(found, today, has_happened)
    if (found := _WEEKDAY.search(text)) is not None:
        ahead = (_WEEKDAYS.index(found["name"].lower()) - today.weekday()) % 7
        back = ahead - 7 if ahead else -7
        return today + timedelta(days=back if has_happened and not found["next"] else ahead or 7)
    if (found := _END.search(text)) is not None and not has_happened:
        month = 12 if (found["unit"] or found["short"]).lower() == "year" else today.month
        first_after = date(today.year + month // 12, month % 12 + 1, 1)
        return first_after - timedelta(days=1)
    return None


def _written(found: re.Match[str], today: date, has_happened: bool) -> date | None:
    if found["day"] is None and found["day2"] is None:
        words, is_whole = found[0], True
    else:
        year = found["year"] or found["year2"]
        month = _MONTHS.index((found["month"] or found["month2"]).lower()[:3]) + 1
        words = f"{year or today.year}-{month:02}-{int(found['day'] or found['day2']):02}"
        is_whole = year is not None
    try:
        day = read_date(words, today)
        if is_whole or (day <= today if has_happened else day >= today):
            return day
        return day.replace(year=day.year + (-1 if has_happened else 1))
    except ValueError:
        return None


def past_days_said(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last of the days that are over, as they are named: "last week", "yesterday", "since Monday"."""
    found = _PAST.search(text)
    if found is None:
        day = day_said(text, today, has_happened=True)
        is_since = re.search(r"\b(?:since|from)\b", text, re.IGNORECASE) is not None
        return None if day is None or day > today else (day, today if is_since else day)
    is_last, monday = found["which"].lower() != "this", today - timedelta(days=today.weekday())
    if (unit := found["unit"].lower()) == "week":
        return (monday - timedelta(days=7), monday - timedelta(days=1)) if is_last else (monday, today)
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    if not is_last:
        return first, today
    end = first - timedelta(days=1)
    return (end.replace(day=1) if unit == "month" else end.replace(month=1, day=1)), end


def day_known_said(text: str, today: date) -> tuple[str, date] | None:
    """The past day as of which the record is asked for, with how: "known-at" for what we knew then, else "as-of"."""
    how = "known-at" if _KNEW.search(text) else "as-of" if _AS_OF.search(text) else None
    day = day_said(text, today, has_happened=True) if how is not None else None
    return (how, day) if how is not None and day is not None and day < today else None


def doer_said(text: str) -> str | None:
    """Who is asked about in "what did sam do"; None for all of us, or nobody."""
    found = _DOER.search(text)
    return found["who"] if found is not None and found["who"].lower() not in _NOBODY_ELSE else None


def billed_month_said(text: str) -> str | None:
    """The month whose work is asked for: "last month", "october"; None for none."""
    found = _BILLED_MONTH.search(text)
    return found[0].lower().replace("previous", "last") if found and found[0].lower() != "this month" else None


def time_spent_said(text: str) -> str | None:
    """How long something took, as it is typed: "45m", "2h"; None where it is not said."""
    found = _SPENT.search(text)
    if found is None:
        return None
    if found["number"] is None:
        return "30m" if found["half"] else "1h" if found["one"] else "2h"
    return f"{found['number']}{found['unit'][0].lower()}"


def decision_said(text: str) -> DecisionChoice | None:
    """What is decided about a renewal; None where it is not said: "not renewed" leaves open how."""
    said = next((each for each, words in _DECISIONS.items() if re.search(words, text, re.IGNORECASE)), None)
    return None if said is DecisionChoice.RENEW and _NOT_RENEWED.search(text) else said


def reason_said(text: str) -> str | None:
    """Why, in the words it was said in: what comes after "because", or after a comma or a colon."""
    found = _REASON.search(text)
    return found["why"].strip(" .") if found is not None else None


def role_said(text: str) -> Role | None:
    """The role that is named; None for none, or several."""
    said = [role for role, words in _ROLES.items() if re.search(words, text, re.IGNORECASE)]
    return said[0] if len(said) == 1 else None


def new_name_said(text: str) -> str | None:
    """The name of a new client, in capitals after "called" or "client"; None where there is none."""
    found = _NEW_NAME.search(text)
    return found["name"].rstrip(".,;") if found else None


def declined_said(text: str) -> str | None:
    """What was declined or accepted, in the words it was said in; None where it is not said."""
    found = _DECLINED_WHAT.search(text)
    if found is None or re.fullmatch(r"(?:it|that|this|them|to)", found["what"].strip(), re.IGNORECASE):
        return None
    return re.sub(r"^(?:the|our|a|an)\s+", "", found["what"].strip(), flags=re.IGNORECASE)
