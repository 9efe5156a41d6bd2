"""What an agent waits for: the inbox, a case and a search, with a thousand and with a million messages behind them.

Whole pages through the real WSGI handler, signed in, beside a bare template response in the same run. Three people
ask: an agent of a few queues, one who sees but a small part, and one who sees all.
"""

import random
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from agents.models import Agent
from benchmarks.load_set import loaded
from benchmarks.requests import Answer, Desk, business, figures, memory, of_answers
from benchmarks.vocabulary import languages
from channels_email.models import Mailbox
from customers.models import Identity
from interactions.domain.access import visible_cases
from interactions.models import Case, Message, Queue, SearchEntry

SIZES = (1_000, 1_000_000)
PEOPLE = ("agent0", "small", "head")
SEE_MUCH = ("agent0", "head")
ROUNDS = 40  # of each page and person
LIMITS = {"p95_ms": 40, "growth": 1.3, "queries": 20}
PEERS_MS = {  # p50 at 20,000 tickets: Request Tracker 5.0, django-helpdesk 2.6
    "case": {"request_tracker": 247, "django_helpdesk": "34-55"},
    "inbox": {"request_tracker": 635, "django_helpdesk": 433},
    "search": {"request_tracker": 140, "django_helpdesk": 495},
}


def run() -> dict[str, Any]:
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files with the hashes
    at: dict[int, dict[str, Any]] = {size: _measured(size) for size in SIZES}
    small, large = (at[size]["same_page"] for size in SIZES)
    return {
        "limits": LIMITS,
        "peers_p50_ms": PEERS_MS,
        "growth": {
            page: {
                "p50": round(large[page]["p50_ms"] / small[page]["p50_ms"], 2),
                "p95": round(large[page]["p95_ms"] / small[page]["p95_ms"], 2),
                "cpu_p50": round(large[page]["cpu_p50_ms"] / small[page]["cpu_p50_ms"], 2),
            }
            for page in small
        },
        **{f"at_{size}": figures_of for size, figures_of in at.items()},
        **business(),
    }


def _measured(size: int) -> dict[str, Any]:
    with loaded(size):
        Mailbox.objects.get_or_create(
            address="support@shop.example", defaults={"queue": Queue.objects.earliest("name")}
        )
        people = {name: Agent.objects.get(username=name) for name in PEOPLE}
        desks = {name: Desk(agent) for name, agent in people.items()}
        words = _words(random.Random(3))
        for desk in desks.values():
            _inbox(desk, 2)
            _search(desk, {kind: each[:1] for kind, each in words.items()})
        before = memory()
        bare = figures(desks["head"].bare() for _ in range(200))
        inbox = [answer for desk in desks.values() for answer in _inbox(desk, ROUNDS)]
        case = {name: _case(people[name], desk) for name, desk in desks.items()}
        found = {name: _search(desk, words) for name, desk in desks.items()}
        counted = [answer for desk in desks.values() for answer in _count(desk, words)]
        return {
            "messages": Message.objects.count(),
            "pages": {
                "inbox": of_answers(inbox),
                "case": of_answers([one for answers in case.values() for one in answers]),
                "search": of_answers(
                    [one for kinds in found.values() for answers in kinds.values() for one in answers]
                ),
            },
            # Pages that hold as much with a thousand messages as with a million: what data alone makes slower.
            "same_page": {
                "inbox": of_answers([desks[name].get(reverse("desktop:cases"), box="all") for name in SEE_MUCH * 20]),
                "case": of_answers([one for name in SEE_MUCH for one in case[name]]),
                "search": of_answers([one for name in SEE_MUCH for one in found[name]["very_common_word"]]),
            },
            "count_after_search": of_answers(counted),
            "bare_response": bare,
            "search_by_kind": {
                kind: {
                    **of_answers([one for kinds in found.values() for one in kinds[kind]]),
                    "as": words[kind][0],
                }
                for kind in words
            },
            "search_by_person": {
                name: of_answers([one for answers in kinds.values() for one in answers])
                for name, kinds in found.items()
            },
            "memory_before": before,
            "memory_after": memory(),
            "index_mb": _index_size(),
        }


