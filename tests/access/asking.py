"""Every route of the service, and a well-formed request for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from app.api.surface import describe

UNCHECKED = {
    "/healthz",
    "/readyz",
    "/openapi.json",
}  # say nothing about anybody; tested in tests/test_main.py

# Where the first row of its kind is not the one a step can be taken from: (end of the path, parameter, variant).
VARIANTS = (
    ("/confirmations", "assignment_id", "reported"),
    ("/xac-nhan", "assignment_id", "reported"),
    ("/assignments/{assignment_id}/returns", "assignment_id", "reported"),
    ("/viec/{assignment_id}/tra-lai", "assignment_id", "reported"),
    ("/assignments/{assignment_id}/reopenings", "assignment_id", "confirmed"),
    ("/viec/{assignment_id}/mo-lai", "assignment_id", "confirmed"),
    ("/acceptances", "submission_id", "sent"),
    ("/chap-nhan", "submission_id", "sent"),
    ("/submissions/{submission_id}/returns", "submission_id", "sent"),
    ("/so-lieu/{submission_id}/tra-lai", "submission_id", "sent"),
    ("/submissions/{submission_id}/reopenings", "submission_id", "accepted"),
    ("/so-lieu/{submission_id}/mo-lai", "submission_id", "accepted"),
    ("/plans/{plan_id}/issues", "plan_id", "draft"),
    ("/don-vi/{unit_id}/thanh-vien", "unit_id", "group"),
    ("/lich/{secret}.ics", "secret", "calendar"),
    ("/periods/{period_id}/reopenings", "period_id", "closed"),
    ("/ky/{period_id}/mo-lai", "period_id", "closed"),
    ("/cancellations", "document_id", "waiting"),
    ("/dang-doc", "document_id", "waiting"),
    ("/dung-doc", "document_id", "waiting"),
    ("/retries", "document_id", "failed"),
    ("/doc-lai", "document_id", "failed"),
    ("/clause-diff", "plan_id", "amending"),
    ("/amended-plan", "plan_id", "amending"),
    ("/task-mappings", "plan_id", "amending"),
    ("/task-mappings/acceptances", "plan_id", "amending"),
    ("/task-mappings/{task_id}", "plan_id", "amending"),
    ("/indicator-mappings", "plan_id", "amending"),
    ("/indicator-mappings/acceptances", "plan_id", "amending"),
    ("/indicator-mappings/{indicator_id}", "plan_id", "amending"),
    ("/ke-hoach-cu", "plan_id", "amending"),
    ("/so-sanh", "plan_id", "amending"),
    ("/doi-chieu", "plan_id", "amending"),
    ("/doi-chieu/tinh-hinh", "plan_id", "amending"),
    ("/doi-chieu/giu-nguyen", "plan_id", "amending"),
    ("/doi-chieu/{which}/{key}", "plan_id", "amending"),
)
# One form for every page: routes take the fields they know.
FORM = {
    "result": "Đã làm",
    "reason": "Lý do",
    "remove_reason": "Lý do",
    "request_reason": "Lý do",
    "block_reason": "Lý do",
    "return_reason": "Lý do",
    "waive_reason": "Lý do",
    "reopen_reason": "Lý do",
    "extension_reason": "Lý do",
    "refusal_reason": "Lý do",
    "answer": "waived",
    "own_due_on_day": "30",
    "own_due_on_month": "6",
    "own_due_on_year": "2030",
    "asked_due_on_day": "30",
    "asked_due_on_month": "6",
    "asked_due_on_year": "2030",
    "remark": "Ý kiến",
    "text": "Nội dung",
    "name": "Tên gọi",
    "login": "nguoi.moi",
    "password": "mat-khau-rat-dai-1",
    "version": "1",
    "action": "accept",
    "value": "50",
    "note": "Ghi chú",
    "comparator": "reach",
    "horizon": "2031",
    "period": "calendar:2027-Q1",
    "label": "2027-Q1",
    "title": "Kế hoạch",
    "kind": "division",
    "role": "leader",
    "unit": "",
    "scheme": "calendar",
    "with_unused": "1",
    "quyet_dinh": "ended",
    "symbol": "9-NQ/TU",
    "current_password": "mat-khau-thu-2026",
    "pieces": "Việc thứ nhất\nViệc thứ hai",
}
# What a form holds besides, where that is not yet one to be taken.
FORMS: dict[str, dict[str, str]] = {
    "POST /dang-nhap": {"login": "office@here", "password": "mat-khau-thu-2026"},
    "POST /don-vi/thay-doi": {"kind": "end", "units": "{unit_id}"},
    "POST /don-vi/thay-doi/{change_id}/quyet-dinh": {"all": "1"},
    "POST /don-vi/{unit_id}/thanh-vien": {"units": "{unit_id}"},
    "POST /nhiem-vu/them": {"text": "Việc mới", "kind": "standing"},
    "POST /nhiem-vu/{task_id}/giao": {"unit": "{unit_id}", "role": "monitor", "completion": "each"},
    "POST /nhiem-vu/{task_id}/sua": {"title": "Việc sửa", "kind": "standing"},
}
FILE = {
    "file": ("ke-hoach.txt", "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n1. Nâng cao chất lượng.\n".encode(), "text/plain")
}
# What a JSON field is filled with, by its name; other fields by their type.
FIELDS = {
    "plan": "{plan_id}",
    "task": "{task_id}",
    "indicator": "{indicator_id}",
    "unit": "{unit_id}",
    "kind": "division",
    "login": "nguoi.moi",
    "password": "mat-khau-rat-dai-1",
    "current_password": "mat-khau-thu-2026",
}
# Where the smallest body of the schema is not yet something to be taken.
BODIES: dict[str, Any] = {
    "POST /api/v1/access-links": {"unit": "{unit_id}", "period": "2026-Q4"},
    "POST /api/v1/urgings": {"assignments": ["{assignment_id}"]},
    "POST /api/v1/localities": {"code": "09999", "name": "Xã Mới", "parent": "08"},
    "POST /api/v1/tasks": {"plan": "{plan_id}", "title": "Việc mới", "text": "Việc mới"},
    "POST /api/v1/periods": {"label": "2027-Q1"},
    "POST /api/v1/periods/{period_id}/exceptions": {
        "unit": "{unit_id}",
        "due_on": "2030-06-30",
        "reason": "Lý do",
    },
    "POST /api/v1/questions/{question_id}/answers": {"answer": "waived"},
    "POST /api/v1/assignments/{assignment_id}/extensions": {"asked_due_on": "2030-06-30", "reason": "Lý do"},
    "POST /api/v1/unit-changes": {"kind": "end", "units": ["{unit_id}"]},
    "POST /api/v1/unit-changes/{change_id}/row-decisions": {"as_proposed": True},
    "POST /api/v1/assignments/bulk-confirmations": {"rows": [{"id": "{assignment_id}"}]},
    "POST /api/v1/assignments/bulk-returns": {"rows": [{"id": "{assignment_id}"}], "reason": "Lý do"},
    "POST /api/v1/submissions/bulk-acceptances": {"rows": [{"id": "{submission_id}"}]},
    "POST /api/v1/submissions/bulk-returns": {"rows": [{"id": "{submission_id}"}], "reason": "Lý do"},
    "POST /api/v1/submissions": {
        "indicator": "{indicator_id}",
        "unit": "{unit_id}",
        "period": "2026-Q4",
        "numerator": 5,
        "denominator": 6,
    },
    "POST /api/v1/submissions/batches": {
        "items": [
            {"indicator": "{indicator_id}", "unit": "{unit_id}", "period": "2026-Q4", "value": 90},
        ]
    },
    "POST /api/v1/indicators": {
        "plan": "{plan_id}",
        "statement": "100% trường học có sân chơi",
        "measure": "percent",
    },
    "POST /api/v1/plans/{plan_id}/bases": {"symbol": "9-NQ/TU"},
    "PATCH /api/v1/plans/{plan_id}/task-mappings/{task_id}": {"outcome": "ended", "reason": "Không còn"},
    "PATCH /api/v1/plans/{plan_id}/indicator-mappings/{indicator_id}": {
        "outcome": "ended",
        "reason": "Không còn",
    },
    "POST /api/v1/candidates/{candidate_id}/splits": {"pieces": ["Việc thứ nhất", "Việc thứ hai"]},
    "POST /api/v1/documents/{document_id}/decisions": {
        "action": "reject",
        "candidates": [{"id": "{candidate_id}", "version": 1}],
    },
    "POST /api/v1/documents/{document_id}/merges": {
        "candidates": [{"id": "{candidate_id}", "version": 1}, {"id": "{candidate_id}", "version": 1}]
    },
    "POST /api/v1/period-forms/{unit_id}/{period_id}/sendings": {
        "reports": {"{assignment_id}": {"result": "Đã làm"}}
    },
    "PUT /api/v1/targets/{target_id}": {"comparator": "reach", "value": 90, "horizon": 2031},
    "POST /api/v1/targets": {
        "indicator": "{indicator_id}",
        "comparator": "reach",
        "value": 90,
        "horizon": 2031,
    },
}
QUERIES = {
    "GET /api/v1/search": "?q=ra+soat",
    "GET /nhiem-vu/them": "?ke-hoach={plan_id}",
    "POST /nhiem-vu/them": "?ke-hoach={plan_id}",
}
# What is sent in the field "file" of a form, and headers beside a body that is none of JSON.
FILES = ("/van-ban", "/minh-chung", "/evidence", "/bang-tinh", "{period_id}/readings")
TUS = {"Tus-Resumable": "1.0.0"}
HEADERS = {
    "/uploads": {**TUS, "Upload-Length": "10", "Upload-Metadata": "filename YS50eHQ="},
    "/uploads/{upload_id}": {
        **TUS,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    },
}
# Parameters of paths that name no row.
NAMED = {"kind": "tasks", "loai": "nhiem-vu", "ordinal": "1", "page": "1"}


@dataclass(frozen=True)
class Asked:
    """One route: its method, its path with parameters, and what to send."""

    method: str
    path: str
    body: Any = None
    form: bool = False

    @property
    def takes_files(self) -> bool:
        return self.path.endswith(FILES)

    @property
    def headers(self) -> dict[str, str]:
        return next((said for end, said in HEADERS.items() if self.path.endswith(end)), {})

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"

    def address(self, keys: dict[str, str]) -> str:
        chosen = NAMED | keys
        for end, parameter, variant in VARIANTS:
            if self.path.endswith(end) and f"{{{parameter}}}" in self.path:
                chosen[parameter] = keys[f"{parameter}:{variant}"]
        return (self.path + QUERIES.get(self.label, "")).format(**chosen)

    def fields(self, keys: dict[str, str]) -> dict[str, str]:
        """Of a form."""
        own = {name: value.format(**keys) for name, value in FORMS.get(self.label, {}).items()}
        return FORM | own


def every_route(app: Starlette) -> list[Asked]:
    """Sorted by path and method, health checks left out."""
    return sorted(_routes(app), key=lambda asked: (asked.path, asked.method))


def _routes(app: Starlette) -> Iterator[Asked]:
    for route in app.routes:
        if isinstance(route, Route):
            assert route.path in UNCHECKED, f"{route.path} stands outside both surfaces"
        if isinstance(route, Mount) and hasattr(route.app, "routes"):
            bodies = _bodies(route.app) if route.path else {}
            for inner in iter_route_contexts(route.app.routes):
                for method in sorted(inner.methods - {"HEAD"}):
                    path = route.path + inner.path
                    body = BODIES.get(f"{method} {path}", bodies.get((method, inner.path)))
                    yield Asked(method, path, body, form=not route.path)


def _bodies(api: Any) -> dict[tuple[str, str], Any]:
    """The smallest body each JSON operation's schema takes."""
    described = describe(api)
    schemas = described["components"]["schemas"]
    found = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                found[method.upper(), path] = _smallest(content["application/json"]["schema"], schemas)
    return found


def _smallest(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _smallest(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return _smallest(schema["anyOf"][0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        return {name: FIELDS.get(name) or _smallest(properties[name], schemas) for name in required}
    if schema.get("format") == "uuid":
        return "{unit_id}"
    simple: dict[str, Any] = {"string": "2026-Q4", "integer": 1, "number": 1, "boolean": True, "array": []}
    return simple[schema["type"]]
