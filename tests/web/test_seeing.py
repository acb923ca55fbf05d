"""Pages that show indicators together, and the same as files."""

import csv
import html
import io
import re
import zipfile
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from app.models import SuperiorMatch
from app.services.submission import SubmissionInput, send_submission
from app.services.target import TargetInput, set_target
from app.web.downloads import safe_name
from tests.factories import LONG_AGO, add_group, add_indicator, add_period, add_plan, add_submission, put
from tests.people import NOW
from tests.services.test_indicator_table import OVER_90, send


def read_csv(answer):
    told = io.StringIO(answer.content.decode("utf-8-sig"))
    return list(csv.DictReader(told, delimiter=";"))


@pytest.fixture
def plan(stage, cast):
    return add_plan(stage, cast.commune)


@pytest.fixture
def indicator(stage, cast, plan):
    """The school sent 80 of 100, the village is silent."""
    made = add_indicator(stage, plan, statement="=Tỷ lệ phòng học kiên cố", is_key=True)
    period = add_period(stage, cast.commune)
    send(stage, made, cast.school_cell, period, 80)
    add_submission(stage, made, cast.village_cell, period)
    add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    stage.commit()
    return made


@pytest.fixture
def addresses(indicator, plan):
    return {
        "table": f"/chi-tieu?ke-hoach={plan.id}",
        "page": f"/chi-tieu/{indicator.id}?",
        "completeness": f"/chi-tieu/day-du?ke-hoach={plan.id}",
        "key": f"/chi-tieu/chu-yeu?ke-hoach={plan.id}",
        "comparison": f"/chi-tieu/{indicator.id}/so-sanh?xep=so",
    }