def _inbox(desk: Desk, rounds: int) -> list[Answer]:
    asked: list[dict[str, str]] = [
        {"box": "mine"}, {"box": "queues"}, {"box": "all"}, {"box": "all", "chip": "unanswered"},
        {"box": "all", "chip": "finished"}, {"box": "queues", "chip": "unowned"},
    ]  # fmt: skip
    path = reverse("desktop:cases")
    return [desk.get(path, **asked[number % len(asked)]) for number in range(rounds)]


def _case(agent: Agent, desk: Desk) -> list[Answer]:
    """Cases that the agent sees, of any age; long ones are among them as often as they are among all.

    They stand beside the list of all cases.
    """
    desk.get(reverse("desktop:cases"), box="all")
    cases = visible_cases(agent)
    newest = list(cases.order_by("-active_at", "-id").values_list("pk", flat=True)[: ROUNDS // 2])
    first = cases.order_by("number").values_list("number", flat=True).first() or 0
    last = cases.order_by("-number").values_list("number", flat=True).first() or 0
    chance = random.Random(4)
    older = [
        cases.filter(number__gte=chance.randint(first, last)).order_by("number").values_list("pk", flat=True).first()
        for _ in range(ROUNDS // 2)
    ]
    return [desk.get(reverse("desktop:case", args=[case])) for case in [*newest, *filter(None, older)]]


def _search(desk: Desk, words: dict[str, list[str]]) -> dict[str, list[Answer]]:
    path = reverse("desktop:cases")
    return {kind: [desk.get(path, box="all", q=one) for one in each] for kind, each in words.items()}


def _count(desk: Desk, words: dict[str, list[str]]) -> list[Answer]:
    """What a search page asks for itself once it is there."""
    path = reverse("desktop:cases")
    return [desk.get(path, part=True, box="all", q=one, count=1) for each in words.values() for one in each]


def _words(chance: random.Random) -> dict[str, list[str]]:
    """What people look for, of each kind as many."""
    count = 10

    def of_rank(first: int, last: int) -> list[str]:
        return [chance.choice(chance.choice(languages()).words[first:last]) for _ in range(count)]

    cases = list(Case.objects.order_by("-number").select_related("customer")[: count * 40 : 40])
    addresses = dict(
        Identity.objects.filter(customer__in=[case.customer_id for case in cases]).values_list("customer", "value")
    )
    return {
        "very_common_word": of_rank(0, 8),
        "common_word": of_rank(20, 90),
        "occasional_word": of_rank(150, 700),
        "uncommon_word": of_rank(1_000, 4_000),
        "rare_word": of_rank(15_000, 29_000),
        "two_common_words": [f"{one} {other}" for one, other in zip(of_rank(0, 40), of_rank(0, 40), strict=True)],
        "common_and_rare_word": [
            f"{one} {other}" for one, other in zip(of_rank(0, 20), of_rank(5_000, 9_000), strict=True)
        ],
        "three_words": [" ".join(chance.choice(languages()).words[5 + n : 200 : 60][:3]) for n in range(count)],
        "beginning_of_a_word": [word[: max(3, len(word) - 2)] for word in of_rank(30, 400)],
        "word_nobody_wrote": [f"zyxq{number}" for number in range(count)],
        "case_number": [str(case.number) for case in cases],
        "subject": [case.subject for case in cases],
        "customer_name": [case.customer.name for case in cases],
        "customer_address": [addresses.get(case.customer_id, "nobody@post.example") for case in cases],
    }


def _index_size() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [SearchEntry._meta.db_table])
        return round(cursor.fetchone()[0] / 2**20, 1)
