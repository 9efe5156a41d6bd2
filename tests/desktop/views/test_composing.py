from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from foundation import bus, storage
from interactions.channel import ThreadHint
from interactions.domain.access import access_attachment
from interactions.domain.draft import discard_draft, own_draft
from interactions.enums import CaseStatus, DeliveryState
from interactions.models import Attachment, Delivery, Draft, Message
from tests.desktop.conftest import told
from tests.interactions.domain.test_receive import in_threads

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
                "note_draft": view.note_draft, "note_version": view.note_version, "submission": view.submission,
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


@pytest.mark.parametrize("saved_before", [True, False])
def test_the_same_form_sent_again_sends_nothing_more_and_is_answered_like_the_first(
    composer, carlas_case, saved_before
):
    form = composer.form()
    if saved_before:
        saved = composer.saves("<p>It comes on Thursday.</p>").json()
        form |= {"reply_draft": saved["draft"], "reply_version": saved["version"]}
    first = composer.sends(**form)
    again = composer.sends(**form)

    assert (first.status_code, again.status_code) == (200, 200)
    assert told(again, "changed") == told(first, "changed")
    assert again.context["composer"].undo == first.context["composer"].undo
    assert len(answers(carlas_case)) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("saved_before", [True, False])
@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_many_times_at_the_same_moment_sends_one_answer(
    composer, carlas_case, ana, desk_of, saved_before
):
    form = composer.form(reply="<p>It comes on Thursday.</p>")
    if saved_before:
        saved = composer.saves("<p>It comes on Thursday.</p>").json()
        form |= {"reply_draft": saved["draft"], "reply_version": saved["version"]}
    desks = [desk_of(ana) for _ in range(4)]
    address = reverse("desktop:replies", args=[carlas_case.pk])
    responses, errors = in_threads(4, lambda number: desks[number].does(address, **form))

    assert errors == []
    assert [response.status_code for response in responses] == [200] * 4
    assert len(answers(carlas_case)) == 1
    assert Delivery.objects.count() == 1


def test_a_form_of_another_draft_that_was_sent_is_refused(composer, carlas_case):
    saved = composer.saves("<p>It comes on Thursday.</p>").json()
    form = {"reply_draft": saved["draft"], "reply_version": saved["version"]}
    composer.sends(**form)
    refused = composer.sends(**form)  # another window, which has the same draft in a form of its own
    assert refused.status_code == 409
    assert "already sent" in refused.content.decode()
    assert len(answers(carlas_case)) == 1


def test_a_form_without_its_key_sends_nothing_and_comes_back_with_one(composer, carlas_case):
    refused = composer.sends(submission="")
    assert refused.status_code == 422
    assert "It comes on Thursday." in refused.context["composer"].reply_html
    assert answers(carlas_case) == []
    assert composer.sends().status_code == 200


def test_a_forms_key_is_of_no_use_in_another_case(composer, carlas_case, at_anas_desk, writes):
    form = composer.form()
    composer.sends(**form)
    devs = writes("dev@mail.example").message.case
    refused = at_anas_desk.does(reverse("desktop:replies", args=[devs.pk]), reply="<p>Hello</p>", **form)
    assert refused.status_code == 422
    assert answers(devs) == []


def test_an_answer_taken_back_can_be_sent_again_but_not_by_the_old_form(composer, carlas_case, at_anas_desk):
    form = composer.form()
    composer.sends(**form)
    composer.view = at_anas_desk.does(composer.view.undo.url).context["composer"]
    composer.sends(**form)
    assert [answer.delivery.state for answer in answers(carlas_case)] == [DeliveryState.WITHDRAWN]
    composer.view = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk])).context["composer"]
    assert composer.sends().status_code == 200
    assert len(answers(carlas_case)) == 2


def test_the_same_note_sent_again_is_one_note(at_anas_desk, composer, carlas_case):
    address = reverse("desktop:notes", args=[carlas_case.pk])
    form = composer.form(note="<p>Warehouse says Thursday.</p>")
    assert [at_anas_desk.does(address, **form).status_code for _ in range(2)] == [200, 200]
    assert carlas_case.messages.filter(kind="note").count() == 1


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
    assert view.overtaken.words in {"Carla Nyström wrote", "carla@post.example wrote"}
    assert "It comes on Thursday." in view.reply_html
    assert told(response, "changed") == f"case.{carlas_case.pk}"


