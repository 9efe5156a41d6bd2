"""The retailer: its brand, hours, queues, mailboxes and tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from agents.models import Skill
from brands.models import Brand, Way
from brands.models.brand import BrandHost, BrandPhone
from channels_email.models import Mailbox
from foundation.calendar.models import Calendar, OpenInterval, SpecialDay, SpecialInterval
from interactions.models import Queue, Tag
from simulator.world.sources import read


@dataclass
class Company:
    """What was founded, by the names that the sources use."""

    brand: Brand
    queues: dict[str, Queue] = field(default_factory=dict)
    mailboxes: dict[str, str] = field(default_factory=dict)
    shares: dict[str, int] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)
    first_mailbox: str = ""


def found(year: int) -> Company:
    """Makes the company; `year` is the one whose special days its calendars know, with the next."""
    source = read("company")
    calendars = {entry["name"]: _calendar(entry, year) for entry in source["calendars"]}
    company = Company(_brand(source, calendars))
    for entry in source["queues"]:
        queue = Queue.objects.create(
            name=entry["name"],
            brand=company.brand,
            calendar=calendars[entry["calendar"]],
            priority=entry["priority"],
            response_target=entry["response_target"],
        )
        Mailbox.objects.create(address=entry["mailbox"], queue=queue)
        company.queues[queue.name] = queue
        company.mailboxes[queue.name] = entry["mailbox"]
        company.shares[queue.name] = entry["share"]
    business = Skill.objects.create(name="Business accounts")
    company.queues["Business customers"].skills.add(business)
    company.needs = {name: [str(business.pk)] if name == "Business customers" else [] for name in company.queues}
    company.tags = {
        tag.name: tag for tag in Tag.objects.bulk_create(Tag(name=name) for name in source["tags"]["names"])
    }
    company.first_mailbox = source["queues"][0]["mailbox"]
    return company


def _brand(source: dict[str, Any], calendars: dict[str, Calendar]) -> Brand:
    entry = source["brand"]
    facts = ("name", "colour", "website", "greeting", "sign_off")
    brand = Brand.objects.create(**{name: entry[name] for name in facts})
    BrandHost.objects.create(brand=brand, host=entry["host"])
    BrandPhone.objects.create(brand=brand, number=entry["phone"])
    Way.objects.bulk_create(
        Way(
            brand=brand,
            kind=way["kind"],
            address=way["address"],
            calendar=calendars.get(way.get("calendar", "")),
            position=position,
        )
        for position, way in enumerate(source["ways"])
    )
    return brand


def _calendar(entry: dict[str, Any], year: int) -> Calendar:
    calendar = Calendar.objects.create(
        name=entry["name"], time_zone=entry["time_zone"], holiday_country=entry["country"]
    )
    week = [entry["weekdays"]] * 5 + [entry["saturday"], entry["sunday"]]
    OpenInterval.objects.bulk_create(
        OpenInterval(calendar=calendar, weekday=weekday, starts=_time(starts), ends=_time(ends))
        for weekday, intervals in enumerate(week)
        for starts, ends in intervals
    )
    for of in (year - 1, year, year + 1):
        for day, (name, hours) in entry["special"].items():
            special = SpecialDay.objects.create(
                calendar=calendar, date=date.fromisoformat(f"{of}-{day}"), name=name, closed=not hours
            )
            if hours:
                SpecialInterval.objects.create(day=special, starts=_time(hours[0]), ends=_time(hours[1]))
    return calendar


def _time(text: str) -> time:
    return time.fromisoformat(text)
