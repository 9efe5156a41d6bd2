"""Lists of customers: tried out, taken in, taken in again, by two workers, past mistakes and traps."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from customers.domain.edit import verify_identity
from customers.domain.identify import identify
from customers.domain.importing import take as taking
from customers.domain.importing.run import advance, begin, counts, upload
from customers.domain.importing.spreadsheet import Layout, Records, find_layout
from customers.enums import IdentityKind, ImportState, NameSource
from customers.errors import UnreadableList
from customers.models import Claim, Customer, CustomerImport, Identity, ImportAddress, ImportRow
from foundation import bus
from foundation.storage import UnknownFile, delete
from foundation.storage import open as open_stored
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db
LIST = "Namn;E-post;Telefon;Kundnr;Språk;Företag\n"


@pytest.fixture(autouse=True)
def files_of_the_scene(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def uploaded(text: str | bytes, name: str = "customers.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return upload(io.BytesIO(content), name, agent=None)


def run(batch, state: ImportState, *, size: int = 500, **settings):
    begin(batch.pk, state, **settings)
    while advance(batch.pk, size=size):
        pass
    batch.refresh_from_db()
    return {outcome.value: number for outcome, number in counts(batch).items() if number}


def both(text: str | bytes, **settings):
    """Tried out, then taken in: what was foretold, and what came."""
    batch = uploaded(text)
    foretold = run(batch, ImportState.CHECKING, **settings)
    return foretold, run(batch, ImportState.IMPORTING), batch


def reasons(batch) -> list[str]:
    return list(batch.rows.exclude(reason="").order_by("number").values_list("reason", flat=True))


def test_the_trial_writes_no_customer_and_foretells_what_the_import_does(carla):
    text = (
        LIST + "Zoë Ångström;zoe@post.example;+46 70 111 22 33;K-1;sv;Kafé AB\n"
        "Carla;carla@post.example;+46 70 999 88 77;;sv;\n"
        "Bo Ek;bo@post.example;;;;\nBo;BO@post.example;;;;\nNobody;;;;;\n"
    )
    batch = uploaded(text)
    assert batch.columns == ["name", "email", "phone", "account", "language", "organisation"]
    foretold = run(batch, ImportState.CHECKING)
    assert foretold == {"new": 2, "updated": 1, "duplicate": 1, "error": 1}
    assert Customer.objects.count() == 1
    assert run(batch, ImportState.IMPORTING) == foretold
    zoe = Identity.objects.get(value="zoe@post.example").customer
    assert (zoe.name, zoe.given_name, zoe.name_source, zoe.language, zoe.organisation.name) == (
        "Zoë Ångström", "Zoë", NameSource.IMPORTED, "sv", "Kafé AB",
    )  # fmt: skip
    assert set(zoe.identities.values_list("kind", "value")) == {
        ("email", "zoe@post.example"), ("phone", "+46701112233"), ("account", "K-1"),
    }  # fmt: skip
    carla.refresh_from_db()
    assert (carla.name, carla.language, carla.identities.count()) == ("Carla Nyström", "sv", 2)
    assert "Adds language, +46 70 999 88 77" in reasons(batch)
    assert "Row 4 has the same address." in reasons(batch)
    assert not ImportAddress.objects.exists()


def test_the_same_file_twice_makes_nothing_new():
    text = LIST + "Zoë Ångström;zoe@post.example;+46 70 111 22 33;K-1;sv;Kafé AB\nBo;bo@post.example;;;;\n"
    both(text, verified=True)
    before = (Customer.objects.count(), Identity.objects.count())
    foretold, came, _ = both(text, verified=True)
    assert foretold == came == {"same": 2}
    assert (Customer.objects.count(), Identity.objects.count()) == before


def test_what_a_record_says_is_kept_unless_asked_otherwise(carla):
    text = "name,email\nCarla Ek,carla@post.example\n"
    assert both(text)[1] == {"same": 1}
    assert both(text, overwrite=True)[1] == {"updated": 1}
    carla.refresh_from_db()
    assert (carla.name, carla.given_name) == ("Carla Ek", "Carla")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_every_encoding_and_separator_that_spreadsheets_write_is_read(encoding, delimiter):
    lines = [["Name", "E-mail", "Remarks"], ["Åsa Öberg", "asa@post.example", f'says "hej{delimiter} hej"\nand waves']]
    text = "\r\n".join(
        delimiter.join('"{}"'.format(cell.replace('"', '""')) if len(cell) > 20 else cell for cell in line)
        for line in lines
    )
    file = io.BytesIO(text.encode(encoding))
    header, row = Records(file, find_layout(file))
    assert header.cells[0].lstrip("\ufeff") == "Name"
    assert row.cells == lines[1]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_reading_goes_on_where_another_reader_stood(encoding, end):
    rows = ["Name;Remark", "", *(f'Åsa {number};"hej{end}och ""hå""{end}{"é" * number}"' for number in range(40)), "  "]
    open_quote = 'Ek;"never closed'
    content = end.join([*rows, f"Bo;{'x' * 140_000}", open_quote, "Last;one"]).encode(encoding)
    layout = find_layout(io.BytesIO(content))
    whole = list(Records(io.BytesIO(content), layout))
    reader, read, places = Records(io.BytesIO(content), layout), [], []
    for record in reader:
        read.append(record)
        places.append(reader.place)
    assert read == whole
    assert (whole[-1].cells, len(whole)) == (["Last", "one"], 44)
    assert [record.mistake.split(": ")[0] for record in whole[-3:]] == ["Line 124", "Line 125", ""]
    for done, place in enumerate(places, 1):
        assert list(Records(io.BytesIO(content), layout, place)) == whole[done:]


def test_going_on_reads_nothing_of_what_was_read():
    class Counted(io.BytesIO):
        passed = 0

        def read(self, size=-1):
            got = super().read(size)
            self.passed += len(got)
            return got

    content = b"Name;Mail\n" + b"Bo Ek;bo@post.example\n" * 50_000
    reader = Records(io.BytesIO(content), Layout("utf-8-sig", ";"))
    for _ in range(49_000):
        next(reader)
    file = Counted(content)
    assert len(list(Records(file, Layout("utf-8-sig", ";"), reader.place))) == 1_001
    assert file.passed < 40_000


def test_an_import_begun_before_places_were_kept_goes_on_behind_what_was_done():
    lines = "".join(f"Bo;bo{number}@post.example;;;;\n" for number in range(25))
    batch = upload(io.BytesIO((LIST + lines).encode()), "list.csv", agent=None)
    begin(batch.pk, ImportState.CHECKING)
    assert advance(batch.pk, size=10)
    CustomerImport.objects.update(place="")
    while advance(batch.pk, size=10):
        pass
    assert list(batch.rows.order_by("number").values_list("number", flat=True)) == list(range(2, 27))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("=HYPERLINK(1);a@post.example;;;;", "Name looks like a formula"),
        ("+cmd|' /C calc'!A0;a@post.example;;;;", "Name looks like a formula"),
        ("@SUM(A1);a@post.example;;;;", "Name looks like a formula"),
        ("Bo\x00Ek;a@post.example;;;;", "Name has characters that no text has"),
        (f"{'x' * 201};a@post.example;;;;", "Name has 201 characters; 200 fit."),
        ("Bo;not an address;;;;", "is not an e-mail address"),
        ("Bo;;070-1234567;;;", "begin it with +"),
        ("Bo;;=HYPERLINK(+46701234567);;;", "Phone number looks like a formula"),
        ("Bo;;+46701234567|cmd!A0;;;", "Phone number looks like a formula"),
        ("Bo;;+46 (0)70;;;", "too few or too many digits"),
        ("Bo;a@post.example;;;svenska;", "is not a language code"),
        ("Bo;a@post.example;;;;;surplus", "The row has 7 cells, the header 6."),
        ("Bo;;;;sv;Kafé", "no e-mail address, phone number or account number"),
        (f"{'x' * 140_000};a@post.example;;;;", "cannot be read"),
    ],
)
def test_a_mistake_is_said_by_its_row_and_the_others_go_on(row, words):
    foretold, came, batch = both(f"{LIST}{row}\nZoë;zoe@post.example;;;;\n")
    assert foretold == came
    assert came["error"] >= 1
    assert words in reasons(batch)[0]
    assert batch.rows.get(outcome="error", number=2)
    if "cannot be read" not in words:
        assert Customer.objects.get().identities.get().value == "zoe@post.example"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"PK\x03\x04\x14\x00" + bytes(range(256)) * 20, "no text"),
        ((",".join(str(n) for n in range(150)) + "\n").encode(), "150 columns"),
    ],
)
def test_what_is_no_list_is_refused_and_not_kept(content, words, tmp_path):
    with pytest.raises(UnreadableList, match=words):
        uploaded(content)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_list_by_which_nobody_can_be_known_is_not_begun():
    batch = uploaded("name,colour\nBo,red\n")
    assert batch.columns == ["name", ""]
    with pytest.raises(UnreadableList, match="Say which column"):
        begin(batch.pk, ImportState.CHECKING)
    begin(batch.pk, ImportState.CHECKING, columns=["name", "account"])
    with pytest.raises(UnreadableList, match="being worked on"):
        begin(batch.pk, ImportState.CHECKING)


def test_columns_without_a_telling_name_are_known_by_what_stands_below():
    batch = uploaded("A;B;C\nBo Ek;bo@post.example;+46 70 111 22 33\nZoë;zoe@post.example;0046 8 123 45 67\n")
    assert batch.columns == ["", "email", "phone"]


def test_a_row_whose_addresses_are_two_peoples_is_not_taken_but_asked_about(carla, dev, ana):
    identity = Identity.objects.get(value="dev@mail.example")
    verify_identity(dev.pk, identity.pk, "answered a code", agent=ana.pk)
    text = "name,e-mail,mail\nCarla,carla@post.example,dev@mail.example\n"
    foretold, came, batch = both(text, columns=["name", "email", "email"], verified=True)
    assert foretold == came == {"error": 1}
    assert "Carla Nyström and Dev Patel" in reasons(batch)[0]
    row = Claim.objects.get()
    assert (row.customer, row.identity, row.source) == (carla, identity, "Import of customers.csv, row 2")
    assert row.verified_at is not None


def test_a_worker_that_dies_leaves_a_slice_to_the_next(monkeypatch):
    batch = uploaded("email\n" + "".join(f"guest{number}@post.example\n" for number in range(25)))
    run(batch, ImportState.CHECKING)
    begin(batch.pk, ImportState.IMPORTING)
    assert advance(batch.pk, size=10)
    create = taking._create

    def die(*arguments):
        create(*arguments)
        raise SystemExit

    monkeypatch.setattr(taking, "_create", die)
    with pytest.raises(SystemExit):
        advance(batch.pk, size=10)
    monkeypatch.undo()
    assert Customer.objects.count() == 10
    while advance(batch.pk, size=10):
        pass
    batch.refresh_from_db()
    assert (Customer.objects.count(), batch.rows.filter(outcome="new").count(), batch.done) == (25, 25, 25)


def test_a_file_that_is_gone_ends_the_import_and_says_so():
    batch = uploaded("email\nbo@post.example\n")
    begin(batch.pk, ImportState.CHECKING)
    delete(batch.key)
    assert not advance(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (ImportState.FAILED, 0)


def test_mail_that_comes_in_beside_it_is_found(monkeypatch):
    batch = uploaded("name,email\nBo Ek,bo@post.example\nZoë Ek,zoe@post.example\n")
    run(batch, ImportState.CHECKING)
    judge = taking.judge

    def meanwhile(*arguments):
        results = judge(*arguments)
        monkeypatch.setattr(taking, "judge", judge)
        identify(IdentityKind.EMAIL, "bo@post.example")
        return results

    monkeypatch.setattr(taking, "judge", meanwhile)
    assert run(batch, ImportState.IMPORTING) == {"new": 1, "updated": 1}
    assert Customer.objects.count() == 2
    assert Identity.objects.get(value="bo@post.example").customer.name == "Bo Ek"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_list_take_each_row_once():
    batch = uploaded("email\n" + "".join(f"guest{number}@post.example\n" for number in range(40)))
    run(batch, ImportState.CHECKING)
    begin(batch.pk, ImportState.IMPORTING)

    def work(_):
        for _ in range(12):
            advance(batch.pk, size=5)

    _, errors = in_threads(3, work)
    assert errors == []
    while advance(batch.pk, size=5):
        pass
    assert (Customer.objects.count(), ImportRow.objects.count()) == (40, 40)


def test_workers_hear_of_it_and_go_on_by_themselves():
    batch = uploaded("email\n" + "".join(f"guest{number}@post.example\n" for number in range(1100)))
    begin(batch.pk, ImportState.CHECKING)
    bus.drain()
    batch.refresh_from_db()
    assert (batch.state, batch.done) == (ImportState.CHECKED, 1100)


def test_from_the_command_line_as_from_the_page(tmp_path, capsys):
    path = tmp_path / "customers.csv"
    path.write_text("who,mail\nBo Ek,bo@post.example\nNobody,\n")
    call_command("import_customers", str(path), "--dry-run")
    assert json.loads(capsys.readouterr().out) | {"import": ""} == {
        "import": "", "dry_run": True, "rows": 2, "new": 1, "updated": 0, "same": 0, "duplicate": 0, "error": 1,
    }  # fmt: skip
    assert Customer.objects.count() == 0
    call_command("import_customers", str(path), "--column", "who=name", "--rows")
    row, summary = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (row["row"], row["outcome"], summary["new"]) == (3, "error", 1)
    assert Customer.objects.get().name == "Bo Ek"
    with pytest.raises(CommandError, match="may mean name"):
        call_command("import_customers", str(path), "--column", "who=colour")
    with pytest.raises(CommandError):
        call_command("import_customers", str(tmp_path / "missing.csv"))


def test_the_stored_file_stays_as_long_as_its_import():
    batch = uploaded("email\nbo@post.example\n")
    with open_stored(batch.key) as file:
        assert file.read() == b"email\nbo@post.example\n"
    with pytest.raises(UnknownFile):
        open_stored("00/00/" + "0" * 32)
