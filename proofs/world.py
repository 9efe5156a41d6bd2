"""The world of a proof: a shop with one queue, its mailboxes, Ana, who answers, and Olle, who administers."""

from __future__ import annotations

from agents.enums import Permission
from agents.models import Agent, Role
from brands.models import Brand
from channels_email.models import Mailbox
from foundation.calendar.models import Calendar
from interactions.models import Queue

SHOP = "nordhem.example"


def make_world() -> tuple[Agent, Queue]:
    queue = Queue.objects.create(
        name="Orders",
        brand=Brand.objects.create(name="Nordhem"),
        calendar=Calendar.objects.create(name="Always"),
        acknowledges=False,
    )
    role = Role.objects.create(name="Agent", permissions=[Permission.WORK_CASES])
    ana = Agent.objects.create_user("ana", f"ana@{SHOP}", name="Ana Lindqvist")
    ana.roles.add(role)
    queue.members.add(ana)
    Mailbox.objects.create(address=f"support@{SHOP}", queue=queue)
    return ana, queue


def make_administrator() -> Agent:
    role = Role.objects.create(name="Administrator", permissions=[Permission.ADMINISTER, Permission.BLOCK_SENDERS])
    olle = Agent.objects.create_user("olle", f"olle@{SHOP}", name="Olle Berg")
    olle.roles.add(role)
    return olle


def read_by_imap(queue: Queue, address: str, port: int, password: str) -> Mailbox:
    return Mailbox.objects.create(
        address=address,
        queue=queue,
        imap_host="127.0.0.1",
        imap_port=port,
        imap_security="none",
        imap_password=password,
    )
