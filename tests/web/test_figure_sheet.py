"""Figures by spreadsheet, as a browser without script sends them; and the same by API."""

import io
import os
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import select

from app.documents.figure_sheet import CODE, KEY, REASON, TO_FILL, UNIT
from app.documents.figure_sheet_reading import read_figure_sheet
from app.models import EventRow, Period, SubmissionVersion
from app.outside import upload_store
from app.services.access_link import AccessLinkInput, make_access_link
from app.services.period import close_period
from app.services.upload import sweep_uploads
from tests.factories import add_indicator, add_period, add_plan, add_submission

COUNT = {"measure": "count", "unit_label": "hộ", "decimals": 0, "target": None}
NAMES = list(TO_FILL)
REFUSED = (
    ("CT-02", {"value": "=1+1"}, "Số liệu: ô là công thức"),
    ("CT-02", {"value": "95%"}, "mà ô này không tính bằng %"),
    ("CT-02", {"value": 12345678901234567}, "dài hơn 15 chữ số"),
    ("CT-02", {"value": "10,5"}, "không phải số nguyên"),
    ("CT-01", {"value": "92,123456789"}, "Không quá 8 chữ số sau dấu phẩy"),
    ("CT-01", {"value": "50", "numerator": "1", "denominator": "2"}, "Hãy bỏ trống một trong hai"),
    ("CT-03", {"value": "2,5"}, "không phải là mức độ"),
    ("CT-04", {"value": "xong"}, "hãy ghi “Đạt” hoặc “Chưa đạt”"),
    ("CT-01", {"no_data": "không"}, "chỉ ghi x, hoặc để trống"),
    ("CT-01", {"no_data": "x"}, "Hãy ghi rõ vì sao kỳ này không có số liệu"),
    ("CT-01", {"value": "50", "note": "a" * 4_001}, "tối đa 4000 ký tự"),
)


class Rows:
    """Of the school and the village cell in Q4: a share, a count that may not jump, a level, a yes or no; the count of
    the school also in Q3."""

    def __init__(self, stage, cast):
        plan = add_plan(stage, cast.commune)
        self.period, before = add_period(stage, cast.commune), add_period(stage, cast.commune, "2026-Q3")
        self.units = {"school": cast.school_cell, "village": cast.village_cell}
        kinds = (
            ("CT-01", {"numerator_name": "trường đạt", "denominator_name": "tổng số trường"}),
            ("CT-02", {**COUNT, "jump_limit": Decimal(10)}),
            ("CT-03", {"measure": "level", "target": None}),
            ("CT-04", {"measure": "yes_no", "target": None}),
        )
        self.of = {}
        for ordinal, (code, more) in enumerate(kinds, start=1):
            owners = (cast.school_cell, cast.village_cell)
            indicator = add_indicator(stage, plan, code, owners=owners, ordinal=ordinal, **more)
            for name, unit in self.units.items():
                self.of[name, code] = add_submission(stage, indicator, unit, self.period)
            if code == "CT-02":
                self.count = indicator
                earlier = add_submission(
                    stage, indicator, cast.school_cell, before, state="sent", sent_at=before.opened_at
                )
                figure = {"locality_id": plan.locality_id, "number": 1, "value": 100, "note": "Theo sổ hộ"}
                stage.add(SubmissionVersion(submission_id=earlier.id, sent_at=before.opened_at, **figure))
        stage.commit()
        self.here = f"/bao-cao-ky/{cast.school_cell.id}/{self.period.id}/bang-tinh"
        self.api = f"/api/v1/figure-sheets/{cast.school_cell.id}/{self.period.id}"

    def sheet(self, *lines, unit="school", template=None):
        """`("CT-01", {"value": "99,9"})`, or all of (key, code, unit's name, cells)."""
        data = io.BytesIO()
        with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            ours = f"{self.period.id} {self.units[unit].id}"
            sheet.write_string(0, 0, ours if template is None else template)
            sheet.write_row(4, 0, [KEY, CODE, UNIT, *TO_FILL.values()])
            for number, line in enumerate(lines, start=5):
                *place, cells = line if len(line) > 2 else (*self.place(line[0], unit), line[1])
                sheet.write_row(number, 0, place)
                for name, value in cells.items():
                    sheet.write(number, 3 + NAMES.index(name), value)
        return data.getvalue()

    def place(self, code, unit="school"):
        return str(self.of[unit, code].id), code, self.units[unit].name