class TestTwoAgentsAnswer:
    @pytest.fixture
    def ben_answers(self, desk_of, ben, carlas_case):
        desk = desk_of(ben)
        view = desk.get(reverse("desktop:case", args=[carlas_case.pk])).context["composer"]

        def answer():
            form = {"reply": "<p>Ben's.</p>", "to": view.to, "seen": view.seen, "submission": view.submission}
            return desk.does(reverse("desktop:replies", args=[carlas_case.pk]), **form)

        return answer

    def test_the_second_is_told_once_and_may_send_anyway(self, composer, carlas_case, ben_answers, tuesday):
        assert ben_answers().status_code == 200
        tuesday.advance(timedelta(seconds=3))

        stopped = composer.sends("<p>Ana's.</p>", status="resolved")
        words = " ".join(unescape(strip_tags(stopped.content.decode())).split())
        assert stopped.status_code == 409
        assert "Ben" in words
        assert "answered 3 s ago. Read it, then send anyway" in words
        assert [answer.text for answer in answers(carlas_case)] == ["Ben's."]
        assert "Ana's." in stopped.context["composer"].reply_html

        anyway = composer.sends(composer.view.reply_html, status=composer.view.status)
        assert anyway.status_code == 200
        assert sorted(answer.text for answer in answers(carlas_case)) == ["Ana's.", "Ben's."]
        carlas_case.refresh_from_db()
        assert carlas_case.status == CaseStatus.RESOLVED

    def test_what_a_colleague_took_back_and_what_one_wrote_oneself_stop_nobody(
        self, composer, carlas_case, ben_answers, desk_of, ben
    ):
        desk_of(ben).does(ben_answers().context["composer"].undo.url)
        assert composer.sends("<p>One.</p>").status_code == 200
        assert composer.sends("<p>Two.</p>").status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_of_two_in_the_same_moment_one_is_sent_and_one_is_told(self, composer, carlas_case, ben_answers):
        responses, errors = in_threads(2, lambda who: ben_answers() if who else composer.sends("<p>Ana's.</p>"))

        assert errors == []
        assert sorted(response.status_code for response in responses) == [200, 409]
        assert len(answers(carlas_case)) == 1
        assert Delivery.objects.count() == 1
        (stopped,) = [unescape(response.content.decode()) for response in responses if response.status_code == 409]
        assert f"message-{answers(carlas_case)[0].pk}" in stopped
        assert "<p>Ana's.</p>" in stopped or "<p>Ben's.</p>" in stopped  # what was not sent is still in its editor


def test_an_address_that_is_none_is_refused_and_every_word_kept(composer, carlas_case):
    response = composer.sends(to="carla@post.example, not an address")
    assert response.status_code == 422
    assert answers(carlas_case) == []
    body = response.content.decode()
    assert "is not an e-mail address" in body
    assert "It comes on Thursday." in body


class TestAMistypedAddress:
    TYPED = 'Boss <boss@nordhem2.example>, boss2 nordhem2.example; "Ek, Jo" <jo@nordhem2.example>'

    def test_stops_the_answer_again_and_again_and_stays_in_the_field_and_the_draft(self, composer, carlas_case):
        for _ in range(2):
            refused = composer.sends(cc=self.TYPED)
            assert refused.status_code == 422
            assert "boss2 nordhem2.example is not an e-mail address" in refused.content.decode()
            assert composer.view.cc == self.TYPED
            assert composer.view.unread == ["cc"]
            assert composer.view.addresses_open
            composer.__init__()  # loaded again
            assert (composer.view.cc, composer.view.to) == (self.TYPED, "carla@post.example")
        assert answers(carlas_case) == []
        corrected = composer.view.cc.replace("boss2 ", "boss2@")
        composer.sends(cc=corrected, first_time="boss@nordhem2.example,boss2@nordhem2.example,jo@nordhem2.example")
        assert answers(carlas_case)[0].cc == [
            {"name": "Boss", "address": "boss@nordhem2.example"},
            {"name": "", "address": "boss2@nordhem2.example"},
            {"name": "Ek, Jo", "address": "jo@nordhem2.example"},
        ]

    def test_is_saved_as_it_stands_while_it_is_being_typed(self, composer, carlas_case, at_anas_desk):
        address = reverse("desktop:drafts", args=[carlas_case.pk, "reply"])
        at_anas_desk.does(address, html="", version=0, to="carla@post.example", cc="", bcc="chef@@firma.example")
        composer.__init__()
        assert (composer.view.bcc, composer.view.unread) == ("chef@@firma.example", ["bcc"])
        refused = composer.sends(bcc=composer.view.bcc)
        assert "chef@@firma.example is not an e-mail address" in refused.content.decode()
        assert answers(carlas_case) == []

    def test_comes_back_when_the_answer_is_taken_back(self, composer, carlas_case, at_anas_desk):
        composer.sends(cc="Ben <ben@post.example>", first_time="ben@post.example")
        assert at_anas_desk.does(composer.view.undo.url).context["composer"].cc == "Ben <ben@post.example>"


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


