"""The Jinja environment, its filters, and what base.html reads. Knows nothing of requests."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import text
from app.web.labels import BOARD_COLUMNS, LABELS, TONE_OF_STATE, in_order, label

APP = Path(__file__).resolve().parent.parent
TEMPLATES = APP / "templates"
STATIC_FILES = APP / "static" / "vendor"
STATIC_PREFIX = "/static/"


class NavigationItem(NamedTuple):
    label: str
    href: str
    current: bool = False


class Crumb(NamedTuple):
    """One step of the way to a page; the page itself has no href."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    name: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came in with a link: which unit, in which period, and where its form is."""

    unit: str
    period: str
    form: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One line above the page. `kind`: success, info, warning or error."""

    text: str
    kind: str = "success"


@dataclass(frozen=True, slots=True)
class Page:
    """All that base.html knows of a page; see the top of base.html."""

    title: str
    breadcrumbs: tuple[Crumb, ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    person: SignedIn | None = None
    visit: Visit | None = None
    locality_name: str = ""
    notice: Notice | None = None
    demo: bool = False
    query: str = ""


class StaticFilesMissing(RuntimeError):
    """The browser files were not built; the message names the command that builds them."""


def render(template: str, /, **context: Any) -> str:
    """Render one template of app/templates/ with the process's own environment."""
    return environment().get_template(template).render(context)


@cache
def environment() -> Environment:
    return build_environment(load_static_urls())


def load_static_urls(directory: Path = STATIC_FILES) -> Callable[[str], str]:
    """Read manifest.json once; returns name → URL, as "app.css" → "/static/app.1f03….css"."""
    try:
        names: dict[str, str] = json.loads((directory / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise StaticFilesMissing(
            f"Browser files are missing in {directory}: run `make install` (or `python scripts/vendor.py`)."
        ) from None
    return {name: STATIC_PREFIX + hashed for name, hashed in names.items()}.__getitem__


def build_environment(static: Callable[[str], str]) -> Environment:
    """`static` turns a file's name into its URL. An unknown name in a template is an error, never a blank."""
    built = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    built.globals.update(static=static, label=label, board_columns=BOARD_COLUMNS, typed_words=LABELS["typed"])
    built.filters.update(
        tone=TONE_OF_STATE.__getitem__,
        number=number,
        percent=percent,
        date=show_date,
        datetime=show_datetime,
        days_late=days_late,
        file_size=file_size,
        in_order=in_order,
        place=place,
        as_report=as_report,
        short_place=short_place,
    )
    keep_drawn(built)
    return built


def as_report(period_name: str) -> str:
    """What is sent for a period: "Báo cáo Quý IV/2026"; a period may be named so itself."""
    return period_name if period_name.casefold().startswith("báo cáo") else f"Báo cáo {period_name}"


def file_size(size: int) -> str:
    """Bytes as people say them: "640 KB", "1,2 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{text.format_number(Decimal(size) / 1_000_000, 1)} MB"


def keep_drawn(built: Environment) -> None:
    """A board repeats a few states and dates on every card; each is drawn once. Halves the page's time."""

    @lru_cache(maxsize=4096)
    def drawn_state_tag(state: str, kind: str) -> str:
        return macro("draw_state_tag")(state, kind)

    @lru_cache(maxsize=4096)
    def drawn_due(due_on: date | None, late: int | None, soon: int, word: str) -> str:
        return macro("draw_due")(due_on, late, soon, word)

    def macro(name: str) -> Callable[..., str]:
        drawing: Callable[..., str] = getattr(built.get_template("components/states.html").module, name)
        return drawing

    # Filters, because Jinja calls those directly.
    built.filters.update(drawn_state_tag=drawn_state_tag, drawn_due=drawn_due)


def number(value: Decimal | int | float | None, decimals: int | None = None, missing: str = "chưa có") -> str:
    """1234.5 → "1.234,5". Missing is said in words: it is not zero."""
    if value is None:
        return missing
    # str() first: Decimal(0.1) would show the float's forty digits.
    return text.format_number(Decimal(str(value)), decimals)


def percent(share: Decimal | float | None, decimals: int = 0, missing: str = "chưa có") -> str:
    """A share between 0 and 1 → "87%"."""
    if share is None:
        return missing
    return text.format_number(Decimal(str(share)) * 100, decimals) + "%"


def show_date(day: date | None, missing: str = "chưa có") -> str:
    """DD/MM/YYYY; an aware time is first moved to Vietnam."""
    if day is None:
        return missing
    if isinstance(day, datetime):
        day = day.astimezone(text.VIETNAM_TIME).date()
    return text.format_date(day)


def show_datetime(moment: datetime | None, missing: str = "chưa có") -> str:
    return missing if moment is None else text.format_datetime(moment)


def place(path: str) -> str:
    """Where a passage stands, in words: "IV.6.-2" → "mục IV.6, ý 2"; an unnumbered one "đoạn 1"."""
    return f"mục {short_place(path)}" if path and path[0] not in _PLACES else short_place(path)


def short_place(path: str) -> str:
    """The same beside the passage itself: "IV.6.-2" → "IV.6, ý 2", "II.¶1" → "II, đoạn 1"."""
    return _BELOW_NUMBERS.sub(lambda found: f", {_PLACES[found[1]]} {found[2]}", path).removeprefix(", ")


_PLACES = {"-": "ý", "¶": "đoạn"}
_BELOW_NUMBERS = re.compile(r"\.*([-¶])(\d+)")


def days_late(due_on: date | None, today: date) -> int | None:
    """Days past the due date: 5 is five days late, 0 due today, -3 three days left; None without a date."""
    return None if due_on is None else (today - due_on).days
