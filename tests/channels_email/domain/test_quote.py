"""What is new in a reply, in the habits of the programs that customers write with."""

import time
from pathlib import Path

import pytest
import yaml

from channels_email.domain.quote import read_reply

NEW = "Thank you, that helps.\nOne more question: may I still change the colour?"
OLD = "Dear Carla,\nyour order leaves tomorrow.\nBest regards"
MARKED = "\n".join(f"> {line}" for line in OLD.split("\n"))

HABITS = yaml.safe_load((Path(__file__).parents[2] / "samples/email/quoting_habits.yaml").read_text("utf-8"))
ATTRIBUTIONS, BLOCKS, FORWARDS = HABITS["attributions"], HABITS["header_blocks"], HABITS["forwards"]


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_attribution_over_marked_lines_goes_with_them(line: str) -> None:
    assert read_reply(f"{NEW}\n\n{line}\n\n{MARKED}\n").text == NEW


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_attribution_over_unmarked_lines_ends_the_new_part(line: str) -> None:
    if line.startswith(">"):
        line = line.replace("> ", "")
    assert read_reply(f"{NEW}\n\n{line}\n\n{OLD}\n").text == NEW


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_header_block_ends_the_new_part(block: str) -> None:
    assert read_reply(f"{NEW}\n\n{block}\n\n{OLD}\n").text == NEW


def test_the_line_without_colon_of_old_gmail_is_an_attribution_over_marked_lines() -> None:
    assert read_reply(f"{NEW}\n\n2012/4/7 Shop Service <service@shop.example>\n\n{MARKED}\n").text == NEW


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_the_new_part(line: str) -> None:
    if line.startswith(">") or "\nVon:" in line:
        pytest.skip("this program quotes below only")
    assert read_reply(f"{line}\n{MARKED}\n\n{NEW}\n").text == NEW


def test_answers_between_quoted_lines_are_kept_and_the_questions_are_not() -> None:
    text = (
        "On Tue, May 12, 2026 at 9:14 AM Shop <service@shop.example> wrote:\n\n> Which size?\n\nForty.\n\n"
        "> And which colour?\nBlue, please.\n>\n> Regards\n> Ana\n"
    )
    assert read_reply(text).text == "Forty.\n\nBlue, please."


def test_a_line_that_lost_its_mark_while_being_wrapped_is_quoted() -> None:
    text = (
        "No.\n\nOn Tue, May 12, 2026 at 9:14 AM Shop <service@shop.example> wrote:\n"
        "> Would you rather have the money back or wait for the next delivery in the\nautumn of this year\n> or not?\n"
    )
    assert read_reply(text).text == "No."


@pytest.mark.parametrize(
    "text",
    [
        "From: Berlin\nTo: Paris\nDate: 12 May\nPlease book two seats.",
        "On Thursday:\nI was at home and nobody came.",
        "Ana from your shop wrote:\nit will come on Monday. It did not.",
        "On your page I can read:\ndelivery within two days.",
        "My colleague said:\n\nsend it back.",
        "I wrote to you on 12 May and nobody answered.\nPlease do.",
        "Name: Carla\nAn: order 77\nThanks",
        "Two things:\n- the box was open\n- the lamp is broken\n-- not my fault!",
        "5 > 3 and that is the problem",
        "Visit us now!\n>>> >>> http://shop.example <<<\nOr click the link above.",
        "Invitation for a talk:\n\nDate: Wednesday 3 October\nTime: 7:00 am\nAddress: 130 Fox St\n\nBring your ID.",
        "Sent from my desk, which is in the second office, to yours.",
    ],
)
def test_what_only_looks_like_history_stays(text: str) -> None:
    assert read_reply(text).text == text


def test_a_mail_that_only_quotes_keeps_its_words() -> None:
    assert read_reply("> please call me\n> +49 30 1234567\n").text == "> please call me\n> +49 30 1234567"


def test_a_reply_without_new_words_is_empty() -> None:
    assert read_reply(f"On 12 May 2026, at 09:14, Shop <service@shop.example> wrote:\n\n{MARKED}\n").text == ""


@pytest.mark.parametrize("block", FORWARDS.values(), ids=FORWARDS)
def test_what_is_passed_on_is_the_news(block: str) -> None:
    reply = read_reply(f"Please look at this.\n\n{block}\n\nThe lamp is broken.\n")
    assert reply.forwarded
    assert "Please look at this." in reply.text
    assert "The lamp is broken." in reply.text


