"""What of a mail's HTML is folded away: what it quotes, all of it, and nothing that its writer wrote this time."""

import re
from pathlib import Path

import pytest
import yaml

from channels_email.domain.fold import fold_quotes
from channels_email.domain.parse import parse

SAMPLES = Path(__file__).parents[2] / "samples/email"
REPLIES = yaml.safe_load((SAMPLES / "html_replies.yaml").read_text("utf-8"))
ANSWERS = yaml.safe_load((SAMPLES / "html_answers.yaml").read_text("utf-8"))
_FOLD = re.compile(r'<details class="quoted"><summary>[^<]*</summary>(.*?)</details>', re.DOTALL)
_CITE = "<blockquote type=\"cite\" cite='mid:1@shop.example'>"
_LABELS = (
    "<b>Von:</b> Shop &lt;s@shop.example&gt;<br><b>Gesendet:</b> Dienstag, 12. Mai 2026 09:14<br>"
    "<b>An:</b> Carla &lt;c@mail.example&gt;<br><b>Betreff:</b> Order"
)
OUTLOOK = (
    '<div class="WordSection1"><p class="MsoNormal">Yes, please.</p><p class="MsoNormal">&nbsp;</p><div>'
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
    f'{_LABELS}</p></div></div><p class="MsoNormal">Which size?</p><table><tr><td>Sofa</td></tr></table>'
    '<p class="MsoNormal">Which colour?</p></div>'
)
OWA = (
    '<div>Yes, please.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
    f'<div id="divRplyFwdMsg"><font>{_LABELS}</font></div><div>Which size?</div><div><b>Which colour?</b></div>'
)
THUNDERBIRD = (
    '<p>Yes, please.</p><div class="moz-cite-prefix">On 12/05/2026 09:14, Shop wrote:<br></div>'
    f"{_CITE}<p>Which size?</p><p>Which colour?</p></blockquote>"
)
INTERLEAVED = (
    '<div class="moz-cite-prefix">On 12/05/2026 09:14, Shop wrote:<br></div>'
    f"{_CITE}<p>Which size?</p></blockquote><p>Forty.</p>{_CITE}<p>Which colour?</p></blockquote><p>Blue.</p>"
)
GMAIL_INTERLEAVED = (
    '<div dir="ltr"><div dir="ltr"><br></div><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">'
    "On Tue, May 12, 2026 at 9:14 AM Shop &lt;s@shop.example&gt; wrote:<br></div>"
    '<blockquote class="gmail_quote" style="border-left:1px solid rgb(204,204,204)">Which size?</blockquote>'
    '<div>Forty.</div><blockquote class="gmail_quote" style="margin:0">Which colour?</blockquote><div>Blue.</div>'
    "</div></div>"
)


def folded(html: str, *, subject: str = "Re: Your order", text: str = "") -> tuple[str, list[str], str]:
    """What stands in sight, what lies under each fold, and what is new according to the reader of answers."""
    head = f"From: carla@mail.example\nSubject: {subject}\nMIME-Version: 1.0\n"
    page = f"Content-Type: text/html; charset=utf-8\n\n{html}\n"
    if text:
        page = (
            "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
            f"{text}\n--b\n{page}--b--\n"
        )
    mail = parse((head + page).encode())
    shown = fold_quotes(mail.html, mail.reply_text, mail.signature)
    assert "".join(_FOLD.sub(r"\1", shown)) == mail.html
    return words(_FOLD.sub(" ", shown)), [words(inside) for inside in _FOLD.findall(shown)], mail.reply_text


def words(html: str) -> str:
    return " ".join(re.findall(r"[\w?.,@]+", re.sub(r"<[^>]*>|&\w+;", " ", html)))


