"""A Word file and a scan in a real browser, each from the upload to the issued plan; pictures for the guide."""

import pytest

from tests.browser.walking import DESK, PHONE, check_page, person, picture, press
from tests.documents.papers import as_docx, as_pdf, as_scan
from tests.plans import PLAN

ORGANISATIONS = ("Ban Xây dựng Đảng xã", "Ủy ban Mặt trận Tổ quốc xã", "Các chi bộ thôn")
FILES = {
    "ban-word.docx": as_docx,
    "ban-quet.pdf": lambda text: as_scan(as_pdf(text, page_numbers=False)),
}


@pytest.mark.parametrize(("name", "width"), [("ban-word.docx", DESK), ("ban-quet.pdf", PHONE)])
def test_from_a_file_to_an_issued_plan(browser, live_server, tmp_path, name, width):
    file = tmp_path / name
    file.write_bytes(FILES[name](PLAN.replace("phát triển giáo dục", f"giáo dục trong tệp {name[4:8]}", 1)))
    with person(browser, live_server.url, "an", width=width) as page:
        page.goto("/van-ban")
        if width == DESK:
            picture(page, "upload-1280.png")
        page.set_input_files("input[type=file] >> nth=0", file)
        press(page, "Tải lên và đọc")
        check_page(page)
        page.wait_for_selector(".workbench")
        check_page(page)
        if width == PHONE:
            page.locator(".workbench__tabs").get_by_role("link", name="Văn bản").click()
            page.wait_for_function(
                "[...document.images].every((one) => one.complete && one.naturalWidth > 0)"
            )
            page.evaluate(
                "scrollTo({top: document.querySelector('.workbench__tabs').offsetTop, behavior: 'instant'})"
            )
        picture(page, f"workbench-{width}.png")
        if width == PHONE:
            page.locator(".workbench__tabs").get_by_role("link", name="Đề xuất").click()
        for organisation in ORGANISATIONS:
            unit = page.locator(".candidate--unit", has_text=organisation)
            assert unit.count() == 1
            alike = unit.get_by_role("button", name=f"Là “{organisation}”")
            if alike.count():  # the scanner's "chỉ bộ" is our "chi bộ": a person says so
                alike.click()
                page.wait_for_selector(f".candidate--done.candidate--unit:has-text('{organisation}')")
        press(page, "Nhận tất cả đề xuất còn chờ")
        page.get_by_role("link", name="Ban hành").first.click()
        page.wait_for_load_state()
        for box in page.get_by_role("checkbox").all():
            box.check()
        press(page, "Ban hành")
        assert "/ke-hoach/" in page.url
        for organisation in ORGANISATIONS:
            assert page.locator("main").get_by_role("link", name=organisation).count()
