import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncMonth
from rest_framework.authtoken.models import Token

from agents.models import Agent
from customers.models import Customer
from foundation import clock
from interactions.enums import Direction
from interactions.models import Case, Message
from simulator.models import World
from simulator.world.load import NotEmpty, load
from simulator.world.rhythm import ZONE

A_MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MAILS = Message.objects.exclude(direction=Direction.INTERNAL)
SCRIPTS = {
    "Greek": ("Α", "ω"),
    "Cyrillic": ("А", "я"),
    "Chinese": ("一", "龥"),
    "Arabic": ("ا", "ي"),
    "Latin": ("A", "z"),
}


def counted(mails, part) -> dict:
    rows = mails.order_by().annotate(part=part).values_list("part").annotate(number=Count("pk"))
    return dict(rows)


def test_the_command_prints_sign_ins_token_and_mailbox_as_its_last_line(db):
    answer = StringIO()
    call_command("load_demo", "--mails", "100", "--customers", "100", stdout=answer)
    facts = json.loads(answer.getvalue().splitlines()[-1])
    assert {"agent", "supervisor", "administrator"} <= facts["users"].keys()
    ana = Agent.objects.get(username=facts["users"]["agent"]["username"])
    assert ana.check_password(facts["users"]["agent"]["password"])
    assert Token.objects.get(key=facts["api_token"]).user.username == "admin"
    assert facts["mailbox"] == "support@nordhem.example"
    assert facts["mailboxes"] == ["support@nordhem.example", "returns@nordhem.example", "business@nordhem.example"]


def test_a_database_in_use_is_left_alone(carlas_case):
    with pytest.raises(NotEmpty):
        load(mails=100, customers=100)
    with pytest.raises(CommandError, match="in use"):
        call_command("load_demo")
    assert not World.objects.exists()
    assert Case.objects.count() == 1
    assert not Agent.objects.filter(simulated=True).exists()


def test_the_whole_world_has_its_numbers_and_its_rhythm(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.stopped_at(A_MONDAY):
        load()
    assert MAILS.count() == 10_000
    assert Customer.objects.count() == 2_000
    assert Agent.objects.filter(simulated=True).count() == 28
    assert MAILS.earliest("occurred_at").occurred_at < A_MONDAY - timedelta(days=390)
    assert MAILS.latest("occurred_at").occurred_at < A_MONDAY

    received = MAILS.filter(direction=Direction.INBOUND)
    weekdays = counted(received, ExtractIsoWeekDay("occurred_at", tzinfo=ZONE))
    assert weekdays[1] > 1.5 * weekdays[6]
    hours = counted(received, ExtractHour("occurred_at", tzinfo=ZONE))
    assert hours[10] > 5 * hours[3]
    months = counted(received, TruncMonth("occurred_at", tzinfo=ZONE))
    by_month = {month.month: number for month, number in months.items() if (month.year, month.month) != (2026, 11)}
    assert by_month[12] > 1.4 * by_month[7]

    names = "".join(Customer.objects.values_list("name", flat=True))
    assert [name for name, (low, high) in SCRIPTS.items() if not any(low <= each <= high for each in names)] == []
    texts = list(received.values_list("reply_text", flat=True))
    assert len(set(texts)) > 0.8 * len(texts)