@pytest.fixture
def rows(stage, cast, monkeypatch):
    # The child that reads is tested in tests/documents/test_figure_sheet.py; starting it takes longer than a test.
    monkeypatch.setattr("app.services.figure_sheet_check.read_figures", read_figure_sheet)
    return Rows(stage, cast)


def upload(client, here, data, key="k"):
    files = {"file": ("so-lieu.xlsx", data, "application/octet-stream")}
    return client.post(here, files=files, data={"_key": key})


def checked(client, here, data, key="k"):
    """The page of the check, and its address."""
    answer = upload(client, here, data, key)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text, answer.headers["location"]


def mark_on(page):
    return re.search(r'name="mark" value="(\w+)"', page)[1]


def kept(working, actor):
    """The values sent in Q4, in their order."""
    with working(actor) as work:
        found = select(SubmissionVersion).order_by(SubmissionVersion.sent_at, SubmissionVersion.id)
        return [row.value for row in work.session.scalars(found) if row.note != "Theo sổ hộ"]


def test_the_template_holds_each_expected_figure_and_says_nothing_untouched(client, rows):
    page = client("binh").get(rows.here.removesuffix("/bang-tinh")).text
    assert f'href="{rows.here}"' in page
    page = client("binh").get(rows.here).text
    assert f'href="{rows.here}/mau.xlsx"' in page
    assert "không quá 25 MB" in page
    answer = client("binh").get(f"{rows.here}/mau.xlsx")
    assert answer.headers["content-disposition"].startswith("attachment")
    sheet = read_figure_sheet(answer.content)
    assert [(line.key, line.code, line.unit_name) for line in sheet.lines] == [
        rows.place(code) for code in ("CT-01", "CT-02", "CT-03", "CT-04")
    ]
    page, _ = checked(client("binh"), rows.here, answer.content)
    assert "Bảng chưa điền dòng nào" in page


def test_a_template_may_be_filled_with_the_period_before(client, rows, working, cast):
    sheet = client("binh").get(f"{rows.here}/mau.xlsx?ky-truoc=1").content
    assert [line.cells["value"].text for line in read_figure_sheet(sheet).lines if line.cells] == ["100"]
    page, address = checked(client("binh"), rows.here, sheet)
    assert "1 số liệu sẽ gửi (1 giống kỳ trước)" in page
    assert client("binh").post(address, data={"_key": "a", "what": "all"}).status_code == 303
    assert kept(working, cast.an) == [Decimal(100)]


def test_a_filled_sheet_is_checked_and_sent(client, rows, working, cast):
    unit = client("binh")
    data = rows.sheet(
        ("CT-01", {"numerator": 37, "denominator": "40"}),
        ("CT-02", {"value": "105"}),
        ("CT-03", {"value": 2}),
        ("CT-04", {"value": "chưa đạt"}),
    )
    page, address = checked(unit, rows.here, data)
    for said in ("92,5% (37/40)", "105 hộ", "100 hộ (Quý III/2026)", "Mức độ 2", "Chưa đạt", "Gửi 4 số liệu"):
        assert said in page
    assert kept(working, cast.an) == []
    given = {"_key": "gui", "what": "all", "mark": mark_on(page)}
    for _ in range(2):  # pressed twice
        sent = unit.post(address, data=given)
        assert (sent.status_code, sent.headers["location"].endswith("/bien-nhan")) == (303, True)
    assert sorted(map(str, kept(working, cast.an))) == ["105", "92.5", "None", "None"]
    with working(cast.an) as work:
        told = work.session.scalars(select(EventRow).where(EventRow.kind == "submission_sent")).all()
    assert [(event.actor_name, event.unit_id) for event in told] == [
        (cast.binh.name, cast.school_cell.id)
    ] * 4
    again, _ = checked(unit, rows.here, data, key="lan hai")
    assert "Không có gì để gửi thêm" in again
    assert "1 dòng" not in again
    filled = read_figure_sheet(unit.get(f"{rows.here}/mau.xlsx").content).lines
    assert [cell.text for line in filled for cell in line.cells.values()] == [
        "37",
        "40",
        "105",
        "2",
        "Chưa đạt",
    ]


