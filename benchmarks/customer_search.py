"""Finding one of a million customers by a fragment: what a request takes through the REST API and in the domain alone.

The fragments are what people type: three characters of a name, of either side of an address, of a number in three
notations; more of the same; two words; and what hardly anybody or nearly everybody has.
"""

import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agents.enums import Permission
from agents.models import Agent, Role
from benchmarks.copying import copy
from benchmarks.load_set import fingerprint, kept, key, without_indexes
from benchmarks.requests import Desk, business, cpu_seconds, figures, memory, of_answers
from benchmarks.vocabulary import GIVEN, surnames
from customers.domain.search import find_customers
from customers.domain.search_index import index_everything
from customers.models import Customer, Identity, SearchKey

COUNT = 1_000_000
ROUNDS = 100
LIMIT_MS = 50
DOMAINS = ["post.example", "mail.example", "telia.example", "gmx.example", "orange.example", "hus-och-hem.example"]
CODES = ["+4670", "+4673", "+49151", "+33612", "+447700", "+1415", "+34655", "+35840"]


def run() -> dict[str, Any]:
    with kept(f"contactcenter_load_customers_{COUNT}", fingerprint(__file__), fill):
        chance = random.Random(5)
        kinds = _kinds(chance, _sample(chance))
        desk = Desk(Agent.objects.get(username="agent"), token=True)
        for words in kinds.values():
            desk.get("/api/v1/customers/", search=words[0])
        before = memory()
        asked = {name: [desk.get("/api/v1/customers/", search=one) for one in words] for name, words in kinds.items()}
        alone = {name: [_cpu_of_search(one) for one in words] for name, words in kinds.items()}
        return {
            "customers": SearchKey.objects.count(),
            "limit_p95_ms": LIMIT_MS,
            "api": of_answers([answer for answers in asked.values() for answer in answers]),
            "search_alone_cpu": figures(spent for each in alone.values() for spent in each),
            "bare": figures(desk.bare() for _ in range(200)),
            "kinds": {
                name: {**of_answers(asked[name]), "alone_cpu_p95_ms": figures(alone[name])["p95_ms"], "as": words[0]}
                for name, words in kinds.items()
            },
            "memory_before": before,
            "memory_after": memory(),
            **business(),
        }


def _cpu_of_search(words: str) -> float:
    began = cpu_seconds()
    find_customers(words)
    return (cpu_seconds() - began) * 1000


def _sample(chance: random.Random) -> list[tuple[str, str, str]]:
    """Name, address and number of some who have all three."""
    rows = (
        Identity.objects.filter(kind="phone").order_by("value").values_list("customer_id", "value")[: 40 * ROUNDS : 40]
    )
    phones = dict(rows)
    people = Customer.objects.in_bulk(list(phones))
    addresses = dict(Identity.objects.filter(kind="email", customer__in=phones).values_list("customer_id", "value"))
    found = [(people[one].name, addresses[one], phone) for one, phone in phones.items()]
    chance.shuffle(found)
    return found


def _kinds(chance: random.Random, people: list[tuple[str, str, str]]) -> dict[str, list[str]]:
    def part(text: str, size: int) -> str:
        place = chance.randrange(max(1, len(text) - size + 1))
        return text[place : place + size]

    some = people[:: max(1, len(people) // ROUNDS)]
    return {
        "three_of_a_family_name": [part(name.split()[-1], 3) for name, _, _ in some],
        "three_of_a_given_name": [part(name.split()[0], 3) for name, _, _ in some],
        "three_of_a_local_part": [part(address.split("@")[0], 3) for _, address, _ in some],
        "three_of_a_domain": [part(address.split("@")[1], 3) for _, address, _ in some],
        "three_digits": [part(phone[1:], 3) for _, _, phone in some],
        "five_of_a_name": [part(name.split()[-1], 5) for name, _, _ in some],
        "whole_name": [name for name, _, _ in some],
        "address": [address for _, address, _ in some],
        "number_abroad": [f"00{phone[1:3]} {phone[3:6]} {phone[6:]}" for _, _, phone in some],
        "number_written": [f"{phone[:3]} (0){phone[3:5]}-{phone[5:]}" for _, _, phone in some],
        "two_fragments": [f"{part(name.split()[0], 3)} {part(address.split('@')[1], 4)}" for name, address, _ in some],
        "nobody": [f"zqx{number}" for number in range(ROUNDS)],
    }


def fill() -> None:
    chance = random.Random(9)
    role = Role.objects.create(name="Agent", permissions=[Permission.WORK_CASES])
    agent = Agent.objects.create(username="agent", email="agent@shop.example", name="Agent")
    agent.roles.add(role)
    end, names = timezone.now(), surnames()
    people = []
    for number in range(COUNT):
        at = end - timedelta(minutes=COUNT - number)
        people.append((key(at.timestamp(), chance), at, f"{chance.choice(GIVEN)} {chance.choice(names)}"))
    copy(
        Customer,
        ({"id": one, "created_at": at, "name": name, "name_source": "header"} for one, at, name in people),
    )
    copy(Identity, _addresses(chance, people))
    with without_indexes(SearchKey):
        index_everything()


def _addresses(chance: random.Random, people: list[Any]) -> Any:
    for number, (one, at, name) in enumerate(people):
        given, family = (part.lower().encode("ascii", "ignore").decode() for part in name.split(" ", 1))
        address = f"{given}.{family.replace(' ', '')}{number % 9973}.{number // 9973}@{chance.choice(DOMAINS)}"
        for kind, value in (("email", address), ("phone", f"{chance.choice(CODES)}{number:07}")):
            if kind == "email" or number % 3 == 0:
                yield {
                    "id": key(at.timestamp(), chance),
                    "created_at": at,
                    "customer_id": one,
                    "kind": kind,
                    "value": value,
                    "shown": value,
                }