@pytest.mark.parametrize("html", [OUTLOOK, OWA, THUNDERBIRD], ids=["outlook", "owa", "thunderbird"])
def test_all_that_a_program_quotes_below_the_answer_lies_under_one_fold(html):
    seen, (quoted,), _ = folded(html)
    assert seen == "Yes, please."
    assert "Shop" in quoted
    assert quoted.endswith("Which colour?")


@pytest.mark.parametrize("html", [INTERLEAVED, GMAIL_INTERLEAVED], ids=["thunderbird", "gmail"])
def test_answers_between_quotes_stay_in_sight_and_each_quote_is_folded(html):
    seen, quoted, new = folded(html)
    assert new == "Forty.\n\nBlue."
    assert seen == "Forty. Blue."
    assert [each.rpartition("wrote ")[2] for each in quoted] == ["Which size?", "Which colour?"]


def test_a_line_that_only_says_who_wrote_when_is_no_fold():
    seen, quoted, _ = folded('<div class="moz-cite-prefix">On 12/05/2026, Shop wrote:</div><p>Yes, please.</p>')
    assert quoted == []
    assert "Yes, please." in seen


def test_an_answer_that_only_the_plain_text_shows_as_new_is_not_folded():
    """Outlook marks nothing of what is typed within the mail below; the plain text says which lines are new."""
    html = OUTLOOK.replace("Which size?</p>", 'Which size?</p><p class="MsoNormal">Size forty, in blue.</p>')
    seen, quoted, new = folded(html, text="Yes, please.\n\n> Which size?\n\nSize forty, in blue.\n\n> Which colour?")
    assert "Size forty, in blue." in new
    assert "Size forty, in blue." in seen
    assert quoted == []


def test_a_mail_that_is_passed_on_is_in_sight():
    seen, quoted, _ = folded(OUTLOOK, subject="Fwd: Your order")
    assert quoted == []
    assert "Which colour?" in seen


@pytest.mark.parametrize("html", ["<p>Only new</p>", "<ul><li>One</li></ul>", "<table><tr><td>1</td></tr></table>"])
def test_what_quotes_nothing_stays_as_it_is(html):
    assert fold_quotes(html, "") == html


def test_within_a_table_the_fold_stands_in_its_cell():
    shown = fold_quotes('<table><tr><td>New</td><td class="gmail_quote">Old</td></tr></table>', "New")
    assert shown.index("<td>New") < shown.index("<td class") < shown.index("<details") < shown.index("Old")
    assert shown.index("</details>") < shown.index("</td></tr>")


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES)
def test_of_replies_of_many_programs_the_new_part_is_in_sight_and_the_history_is_not(html):
    seen, quoted, new = folded(html)
    assert words(new) in seen
    assert "leaves tomorrow" not in seen
    assert "leaves tomorrow" in " ".join(quoted)


@pytest.mark.parametrize("sample", ANSWERS.values(), ids=ANSWERS)
def test_nothing_new_is_ever_under_a_fold(sample):
    seen, _, _ = folded(sample["html"], subject=sample["subject"])
    for line in sample["reply"].splitlines():
        assert words(line.lstrip("-0123456789. ")).strip("_") in seen


def test_without_any_mark_only_what_begins_like_a_quoted_mail_is_folded():
    page = "<p>Yes, please.</p><p><b>{}</b> Shop &lt;s@shop.example&gt;<br>{}</p><p>Which size?</p>"
    _, quoted, _ = folded(page.format("From:", "Sent: Tuesday, May 12, 2026 09:14<br>To: Carla<br>Subject: Order"))
    assert quoted == ["From Shop s@shop.example Sent Tuesday, May 12, 2026 09 14 To Carla Subject Order Which size?"]
    seen, quoted, _ = folded(page.format("Parcel:", "77"))
    assert quoted == []
    assert "Which size?" in seen


def test_what_is_nested_too_deep_is_shown_as_it_is():
    html = "<div>" * 700 + '<div class="gmail_quote">x</div>' + "</div>" * 700
    assert fold_quotes(html, "") == html
