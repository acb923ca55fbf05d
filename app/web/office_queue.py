"""/can-xu-ly: everything that waits for the office, list by list; reports and figures are decided several at once."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.permissions import Permission as P
from app.services import bulk_decision as bulk
from app.services.bulk_decision import BulkInput, BulkReturnInput, Outcome
from app.services.office_list_kinds import LISTS
from app.services.office_lists import OfficeFilter, build_office_list, count_office_lists
from app.services.plan import list_plans
from app.services.unit import list_units
from app.web.cursors import from_cursor, to_cursor
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Page
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
HERE = "/can-xu-ly"
# List → its title, and what its lines are called.
LIST_WORDS: dict[str, tuple[str, str]] = {
    "bao-cao": ("Báo cáo chờ xác nhận", "báo cáo"),
    "so-lieu": ("Số liệu chờ chấp nhận", "số liệu"),
    "gia-han": ("Xin gia hạn", "đề nghị"),
    "cau-hoi": ("Câu hỏi", "câu hỏi"),
    "vuong-mac": ("Có vướng mắc", "việc"),
    "qua-han": ("Quá hạn báo cáo", "việc"),
    "so-lieu-qua-han": ("Số liệu quá hạn", "số liệu"),
    "tra-lai": ("Trả lại, chưa gửi lại", "báo cáo"),
    "so-lieu-tra-lai": ("Số liệu trả lại, chưa gửi lại", "số liệu"),
    "don-vi-ket-thuc": ("Việc của đơn vị đã kết thúc", "việc"),
    "so-lieu-ket-thuc": ("Số liệu của đơn vị đã kết thúc", "số liệu"),
    "chua-chu-tri": ("Chưa có chủ trì", "nhiệm vụ"),
    "chua-han": ("Chưa có hạn", "nhiệm vụ"),
    "chua-san-pham": ("Chưa nêu sản phẩm", "nhiệm vụ"),
}
_KEPT = (
    "ke-hoach",
    "don-vi",
    "ky",
    "q",
    "tiep",
)  # of the address: what the list was narrowed to, and its page


@router.get(HERE)
@policy(P.TASK_MANAGE)
def show(
    request: Request,
    work: WorkGiven,
    muc: Annotated[str, Query(max_length=20)] = "",
    ke_hoach: Annotated[str, Query(alias="ke-hoach", max_length=40)] = "",
    don_vi: Annotated[str, Query(alias="don-vi", max_length=40)] = "",
    ky: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    tiep: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    asked = {"muc": muc, "ke-hoach": ke_hoach, "don-vi": don_vi, "ky": ky, "q": q, "tiep": tiep}
    return html(request, work, "office_queue/page.html", _frame(request, work), **_context(work, asked))


@router.post(f"{HERE}/bao-cao")
@policy(P.ASSIGNMENT_DECIDE)
def decide_reports(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    return _decide(request, work, form, "bao-cao", bulk.confirm_assignments, bulk.return_assignments)


@router.post(f"{HERE}/so-lieu")
@policy(P.SUBMISSION_DECIDE)
def decide_figures(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    return _decide(request, work, form, "so-lieu", bulk.accept_submissions, bulk.return_submissions)


def _decide(
    request: Request,
    work: Work,
    form: Form,
    key: str,
    take: Callable[[Work, BulkInput], tuple[Outcome, ...]],
    give_back: Callable[[Work, BulkReturnInput], tuple[Outcome, ...]],
) -> Response:
    """All done: back to the list. Some refused: the list again, with what became of each."""
    bulk.require_decider(work, P.ASSIGNMENT_DECIDE if key == "bao-cao" else P.SUBMISSION_DECIDE)
    asked = _asked(request) | {"muc": key}
    returns = form.value("action") == "return"
    with shown_again(form, _again(request, asked)):
        rows = [_ticked(value) for value in form.all("chon")]
        if not rows:
            raise Invalid.field("chon", "Chưa đánh dấu mục nào. Đánh dấu các mục rồi bấm lại.")
        if returns:
            reason = form.value("reason").strip()
            if not reason:
                raise Invalid.field("reason", "Nêu lý do trả lại để đơn vị biết cần sửa gì.")
            outcomes = give_back(work, checked(BulkReturnInput, {"rows": rows, "reason": reason}))
        else:
            outcomes = take(work, checked(BulkInput, {"rows": rows}))
    said = _said(key, outcomes, returns=returns)
    if not any(one.error for one in outcomes):
        return see_other(_address(asked | {"tiep": ""}), said)
    work.session.flush()
    answer = html(
        request, work, "office_queue/page.html", _frame(request, work),
        **_context(work, asked, outcomes=outcomes, said=said, form=form),
    )  # fmt: skip
    answer.status_code = 207
    return answer


def _again(request: Request, asked: dict[str, str]) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        context = _context(work, asked, form=form)
        return page_text("office_queue/page.html", _frame(request, work), **context)

    return show_filled_in


def _context(
    work: Work,
    asked: dict[str, str],
    *,
    outcomes: tuple[Outcome, ...] = (),
    said: str = "",
    form: Form | None = None,
) -> dict[str, Any]:
    wanted = _wanted(asked)
    counts = count_office_lists(work, wanted)
    key = asked["muc"] if asked["muc"] in LISTS else next((k for k, n in counts.items() if n), "bao-cao")
    after = from_cursor(asked["tiep"], LISTS[key].read)
    seen = build_office_list(work, key, wanted, count=counts[key], after=after)
    filled = {name: value for name, value in asked.items() if value and name != "tiep"}
    tabs = [
        (LIST_WORDS[one][0], counts[one], _address(filled | {"muc": one}), one == key)
        for one in LISTS
        if counts[one] or one == key
    ]
    return {
        "seen": seen,
        "wanted": wanted,
        "asked": asked,
        "tabs": tabs,
        "title": LIST_WORDS[key][0],
        "noun": LIST_WORDS[key][1],
        "action": _address(asked | {"muc": ""}).replace(HERE, f"{HERE}/{key}", 1),
        "next_href": _address(filled | {"muc": key, "tiep": to_cursor(*seen.after)}) if seen.after else "",
        "plan_choices": [(plan.id, f"{plan.code} {plan.title}") for plan in list_plans(work)],
        "unit_choices": [(unit.id, unit.name) for unit in list_units(work, limit=500)],
        "refused": {one.id: one.error.message for one in outcomes if one.error},
        "refusals": [one for one in outcomes if one.error],
        "titles": {line.id: f"{line.title}, {line.unit_name}" for line in seen.lines},
        "said": said,
        "form": form or Form(),
        "ticked": {value.partition(":")[0] for value in form.all("chon")} if form else set(),
    }


def _wanted(asked: dict[str, str]) -> OfficeFilter:
    plan, unit = _id(asked["ke-hoach"], "ke-hoach"), _id(asked["don-vi"], "don-vi")
    return OfficeFilter(plan=plan, unit=unit, period=asked["ky"] or None, q=asked["q"])


def _ticked(value: str) -> dict[str, Any]:
    """ "id:version" of a ticked box."""
    key, _, version = value.partition(":")
    return {"id": key, "version": version or None}


def _said(key: str, outcomes: tuple[Outcome, ...], *, returns: bool) -> str:
    done = sum(one.error is None for one in outcomes)
    verb = "trả lại" if returns else "xác nhận" if key == "bao-cao" else "chấp nhận"
    return f"Đã {verb} {done} {LIST_WORDS[key][1]}." if done else f"Chưa {verb} được mục nào."


def _asked(request: Request) -> dict[str, str]:
    """How the list was looked at: the form's own address carries it."""
    return {name: request.query_params.get(name, "")[:200] for name in _KEPT}


def _address(asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{HERE}?{query}" if query else HERE


def _id(given: str, name: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError as error:
        raise Invalid.field(name, "Lựa chọn này không có. Chọn lại trong danh sách.") from error


def _frame(request: Request, work: Work) -> Page:
    return frame(request, work, "Cần xử lý")