def test_a_header_block_below_a_subject_of_forwarding_is_the_news() -> None:
    text = f"FYI\n\n{BLOCKS['outlook de']}\n\nDie Lampe ist kaputt.\n"
    passed_on = read_reply(text, forwarded=True)
    assert passed_on.forwarded
    assert "Die Lampe ist kaputt." in passed_on.text
    assert read_reply(text).text == "FYI"


def test_a_reply_to_a_forwarded_mail_is_a_reply() -> None:
    lead = "On 12 May 2026, at 09:14, Shop <service@shop.example> wrote:"
    text = f"Done.\n\n{lead}\n\n> ---------- Forwarded message ---------\n{MARKED}\n"
    reply = read_reply(text)
    assert (reply.text, reply.forwarded) == ("Done.", False)


@pytest.mark.parametrize(
    "trap",
    [
        "On " * 300_000,
        "On Tue, May 12, 2026 at 9:14 AM " + "a" * 1_000_000 + " wrote:",
        ">" * 1_000_000,
        "From: a@b.example\n" * 50_000,
        "-" * 1_000_000,
        "On 1.1.2026\n" * 80_000 + "wrote:",
        "From:\n\nTo:\n\n" * 60_000,
        "<" * 500_000 + "@" * 500_000 + ":",
        "a, " * 300_000 + "wrote:\n> x",
        "Sent from my " * 80_000,
        ("word " * 12 + "wrote:\n") * 14_000,
        "__________\n" * 90_000,
        "\n" * 1_000_000,
        ">>> 1" * 200_000,
        "1.1.1 " * 160_000 + ":",
        "Hi\n\n" + ("*" * 190 + "x\n") * 100 + "+46 8 123 45 67\n",
        "Hi\n\n" + ("- " * 90 + "x\n") * 5_000,
        "On 1 May 2026 Ana <a@b.example> wrote\n" * 25_000,
        "<a@b.example>:\n" * 60_000,
        "Best regards\n" * 70_000,
        "-----BEGIN PGP SIGNED MESSAGE-----\n\n" * 20_000,
        ("A" * 100 + "\n") * 10_000,
    ],
    ids=range(22),
)
def test_a_megabyte_built_to_be_slow_is_read_in_a_fifth_of_a_second(trap: str) -> None:
    started = time.process_time()
    read_reply(trap)
    assert time.process_time() - started < 0.4  # twice the budget: this machine is shared


@pytest.mark.parametrize(
    "glue", ["{} On Wed, Apr 4, 2012 at 3:59 PM, service@shop.example wrote:",
             "{}--- On Wed, Apr 4, 2012 at 3:59 PM, service@shop.example wrote:",
             "{} Am 04.04.2012 um 15:59 schrieb Shop <service@shop.example>:"]
)  # fmt: skip
def test_own_words_in_front_of_the_attribution_on_its_line_are_kept(glue: str) -> None:
    assert read_reply(f"{glue.format('Blue, please')}\n{MARKED}\n").text == "Blue, please"


def test_a_name_in_front_of_the_date_belongs_to_the_attribution() -> None:
    assert read_reply(f"{NEW}\n\nShop <service@shop.example> On Wed, Apr 4, 2012 wrote:\n{MARKED}\n").text == NEW


def test_a_sentence_that_names_a_day_and_an_address_is_left_whole() -> None:
    text = "Please write to me On Monday, 4 May 2026 at carla@post.example, she said."
    assert read_reply(f"{text}\n").text == text


def test_an_address_that_was_torn_off_its_attribution_goes_with_it() -> None:
    torn = "On Tue, Apr 11, 2017 at 10:07 PM Shop Service\n\n<\nmailto:Shop Service <service@shop.example>\n> wrote:"
    assert read_reply(f"{NEW}\n\n{torn}\n{OLD}\n").text == NEW


@pytest.mark.parametrize(
    "torn",
    ["> Your order\n (https://shop.example/c/YzOTYz) >\n> is here\n",
     "> See (https://shop.example/action\n_nonce=3dd518)\n> or not\n"],
)  # fmt: skip
def test_a_link_that_lost_its_mark_between_quoted_lines_is_quoted(torn: str) -> None:
    assert read_reply(f"{NEW}\n\nOn Tue, 12 May 2026, Shop <service@shop.example> wrote:\n{torn}").text == NEW
