import pytest
from django.urls import reverse

from foundation import storage
from interactions.channel import StoredAttachment
from interactions.models import Attachment

pytestmark = pytest.mark.django_db
HTML = (
    '<p>My sofa: <b>broken</b></p><img src="cid:leg@mail" alt="leg">'
    '<img data-remote-src="https://tracker.example/x.png" alt=""><div class="gmail_quote"><p>Dear Carla</p></div>'
)


@pytest.fixture
def _home(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def message(_home, writes):
    def file(name, content, content_id="", declared="text/html"):
        stored = storage.store(content)
        return StoredAttachment(
            key=stored.key, filename=name, content_type=stored.content_type, declared_type=declared,
            size=stored.size, sha256=stored.sha256, inline=bool(content_id), content_id=content_id,
        )  # fmt: skip

    picture = file("leg.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, content_id="leg@mail", declared="image/png")
    page = file("invoice.html", b"<!doctype html><html><script>alert(1)</script></html>")
    return writes("carla@post.example", html=HTML, attachments=(picture, page)).message


def test_a_strangers_html_comes_in_a_page_of_its_own_that_can_run_nothing(at_anas_desk, message):
    page = at_anas_desk.get(reverse("desktop:message_body", args=[message.pk]))
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "form-action 'none'" in policy
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    timeline = at_anas_desk.get(reverse("desktop:case", args=[message.case_id])).content.decode()
    (frame,) = [line for line in timeline.splitlines() if "<iframe" in line]
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "broken" not in timeline.split("<iframe")[1].split("</iframe>")[0]


def test_pictures_from_the_web_are_held_back_until_asked_for(at_anas_desk, message):
    address = reverse("desktop:message_body", args=[message.pk])
    held = at_anas_desk.get(address)
    assert ' src="https://tracker.example' not in held.content.decode()
    assert "https:" not in held.headers["Content-Security-Policy"]
    shown = at_anas_desk.get(address, {"pictures": "1"})
    assert ' src="https://tracker.example/x.png"' in shown.content.decode()
    assert "img-src 'self' data: https:" in shown.headers["Content-Security-Policy"]


def test_a_picture_of_the_mail_itself_is_in_its_place_and_the_quoted_history_is_folded(at_anas_desk, message):
    html = at_anas_desk.get(reverse("desktop:message_body", args=[message.pk])).content.decode()
    picture = message.attachments.get(filename="leg.png")
    assert f'src="/attachments/{picture.pk}/?inline=1"' in html
    fold = html.index("<details")
    assert html.index("broken") < fold < html.index("Dear Carla")


def many_files(writes, number: int):
    """A mail with so many files, as rows: what is in them is nobody's concern here."""
    message = writes("carla@post.example", "See the files").message
    Attachment.objects.bulk_create(
        Attachment(message=message, filename=f"page-{each}.txt", content_type="text/plain", size=1, key=f"k{each}")
        for each in range(number)
    )
    return message


def test_a_mail_with_thousands_of_files_shows_the_first_and_all_of_them_when_asked(at_anas_desk, writes):
    message = many_files(writes, 3_000)
    case = at_anas_desk.get(reverse("desktop:case", args=[message.case_id])).content.decode()
    assert case.count("file-chip") == 20
    assert "page-0.txt" in case
    address = reverse("desktop:message_files", args=[message.pk])
    assert address in case
    assert at_anas_desk.get(address).content.decode().count("file-chip") == 3_000


@pytest.mark.parametrize("number", [1, 20])
def test_a_mail_with_few_files_shows_them_all(at_anas_desk, writes, number):
    message = many_files(writes, number)
    case = at_anas_desk.get(reverse("desktop:case", args=[message.case_id])).content.decode()
    assert case.count("file-chip") == number
    assert reverse("desktop:message_files", args=[message.pk]) not in case


def test_the_files_of_a_case_elsewhere_are_not_shown(client, cleo, writes):
    message = many_files(writes, 21)
    client.force_login(cleo)
    assert client.get(reverse("desktop:message_files", args=[message.pk])).status_code == 404


def test_a_file_is_a_download_whatever_it_calls_itself(at_anas_desk, message):
    page = message.attachments.get(filename="invoice.html")
    for asked in ({}, {"inline": "1"}):
        response = at_anas_desk.get(reverse("desktop:attachment", args=[page.pk]), asked)
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''invoice.html"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        put_away(response)


def test_only_what_is_a_picture_by_its_bytes_is_shown_in_place(at_anas_desk, message):
    picture = message.attachments.get(filename="leg.png")
    response = at_anas_desk.get(reverse("desktop:attachment", args=[picture.pk]), {"inline": "1"})
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")
    put_away(response)


def test_a_name_cannot_break_out_of_its_header(at_anas_desk, message):
    Attachment.objects.filter(filename="invoice.html").update(filename='a";\r\nX-Evil: "1')
    page = message.attachments.exclude(filename="leg.png").get()
    response = at_anas_desk.get(reverse("desktop:attachment", args=[page.pk]))
    assert "X-Evil" not in response.headers
    assert "%0D%0A" in response.headers["Content-Disposition"]
    put_away(response)


def test_an_outsider_gets_neither_message_nor_file(desk_of, cleo, message):
    desk = desk_of(cleo)
    assert desk.get(reverse("desktop:message_body", args=[message.pk])).status_code == 404
    for file in message.attachments.all():
        assert desk.get(reverse("desktop:attachment", args=[file.pk])).status_code == 404
        assert desk.delete(reverse("desktop:attachment", args=[file.pk])).status_code == 404
    assert message.attachments.count() == 2


def test_a_sent_file_cannot_be_taken_off(at_anas_desk, message):
    file = message.attachments.first()
    assert at_anas_desk.delete(reverse("desktop:attachment", args=[file.pk])).status_code == 409
    with storage.open(file.key) as kept:
        assert kept.read()


def test_a_lost_file_is_not_there_rather_than_an_error(at_anas_desk, message):
    file = message.attachments.first()
    storage.delete(file.key)
    assert at_anas_desk.get(reverse("desktop:attachment", args=[file.pk])).status_code == 404


def put_away(response):
    """Closes the file, but not, as `close` would, the test's database connection."""
    for close in response._resource_closers:
        close()
