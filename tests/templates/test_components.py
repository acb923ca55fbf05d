"""The components say what they are given, in words, safely, and to everybody."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, UndefinedError
from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from app.services import states
from app.web import rendering
from app.web.labels import BOARD_COLUMNS, LABELS, TONES, label
from app.web.rendering import place

ATTACK = '"><script>alert(1)</script>'
STATE_MACHINES = ("assignment", "submission", "document", "plan", "candidate", "period", "account")
# Which words a column of the schema is shown with.
WORDS_OF_COLUMN = {
    "account.state": "account",
    "amendment_decision.outcome": "amendment",
    "assignment.state": "assignment",
    "candidate.kind": "candidate_kind",
    "candidate.state": "candidate",
    "decision_step.action": "step",
    "document.state": "document",
    "document_file.format": "file_format",
    "extension.state": "extension",
    "indicator.direction": "direction",
    "indicator.measure": "measure",
    "indicator.over_periods": "over_periods",
    "indicator.over_units": "over_units",
    "indicator.value_basis": "value_basis",
    "locality.kind": "locality_kind",
    "mail.kind": "mail_kind",
    "mail.state": "mail",
    "membership.role": "role",
    "notice.kind": "notice",
    "notice_choice.kind": "notice",
    "period.cycle": "period_cycle",
    "period.state": "period",
    "plan.state": "plan",
    "question.answer": "question_answer",
    "question.kind": "question_kind",
    "question.state": "question",
    "report_decision.kind": "decision",
    "responsibility.completion": "completion",
    "responsibility.mode": "mode",
    "responsibility.role": "responsibility",
    "submission.state": "submission",
    "submission_decision.kind": "decision",
    "target.comparator": "comparator",
    "task.kind": "task_kind",
    "unit.kind": "unit_kind",
    "unit_change.kind": "unit_change",
    "urging.channel": "urging_channel",
    "urging.kind": "urging",
}


@pytest.fixture(scope="module")
def environment() -> Environment:
    return rendering.build_environment(lambda name: f"/static/{name}")


def draw(environment: Environment, file: str, call: str, **values: Any) -> str:
    macro = call.split("(")[0]
    source = f'{{% from "components/{file}.html" import {macro} %}}{{{{ {call} }}}}'
    return environment.from_string(source).render(values)


def page(**values: Any) -> rendering.Page:
    return rendering.Page(**{"title": "Bảng việc", **values})


# --- words


def test_every_code_in_the_schema_has_a_vietnamese_word() -> None:
    import app.models  # noqa: F401 - fills SQLModel.metadata

    missing = []
    for table in SQLModel.metadata.tables.values():
        for constraint in table.constraints:
            listed = isinstance(constraint, CheckConstraint) and re.fullmatch(
                r"(\w+) IN \((.*)\)", str(constraint.sqltext)
            )
            if listed:
                words = LABELS.get(WORDS_OF_COLUMN.get(f"{table.name}.{listed[1]}", ""), {})
                missing += [
                    f"{table.name}.{listed[1]}={code}"
                    for code in re.findall(r"'(\w+)'", listed[2])
                    if code not in words
                ]

    assert missing == []


@pytest.mark.parametrize("kind", STATE_MACHINES)
def test_a_state_is_said_in_words_beside_its_shape(environment: Environment, kind: str) -> None:
    for state, word in LABELS[kind].items():
        drawn = draw(environment, "states", f"state_tag('{state}', '{kind}')")

        assert word in drawn
        assert "<svg" in drawn


def test_each_tone_has_a_shape_of_its_own(environment: Environment) -> None:
    shapes = {draw(environment, "states", f"icon('{tone}')") for tone in TONES}

    assert len(shapes) == len(TONES)


def test_every_open_assignment_has_a_column_on_the_board() -> None:
    shown = {state for _, column in BOARD_COLUMNS for state in column}

    assert shown == set(LABELS["assignment"]) - set(states.LEFT_OUT)


def test_a_code_without_a_word_is_an_error_not_a_blank() -> None:
    with pytest.raises(KeyError):
        label("assignment", "forgotten")


# --- safety


def test_a_name_a_template_was_not_given_is_an_error(environment: Environment) -> None:
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nobody_gave_this }}").render()


@pytest.mark.parametrize(
    ("file", "call"),
    [
        ("layout", "page_head(t, t, t)"),
        ("layout", "facts([(t, t)])"),
        ("layout", "quote(t, t, t)"),
        ("layout", "empty(t, t, t, t)"),
        ("layout", "warning_box(t, t, t)"),
        ("layout", "pager(t, t)"),
        ("boards", "card(t, t, t, 'assigned', t, t, t, t)"),
        ("boards", "figure(t, t, t, 0.5, 0.9, t, t)"),
        ("boards", "counts_strip([{'number': t, 'label': t, 'href': t}])"),
        ("forms", "text_field(t, t, t, t, t)"),
        ("forms", "text_area(t, t, t, t, t)"),
        ("forms", "select(t, t, [(t, t)], t, t, t, t)"),
        ("forms", "radios(t, t, [(t, t)], t, t, t)"),
        ("forms", "date_fields(t, t, t, t, t, t, t)"),
        ("forms", "error_summary([(t, t)])"),
        ("forms", "post_button(t, t, fields=[(t, t)], target=t)"),
    ],
)
def test_what_people_typed_is_never_markup(environment: Environment, file: str, call: str) -> None:
    assert "<script" not in draw(environment, file, call, t=ATTACK)


def test_no_template_needs_more_than_the_strict_content_security_policy() -> None:
    for path in rendering.TEMPLATES.rglob("*.html"):
        source = path.read_text("utf-8")

        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|\bjs:", source), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), path


def test_what_htmx_does_a_plain_link_or_form_does_too() -> None:
    for path in rendering.TEMPLATES.rglob("*.html"):
        # Jinja's own braces may hold a ">".
        source = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        for tag in re.findall(r"<[a-z][^>]*\shx-(?:get|post)=[^>]*>", source):
            plain = "href=" if "hx-get=" in tag else 'method="post"'
            assert plain in tag or (tag.startswith("<form") and "action=" in tag), (path, tag)
            assert "hx-target=" in tag, (path, tag)
            assert "hx-swap=" in tag, (path, tag)


# --- frame


def test_a_page_without_anybody_signed_in_has_no_sign_out(environment: Environment) -> None:
    drawn = environment.get_template("base.html").render(page=page())

    assert '<html lang="vi">' in drawn
    assert "<title>Bảng việc – Tiến Độ</title>" in drawn
    assert "/dang-xuat" not in drawn


def test_the_frame_shows_where_one_is_and_who_one_is(environment: Environment) -> None:
    drawn = environment.get_template("base.html").render(
        page=page(
            breadcrumbs=(rendering.Crumb("Trang chủ", "/"), rendering.Crumb("Bảng việc")),
            navigation=(rendering.NavigationItem("Kế hoạch", "/ke-hoach", current=True),),
            person=rendering.SignedIn("Hoàng Thị Bình", "Bí thư chi bộ"),
            locality_name="Xã Tân Quang",
            notice=rendering.Notice("Đã gửi báo cáo."),
        )
    )

    assert '<li class="govuk-breadcrumbs__list-item" aria-current="page">Bảng việc</li>' in drawn
    assert '<a href="/ke-hoach" aria-current="page">Kế hoạch</a>' in drawn
    assert '<form class="header__out" action="/dang-xuat" method="post">' in drawn
    assert "Bí thư chi bộ" in drawn
    assert "Xã Tân Quang" in drawn
    assert re.search(r'aria-live="polite"><div class="notice notice--success">\s*<p>Đã gửi báo cáo\.', drawn)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 409, 412, 413, 422, 428, 429, 500])
def test_an_error_page_says_what_to_do_and_leads_home(environment: Environment, status: int) -> None:
    drawn = environment.get_template("errors/page.html").render(
        page=page(),
        status=status,
        title="Có lỗi",
        message="Chuyện là thế này.",
        way_back=None,
        request_id="r-1",
    )

    assert "Chuyện là thế này." in drawn
    assert drawn.count('<p class="muted">') == 2
    assert 'href="/"' in drawn


# --- dates, numbers, progress


@pytest.mark.parametrize(
    ("late", "said"),
    [(5, "quá 5 ngày"), (0, "hôm nay"), (-3, "còn 3 ngày"), (-4, ""), (None, "")],
)
def test_a_due_date_says_how_late_or_how_near(environment: Environment, late: int | None, said: str) -> None:
    drawn = draw(environment, "states", "due(day, late)", day=date(2026, 6, 15), late=late)

    assert "Hạn 15/06/2026" in drawn
    assert re.findall(r"<b>(.*?)</b>", drawn) == ([said] if said else [])


def test_no_due_date_is_said(environment: Environment) -> None:
    assert "Chưa có hạn" in draw(environment, "states", "due(none)")


def test_days_late_counts_from_the_due_date() -> None:
    today = date(2026, 6, 12)

    assert rendering.days_late(date(2026, 6, 7), today) == 5
    assert rendering.days_late(date(2026, 6, 14), today) == -2
    assert rendering.days_late(None, today) is None


def test_missing_is_said_and_is_not_zero() -> None:
    assert rendering.number(None) == rendering.percent(None) == rendering.show_date(None) == "chưa có"
    assert rendering.number(Decimal("0")) == "0"


def test_numbers_and_times_are_written_the_vietnamese_way() -> None:
    assert rendering.number(Decimal("26120.5")) == "26.120,5"
    assert rendering.number(0.1) == "0,1"
    assert rendering.percent(0.873) == "87%"
    late_evening = datetime(2026, 6, 11, 17, 30, tzinfo=UTC)
    assert rendering.show_datetime(late_evening) == "00:30 12/06/2026"
    assert rendering.show_date(late_evening) == "12/06/2026"


def test_a_stacked_bar_is_full_and_its_parts_are_said(environment: Environment) -> None:
    drawn = draw(environment, "states", "stacked_bar([('confirmed', 6), ('returned', 0), ('assigned', 2)])")

    assert sum(float(w) for w in re.findall(r'<rect[^>]* width="([\d.]+)%"', drawn)) == 100
    assert "6 đã xác nhận" in drawn
    assert "bị trả lại" not in drawn


def test_a_bar_of_nothing_is_drawn_empty(environment: Environment) -> None:
    assert "<rect" not in draw(environment, "states", "stacked_bar([])")
    assert 'max="1" value="0"' in draw(environment, "states", "progress_of(0, 0, 'đơn vị')")


def test_the_board_counts_each_column(environment: Environment) -> None:
    source = (
        '{% from "components/boards.html" import board %}'
        "{% call board({'acknowledged': 2, 'in_progress': 3}) %}<li>Việc</li>{% endcall %}"
    )
    drawn = environment.from_string(source).render()

    assert re.findall(r"<p>(.*?) <b>(\d+)</b>", drawn)[1] == ("Đang thực hiện", "5")


def test_a_timeline_tells_who_and_when(environment: Environment) -> None:
    entry = SimpleNamespace(
        at=datetime(2026, 6, 12, 3, tzinfo=UTC), actor="An", title="Trả lại", text="Lý do", tone="back"
    )
    drawn = draw(environment, "layout", "timeline([entry])", entry=entry)

    assert "An · <time" in drawn
    assert "10:00 12/06/2026" in drawn


# --- forms


def test_a_field_is_tied_to_its_label_hint_and_error(environment: Environment) -> None:
    drawn = draw(environment, "forms", "number_field('gia_tri', 'Tỷ lệ', '120', 'Từ 0 đến 100', 'Lớn quá')")

    assert '<label class="govuk-label" for="gia_tri">' in drawn
    assert 'aria-describedby="gia_tri-hint gia_tri-error" aria-invalid="true"' in drawn
    assert 'id="gia_tri-error"><span class="govuk-visually-hidden">Lỗi:</span> Lớn quá' in drawn
    assert 'value="120"' in drawn


def test_a_text_keeps_its_first_line_break(environment: Environment) -> None:
    # A browser drops one line break after <textarea>, so one is given to be dropped.
    assert "\n\nHai dòng</textarea>" in draw(environment, "forms", "text_area('t', 'T', '\nHai dòng')")


def test_an_error_of_radios_and_dates_leads_to_their_first_input(environment: Environment) -> None:
    assert 'id="dat" name="dat" type="radio"' in draw(
        environment, "forms", "radios('dat', 'D', [('co', 'Có')])"
    )
    assert 'id="han" name="han_day"' in draw(environment, "forms", "date_fields('han', 'Hạn')")


def test_the_chosen_option_is_chosen_whatever_its_type(environment: Environment) -> None:
    assert 'value="2" selected' in draw(
        environment, "forms", "select('n', 'N', [(1, 'Một'), (2, 'Hai')], '2')"
    )
    assert 'value="2" checked' in draw(environment, "forms", "radios('n', 'N', [(1, 'Một'), (2, 'Hai')], 2)")


# --- static files


def test_missing_browser_files_name_the_command_that_builds_them(tmp_path: Path) -> None:
    with pytest.raises(rendering.StaticFilesMissing, match="make install"):
        rendering.load_static_urls(tmp_path)


def test_a_first_visit_fits_a_weak_network() -> None:
    # What the workbench alone loads is no part of it.
    names = [rendering.load_static_urls()(name) for name in ("app.css", "app.js", "logo.svg")]
    built = [rendering.STATIC_FILES / f"{name.removeprefix(rendering.STATIC_PREFIX)}.br" for name in names]

    head = (rendering.TEMPLATES / "base.html").read_text("utf-8")
    assert len(re.findall(r"static\('", head)) == 4, (
        "style sheet, script, logo twice: with the page four requests"
    )
    assert sum(path.stat().st_size for path in built) < 28_000


def test_the_style_sheet_asks_for_nothing_else() -> None:
    for path in rendering.STATIC_FILES.glob("*.css"):
        css = path.read_text("utf-8")

        assert "url(" not in css
        assert "@import" not in css
        assert "@font-face" not in css


def test_states_of_a_bar_stand_in_the_order_work_goes_through_them(environment: Environment) -> None:
    bar = draw(environment, "states", "stacked_bar((('confirmed', 1), ('acknowledged', 2), ('assigned', 3)))")
    assert bar.index("3 mới giao") < bar.index("2 đã tiếp nhận") < bar.index("1 đã xác nhận")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("IV.6.-2", "mục IV.6, ý 2"),
        ("II.2.¶1", "mục II.2, đoạn 1"),
        ("II.1.b.-3", "mục II.1.b, ý 3"),
        ("III.4", "mục III.4"),
        ("¶2", "đoạn 2"),
    ],
)
def test_the_place_of_a_passage_is_said_in_words(path: str, words: str) -> None:
    assert place(path) == words
