import codecs
import io
from html import unescape
from random import Random

import pytest
from django.urls import reverse

from customers.models import Customer, CustomerImport
from foundation import bus
from foundation.storage import delete

pytestmark = pytest.mark.django_db
LISTS = reverse("desktop:imports")


@pytest.fixture(autouse=True)
def files_of_the_scene(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def at_adas_desk(desk_of, ada):
    return desk_of(ada)


def uploads(desk, content: str | bytes):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = "customers.csv"
    return desk.post(LISTS, {"file": file})


def test_a_list_is_uploaded_read_tried_out_and_taken_in(at_adas_desk):
    page = at_adas_desk.get(
        uploads(at_adas_desk, "Namn;E-post;?\nBo Ek;bo@post.example;red\nNobody;;blue\n")["Location"]
    )
    assert [(field.label, field.initial, sample) for field, sample in page.context["columns"]] == [
        ("Namn", "name", ["Bo Ek", "Nobody"]), ("E-post", "email", ["bo@post.example"]), ("?", "", ["red", "blue"]),
    ]  # fmt: skip
    batch = CustomerImport.objects.get()
    columns = {"column_0": "name", "column_1": "email", "column_2": "remarks"}
    at_adas_desk.post(reverse("desktop:import_trial", args=[batch.pk]), columns)
    here = reverse("desktop:import", args=[batch.pk])
    assert 'hx-trigger="every 1s"' in at_adas_desk.get(here).content.decode()
    bus.drain()
    checked = at_adas_desk.part(here)
    assert "Import 1 row" in checked.content.decode()
    assert 'hx-trigger="every 1s"' not in checked.content.decode()
    assert [(row.number, row.look.value, row.customer_url) for row in checked.context["batch"].rows] == [
        (2, "new", ""), (3, "error", ""),
    ]  # fmt: skip
    assert Customer.objects.count() == 0
    narrowed = at_adas_desk.get(here, {"outcome": "error"})
    assert [row.number for row in narrowed.context["batch"].rows] == [3]
    at_adas_desk.post(reverse("desktop:import_taking", args=[batch.pk]))
    bus.drain()
    bo = Customer.objects.get()
    assert (bo.name, bo.remarks) == ("Bo Ek", "red")
    done = at_adas_desk.get(here)
    assert reverse("desktop:customer", args=[bo.pk]) in done.content.decode()
    again = at_adas_desk.post(reverse("desktop:import_taking", args=[batch.pk]))
    assert "was imported already" in again.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "The file is empty"),
        (b"\xef\xbb\xbf\xef\xbb\xbf\r\n", "The file is empty"),
        (b"name,email\n", "no row below them"),
        (b"name,email\n\n , \n", "no row below them"),
        (b'name,"email\nBo,bo@post.example\n', "Line 1: the quote that begins here is not closed before the end"),
        ((",".join(f"column {n}" for n in range(101)) + "\nBo\n").encode(), "101 columns; 100 fit"),
        (b"a" * 1_000_001, "Line 1 has more than 1,000,000 characters"),
        (b"\x89PNG\r\n\x1a\n" + Random(1).randbytes(5_000), "This is no text"),
        (b"PK\x03\x04\x14\x00" + Random(2).randbytes(5_000), "This is no text"),
        (b"\xd0\xcf\x11\xe0" + bytes(2_000) + Random(3).randbytes(2_000), "This is no text"),
        (b"name,email\n" + bytes(5_000), "This is no text"),
        (b"\xff\xfe\x00\x00" + "name,email\nBo,bo@post.example\n".encode("utf-32-le"), "This is no text"),
    ],
)
def test_what_is_no_list_is_said_beside_the_field(at_adas_desk, tmp_path, content, words):
    refused = uploads(at_adas_desk, content)
    assert refused.status_code == 422
    assert words in unescape(refused.content.decode())
    assert not CustomerImport.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


BO = "name,email\r\nBo Ek,bo@post.example\r\n"


