from io import BytesIO

import pytest
from django.urls import reverse

from foundation import bus
from interactions.channel import ThreadHint
from interactions.enums import CaseStatus, DeliveryState
from interactions.models import Delivery, Draft, Message
from tests.desktop.conftest import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


@pytest.fixture
def composer(at_anas_desk, carlas_case):
    """Ana writes to Carla: what her window sends, as the composer fills it in."""

    class Window:
        def __init__(self):
            self.view = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk])).context["composer"]

        def form(self, **change):
            view = self.view
            form = {
                "kind": view.kind, "to": view.to, "cc": view.cc, "seen": view.seen,
                "reply_draft": view.reply_draft, "reply_version": view.reply_version,
                "note_draft": view.note_draft, "note_version": view.note_version,
            }  # fmt: skip
            return {**form, **change}

        def sends(self, html="<p>It comes on Thursday.</p>", **change):
            response = at_anas_desk.does(
                reverse("desktop:replies", args=[carlas_case.pk]), **self.form(reply=html, **change)
            )
            self.view = response.context["composer"]
            return response

        def saves(self, html, *, kind="reply", version=None):
            address = reverse("desktop:drafts", args=[carlas_case.pk, kind])
            known = self.view.reply_version if version is None else version
            return at_anas_desk.does(address, html=html, version=known, to=self.view.to, cc="")

    return Window()


def answers(case) -> list[Message]:
    return list(case.messages.filter(direction="out"))


def test_an_answer_goes_to_who_wrote_is_held_for_undo_and_the_case_waits_for_the_customer(composer, carlas_case):
    response = composer.sends()
    (answer,) = answers(carlas_case)
    assert response.status_code == 200
    assert answer.to == [{"name": "", "address": "carla@post.example"}]
    assert answer.delivery.state == DeliveryState.HELD
    assert answer.text == "It comes on Thursday."
    carlas_case.refresh_from_db()
    assert carlas_case.status == CaseStatus.WAITING_CUSTOMER
    assert response.context["composer"].undo.to == "carla@post.example"
    assert response.context["composer"].reply_html == ""
    assert told(response, "changed") == f"case.{carlas_case.pk}"


def test_pressing_send_twice_sends_once(composer, carlas_case):
    saved = composer.saves("<p>It comes on Thursday.</p>").json()
    form = {"reply_draft": saved["draft"], "reply_version": saved["version"]}
    assert composer.sends(**form).status_code == 200
    again = composer.sends(**form)
    assert again.status_code == 409
    assert "already sent" in again.content.decode()
    assert len(answers(carlas_case)) == 1
    assert Delivery.objects.count() == 1


def test_a_second_window_neither_overwrites_nor_sends_over_the_first(composer, carlas_case):
    first = composer.saves("<p>From the first window.</p>").json()
    assert composer.saves("<p>From the second.</p>", version=0).status_code == 409
    assert Draft.objects.get().html == "<p>From the first window.</p>"
    refused = composer.sends("<p>From the second.</p>", reply_draft=first["draft"], reply_version=0)
    assert refused.status_code == 409
    assert "From the second." in refused.content.decode()
    assert answers(carlas_case) == []


def test_who_has_not_seen_the_customers_last_message_is_told_before_sending(composer, carlas_case, writes):
    writes("carla@post.example", "It is here!", thread=hint(carlas_case))
    response = composer.sends()
    assert response.status_code == 409
    assert answers(carlas_case) == []
    view = response.context["composer"]
    assert view.overtaken in {"Carla Nyström", "carla@post.example"}
    assert "It comes on Thursday." in view.reply_html


def test_an_address_that_is_none_is_refused_and_every_word_kept(composer, carlas_case):
    response = composer.sends(to="carla@post.example, not an address")
    assert response.status_code == 422
    assert answers(carlas_case) == []
    body = response.content.decode()
    assert "is not an e-mail address" in body
    assert "It comes on Thursday." in body


def test_an_empty_answer_is_not_sent(composer, carlas_case):
    response = composer.sends("<p></p>")
    assert response.status_code == 422
    assert "empty" in response.content.decode()
    assert answers(carlas_case) == []


def test_undo_makes_a_draft_of_it_again_and_the_case_stands_as_before(composer, carlas_case, at_anas_desk):
    before = carlas_case.status
    composer.sends()
    response = at_anas_desk.does(composer.view.undo.url)
    carlas_case.refresh_from_db()
    assert carlas_case.status == before
    assert response.context["composer"].reply_html == "<p>It comes on Thursday.</p>"
    assert Delivery.objects.get().state == DeliveryState.WITHDRAWN
    page = at_anas_desk.get(reverse("desktop:timeline", args=[carlas_case.pk]))
    assert "It comes on Thursday." not in page.content.decode()


def test_undo_comes_too_late_when_it_is_on_its_way(composer, carlas_case, at_anas_desk):
    composer.sends()
    Delivery.objects.update(state=DeliveryState.SENT, attempts=1)
    response = at_anas_desk.does(composer.view.undo.url)
    assert "too late" in told(response, "toast")
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_undo_pressed_twice_says_that_nothing_was_sent(composer, carlas_case, at_anas_desk):
    composer.sends()
    undo = composer.view.undo.url
    at_anas_desk.does(undo)
    assert "taken back already" in told(at_anas_desk.does(undo), "toast")
    assert Delivery.objects.get().state == DeliveryState.WITHDRAWN


