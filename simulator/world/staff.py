"""The retailer's staff: simulated colleagues, and the few agents whose sign-ins are printed for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from agents.enums import Permission
from agents.models import Agent, Capacity, Proficiency, Role, Skill, Team
from interactions.models import Queue
from simulator.models import Part
from simulator.world.company import Company
from simulator.world.sources import read

AGENT = [Permission.WORK_CASES, Permission.EDIT_CUSTOMERS]
ROLES: dict[str, Sequence[str]] = {
    "Agent": AGENT,
    "Supervisor": [*AGENT, Permission.SUPERVISE_TEAMS, Permission.MERGE_CUSTOMERS, Permission.BLOCK_SENDERS],
    "Administrator": list(Permission),
    "Knowledge author": [Permission.WRITE_KNOWLEDGE],
}
ROLE_OF = {"supervisor": "Supervisor", "administrator": "Administrator"}
LANGUAGES = {
    "sv": "Swedish",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pl": "Polish",
    "ar": "Arabic",
}
DOMAIN = "nordhem.example"


@dataclass(frozen=True)
class Worker:
    """Somebody who answers customers, with the rota and the queues they work in."""

    agent: Agent
    shift: str
    queues: frozenset[UUID]
    printed: bool


def hire(company: Company, passwords: Mapping[str, str]) -> list[Worker]:
    """Makes all agents; `passwords` are those of the printed ones, by user name. Who answers customers is returned."""
    roles = {
        name: Role.objects.update_or_create(name=name, defaults={"permissions": permissions})[0]
        for name, permissions in ROLES.items()
    }
    teams = {entry["name"]: Team.objects.create(name=entry["name"]) for entry in read("company")["teams"]}
    queues = {entry["name"]: [company.queues[name] for name in entry["queues"]] for entry in read("company")["teams"]}
    return [
        *_hire_printed(passwords, roles, teams, queues),
        *_hire_colleagues(roles["Agent"], teams, queues),
    ]


def _hire_printed(
    passwords: Mapping[str, str], roles: dict[str, Role], teams: dict[str, Team], queues: dict[str, list[Queue]]
) -> list[Worker]:
    workers = []
    for entry in read("staff")["printed"]:
        agent = Agent.objects.create_user(
            entry["username"],
            entry["email"],
            passwords[entry["username"]],
            name=entry["name"],
            job_title=entry["title"],
            time_zone="Europe/Stockholm",
        )
        agent.roles.add(roles[ROLE_OF.get(entry["role"], "Agent")])
        answers = entry["role"] in {"agent", "second agent"}
        Part.objects.create(agent=agent, role=entry["role"], printed=True, shift="middle" if answers else "")
        if entry["role"] == "supervisor":
            for team in teams.values():
                team.supervisors.add(agent)
        if entry["team"]:
            teams[entry["team"]].members.add(agent)
            for queue in queues[entry["team"]]:
                queue.members.add(agent)
        if answers:
            workers.append(_worker(agent, "middle", queues[entry["team"]], printed=True))
    return workers


def _hire_colleagues(role: Role, teams: dict[str, Team], queues: dict[str, list[Queue]]) -> list[Worker]:
    entries = [_colleague(row) for row in read("staff")["colleagues"]["rows"]]
    agents = Agent.objects.bulk_create(entry["agent"] for entry in entries)
    role.agents.add(*agents)
    Part.objects.bulk_create(Part(agent=entry["agent"], shift=entry["shift"]) for entry in entries)
    # One at a time, as people read mail: so what waits is shared with those who sign in.
    Capacity.objects.bulk_create(Capacity(agent=agent, channel="email", limit=1) for agent in agents)
    for name, team in teams.items():
        members = [entry["agent"] for entry in entries if entry["team"] == name]
        team.members.add(*members)
        for queue in queues[name]:
            queue.members.add(*members)
    _teach(entries)
    return [_worker(entry["agent"], entry["shift"], queues[entry["team"]]) for entry in entries]


def _teach(entries: list[dict[str, Any]]) -> None:
    skills = {code: Skill.objects.create(name=name) for code, name in LANGUAGES.items()}
    business = Skill.objects.get(name="Business accounts")
    levels = [
        Proficiency(agent=entry["agent"], skill=skills[code], level=5 if place == 0 else 3)
        for entry in entries
        for place, code in enumerate(entry["languages"])
    ]
    levels += [
        Proficiency(agent=entry["agent"], skill=business, level=4)
        for entry in entries
        if entry["team"] == "Key accounts"
    ]
    Proficiency.objects.bulk_create(levels)


def _colleague(row: str) -> dict[str, Any]:
    name, team, shift, languages = row.split("|")
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i")).encode("ascii", "ignore").decode().lower()
    username = plain.replace(" ", ".")
    agent = Agent(
        username=username,
        email=f"{username}@{DOMAIN}",
        name=name,
        password=make_password(None),
        simulated=True,
        job_title="Account manager" if team == "Key accounts" else "Customer adviser",
        time_zone="Europe/Stockholm" if team == "Stockholm" else "Europe/Vienna",
    )
    return {"agent": agent, "team": team, "shift": shift, "languages": languages.split(",")}


def _worker(agent: Agent, shift: str, queues: list[Queue], *, printed: bool = False) -> Worker:
    return Worker(agent, shift, frozenset(queue.pk for queue in queues), printed)
