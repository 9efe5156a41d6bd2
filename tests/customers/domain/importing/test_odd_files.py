"""Files as they come: quotes never closed, bytes of two charsets, no ends of lines; read as far as can be, and said."""

import io
import json
import random
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from customers.domain.importing import lines
from customers.domain.importing import take as taking
from customers.domain.importing.encoding import ENCODINGS, find_encoding
from customers.domain.importing.run import advance, begin, counts, reread, upload
from customers.domain.importing.spreadsheet import Layout, Records, find_layout
from customers.enums import ImportState
from customers.errors import UnreadableList
from customers.management.commands import import_customers
from customers.models import Customer, CustomerImport, Identity
from foundation.storage import delete
from tests.customers.domain.importing.test_import import both, files_of_the_scene, reasons, run, uploaded
from tests.customers.domain.test_merge import waited_for

__all__ = ["files_of_the_scene"]
pytestmark = pytest.mark.django_db
GUESTS = "".join(f"Guest {number},guest{number}@post.example,ok\n" for number in range(40))


def records(content: str | bytes) -> list:
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(Records(file, find_layout(file)))


def mistakes(content: str | bytes) -> dict[int, str]:
    return {record.number: record.mistake for record in records(content) if record.mistake}


def test_a_quote_never_closed_costs_its_own_row_and_no_other():
    foretold, came, batch = both(f'name,email,notes\nAnna,anna@post.example,"likes sofas\n{GUESTS}')
    assert foretold == came == {"new": 40, "error": 1}
    assert reasons(batch) == ["Line 2: the quote that begins here is not closed before the end of the file."]
    assert batch.rows.get(outcome="error").number == 2
    assert not Customer.objects.exclude(remarks="ok").exists()


def test_a_quote_never_closed_is_found_by_the_line_where_it_begins():
    text = 'name,notes\nAnna,"two\nlines"\nBo,"one\n\n two","never\nCi,ok\nDi,ok\n'
    assert mistakes(text) == {3: "Line 6: the quote that begins here is not closed before the end of the file."}
    assert [record.cells for record in records(text)] == [
        ["name", "notes"], ["Anna", "two\nlines"], [], ["Ci", "ok"], ["Di", "ok"],
    ]  # fmt: skip


def test_a_quote_that_only_a_later_one_closes_swallows_nobody():
    text = 'name,notes\nAnna,"likes sofas\nBo,ok\nCi,"likes lamps"\nDi,"a\nb"\nEk,ok\n'
    assert mistakes(text) == {2: "Line 2: the quote that begins here is closed within a cell."}
    assert [record.cells for record in records(text)][2:] == [
        ["Bo", "ok"], ["Ci", "likes lamps"], ["Di", "a\nb"], ["Ek", "ok"],
    ]  # fmt: skip


def test_quotes_within_one_line_are_read_as_they_are_meant():
    text = 'name,notes\n"Bo" Ek,5" pipe\n"Anna ""Ann"" Ek","yes, ""please"""\n'
    assert mistakes(text) == {}
    assert [record.cells for record in records(text)][1:] == [
        ["Bo Ek", '5" pipe'], ['Anna "Ann" Ek', 'yes, "please"'],
    ]  # fmt: skip


