import pytest
from django.utils.html import escape

from desktop.presenters.bodies import linked, own_html, quoted_part, to_addresses, to_content_ids

KEY = "0190c0de-0000-7000-8000-000000000001"


def test_text_is_escaped_and_its_addresses_are_links():
    html = linked("<script>alert(1)</script> see https://nordhem.example/?a=1&b=2")
    assert "<script>" not in html
    assert 'href="https://nordhem.example/?a=1&amp;b=2"' in html
    assert 'rel="nofollow' in html


@pytest.mark.parametrize("address", ["javascript:alert(1)", 'https://x.example/"onmouseover="alert(1)'])
def test_a_link_cannot_carry_a_script(address):
    html = linked(f"see {address} now")
    assert 'href="javascript' not in html
    assert "onmouseover=" not in html.replace(escape('"onmouseover='), "")


@pytest.mark.parametrize(
    ("whole", "new", "rest"),
    [
        ("Hello", "Hello", ""),
        ("Hello\n\n> before", "Hello", "> before"),
        ("> before\n\nHello", "Hello", "> before\n\nHello"),
    ],
)
def test_what_is_quoted_is_what_is_not_new(whole, new, rest):
    assert quoted_part(whole, new) == rest


def test_pictures_of_the_composer_become_parts_of_the_letter_and_come_back():
    shown = f'<img src="/attachments/{KEY}/?inline=1" alt="leg">'
    sent = to_content_ids(shown)
    assert f'src="cid:{KEY}@inline"' in sent
    assert to_addresses(sent) == shown


def test_our_own_html_shows_no_picture_that_is_not_the_messages_own():
    assert "<img" not in own_html('<p>x</p><img src="https://tracker.example/x.png">', [])