@pytest.mark.parametrize("name", ["table", "page", "completeness", "key", "comparison"])
def test_every_table_is_there_as_a_page_and_as_two_files(client, addresses, name, cast):
    reader, address = client("chi"), addresses[name]
    page = reader.get(address)
    assert page.status_code == 200
    assert "tep=xlsx" in page.text
    book = reader.get(f"{address}&tep=xlsx")
    assert 'filename="' in book.headers["content-disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    table = reader.get(f"{address}&tep=csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    told = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert len({len(row) for row in told}) == 1
    assert [len(row) for row in rows][-1] == len(told[0])
    assert "Số liệu đến ngày" in told[0]
    assert "31/12/2026" in told[1]
    assert all(not cell.startswith(("=", "@", "+")) for row in told for cell in row)


def test_each_table_of_a_roll_up_leaves_by_its_place(client, indicator):
    reader, address = client("chi"), f"/chi-tieu/{indicator.id}/tong-hop"
    page = reader.get(address).text
    assert "bang=don-vi&amp;tep=xlsx" in page
    units = read_csv(reader.get(f"{address}?bang=don-vi&tep=csv"))
    assert [(line["Số liệu"], line["Đã gửi"], line["Được giao"]) for line in units] == [
        ("80", "", ""),
        ("", "", ""),
        ("80", "1", "2"),
    ]
    year = read_csv(reader.get(f"{address}?bang=ca-nam&tep=csv"))
    assert [(line["Kỳ"], line["Số liệu"]) for line in year] == [("Quý IV/2026", "80"), ("Tính chung", "80")]
    assert "Tổng hợp số liệu" in reader.get(f"{address}?bang=cap-xa&tep=csv").text


def test_a_province_takes_its_communes_away_and_who_has_not_said_is_a_line(client, stage, cast):
    above = add_indicator(stage, add_plan(stage, cast.province))
    add_period(stage, cast.province)
    plan = add_plan(stage, cast.commune)
    own, period = add_indicator(stage, plan), add_period(stage, cast.commune)
    send(stage, own, cast.school_cell, period, 80)
    ends = {"superior_indicator_id": above.id, "indicator_id": own.id, "decided_at": LONG_AGO}
    put(stage, SuperiorMatch(locality_id=cast.commune.id, plan_id=plan.id, **ends))
    stage.commit()
    table = read_csv(client("giang").get(f"/chi-tieu/{above.id}/tong-hop?bang=cap-xa&tep=csv"))
    assert [(line["Xã, phường"], line["Số liệu"], line["Đã gửi"], line["Ghi chú"]) for line in table] == [
        (cast.commune.name, "80", "1", ""),
        ("Tính chung", "80", "1", ""),
        (cast.other_commune.name, "", "", "Chưa nối với chỉ tiêu này"),
    ]


def test_what_needs_looking_at_leaves_as_a_table_of_its_own(client, stage, cast, plan):
    less = {"comparator": "gte", "value": 90, "horizon": 2025}
    made = add_indicator(stage, plan, target=less)
    send(stage, made, cast.school_cell, add_period(stage, cast.commune), 80)
    stage.commit()
    (line,) = read_csv(client("chi").get(f"/chi-tieu/chu-yeu?ke-hoach={plan.id}&bang=can-chu-y&tep=csv"))
    assert (line["Cần chú ý"], line["Đã gửi"], line["Được giao"]) == ("Không đạt", "1", "1")
    assert line["Nội dung"] == "80% (80/100); cách mục tiêu 10 điểm %"


def test_a_figure_looks_as_its_definition_declares_and_keeps_every_digit(client, stage, cast, plan):
    made = add_indicator(stage, plan, decimals=1)
    period = add_period(stage, cast.commune)
    send(stage, made, cast.school_cell, period, "92.30769231")
    stage.commit()
    address = f"/chi-tieu/{made.id}?tep"
    with zipfile.ZipFile(io.BytesIO(client("chi").get(f"{address}=xlsx").content)) as parts:
        page, looks = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/styles.xml").decode()
    assert "<v>92.30769231</v>" in page
    assert 'formatCode="#,##0.0"' in looks
    assert read_csv(client("chi").get(f"{address}=csv"))[0]["Số liệu"] == "92,30769231"


def test_the_table_says_the_year_of_the_target_and_the_way_it_goes(client, stage, cast, plan):
    made = add_indicator(stage, plan)
    for label, value in (("2026-Q3", 80), ("2026-Q4", 90)):
        send(stage, made, cast.school_cell, add_period(stage, cast.commune, label), value)
    stage.commit()
    book = client("chi").get(f"/chi-tieu?ke-hoach={plan.id}&tep=xlsx").content
    row = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()[-1]
    assert (row[3], row[6], row[-1]) == ("2030", 90, "Tốt lên so với Quý III/2026")


def test_target_and_standing_of_different_days_are_told_apart(client, stage, cast, plan, working):
    made = add_indicator(
        stage,
        plan,
        owners=(cast.school_cell,),
        target=OVER_90,
        is_key=True,
    )
    quarter = add_period(stage, cast.commune)
    stage.commit()
    with working(cast.binh) as work:
        sent = {"unit": cast.school_cell.id, "period": quarter.label, "numerator": "93", "denominator": "100"}
        send_submission(work, SubmissionInput(indicator=made.id, **sent))
    with working(cast.an, NOW + timedelta(hours=1)) as work:
        set_target(work, made.id, TargetInput(comparator="gte", value="95", horizon=2026))
    leader, used = client("chi"), "so với mục tiêu của kỳ ấy: trên 90% đến 2030"
    for page in (f"/chi-tieu?ke-hoach={plan.id}", f"/chi-tieu/chu-yeu?ke-hoach={plan.id}"):
        assert used in leader.get(page).text
    assert used in leader.get(f"/ke-hoach/{plan.id}/toan-canh").text
    (row,) = read_csv(leader.get(f"/chi-tieu?ke-hoach={plan.id}&tep=csv"))
    assert (row["Mục tiêu"], row["So với mục tiêu của kỳ ấy"]) == ("ít nhất 95%", "trên 90% đến 2030")


def test_a_unit_is_told_that_it_sees_its_own_figures_alone(client, addresses, cast):
    reader = client("hoa")
    for name in ("table", "page", "completeness", "key", "comparison"):
        page = reader.get(addresses[name])
        assert page.status_code == 200
        assert "số liệu của đơn vị khác không hiện" in page.text
        assert cast.school_cell.name not in page.text.split("<main")[1].split("Diễn biến")[0]
    book = reader.get(f"{addresses['completeness']}&tep=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows if "người lập" in str(row[0])] == ["Chỉ gồm số liệu của đơn vị người lập."]


def test_a_plan_without_indicators_says_so_everywhere(client, plan, stage):
    stage.commit()
    reader = client("chi")
    for address in ("/chi-tieu", "/chi-tieu/chu-yeu"):
        assert "Kế hoạch này không có chỉ tiêu" in reader.get(f"{address}?ke-hoach={plan.id}").text
    assert "Chưa có số liệu nào được giao" in reader.get(f"/chi-tieu/day-du?ke-hoach={plan.id}").text
    for form in ("xlsx", "csv"):
        assert reader.get(f"/chi-tieu?ke-hoach={plan.id}&tep={form}").status_code == 200


def test_before_any_period_there_is_nothing_to_compare(client, stage, plan):
    made = add_indicator(stage, plan)
    stage.commit()
    page = client("chi").get(f"/chi-tieu/{made.id}/so-sanh?tep=xlsx")
    assert "Chưa có đơn vị nào để so sánh" in page.text


def test_a_file_has_exact_numbers_and_n_of_n(client, addresses):
    told = client("chi").get(f"{addresses['table']}&tep=csv").content.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(told), delimiter=";")
    line = dict(zip(head, row, strict=True))
    assert (line["Số liệu"], line["Tử số"], line["Mẫu số"], line["Đơn vị tính"]) == ("80", "80", "100", "%")
    assert (line["Đã gửi"], line["Được giao"], line["Chỉ tiêu"][:2]) == ("1", "2", "'=")


def test_a_silent_unit_is_no_zero_in_a_file(client, addresses, cast):
    told = client("chi").get(f"{addresses['comparison']}&tep=csv").content.decode("utf-8-sig")
    head, _, silent, together = csv.reader(io.StringIO(told), delimiter=";")
    line = dict(zip(head, silent, strict=True))
    assert (line["Đơn vị"], line["Số liệu"], line["Tình trạng"]) == (
        cast.village_cell.name,
        "",
        "Chưa có số liệu",
    )
    assert together[0] == "Tính chung"


def test_the_matrix_says_each_kind_in_words(client, addresses):
    page = client("chi").get(addresses["completeness"]).text
    for said in ("Chưa gửi", "Gửi đúng hạn", "<b>1/2</b>"):
        assert said in page


def test_the_office_goes_on_to_urge_who_is_missing(client, addresses, cast):
    leader, office = (client(who).get(addresses["completeness"]).text for who in ("chi", "an"))
    assert "Đôn đốc đơn vị còn thiếu" not in leader
    (address,) = re.findall(r'href="(/don-doc\?[^"]+)"', office)
    owed = client("an").get(html.unescape(address)).text
    assert cast.village_cell.name in owed.split("<table")[1]
    assert cast.school_cell.name not in owed.split("<table")[1]


def test_the_comparison_lists_who_is_silent(client, addresses, cast):
    page = client("chi").get(addresses["comparison"]).text
    assert page.index("80% (80/100)") < page.index("<h2>Chưa gửi</h2>") < page.rindex(cast.village_cell.name)


def test_the_key_page_says_how_to_mark_one(client, stage, cast, plan):
    add_indicator(stage, plan)
    stage.commit()
    address = f"/chi-tieu/chu-yeu?ke-hoach={plan.id}"
    assert "Là chỉ tiêu chủ yếu" in client("an").get(address).text
    assert "Văn phòng đánh dấu" in client("chi").get(address).text


def test_the_leaders_home_and_the_overview_lead_to_the_key_page(client, indicator, plan):
    reader, address = client("chi"), f"/chi-tieu/chu-yeu?ke-hoach={plan.id}"
    assert address in reader.get("/").text
    assert address in reader.get(f"/ke-hoach/{plan.id}/toan-canh").text


def test_the_table_is_narrowed_by_unit_standing_and_importance(client, addresses, cast):
    reader, table = client("chi"), addresses["table"]
    for narrowed, found in (
        (f"&don-vi={cast.village_cell.id}", True),
        ("&dung=no_mark", True),
        ("&dung=met", False),
        ("&chu-yeu=1", True),
        ("&dung=khong-co", True),
    ):
        assert ("phòng học kiên cố" in reader.get(table + narrowed).text) is found


def test_before_any_plan_every_page_says_so(client):
    for address in ("/chi-tieu", "/chi-tieu/day-du", "/chi-tieu/chu-yeu"):
        assert "Chưa có kế hoạch nào được ban hành" in client("dung").get(address).text


@pytest.mark.parametrize(
    ("names", "safe"),
    [
        (("Chỉ tiêu", "KH-01"), "chi-tieu-kh-01"),
        (("../../etc", 'a"b\r\n'), "etc-a-b"),
        (("đ/§",), "d"),
        (("…",), "bang"),
    ],
)
def test_file_names_are_letters_digits_and_hyphens(names, safe):
    assert safe_name(*names) == safe
