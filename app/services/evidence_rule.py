"""The rule that a report needs evidence, where its task says so. Apart from evidence.py, which itself knows rows."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select

from app.errors import Conflict
from app.models import Assignment, Evidence, Task
from app.models.base import table
from app.work import Work

evidence, tasks, assignments = table(Evidence), table(Task), table(Assignment)

MISSING = "evidence_missing"
MISSING_SAID = (
    "Nhiệm vụ này cần kèm minh chứng mà việc chưa có tệp nào. "
    "Trả lại để đơn vị bổ sung, hoặc Văn phòng tự thêm tệp."
)


def lacks_evidence() -> Any:
    """A condition on rows joined with their tasks: evidence is asked for, and none is there."""
    there = exists().where(evidence.c.assignment_id == assignments.c.id, evidence.c.removed_at.is_(None))
    return and_(tasks.c.needs_evidence, ~there)


def check_evidence(work: Work, assignment_id: UUID) -> None:
    """Conflict `evidence_missing` where a report may not be confirmed for want of a file."""
    asked = (
        select(assignments.c.id)
        .join(tasks, tasks.c.id == assignments.c.task_id)
        .where(assignments.c.id == assignment_id, lacks_evidence())
    )
    if work.session.execute(asked).first() is not None:
        raise Conflict(MISSING_SAID, code="evidence_missing")
