import pytest

from app.documents.carriers import name_key, split_carriers, split_units


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("", []),
        ("-", []),
        ("Sở Tài chính", ["Sở Tài chính"]),
        ("Phòng Kinh tế; Công an xã", ["Phòng Kinh tế", "Công an xã"]),
        ("Phòng Kinh tế, Công an xã và Trạm Y tế", ["Phòng Kinh tế", "Công an xã", "Trạm Y tế"]),
        ("Phòng Kinh tế, Hạ tầng và Đô thị", ["Phòng Kinh tế, Hạ tầng và Đô thị"]),
        ("Sở Giáo dục và Đào tạo, Sở Y tế", ["Sở Giáo dục và Đào tạo", "Sở Y tế"]),
        ("Sở Văn hóa,\nThể thao và Du lịch\nSở Nội vụ", ["Sở Văn hóa, Thể thao và Du lịch", "Sở Nội vụ"]),
        ("Phòng Văn hóa - Xã hội - Công an xã", ["Phòng Văn hóa - Xã hội", "Công an xã"]),
        ("- Phòng Kinh tế;\n- Trạm Y tế xã.", ["Phòng Kinh tế", "Trạm Y tế xã"]),
        ("Văn phòng HĐND và UBND xã", ["Văn phòng HĐND và UBND xã"]),
        ("Đảng ủy, HĐND, UBND xã", ["Đảng ủy", "HĐND", "UBND xã"]),
        ("UBND các phường, xã", ["UBND các phường, xã"]),
        (
            "Các phòng, ban, đoàn thể; các thôn, tổ dân phố",
            ["Các phòng, ban, đoàn thể", "các thôn, tổ dân phố"],
        ),
        ("Doanh nghiệp, nhà cung cấp, nhà đầu tư", ["Doanh nghiệp", "nhà cung cấp", "nhà đầu tư"]),
        ("Các doanh nghiệp, hộ gia đình", ["Các doanh nghiệp, hộ gia đình"]),
        ("Các Sở: Nội vụ, Tài chính và Y tế", ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế"]),
        (
            "Hội Nông dân, Phụ nữ và Cựu chiến binh",
            ["Hội Nông dân", "Hội Phụ nữ", "Hội Cựu chiến binh"],
        ),
        (
            "Phòng Kinh tế (chủ trì, Công an giúp), Trạm Y tế",
            ["Phòng Kinh tế (chủ trì, Công an giúp)", "Trạm Y tế"],
        ),
    ],
)
def test_a_cell_is_split_into_names(cell: str, names: list[str]) -> None:
    assert list(split_units(cell)) == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Sở Khoa học và Công nghệ Sở Công Thương", ["Sở Khoa học và Công nghệ", "Sở Công Thương"]),
        ("Công an xã Phòng Kinh tế", ["Công an xã", "Phòng Kinh tế"]),
        ("Phòng Quản lý đô thị Sở Xây dựng", ["Phòng Quản lý đô thị Sở Xây dựng"]),
        ("Chi bộ Công an xã", ["Chi bộ Công an xã"]),
        ("Ban Thường trực Ủy ban MTTQ xã", ["Ban Thường trực Ủy ban MTTQ xã"]),
        ("UBND xã Trường Sơn", ["UBND xã Trường Sơn"]),
    ],
)
def test_names_side_by_side_are_told_apart_where_the_first_is_whole(cell: str, names: list[str]) -> None:
    assert list(split_units(cell)) == names


def test_one_column_for_both_says_who_leads() -> None:
    assert split_carriers("Chủ trì: Phòng Kinh tế; phối hợp: Công an xã, Trạm Y tế") == (
        ("Phòng Kinh tế",),
        ("Công an xã", "Trạm Y tế"),
    )
    assert split_carriers("Phòng Kinh tế, Công an xã") == (("Phòng Kinh tế",), ("Công an xã",))


def test_short_and_full_names_have_one_key() -> None:
    assert name_key("VP HĐND & UBND xã") == name_key("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã")
    assert name_key("Phòng Văn hoá – Xã hội") == name_key("phòng Văn hóa-Xã hội")
    assert name_key("Công an xã") == name_key("Công an")
    assert name_key("Công an xã") != name_key("Công an tỉnh")
