"""The timeline as a PNG: bars by shade and by letter, so that nothing depends on colour."""

from datetime import date
from io import BytesIO

from dateutil.relativedelta import relativedelta
from PIL import Image, ImageDraw, ImageFont

from commands.rules.agreements.timeline import Bar, Part, Timeline

_WIDTH, _LABELS, _RIGHT, _TOP, _LANE = 1200, 190, 30, 70, 46
_INK, _FAINT, _TODAY = "#1d2733", "#d5dbe2", "#b3261e"
_FILLS = {Part.TERM: "#2f5d8a", Part.OPEN_ENDED: "#2f7d5b", Part.NEXT_TERM: "#c3d4e6", Part.OVER: "#aab2bb"}
_WORDS = {Part.TERM: "term", Part.OPEN_ENDED: "no end date", Part.NEXT_TERM: "next term", Part.OVER: "over"}


def draw(line: Timeline, title: str) -> bytes:
    """A PNG, 1,200 pixels wide and as high as there are agreements."""
    height = _TOP + _LANE * len(line.lanes) + 60
    image = Image.new("RGB", (_WIDTH, height), "white")
    canvas = ImageDraw.Draw(image)
    canvas.text((20, 14), title, fill=_INK, font=ImageFont.load_default(22))
    _months(canvas, line, height)
    for number, lane in enumerate(line.lanes):
        top = _TOP + 20 + number * _LANE
        canvas.text((20, top + 4), lane.label[:20], fill=_INK, font=ImageFont.load_default(17))
        for bar in lane.bars:
            _bar(canvas, line, bar, top)
        if lane.deadline is not None:
            _deadline(canvas, _x(line, lane.deadline), top, lane.deadline)
    at = _x(line, line.today)
    canvas.line((at, _TOP, at, height - 24), fill=_TODAY, width=2)
    canvas.text((at + 5, height - 24), f"today, {line.today}", fill=_TODAY, font=ImageFont.load_default(14))
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _x(line: Timeline, day: date) -> float:
    share = (day - line.first).days / ((line.last - line.first).days or 1)
    return _LABELS + share * (_WIDTH - _LABELS - _RIGHT)


def _months(canvas: ImageDraw.ImageDraw, line: Timeline, height: int) -> None:
    month = line.first.replace(day=1) + relativedelta(months=1)
    while month <= line.last:
        at = _x(line, month)
        canvas.line((at, _TOP, at, height - 30), fill=_FAINT)
        if month.month % 3 == 1:
            canvas.text((at + 3, _TOP - 20), f"{month:%b %Y}", fill=_INK, font=ImageFont.load_default(14))
        month += relativedelta(months=1)


def _bar(canvas: ImageDraw.ImageDraw, line: Timeline, bar: Bar, top: int) -> None:
    left, right = _x(line, bar.start), _x(line, bar.end)
    canvas.rectangle((left, top, max(right, left + 2), top + 28), fill=_FILLS[bar.part], outline="white")
    if right - left > 90:
        ink = _INK if bar.part is Part.NEXT_TERM else "white"
        canvas.text((left + 8, top + 5), _WORDS[bar.part], fill=ink, font=ImageFont.load_default(15))


def _deadline(canvas: ImageDraw.ImageDraw, at: float, top: int, day: date) -> None:
    canvas.polygon(((at - 8, top - 6), (at + 8, top - 6), (at, top + 8)), fill=_TODAY)
    canvas.text((at + 10, top - 17), f"notice by {day}", fill=_TODAY, font=ImageFont.load_default(13))
