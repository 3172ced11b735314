"""How long after its day something was recorded, as people read it."""

from datetime import date

from commands.rules.history.lag import lag
from commands.rules.text.phrases import count_days


def test_days_are_written_the_same_everywhere() -> None:
    assert lag(date(2024, 1, 1), date(2026, 11, 4)) == "recorded 1,038 days after"
    assert [count_days(count) for count in (1, 2, 1026)] == ["1 day", "2 days", "1,026 days"]