def test_a_file_taken_off_while_its_answer_goes_out_stays_with_the_answer(
    composer, carlas_case, at_anas_desk, monkeypatch
):
    file = BytesIO(b"%PDF-1.7 a manual")
    file.name = "manual.pdf"
    at_anas_desk.post(reverse("desktop:files", args=[carlas_case.pk]), {"file": file, "kind": "reply"})
    composer.__init__()
    address = composer.view.files[0].url

    def found_just_before_it_goes(agent, attachment):
        found = access_attachment(agent, attachment)
        composer.sends()
        return found

    monkeypatch.setattr("desktop.views.content.access_attachment", found_just_before_it_goes)
    assert at_anas_desk.delete(address).status_code == 409
    (sent,) = answers(carlas_case)[0].attachments.all()
    with storage.open(sent.key) as kept:
        assert kept.read() == b"%PDF-1.7 a manual"


def test_a_file_that_comes_when_its_draft_has_gone_is_refused_and_leaves_nothing(
    composer, carlas_case, at_anas_desk, monkeypatch
):
    def gone_since(case, agent, kind):
        draft = own_draft(case, agent, kind)
        discard_draft(case, agent, kind)
        return draft

    monkeypatch.setattr("desktop.views.files.own_draft", gone_since)
    file = BytesIO(b"%PDF-1.7 a manual")
    file.name = "manual.pdf"
    answer = at_anas_desk.post(reverse("desktop:files", args=[carlas_case.pk]), {"file": file, "kind": "reply"})
    assert answer.status_code == 422
    assert "sent meanwhile" in answer.content.decode()
    assert not Attachment.objects.exists()


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


def test_a_hidden_copy_is_kept_with_the_draft_and_goes_out_hidden(composer, carlas_case, at_anas_desk):
    address = reverse("desktop:drafts", args=[carlas_case.pk, "reply"])
    at_anas_desk.does(address, html="x", version=0, to=composer.view.to, cc="", bcc="boss@nordhem.example")
    composer.__init__()
    assert composer.view.bcc == "boss@nordhem.example"
    composer.sends(bcc=composer.view.bcc, first_time="boss@nordhem.example")
    (answer,) = answers(carlas_case)
    assert [line["address"] for line in answer.bcc] == ["boss@nordhem.example"]
    assert dict(answer.delivery.recipients.values_list("role", "address")) == {
        "to": "carla@post.example", "bcc": "boss@nordhem.example",
    }  # fmt: skip


def test_a_first_time_address_is_warned_of_before_anything_is_sent(composer, carlas_case, at_anas_desk):
    told_of = at_anas_desk.does(
        reverse("desktop:first_times", args=[carlas_case.pk]), to=composer.view.to, cc="Carl@post.example, half"
    )
    assert "First time to Carl@post.example" in told_of.content.decode()
    refused = composer.sends(cc="Carl@post.example")
    assert refused.status_code == 409
    assert answers(carlas_case) == []
    assert composer.view.first_time == ["Carl@post.example"]
    assert "It comes on Thursday." in composer.view.reply_html
    assert 'name="first_time" value="Carl@post.example"' in refused.content.decode()
    composer.sends(cc="Carl@post.example", first_time="Carl@post.example")
    assert len(answers(carlas_case)) == 1
    composer.sends("<p>More.</p>", cc="Carl@post.example")  # the second time nobody asks
    assert len(answers(carlas_case)) == 2


def test_one_refused_copy_is_shown_beside_the_others_and_can_go_again(composer, carlas_case, at_anas_desk):
    composer.sends(cc="bo@post.example", first_time="bo@post.example")
    delivery = Delivery.objects.get()
    Delivery.objects.update(state=DeliveryState.SENT)
    delivery.recipients.update(state="sent")
    delivery.recipients.filter(value="bo@post.example").update(state="failed", answer="550 no such user")
    timeline = at_anas_desk.get(reverse("desktop:timeline", args=[carlas_case.pk]))
    (entry,) = [item for item in timeline.context["timeline"].items if getattr(item, "delivery", None)]
    assert [(address, look.value) for address, look, _ in entry.delivery.recipients] == [
        ("carla@post.example", "sent"), ("bo@post.example", "failed"),
    ]  # fmt: skip
    assert "550 no such user" in timeline.content.decode()
    at_anas_desk.does(entry.delivery.resend_url)
    assert delivery.recipients.get(value="bo@post.example").state == "queued"