def test_a_failed_answer_shows_what_the_server_said_and_goes_again_when_asked(composer, carlas_case, at_anas_desk):
    composer.sends()
    Delivery.objects.update(state=DeliveryState.FAILED, answer="550 5.1.1 unknown user")
    timeline = at_anas_desk.get(reverse("desktop:timeline", args=[carlas_case.pk]))
    assert "550 5.1.1 unknown user" in timeline.content.decode()
    (entry,) = [item for item in timeline.context["timeline"].items if getattr(item, "delivery", None)]
    at_anas_desk.does(entry.delivery.resend_url)
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_a_note_stays_inside(at_anas_desk, composer, carlas_case):
    address = reverse("desktop:notes", args=[carlas_case.pk])
    response = at_anas_desk.does(address, **composer.form(note="<p>Warehouse says Thursday.</p>"))
    assert response.status_code == 200
    (note,) = carlas_case.messages.filter(kind="note")
    assert note.text == "Warehouse says Thursday."
    assert not Delivery.objects.exists()
    assert at_anas_desk.does(address, note="").status_code == 422


def test_a_draft_waits_for_its_writer_and_for_nobody_else(composer, carlas_case, desk_of, ben):
    composer.saves("<p>Half a sent</p>")
    case = reverse("desktop:case", args=[carlas_case.pk])
    assert desk_of(ben).get(case).context["composer"].reply_html == ""
    composer.__init__()
    assert composer.view.reply_html == "<p>Half a sent</p>"
    assert composer.view.reply_version == 1


def test_a_file_hangs_on_the_draft_and_goes_with_the_answer(composer, carlas_case, at_anas_desk):
    address = reverse("desktop:files", args=[carlas_case.pk])
    file = BytesIO(b"%PDF-1.7 a manual")
    file.name = "manual.pdf"
    uploaded = at_anas_desk.post(address, {"file": file, "kind": "reply"})
    assert uploaded.status_code == 200
    assert "manual.pdf" in uploaded.content.decode()
    composer.__init__()
    assert [chip.name for chip in composer.view.files] == ["manual.pdf"]
    composer.sends()
    assert [file.filename for file in answers(carlas_case)[0].attachments.all()] == ["manual.pdf"]


def test_a_file_taken_off_does_not_go(composer, carlas_case, at_anas_desk):
    file = BytesIO(b"%PDF-1.7 a manual")
    file.name = "manual.pdf"
    at_anas_desk.post(reverse("desktop:files", args=[carlas_case.pk]), {"file": file, "kind": "reply"})
    composer.__init__()
    assert at_anas_desk.delete(composer.view.files[0].url).status_code == 204
    composer.__init__()
    composer.sends()
    assert not answers(carlas_case)[0].attachments.exists()


def test_a_pasted_picture_is_named_by_its_content_id_in_the_letter(composer, carlas_case, at_anas_desk):
    picture = BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    picture.name = "leg.png"
    uploaded = at_anas_desk.post(
        reverse("desktop:files", args=[carlas_case.pk]), {"file": picture, "kind": "reply", "inline": "1"}
    )
    shown = uploaded.headers["X-Picture"]
    composer.__init__()
    composer.sends(f'<p>Look:</p><img src="{shown}" alt="leg">')
    (answer,) = answers(carlas_case)
    (file,) = answer.attachments.all()
    assert f'src="cid:{file.content_id}"' in answer.html
    timeline = at_anas_desk.get(reverse("desktop:timeline", args=[carlas_case.pk])).content.decode()
    assert f'src="{shown}"' in timeline


def test_what_an_agent_writes_cannot_carry_a_script(composer, carlas_case):
    composer.sends(
        '<p>Hi</p><script>alert(1)</script><img src="https://tracker.example/x.png"><a href="javascript:x">l</a>'
    )
    (answer,) = answers(carlas_case)
    assert "script" not in answer.html
    assert "javascript" not in answer.html


def test_an_outsider_can_write_nothing_here(desk_of, cleo, carlas_case):
    desk = desk_of(cleo)
    for name, data in (("replies", {"reply": "x", "to": "a@b.example"}), ("notes", {"note": "x"}), ("files", {})):
        assert desk.does(reverse(f"desktop:{name}", args=[carlas_case.pk]), **data).status_code == 404
    assert desk.does(reverse("desktop:drafts", args=[carlas_case.pk, "reply"]), html="x", version=0).status_code == 404
    assert not Draft.objects.exists()
    assert carlas_case.messages.count() == 1


def test_there_are_two_kinds_of_drafts(at_anas_desk, carlas_case):
    assert at_anas_desk.does(reverse("desktop:drafts", args=[carlas_case.pk, "poem"])).status_code == 404


def test_the_answer_is_found_by_its_words(composer, at_anas_desk):
    composer.sends("<p>Unmistakable giraffe.</p>")
    bus.drain(raising=False)
    found = at_anas_desk.part(reverse("desktop:cases"), box="all", q="giraffe")
    assert len(found.context["inbox"].lines) == 1


def hint(case):
    return ThreadHint(case=case.pk, proven=True, by="token")
