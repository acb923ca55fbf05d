"""Empty annexes for whoever takes plans in."""

from app.documents.template import INDICATORS, TASKS, annex_template
from app.errors import NotFound
from app.permissions import Permission
from app.services._scope import home_locality
from app.work import Work

KINDS = (TASKS, INDICATORS)


def get_annex_template(work: Work, kind: str) -> bytes:
    """An .xlsx to fill in; targets begin this year. NotFound for a kind there is not."""
    work.require(Permission.DOCUMENT_UPLOAD, home_locality(work))
    if kind not in KINDS:
        raise NotFound("Không có mẫu phụ lục này. Có hai mẫu: nhiệm vụ và chỉ tiêu.")
    return annex_template(kind, work.today.year)