def test_numbers_are_read_as_people_mean_them(client, rows):
    unit = client("binh")
    page, _ = checked(unit, rows.here, rows.sheet(("CT-01", {"value": "99.9"}), ("CT-02", {"value": "1.05"})))
    assert page.count("Không rõ “") == 2
    page, _ = checked(unit, rows.here, rows.sheet(("CT-01", {"value": 99.9}), ("CT-02", {"value": "chín"})))
    assert re.search(r"Đọc được</dt><dd>99,9%</dd>", page)
    assert "Số liệu: “chín” không phải là số" in page
    page, _ = checked(
        unit, rows.here, rows.sheet(("CT-01", {"value": "95,5 %"}), ("CT-02", {"value": " 1 234 "}))
    )
    assert "95,5%" in page
    assert "1.234 hộ" in page


def test_what_cannot_be_read_or_sent_says_why(client, rows):
    unit = client("binh")
    for code, cells, said in REFUSED:
        page, _ = checked(unit, rows.here, rows.sheet((code, cells)), key=said)
        assert said in page
        assert "1 dòng chưa gửi được" in page


def test_lines_that_moved_apart_from_their_keys_or_came_from_elsewhere_are_refused(client, rows):
    key, _, unit_name = rows.place("CT-01")
    strange = ("01a221a0-fb32-7e1b-8c2a-911e1915100b", "CT-01", unit_name, {"value": "4"})
    data = rows.sheet(
        (key, "CT-02", unit_name, {"value": "1"}),
        (rows.place("CT-03")[0], "CT-03", "Chi bộ khác", {"value": "2"}),
        ("CT-04", {"value": "đạt"}),
        ("CT-04", {"value": "chưa đạt"}),
        strange,
        ("", "CT-02", unit_name, {"value": "5"}),
    )
    page, _ = checked(client("binh"), rows.here, data)
    assert "6 dòng chưa gửi được" in page
    assert "Cột mã chỉ tiêu ghi “CT-02” mà dòng này là của “CT-01”" in page
    assert "Cột đơn vị ghi “Chi bộ khác”" in page
    assert page.count("Chỉ tiêu này có ở các dòng 8, 9.") == 2
    assert page.count("Dòng này không có trong mẫu hiện nay") == 2
    assert "Không có trong tệp, giữ nguyên như đang có: 1" in page


def test_all_or_nothing_unless_only_the_right_ones_are_chosen(client, rows, working, cast):
    unit = client("binh")
    strange = ("", "CT-09", "", {"value": "7"})
    _, address = checked(
        unit, rows.here, rows.sheet(("CT-01", {"value": "101"}), ("CT-03", {"value": "2"}), strange)
    )
    refused = unit.post(address, data={"_key": "a", "what": "all"})
    assert (refused.status_code, kept(working, cast.an)) == (422, [])
    assert re.search(r'href="#notes.6">Dòng 6: 101 % vượt quá', refused.text)
    sent = unit.post(address, data={"_key": "b", "what": "right"})
    assert (sent.status_code, sent.headers["location"]) == (303, address)
    assert len(kept(working, cast.an)) == 1
    left = unit.get(f"{address}/chua-gui.xlsx").content
    lines = read_figure_sheet(left).lines
    assert [(line.key, line.cells["value"].text) for line in lines] == [(rows.place("CT-01")[0], "101")]
    texts = {cell for row in _cells(left) for cell in row}
    assert REASON in texts
    assert any("101 % vượt quá" in text for text in texts)
    assert any("Đã điền: Số liệu: 7" in text for text in texts)
    page, _ = checked(unit, rows.here, left, key="sua")
    assert "1 dòng chưa gửi được" in page


def _cells(data):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_a_doubt_is_answered_on_the_page(client, rows, working, cast):
    unit = client("binh")
    page, address = checked(unit, rows.here, rows.sheet(("CT-02", {"value": "200"})))
    assert "thay đổi quá 10%" in page
    name = re.search(r'name="(notes\.\d+)"', page)[1]
    assert unit.post(address, data={"_key": "a", "what": "all"}).status_code == 422
    sent = unit.post(address, data={"_key": "b", "what": "all", name: "Nhập thêm một thôn"})
    assert (sent.status_code, kept(working, cast.an)) == (303, [Decimal(200)])


