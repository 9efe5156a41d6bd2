import pytest

from interactions.domain.third_party_house import is_of_house


@pytest.mark.parametrize(
    ("address", "of", "same"),
    [
        ("lena@freight.example", "desk@freight.example", True),
        ("lena@Freight.example", "desk@freight.EXAMPLE", True),
        ("lena@north.freight.example", "desk@freight.example", True),
        ("lena@freight.example", "desk@north.freight.example", True),
        ("lena@notfreight.example", "desk@freight.example", False),
        ("lena@freight.example", "desk@other.example", False),
        ("lena@gmail.com", "desk@gmail.com", False),
        ("lena@yahoo.co.uk", "desk@yahoo.co.uk", False),
        ("lena@gmx.de", "desk@gmx.de", False),
        ("lena@mail.freight.example", "desk@freight.example", True),
        ("lena@live.freight.example", "desk@freight.example", True),
        ("lena", "desk", False),
        ("lena@localhost", "desk@localhost", False),
        ("", "desk@freight.example", False),
    ],
)
def test_whose_house_an_address_is_of(address, of, same):
    assert is_of_house(address, of) is same
