import json
import time

import pytest

from app.documents.decoding import (
    BinaryDocument,
    EmptyDocument,
    SecretDocument,
    TooLargeDocument,
    UnreadableDocument,
    WronglyEncodedDocument,
)
from app.documents.reading import read_bytes, read_plan, reading_as_json, summarise
from tests.documents.plans import body

PLAN = "KẾ HOẠCH\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Trạm Y tế\n\n- Khám bệnh.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_any_common_encoding_reads_alike(encoding: str) -> None:
    reading = read_bytes(PLAN.encode(encoding), "ke-hoach.txt")

    assert [unit.name for unit in reading.units] == ["Trạm Y tế"]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", EmptyDocument),
        (b" \r\n\t ", EmptyDocument),
        (b"%PDF-1.7 ...", BinaryDocument),
        (b"PK\x03\x04docx", BinaryDocument),
        (bytes(range(256)) * 8, BinaryDocument),
        (PLAN.encode("utf-8") + b"\xff\xfe", WronglyEncodedDocument),
        ("K\xd5 ho\xb9ch".encode("latin-1") * 20, WronglyEncodedDocument),
        (PLAN.encode("utf-8").decode("cp1252", "replace").encode("utf-8") * 5, WronglyEncodedDocument),
        (b"a" * 2_000_001, TooLargeDocument),
        (b"a\n" * 30_000, TooLargeDocument),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_advice(
    data: bytes, refusal: type[UnreadableDocument]
) -> None:
    with pytest.raises(refusal, match=r"Hãy"):
        read_bytes(data, "tep.txt")


@pytest.mark.parametrize(
    "header",
    [
        "MẬT\n",
        "TỐI MẬT\n",
        "**TUYỆT MẬT**\n",
        "ĐẢNG ỦY XÃ A          MẬT\n",
        "| ỦY BAN NHÂN DÂN | MẬT |\n",
        "Số: 12-KH/ĐU (M)\n",
        "Số 05/KH-UBND(TM)\n",
        "Độ mật: Mật\n",
    ],
)
def test_a_document_marked_secret_is_refused(header: str) -> None:
    with pytest.raises(SecretDocument) as refusal:
        read_plan(header + PLAN)

    assert "Trạm Y tế" not in str(refusal.value)


def test_the_words_state_secret_in_running_text_are_no_mark() -> None:
    reading = body("I. YÊU CẦU\n\nBảo vệ bí mật nhà nước; không đưa tin MẬT, TỐI MẬT lên mạng.")

    assert reading.passages


def test_the_json_has_the_promised_shape() -> None:
    reading = read_plan(PLAN)

    shape = reading_as_json(reading)

    assert list(shape) == [
        *(
            "document",
            "passages",
            "units",
            "task_groups",
            "indicators",
            "milestones",
            "warnings",
            "leftovers",
            "annexes",
        ),
    ]
    assert list(shape["document"]) == [
        *(
            "title",
            "kind",
            "issuer",
            "number",
            "date",
            "references",
            "signed_as",
            "signed_by",
            "distribution",
            "implements",
        ),
    ]
    assert list(shape["passages"][0]) == [
        *("id", "path", "kind", "text", "start", "end"),
        *("page", "box", "confidence"),
    ]
    assert shape["document"]["number"] is None
    json.dumps(shape)


def test_a_summary_is_written_for_people() -> None:
    assert "Trạm Y tế: 1 nhiệm vụ" in summarise(read_plan(PLAN))


def test_text_that_is_no_plan_says_what_is_missing() -> None:
    reading = read_plan("Chào bạn, hôm nay trời đẹp.")

    assert reading.units == ()
    assert [warning.code for warning in reading.warnings] == ["no_organisation_section"]


def test_twenty_pages_are_read_within_a_second() -> None:
    page = "- Tuyên truyền, phổ biến đến cán bộ, đảng viên và Nhân dân, phấn đấu đạt trên 90% số hộ.\n\n" * 25
    text = "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n" + page * 20

    begun = time.process_time()
    read_plan(text)

    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1.",
        "(",
        "* ",
        "**a ",
        "1234567890",
        "10% ",
        "đạt 10%, ",
        "mỗi a ",
        "giai đoạn ",
        "“",
        "12-NQ/TW ",
        "a      ",
    ],
)
def test_two_million_letters_of_nonsense_do_not_hang(unit: str) -> None:
    text = "I. MỤC TIÊU\n\n- " + unit * (1_900_000 // len(unit))

    begun = time.process_time()
    read_plan(text)

    assert time.process_time() - begun < 25


def test_items_with_bullets_among_items_without_are_tasks_of_one_group() -> None:
    reading = body(
        "I. NHIỆM VỤ\n\n1. Ký cam kết với các hộ.\n\n2. Ra quân:\n\n- Đợt tháng 4.\n\n- Đợt tháng 9.\n\n"
        "3. Sắp xếp lại chợ.\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra."
    )

    (group,) = reading.task_groups
    assert [task.text for task in group.tasks] == ["Ký cam kết với các hộ.", "Ra quân:", "Sắp xếp lại chợ."]
    assert [len(task.details) for task in group.tasks] == [0, 2, 0]


def test_items_that_all_have_bullets_are_groups_of_their_own() -> None:
    reading = body("I. NHIỆM VỤ\n\n1. Tuyên truyền\n\n- Phát tờ rơi.\n\n2. Ra quân:\n\n- Đợt tháng 4.")

    assert [len(group.tasks) for group in reading.task_groups] == [1, 1]