def test_a_row_over_more_lines_than_people_write_is_a_mistake_of_that_row():
    text = 'name,notes\nAnna,"' + "and on\n" * 99 + '"\nBo,"' + "and on\n" * 130 + '"\nCi,ok\n'
    found = records(text)
    assert len(found[1].cells) == 2
    assert found[2].mistake == "Line 102: the quote that begins here is not closed within 100 lines."
    assert found[-1].cells == ["Ci", "ok"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_without_end_is_never_whole_in_memory(monkeypatch, end):
    monkeypatch.setattr(lines, "LONGEST_LINE", 1_000)
    longest = []

    class Watched(io.TextIOWrapper):
        def readline(self, *size):
            got = super().readline(*size)
            longest.append(len(got))
            return got

    monkeypatch.setattr(lines.io, "TextIOWrapper", Watched)
    text = f"name,email\nBo,bo@post.example\n{'a' * 50_000}{end}" + ("Ci,ci@post.example\n" if end else "")
    assert mistakes(text) == {3: "Line 3 has more than 1,000 characters."}
    assert max(longest) == 1_000
    assert [record.cells for record in records(text)][3:] == ([["Ci", "ci@post.example"]] if end else [])
    with pytest.raises(UnreadableList, match="Line 1 has more than 1,000 characters"):
        uploaded("a" * 50_000)
    assert not CustomerImport.objects.exists()


def test_an_open_quote_before_a_line_too_long_costs_both_rows_alone(monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", 1_000)
    text = f'name,notes\nAnna,"open\nBo,ok\n{"a" * 5_000}\nCi,ok\n'
    assert mistakes(text) == {
        2: "Line 2: the quote that begins here is not closed before a line that is too long.",
        4: "Line 4 has more than 1,000 characters.",
    }
    assert [record.cells for record in records(text)] == [["name", "notes"], [], ["Bo", "ok"], [], ["Ci", "ok"]]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_stands_in_a_file_reading_it_ends_and_goes_on_anywhere(seed):
    dice = random.Random(seed)
    for _ in range(120):
        content = "".join(
            dice.choice(['"', '""', ",", "\n", "\r\n", "a", "é", "\x00", '","', '"\n"']) for _ in range(60)
        )
        file = io.BytesIO(f"name,email\n{content}".encode())
        layout = Layout("utf-8-sig", ",")
        reader, read, places = Records(file, layout), [], []
        for record in reader:
            read.append(record)
            places.append(reader.place)
        for done, place in enumerate(places, 1):
            assert list(Records(io.BytesIO(file.getvalue()), layout, place)) == read[done:]


def test_a_place_kept_before_lines_were_counted_is_gone_on_from():
    file = io.BytesIO(b'name\nAnna\nBo\n"Ci\n')
    reader = Records(file, find_layout(file))
    next(reader)
    next(reader)
    old = reader.place.rpartition(":")[0]
    rest = list(Records(io.BytesIO(file.getvalue()), find_layout(file), old))
    assert [(one.number, one.cells) for one in rest] == [(3, ["Bo"]), (4, [])]
    assert rest[1].mistake.startswith("Line 4")


def test_one_bad_byte_costs_its_own_row_and_turns_no_other_into_nonsense():
    rows = "".join(f"Åsa Öberg {number};asa{number}@post.example\n" for number in range(40)).encode()
    content = b"namn;e-post\n" + rows + b"Bj\xf6rn Ek;bjorn@post.example\n" + "Zoë;zoe@post.example\n".encode()
    foretold, came, batch = both(content)
    assert batch.encoding == "utf-8-sig"
    assert foretold == came == {"new": 41, "error": 1}
    assert reasons(batch) == ["Line 42, column 1: “Bj\ufffdrn Ek” has a letter that cannot be read as UTF-8."]
    assert Identity.objects.get(value="asa0@post.example").customer.name == "Åsa Öberg 0"
    assert not Identity.objects.filter(value="bjorn@post.example").exists()


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("cp1252", ["Åsa Öberg", "José García", "Zoë Ångström", "Müller", "François"]),
        ("cp1250", ["Łukasz Wiśniewski", "Małgorzata Żuk"]),
        ("cp1251", ["Иван Петров", "Ольга Смирнова"]),
        ("cp1253", ["Γιώργος Παπαδόπουλος", "Μαρία Νικολάου", "Κώστας Δημητρίου"]),
        ("cp932", ["山田太郎"]),
        ("cp932", ["佐藤花子", "鈴木一郎", "田中 さくら", "伊藤ミキ"]),
        ("cp949", ["김민준", "이서연", "박지훈"]),
    ],
)
@pytest.mark.parametrize("far", [False, True])
def test_the_charset_is_guessed_by_the_letters_wherever_they_stand(codec, names, far):
    plain = "Bo Ek,bo@post.example\n" * (20_000 if far else 1)
    text = f"name,email\n{plain}" + "".join(f"{name},p{place}@post.example\n" for place, name in enumerate(names))
    assert find_encoding(io.BytesIO(text.encode(codec))) == codec


def test_another_charset_is_chosen_and_everything_is_looked_at_anew():
    content = "名前,email,メモ\n山田太郎,yamada@post.example,急ぎ\n".encode("cp932")
    batch = upload(io.BytesIO(content), "list.csv", agent=None, encoding="cp1252")
    begin(batch.pk, ImportState.CHECKING, columns=["name", "email", ""])
    assert batch.header[0] != "名前"
    advance(batch.pk)
    assert batch.rows.count() == 1
    batch = reread(batch.pk, "cp932")
    assert (batch.header, batch.columns, batch.state) == (["名前", "email", "メモ"], ["", "email", ""], "uploaded")
    assert batch.rows.count() == 0
    run(batch, ImportState.CHECKING, columns=["name", "email", "remarks"])
    run(batch, ImportState.IMPORTING)
    assert (Customer.objects.get().name, Customer.objects.get().remarks) == ("山田太郎", "急ぎ")
    with pytest.raises(UnreadableList, match="imported already"):
        reread(batch.pk, "cp1252")