@pytest.mark.parametrize(
    ("content", "header", "columns", "outcomes"),
    [
        (b"\xef\xbb\xbf\xef\xbb\xbf" + BO.encode(), ["name", "email"], ["name", "email"], {"new": 1}),
        (codecs.BOM_UTF16_LE * 2 + BO.encode("utf-16-le"), ["name", "email"], ["name", "email"], {"new": 1}),
        (codecs.BOM_UTF16_BE + BO.encode("utf-16-be"), ["name", "email"], ["name", "email"], {"new": 1}),
        (BO.encode("utf-16-le"), ["name", "email"], ["name", "email"], {"new": 1}),
        (
            f"{BO}B\x00o,zero@post.example\r\n".encode(), ["name", "email"], ["name", "email"],
            {"new": 1, "error": 1},
        ),
        (f"na\x00me,{BO[5:]}".encode(), ["name", "email"], ["name", "email"], {"new": 1}),
        (
            b"name,name,email,email\nBo,Ek,bo@post.example,ek@post.example\n",
            ["name", "name", "email", "email"], ["name", "", "email", "email"], {"new": 1},
        ),
        (
            (",".join(["email"] + [f"c{n}" for n in range(99)]) + "\nbo@post.example" + "," * 99 + "\n").encode(),
            ["email"] + [f"c{n}" for n in range(99)], ["email"] + [""] * 99, {"new": 1},
        ),
        (b"email\rbo@post.example\rci@post.example", ["email"], ["email"], {"new": 2}),
    ],
)  # fmt: skip
def test_odd_files_that_are_lists_are_tried_out_and_taken_in(at_adas_desk, content, header, columns, outcomes):
    page = at_adas_desk.get(uploads(at_adas_desk, content)["Location"])
    batch = CustomerImport.objects.get()
    assert ([field.label for field, _ in page.context["columns"]], batch.columns) == (header, columns)
    meant = {f"column_{place}": meaning for place, meaning in enumerate(columns)}
    for step in ("import_trial", "import_taking"):
        at_adas_desk.post(reverse(f"desktop:{step}", args=[batch.pk]), meant)
        bus.drain()
        found = at_adas_desk.get(reverse("desktop:import", args=[batch.pk])).context["batch"].counts
        assert {look.value: number for look, number, _, _ in found if number} == outcomes
    assert Customer.objects.count() == outcomes["new"]


def test_the_guessed_charset_is_shown_and_another_one_can_be_chosen(at_adas_desk):
    text = "name,email\nИван Петров,ivan@post.example\n"
    here = uploads(at_adas_desk, text.encode("cp1251"))["Location"]
    page = at_adas_desk.get(here)
    assert page.context["encoding"]["encoding"].initial == "cp1251"
    assert "Cyrillic (Windows-1251)" in page.content.decode()
    reading = reverse("desktop:import_reading", args=[CustomerImport.objects.get().pk])
    assert at_adas_desk.post(reading, {"encoding": "cp1252"})["Location"] == here
    assert next(sample for _, sample in at_adas_desk.get(here).context["columns"]) != ["Иван Петров"]
    for words, encoding in (("Choose one", "morse"), ("cannot be read as UTF-16", "utf-16")):
        refused = at_adas_desk.post(reading, {"encoding": encoding})
        assert (refused.status_code, words in refused.content.decode()) == (422, True)
    assert CustomerImport.objects.get().encoding == "cp1252"
    at_adas_desk.post(reading, {"encoding": "cp1251"})
    assert next(sample for _, sample in at_adas_desk.get(here).context["columns"]) == ["Иван Петров"]
    at_adas_desk.post(reverse("desktop:import_trial", args=[CustomerImport.objects.get().pk]), {"column_1": "email"})
    refused = at_adas_desk.post(reading, {"encoding": "cp1252"})
    assert "being worked on" in refused.content.decode()
    delete(CustomerImport.objects.get().key)
    CustomerImport.objects.update(state="uploaded")
    assert "no longer there" in at_adas_desk.post(reading, {"encoding": "cp1252"}).content.decode()
    assert CustomerImport.objects.get().encoding == "cp1251"


def test_a_list_by_which_nobody_is_known_is_not_tried_out(at_adas_desk):
    uploads(at_adas_desk, "colour\nred\n")
    batch = CustomerImport.objects.get()
    refused = at_adas_desk.post(reverse("desktop:import_trial", args=[batch.pk]), {"column_0": ""})
    assert refused.status_code == 422
    assert "Say which column" in refused.content.decode()
    bad = at_adas_desk.post(reverse("desktop:import_trial", args=[batch.pk]), {"column_0": "shoe size"})
    assert bad.status_code == 422
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("uploaded", 0)


def test_who_does_not_administer_finds_no_lists(at_anas_desk, at_adas_desk):
    uploads(at_adas_desk, "email\nbo@post.example\n")
    batch = CustomerImport.objects.get()
    assert at_anas_desk.get(LISTS).status_code == 404
    assert uploads(at_anas_desk, "email\nzoe@post.example\n").status_code == 404
    for name in ("import", "import_reading", "import_trial", "import_taking"):
        address = reverse(f"desktop:{name}", args=[batch.pk])
        assert (at_anas_desk.get if name == "import" else at_anas_desk.post)(address).status_code == 404
    assert CustomerImport.objects.count() == 1
    assert "Import" not in at_anas_desk.get(reverse("desktop:customers")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_the_same_for_one_and_for_three(at_adas_desk, rows, django_assert_max_num_queries):
    uploads(at_adas_desk, "email\n" + "".join(f"guest{number}@post.example\n" for number in range(rows)))
    batch = CustomerImport.objects.get()
    at_adas_desk.post(reverse("desktop:import_trial", args=[batch.pk]), {"column_0": "email"})
    bus.drain()
    with django_assert_max_num_queries(6):
        page = at_adas_desk.part(reverse("desktop:import", args=[batch.pk]))
    assert len(page.context["batch"].rows) == rows
