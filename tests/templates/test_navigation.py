"""The navigation: one row where there is room, a menu without a script where there is not."""

import pytest

from app.web.rendering import NavigationItem, Page, render


def _drawn(count: int) -> str:
    items = tuple(NavigationItem(f"Mục {n}", f"/muc-{n}", current=n == 1) for n in range(count))
    said = {"status": 404, "title": "Lỗi", "message": "", "way_back": None, "request_id": ""}
    return render("errors/page.html", page=Page(title="Lỗi", navigation=items), form_key="", **said)


def test_more_than_four_things_fold_into_a_menu_that_names_the_current_one() -> None:
    page = _drawn(8)
    assert "<summary>Mục lục<span>: Mục 1</span></summary>" in page
    assert page.count('href="/muc-1" aria-current="page"') == 2  # in the menu and in the row; one is shown


@pytest.mark.parametrize("count", [1, 4])
def test_what_fits_in_one_row_needs_no_menu(count: int) -> None:
    page = _drawn(count)
    assert "navigation__menu" not in page
    assert page.count('href="/muc-0"') == 1
