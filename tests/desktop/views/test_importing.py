import io

import pytest
from django.urls import reverse

from customers.models import Customer, CustomerImport
from foundation import bus

pytestmark = pytest.mark.django_db
LISTS = reverse("desktop:imports")


@pytest.fixture(autouse=True)
def files_of_the_scene(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def at_adas_desk(desk_of, ada):
    return desk_of(ada)


def uploads(desk, text: str):
    file = io.BytesIO(text.encode())
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


@pytest.mark.parametrize(("text", "words"), [("", "empty"), (" \n", "The file is empty")])
def test_what_is_no_list_is_said_beside_the_field(at_adas_desk, text, words):
    refused = uploads(at_adas_desk, text)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not CustomerImport.objects.exists()


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
    for name in ("import", "import_trial", "import_taking"):
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
