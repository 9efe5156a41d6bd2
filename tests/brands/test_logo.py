import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brands.models import Brand

pytestmark = pytest.mark.django_db

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def upload(client, brand, content, name="logo.png"):
    form = {
        "name": brand.name,
        "colour": brand.colour,
        "language": "en",
        "greeting": "Hello",
        "sign_off": "Bye",
        "signature": "{agent}",
        "logo": SimpleUploadedFile(name, content, content_type="image/png"),
    }
    for prefix in ("ways", "hosts", "phones"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return client.post(f"/admin/brands/brand/{brand.pk}/change/", form)


def test_an_administrator_gives_a_brand_its_logo_and_everybody_sees_it(client, ada, nordhem):
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert upload(client, nordhem, PIXEL).status_code == 302
    client.logout()
    answer = client.get(f"/brands/{nordhem.pk}/logo")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content) == PIXEL
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"MZ program", b"x" * 600_000])
def test_what_is_no_picture_is_refused_and_the_old_logo_stays(client, ada, nordhem, content):
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    answer = upload(client, nordhem, content)
    assert answer.status_code == 200
    assert Brand.objects.get().logo_key == ""
    assert client.get(f"/brands/{nordhem.pk}/logo").status_code == 404


def test_an_agent_without_the_permission_changes_no_brand(client, ana, nordhem):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    assert upload(client, nordhem, PIXEL).status_code == 302  # to the sign-in of administrators
    assert Brand.objects.get().logo_key == ""