def test_a_charset_in_which_it_is_no_text_is_refused_and_nothing_is_changed():
    batch = uploaded("name,email\nÅsa,asa@post.example\n")
    run(batch, ImportState.CHECKING)
    with pytest.raises(UnreadableList, match="cannot be read as UTF-16"):
        reread(batch.pk, "utf-16")
    with pytest.raises(UnreadableList, match="no row below"):
        reread(batch.pk, "utf-16-le")
    batch.refresh_from_db()
    assert (batch.encoding, batch.state, batch.rows.count()) == ("utf-8-sig", "checked", 1)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_charset_on_offer_can_be_read_and_gone_on_in(encoding):
    file = io.BytesIO('name;notes\nBo;ok\nCi;"two\nlines"\nDi;ok\n'.encode(encoding))
    layout = find_layout(file, encoding)
    reader = Records(file, layout)
    next(reader)
    next(reader)
    rest = list(Records(io.BytesIO(file.getvalue()), layout, reader.place))
    assert [record.cells for record in rest] == [["Ci", "two\nlines"], ["Di", "ok"]]


@pytest.mark.parametrize("written", ["+46 (0)70 123 45 67", "+46 70 123-45-67", "0046/70.123.45.67"])
def test_numbers_are_taken_as_people_write_them(written):
    _, came, _ = both(f"name,phone\nAna,{written}\nCi,+1 (555) 201-3344\n", region="SE")
    assert came == {"new": 2}
    assert set(Identity.objects.values_list("value", flat=True)) == {"+46701234567", "+15552013344"}


@pytest.mark.django_db(transaction=True)
def test_the_command_waits_for_a_worker_who_is_at_the_same_list_and_prints_what_came_of_it(
    tmp_path, capsys, monkeypatch
):
    path = tmp_path / "customers.csv"
    path.write_text("email\n" + "".join(f"guest{number}@post.example\n" for number in range(25)))
    at_it, workers = threading.Event(), []
    take = taking.take

    def take_slowly(*arguments):
        at_it.set()
        waited_for(connection)
        return take(*arguments)

    def work(batch):
        try:
            advance(batch, size=10)
        finally:
            connection.close()

    def begin_beside_a_worker(batch, state, **settings):
        row = begin(batch, state, **settings)
        if state == ImportState.IMPORTING:
            monkeypatch.setattr("customers.domain.importing.run.take", take_slowly)
            workers.append(threading.Thread(target=work, args=[batch]))
            workers[0].start()
            assert at_it.wait(10)
            monkeypatch.setattr("customers.domain.importing.run.take", take)
        return row

    monkeypatch.setattr(import_customers, "begin", begin_beside_a_worker)
    call_command("import_customers", str(path))
    printed = json.loads(capsys.readouterr().out)
    workers[0].join()
    assert (printed["rows"], printed["new"]) == (25, 25)
    batch = CustomerImport.objects.get()
    assert (batch.state, batch.done, sum(counts(batch).values())) == (ImportState.DONE, 25, 25)


def test_the_command_says_when_the_file_is_gone_before_all_was_taken(tmp_path, monkeypatch):
    path = tmp_path / "customers.csv"
    path.write_text("email\nbo@post.example\n")

    def begin_and_lose(batch, state, **settings):
        row = begin(batch, state, **settings)
        if state == ImportState.IMPORTING:
            delete(row.key)
        return row

    monkeypatch.setattr(import_customers, "begin", begin_and_lose)
    with pytest.raises(CommandError, match="The file is no longer there; 0 of 1 rows"):
        call_command("import_customers", str(path))
    assert not Customer.objects.exists()


def test_the_command_reads_in_the_charset_that_it_is_told(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_bytes("name,email\nШура,shura@post.example\n".encode("cp866"))
    call_command("import_customers", str(path), "--encoding", "cp866")
    assert Customer.objects.get().name == "Шура"
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("import_customers", str(path), "--encoding", "morse")
