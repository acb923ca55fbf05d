"""What reading a plan's text gives: frozen values, no behaviour beyond look-ups.

Attribute names are the field names of the JSON (`printing.reading_as_json`); attributes that are not in the
JSON are marked so. Offsets count characters of the decoded text of the file, end excluded.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from app.documents.sources import Box


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the header, the title and the signature say. `kind` is a code such as "ke_hoach"."""

    title: str | None = None
    kind: str | None = None
    issuer: str | None = None
    number: str | None = None
    date: datetime.date | None = None
    references: tuple[str, ...] = ()
    signed_as: str | None = None
    signed_by: str | None = None
    distribution: tuple[str, ...] = ()
    implements: tuple["ImplementedRead", ...] = ()


@dataclass(frozen=True, slots=True)
class ImplementedRead:
    """A superior document the plan carries out: its number without stray spaces, and what is written about it."""

    number: str
    kind: str | None = None
    issuer: str | None = None
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause. `text` is unwrapped and without Markdown marks; the file's own text is [start, end).

    Not in the JSON: `parent` (a passage id), `marker` ("1.", "-"), `body` (text after the marker),
    `section` (what the enclosing section is about), `joins` (offsets where a piece cut off by a page
    break was joined on). `page`, `box` and `confidence` are None where the file has no pages (sources.py).
    """

    id: str
    path: str
    kind: str
    text: str
    start: int
    end: int
    parent: str | None = None
    marker: str = ""
    body: str = ""
    section: str | None = None
    joins: tuple[int, ...] = ()
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class DutyRead:
    """Not in the JSON: `details`, ids of the passages nested under the duty."""

    text: str
    passage: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRead:
    """Not in the JSON: `requested`, true where the plan asks ("Đề nghị …") instead of assigning."""

    name: str
    is_group: bool
    passage: str
    duties: tuple[DutyRead, ...] = ()
    requested: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineRead:
    """`kind`: date (`ends`), range (both), cycle (`cycle`, in JSON a period's cycle), standing, unknown.

    `begins` and `ends` are "from" and "to" in the JSON.
    """

    raw: str
    kind: str
    begins: datetime.date | None = None
    ends: datetime.date | None = None
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class TaskRead:
    """`lead`, `cooperating`, `deadline` and `product` come from lines or columns that tell about the task.

    Not in the JSON: `details`, ids of the passages nested under the task.
    """

    text: str
    passage: str
    details: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    deadline: DeadlineRead | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class TaskGroupRead:
    heading: str
    passage: str
    tasks: tuple[TaskRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """ "mỗi trường có ít nhất 01 …" → per="trường"; "100% tổ dân phố đạt chuẩn … mức độ 2" → level=2."""

    per: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRead:
    """One figure of one clause or table cell. `baseline` is what the table says was reached, in which year.

    Not in the JSON: `is_change` ("tăng 10%"), `annual`, `restated_in` (passage ids), `lead` (who answers for it).
    """

    statement: str
    measure: str
    comparator: str
    value: Decimal | None
    value_to: Decimal | None
    unit: str | None
    horizon: int | None
    direction: str
    coverage: Coverage | None
    passage: str
    is_change: bool = False
    annual: bool = False
    restated_in: tuple[str, ...] = ()
    baseline: Decimal | None = None
    baseline_year: int | None = None
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnexRead:
    """A table of tasks or indicators. `columns`: (header, what it holds); `groups`: its Roman or merged headings;
    `rows` with something to do or reach; `parent_rows` that only gather others, headings included.

    `header_rows` count from the first line of the annex, title and blank lines included.
    """

    title: str | None
    kind: str
    passage: str
    header_rows: tuple[int, ...]
    columns: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    rows: int
    parent_rows: int


@dataclass(frozen=True, slots=True)
class MilestoneRead:
    text: str
    year: int
    passage: str


@dataclass(frozen=True, slots=True)
class WarningRead:
    code: str
    message: str
    passage: str | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Reading:
    document: DocumentFacts
    passages: tuple[Passage, ...]
    units: tuple[UnitRead, ...] = ()
    task_groups: tuple[TaskGroupRead, ...] = ()
    indicators: tuple[IndicatorRead, ...] = ()
    milestones: tuple[MilestoneRead, ...] = ()
    warnings: tuple[WarningRead, ...] = ()
    leftovers: tuple[str, ...] = field(default=())
    annexes: tuple[AnnexRead, ...] = ()
