"""Texts that no database can hold are the client's mistake at every address of the API, and leave nothing behind."""

import json

import pytest

from customers.models import Customer
from interactions.models import Message
from tests.api_client import api_of

pytestmark = pytest.mark.django_db
BAD = ["\ud800", "a\x00b", "\udfff"]
LISTS = ["cases", "interactions", "messages", "customers"]


@pytest.mark.parametrize("text", BAD)
def test_in_any_field_of_a_body(text, ana, carla, carlas_case):
    client = api_of(ana)
    asked = [
        (client.patch, f"/api/v1/cases/{carlas_case.pk}/", ["queue", "owner", "subject", "status", "priority"]),
        (client.patch, f"/api/v1/customers/{carla.pk}/", ["organisation", "name", "language", "unknown"]),
        (client.post, "/api/v1/customers/", ["address", "name", "kind", "language"]),
        (client.post, "/api/v1/messages/", ["case", "text", "html", "kind", "to", "status"]),
    ]
    before = (Message.objects.count(), Customer.objects.count())
    for send, url, fields in asked:
        for field in fields:
            for value in (text, [text], {"address": text}):
                answer = send(url, json.dumps({field: value}), content_type="application/json")
                assert answer.status_code == 400, (url, field)
                assert "cannot be stored" in answer.json()["detail"]
    assert (Message.objects.count(), Customer.objects.count()) == before


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("parameter", ["search", "case", "customer", "cursor", "page_size"])
@pytest.mark.parametrize("text", ["%00", "a%00b", "%ED%A0%80"])
def test_in_any_parameter(name, parameter, text, ana, carlas_case):
    answer = api_of(ana).get(f"/api/v1/{name}/?{parameter}={text}")
    assert answer.status_code == 400 if "%00" in text else answer.status_code < 500


def test_in_a_form_as_well(ana):
    assert api_of(ana).post("/api/v1/customers/", {"address": "a\x00b@post.example"}).status_code == 400
    assert not Customer.objects.exists()


def test_a_body_that_is_nested_without_end(ana, carlas_case):
    answer = api_of(ana).post("/api/v1/messages/", "[" * 100_000, content_type="application/json")
    assert answer.status_code == 400
