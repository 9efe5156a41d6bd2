"""Agents of whom no more is known than what decides which rows they see."""

from __future__ import annotations

from uuid import UUID

from agents.models import Agent


def known_by_rights(key: UUID, rights: frozenset[str]) -> Agent:
    """An agent to build a kept query with (see `foundation.kept_queries`): `rights` are its shape, `key` a value."""
    agent = Agent(pk=key)
    agent.permissions = rights
    return agent
