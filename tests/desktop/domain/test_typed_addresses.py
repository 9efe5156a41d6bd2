import pytest

from customers.errors import AddressUnusable
from desktop.domain.typed_addresses import read_address, read_addresses


@pytest.mark.parametrize(
    ("typed", "name", "address"),
    [
        (" anna@post.example ", "", "anna@post.example"),
        ("Anna Berg <anna@post.example>", "Anna Berg", "anna@post.example"),
        ('"Berg, Anna \\"A\\"" < anna@post.example >', 'Berg, Anna "A"', "anna@post.example"),
        ("<anna@post.example>", "", "anna@post.example"),
        ("anna@post.example (Anna)", "Anna", "anna@post.example"),
        ("zoë@café.example", "", "zoë@café.example"),
    ],
)
def test_an_address_is_read_with_and_without_a_name(typed, name, address):
    assert read_address(typed) == {"name": name, "address": address}


@pytest.mark.parametrize(
    "typed",
    [
        *("boss2 nordhem2.example", "chef@@firma.example", "zoë@@firma.example", "a@b.example c@d.example", "Anna"),
        *("Anna <anna>", "Anna <a@b.example> <c@d.example>", "@firma.example", "anna@", "Anna anna@post.example", "<>"),
    ],
)
def test_what_is_no_address_is_named_in_the_refusal(typed):
    with pytest.raises(AddressUnusable, match="is not an e-mail address") as refused:
        read_address(typed)
    assert typed in str(refused.value)


def test_no_piece_hides_another_and_nothing_is_left_out():
    read = read_addresses('a@b.example,, "Ek, Jo; Ltd" <jo@b.example>;\nboss b.example, chef@@b.example, z@b.example\n')
    assert [line["address"] for line in read.lines] == ["a@b.example", "jo@b.example", "z@b.example"]
    assert read.unread == ["boss b.example", "chef@@b.example"]


def test_a_quote_without_an_end_swallows_nobody():
    read = read_addresses('"Jo <jo@b.example>, a@b.example')
    assert [line["address"] for line in read.lines] == ["jo@b.example", "a@b.example"]


def test_a_piece_longer_than_any_address_is_none_and_is_not_pondered_over():
    """Blanks behind a bracket that never ends would take minutes to be tried in every way."""
    endless = f"Anna <{' ' * 20_000}anna"
    assert read_addresses(f"{endless}, ben@post.example").unread == [endless]
    assert read_addresses("a@" * 5_000).lines == []
