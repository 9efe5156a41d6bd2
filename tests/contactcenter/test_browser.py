"""The entrance in a real browser, wide and narrow, light and dark."""

import pytest

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_entrance_opens_without_complaint(house, open_page, axe, picture, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto(f"{house}/accounts/login/")
    assert page.locator("input[name=login]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe(page) == []
    assert picture(page, f"entrance-{width}-{'dark' if dark else 'light'}").stat().st_size > 1000