def test_a_period_closed_after_the_check_refuses_and_loses_nothing(client, rows, working, cast):
    unit = client("binh")
    _, address = checked(unit, rows.here, rows.sheet(("CT-02", {"value": "200"})))
    with working(cast.an) as work:
        close_period(work, rows.period.id, work.session.get(Period, rows.period.id).version)
    refused = unit.post(address, data={"_key": "a", "what": "all", "notes.6": "Nhập thêm một thôn"})
    assert (refused.status_code, "đã đóng" in refused.text) == (422, True)
    assert "Số liệu: 200" in refused.text
    assert (refused.text.count("Nhập thêm một thôn"), kept(working, cast.an)) == (1, [])
    lines = read_figure_sheet(unit.get(f"{address}/chua-gui.xlsx").content).lines
    assert lines[0].cells["value"].text == "200"


def test_a_figure_somebody_sent_after_the_check_is_not_overwritten_unseen(client, rows, working, cast):
    unit = client("binh")
    page, address = checked(unit, rows.here, rows.sheet(("CT-02", {"value": "105"})))
    meanwhile = {
        "items": [{"indicator": str(rows.count.id), "unit": "CB-MN", "period": "2026-Q4", "value": 104}]
    }
    meanwhile["items"][0]["unit"] = str(cast.school_cell.id)
    assert unit.post("/api/v1/submissions/batches", json=meanwhile).json()["sent"] == 1
    refused = unit.post(address, data={"_key": "a", "what": "all", "mark": mark_on(page)})
    assert (refused.status_code, "vừa được gửi từ nơi khác" in refused.text) == (409, True)
    assert "104 hộ" in refused.text
    sent = unit.post(address, data={"_key": "b", "what": "all", "mark": mark_on(refused.text)})
    assert (sent.status_code, kept(working, cast.an)) == (303, [Decimal(104), Decimal(105)])


def test_a_sheet_of_another_period_or_unit_is_not_taken(client, rows, cast):
    unit = client("binh")
    for template, said in (
        (str(cast.commune.id), "mẫu của kỳ khác"),
        (f"{rows.period.id} {cast.village_cell.id}", "mẫu của đơn vị khác"),
    ):
        answer = upload(unit, rows.here, rows.sheet(("CT-03", {"value": "2"}), template=template))
        assert (answer.status_code, said in answer.text) == (409, True)


def test_the_sheet_of_the_whole_commune_gives_each_unit_its_own_lines(client, rows, cast, working):
    shared = f"/ky/{rows.period.id}/so-lieu.xlsx"
    assert shared in client("an").get(f"/ky/{rows.period.id}").text
    assert len(read_figure_sheet(client("an").get(shared).content).lines) == 8
    for who in ("binh", "dung"):
        assert client(who).get(shared).status_code == 404
    theirs = (*rows.place("CT-03", "village"), {"value": "3"})
    data = rows.sheet(("CT-03", {"value": "2"}), theirs, template=str(rows.period.id))
    page, address = checked(client("binh"), rows.here, data)
    assert f"Bỏ qua dòng của đơn vị khác: {cast.village_cell.name} (1)" in page
    assert client("binh").post(address, data={"_key": "a", "what": "all"}).status_code == 303
    assert len(kept(working, cast.an)) == 1
    assert client("an").get(rows.here).status_code == 403


def test_what_is_no_sheet_is_refused_with_a_sentence(client, rows):
    for data, said in ((b"", "Hãy chọn tệp Excel"), (b"%PDF-1.7", "không phải bảng tính")):
        answer = upload(client("binh"), rows.here, data)
        assert (answer.status_code, said in answer.text) == (422, True)


