"""Encrypted, signed and nameless: what the case gets of mails whose words cannot be read, or that name no files."""

import pytest

from channels_email.domain.parse import parse
from channels_email.domain.part_names import named
from channels_email.models import Acknowledgement
from interactions.enums import Protection
from tests.channels_email.domain.test_opaque import ENVELOPED, INNER, container, der, mail

HEAD = "From: Carla <carla@post.example>\nTo: support@nordhem.example\nMessage-ID: <1@post.example>\nSubject: Lamp\n"
ARMOUR = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
PGP_PARTS = (
    "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
    f"--b\nContent-Type: application/octet-stream\n\n{ARMOUR}--b--\n"
)
PGP_MIME = (
    f"{HEAD}MIME-Version: 1.0\n"
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n' + PGP_PARTS
).encode()
S_MIME = mail(container(der(0x04, INNER), kind=ENVELOPED)).replace(b"signed-data; name=smime.p7m", b"enveloped-data")
SIGNED = (
    f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    "Where is my lamp?\n--b\nContent-Type: application/pkcs7-signature\n\nxx\n--b--\n"
).encode()
CLEAR_SIGNED = (
    f"{HEAD}\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWhere is my lamp?\n"
    "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
).encode()


@pytest.mark.parametrize(
    "raw",
    [
        S_MIME,
        S_MIME.replace(b" smime-type=enveloped-data", b" x=y"),
        PGP_MIME,
        PGP_MIME.replace(b"multipart/encrypted", b"multipart/mixed"),
        f"{HEAD}\n{ARMOUR}".encode(),
    ],
    ids=["s/mime", "s/mime by its bytes", "pgp/mime", "pgp through exchange", "inline pgp"],
)
def test_an_encrypted_mail_is_known_for_one(raw):
    assert parse(raw).protection == Protection.ENCRYPTED


@pytest.mark.parametrize("raw", [SIGNED, CLEAR_SIGNED, mail(container(der(0x04, INNER)))])
def test_a_signed_mail_is_known_for_one_and_is_read(raw):
    got = parse(raw)
    assert got.protection == Protection.SIGNED
    assert got.reply_text == "Where is my lamp?"


def test_an_encrypted_mail_that_is_attached_to_a_readable_one_hides_nothing():
    attached = b"--c\nContent-Type: message/rfc822\n\n" + PGP_MIME + b"\n--c--\n"
    head = f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nWhat is this?\n".encode()
    assert parse(head + attached).protection == Protection.NONE
    assert parse(f"{HEAD}\nWhere is it?\n".encode()).protection == Protection.NONE


@pytest.mark.django_db
@pytest.mark.parametrize(("raw", "file"), [(PGP_MIME, "encrypted.asc"), (S_MIME, "smime.p7m")])
def test_the_case_has_the_encrypted_part_under_a_name_and_the_customer_is_acknowledged(arrives, raw, file):
    message = arrives(raw).received.message
    assert message.protection == Protection.ENCRYPTED
    assert [one.filename for one in message.attachments.all()] == [file]
    assert Acknowledgement.objects.filter(received=message).exists()


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        ("message/rfc822", "Subject: Lamp: broken/again\n\nHello", "Lamp broken again.eml"),
        ("message/rfc822", "From: dev@mail.example\n\nHello", "mail.eml"),
        ("text/calendar", "BEGIN:VCALENDAR\nEND:VCALENDAR", "invite.ics"),
        ("application/pdf", "%PDF-1.7", "file.pdf"),
        ("application/octet-stream", "%PDF-1.7", "file.pdf"),
        ("application/x-nobody-knows", "x", "file.bin"),
        ("image/jpeg", "x", "picture.jpg"),
    ],
)
def test_a_file_without_a_name_gets_one_with_the_ending_of_its_type(kind, content, name):
    raw = (
        f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nSee there.\n"
        f"--c\nContent-Type: {kind}\nContent-Disposition: attachment\n\n{content}\n--c--\n"
    )
    (file,) = parse(raw.encode()).attachments
    assert file.filename == ""
    assert named(file) == name
