"""The lines of tables on a scanned page that was set straight. Pure.

Along a line the picture is dark over a long way. Averaging it along the way, and not across, leaves exactly lines.
"""

from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageOps

from app.documents.ruled_tables import Rule, Rules

# The picture is looked at some 1,400 dots wide: lines stay darker than this grey there.
_WIDTH = 1400
_DARK = 165
# A line is thin: so many dots beside it the paper is lighter, which inside a line of letters it is not.
_BESIDE, _LIGHTER = 4, 45
# Points: the end of a line is known to a step.
_REACH = 9.0
# Dots averaged along a line, and how many such steps a line has at least: more across, where text may look like one.
_STEP = 14
_FEWEST_ACROSS, _FEWEST_DOWN = 7, 3


def find_rules(picture: Image.Image, width: float) -> Rules:
    """`width`: of the page in points, in which the answer is given too."""
    looked_at = ImageOps.autocontrast(
        picture.resize((_WIDTH, round(picture.height * _WIDTH / picture.width)))
    )
    turned = looked_at.transpose(Image.Transpose.TRANSPOSE)
    scale = width / _WIDTH
    down = [_scaled(rule, scale) for rule in _along_rows(turned, _FEWEST_DOWN)]
    across = [_scaled(rule, scale) for rule in _along_rows(looked_at, _FEWEST_ACROSS)]
    return Rules([rule for rule in across if _is_held(rule, down)], down)


def _is_held(rule: Rule, down: list[Rule]) -> bool:
    """A table's line ends at other lines; feet of letters in a row look like one, but end anywhere."""
    return all(
        any(
            abs(other.at - end) <= _REACH and other.begin - _REACH <= rule.at <= other.end + _REACH
            for other in down
        )
        for end in (rule.begin, rule.end)
    )


def erased(picture: Image.Image, rules: Rules, width: float) -> Image.Image:
    """The picture without the lines: OCR takes them for letters, or joins the words beside one."""
    clear, scale = picture.copy(), picture.width / width
    pen = ImageDraw.Draw(clear)
    reach, end = 1.5 * picture.width / _WIDTH, _STEP * picture.width / _WIDTH
    for rule in rules.across:
        top = rule.at * scale
        pen.rectangle((rule.begin * scale - end, top - reach, rule.end * scale + end, top + reach), fill=255)
    for rule in rules.down:
        left = rule.at * scale
        pen.rectangle(
            (left - reach, rule.begin * scale - end, left + reach, rule.end * scale + end), fill=255
        )
    return clear


def _along_rows(picture: Image.Image, fewest: int) -> Iterator[Rule]:
    """Rows that belong to one thick line each give a rule; they lie so near that they count as one."""
    steps = picture.width // _STEP
    averaged = picture.resize((steps, picture.height), Image.Resampling.BOX).tobytes()
    rows = [averaged[row * steps : (row + 1) * steps] for row in range(picture.height)]
    for row in range(_BESIDE, picture.height - _BESIDE):
        for begin, end in _dark_runs(rows[row], fewest):
            beside = min(sum(rows[row + way][begin:end]) for way in (-_BESIDE, _BESIDE))
            if beside - sum(rows[row][begin:end]) > _LIGHTER * (end - begin):
                yield Rule(row + 0.5, begin * picture.width / steps, end * picture.width / steps)


def _dark_runs(line: bytes, fewest: int) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for place, grey in enumerate((*line, 255)):
        if grey < _DARK and begin is None:
            begin = place
        elif grey >= _DARK and begin is not None:
            if place - begin >= fewest:
                yield begin, place
            begin = None


def _scaled(rule: Rule, scale: float) -> Rule:
    return Rule(rule.at * scale, rule.begin * scale, rule.end * scale)