def test_a_check_is_its_senders_own_and_kept_for_a_day(client, rows, database, settings):
    data = rows.sheet(("CT-03", {"value": "2"}))
    _, address = checked(client("binh"), rows.here, data)
    assert client("an").get(address).status_code == 403
    for who in ("hoa", "dung"):
        assert client(who).get(address).status_code in (403, 404)
    assert client("binh").get(rows.here + "/01a221a0-fb32-7e1b-8c2a-911e1915100b").status_code == 404
    _, again = checked(client("binh"), rows.here, data)
    assert again == address  # pressed twice
    (place,) = (settings.data_dir / "uploads").iterdir()
    sweep_uploads(database, settings)
    assert client("binh").get(address).status_code == 200
    a_day_ago = place.stat().st_mtime - timedelta(days=1, minutes=1).total_seconds()
    os.utime(place, (a_day_ago, a_day_ago))
    sweep_uploads(database, settings)
    gone = client("binh").get(address)
    assert (gone.status_code, "Không còn giữ bảng này" in gone.text) == (404, True)
    assert list(upload_store.older_than(settings.data_dir, 0)) == []


def test_who_came_in_with_a_link_sends_a_sheet_of_that_unit_alone(client, rows, working, cast):
    with working(cast.an) as work:
        wanted = AccessLinkInput(unit=cast.village_cell.id, period=str(rows.period.id))
        secret = make_access_link(work, wanted).secret
    visitor = client(None)
    assert visitor.post(f"/l/{secret}").status_code == 303
    theirs = rows.here.replace(str(cast.school_cell.id), str(cast.village_cell.id))
    template = visitor.get(f"{theirs}/mau.xlsx").content
    assert {line.unit_name for line in read_figure_sheet(template).lines} == {cast.village_cell.name}
    page, address = checked(visitor, theirs, rows.sheet(("CT-03", {"value": "2"}), unit="village"))
    assert "Mức độ 2" in page
    assert visitor.post(address, data={"_key": "a", "what": "all"}).status_code == 303
    assert len(kept(working, cast.an)) == 1
    for place in (rows.here, f"{rows.here}/mau.xlsx", f"/ky/{rows.period.id}/so-lieu.xlsx"):
        assert visitor.get(place).status_code in (403, 404)


def test_a_line_that_was_sent_with_a_note_of_the_page_is_not_left(client, rows):
    unit = client("binh")
    data = rows.sheet(("CT-02", {"value": 200}), ("CT-03", {"value": "2,5"}))
    _, address = checked(unit, rows.here, data)
    sent = {"_key": "a", "what": "right", "notes.6": "Sáp nhập hai thôn"}
    assert unit.post(address, data=sent).headers["location"] == address
    page = unit.get(address).text
    assert "1 dòng chưa gửi được. 1 dòng không đổi so với số đã gửi." in page
    assert "Tải 1 dòng chưa gửi được" in page


def test_a_program_reads_a_sheet_sends_what_is_right_and_takes_the_rest_back(client, rows, working, cast):
    program = client("binh")
    assert len(read_figure_sheet(program.get(rows.api).content).lines) == 4
    of_all = client("an").get(f"/api/v1/periods/{rows.period.id}/figure-sheet").content
    assert len(read_figure_sheet(of_all).lines) == 8
    data = rows.sheet(("CT-01", {"value": "99,9"}), ("CT-02", {"value": "9,9.9"}))
    files = {"file": ("a.xlsx", data, "application/octet-stream")}
    read = program.post(f"{rows.api}/readings", files=files)
    found, here = read.json(), read.headers["location"]
    outcomes = [one["outcome"] for one in found["items"]]
    assert (read.status_code, outcomes, found["items"][0]["item"]["value"]) == (
        201,
        ["ready", "refused"],
        "99.9",
    )
    assert program.get(here).json() == found
    refused = program.post(f"{here}/sendings", json={"mark": found["mark"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/notes/7")
    sent = program.post(f"{here}/sendings", json={"only_right": True, "mark": found["mark"]})
    assert (sent.status_code, sent.json(), kept(working, cast.an)) == (201, {"sent": 1}, [Decimal("99.9")])
    assert program.post(f"{here}/sendings", json={"only_right": True}).json()["code"] == "nothing_to_send"
    assert [line.code for line in read_figure_sheet(program.get(f"{here}/refused").content).lines] == [
        "CT-02"
    ]
    assert client("an").get(here).status_code == 403
