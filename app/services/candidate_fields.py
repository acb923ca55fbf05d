"""What a person may decide about a candidate, by its kind. Kept in `candidate.decided` as JSON."""

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import model_validator
from sqlmodel import Field

from app.models.document import CANDIDATE_KINDS
from app.models.indicator import COMPARATORS, MEASURES
from app.models.task import CYCLES, RESPONSIBILITY_ROLES
from app.models.unit import UNIT_KINDS
from app.services.typed import Day, Typed

MOST_MEMBERS = 400  # a ward can have 141 Party units under it; no commune comes near this
LONGEST_TEXT = 10_000

UnitKind = Literal[
    "party_committee",
    "party_agency",
    "party_cell_village",
    "party_cell_school",
    "party_cell_other",
    "peoples_committee",
    "division",
    "service",
    "front",
    "mass_organisation",
    "school",
    "police",
    "military",
    "superior",
    "external",
]
TaskKind = Literal["standing", "dated", "milestone"]
Cycle = Literal["month", "quarter", "half_year", "nine_months", "year", "school_year"]
Role = Literal["lead", "cooperate", "advise", "direct", "monitor", "inspect", "report"]
Completion = Literal["each", "any", "joint"]
Mode = Literal["assign", "request"]
Measure = Literal["percent", "count", "ratio", "level", "yes_no", "money", "text"]
Comparator = Literal["gt", "gte", "lt", "lte", "reach", "between", "achieve", "maintain"]
Direction = Literal["up", "down", "keep"]

assert set(UnitKind.__args__) == set(UNIT_KINDS) - {"group"}  # type: ignore[attr-defined]
assert (Cycle.__args__, Role.__args__) == (CYCLES, RESPONSIBILITY_ROLES)  # type: ignore[attr-defined]
assert (Measure.__args__, Comparator.__args__) == (MEASURES, COMPARATORS)  # type: ignore[attr-defined]


class Party(Typed):
    """Who is meant: a unit that is there, or a unit candidate of the same document that will become one."""

    unit_id: UUID | None = None
    candidate_id: UUID | None = None

    @model_validator(mode="after")
    def exactly_one(self) -> "Party":
        if (self.unit_id is None) == (self.candidate_id is None):
            raise ValueError("Nêu đúng một trong hai: unit_id hoặc candidate_id.")
        return self


class UnitFields(Typed):
    """An organisation: `unit_id` matches it to one that is there; otherwise it is made when the plan is issued.
    `member_names` are made too, unless a unit of that name is there."""

    unit_id: UUID | None = None
    name: str = Field(default="", max_length=300)
    kind: UnitKind = "division"
    is_group: bool = False
    member_unit_ids: list[UUID] = Field(default_factory=list, max_length=MOST_MEMBERS)
    member_names: list[str] = Field(default_factory=list, max_length=MOST_MEMBERS)

    def problems(self) -> dict[str, str]:
        found = {}
        if len(self.name) < 2:
            found["name"] = "Nhập tên đơn vị (ít nhất 2 ký tự)."
        if any(not 2 <= len(name) <= 300 for name in self.member_names):
            found["member_names"] = "Mỗi thành viên một dòng, mỗi tên từ 2 đến 300 ký tự."
        if (self.member_names or self.member_unit_ids) and not self.is_group:
            found["is_group"] = "Chỉ nhóm mới có thành viên. Chọn “là nhóm” hoặc bỏ danh sách thành viên."
        return found


class WorkFields(Typed):
    """What every kind of task has. `cycle` null on a standing task: reported in every period."""

    text: str = Field(default="", max_length=LONGEST_TEXT)
    title: str = Field(default="", max_length=200)
    kind: TaskKind = "standing"
    cycle: Cycle | None = None
    due_on: Day | None = None
    expected_product: str | None = Field(default=None, max_length=1000)

    def problems(self) -> dict[str, str]:
        found = {}
        if not self.text:
            found["text"] = "Nhập nội dung nhiệm vụ."
        if not self.title:
            found["title"] = "Nhập tên gọi ngắn của nhiệm vụ."
        if self.cycle is not None and self.kind != "standing":
            found["cycle"] = "Chỉ việc thường xuyên mới có chu kỳ. Bỏ chu kỳ hoặc chọn loại “Thường xuyên”."
        if self.due_on is not None and self.kind == "standing":
            found["due_on"] = "Việc thường xuyên báo cáo theo kỳ. Bỏ hạn hoặc chọn loại “Có thời hạn”."
        return found


class DutyFields(WorkFields):
    """A duty of the organisation it stands under."""

    role: Role = "lead"
    completion: Completion = "each"
    mode: Mode = "assign"


class TaskFields(WorkFields):
    """A task of the tasks section. Who leads may be left open and is then on the office's to-do list."""

    lead: Party | None = None
    cooperate: list[Party] = Field(default_factory=list, max_length=50)
    completion: Completion = "each"

    def parties(self) -> list[Party]:
        return ([self.lead] if self.lead else []) + self.cooperate


class MilestoneFields(TaskFields):
    """A state to be reached by the end of a year: a task of kind milestone."""

    kind: TaskKind = "milestone"


class IndicatorFields(Typed):
    """One figure with its target; `owners` report it."""

    statement: str = Field(default="", max_length=4_000)
    name: str = Field(default="", max_length=300)
    measure: Measure = "text"
    comparator: Comparator = "achieve"
    value: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    value_to: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    unit: str | None = Field(default=None, max_length=60)
    horizon: int | None = Field(default=None, ge=2000, le=2100)
    direction: Direction = "up"
    cycle: Cycle | None = None
    owners: list[Party] = Field(default_factory=list, max_length=50)

    def problems(self) -> dict[str, str]:
        found = {}
        if not self.statement:
            found["statement"] = "Nhập câu nêu chỉ tiêu."
        if not self.name:
            found["name"] = "Nhập tên gọi của chỉ tiêu."
        if self.value is None and self.comparator not in ("achieve", "maintain"):
            found["value"] = "Nhập mức phải đạt, hoặc chọn “đạt yêu cầu” nếu chỉ tiêu không có con số."
        if (self.comparator == "between") != (self.value_to is not None):
            found["value_to"] = "Chỉ “trong khoảng” mới có hai mức: nhập đủ hai, hoặc bỏ mức thứ hai."
        elif self.value is not None and self.value_to is not None and self.value_to <= self.value:
            found["value_to"] = "Mức thứ hai phải lớn hơn mức thứ nhất."
        return found

    def parties(self) -> list[Party]:
        return self.owners


Fields = UnitFields | DutyFields | TaskFields | MilestoneFields | IndicatorFields
FIELDS: dict[str, type[Any]] = {
    "unit": UnitFields,
    "duty": DutyFields,
    "task": TaskFields,
    "milestone": MilestoneFields,
    "indicator": IndicatorFields,
}
assert set(FIELDS) == set(CANDIDATE_KINDS)
