from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, OuterRef

from agents.enums import Density, Permission, Theme
from agents.models.role import Role
from foundation.kept_queries import kept_query
from foundation.rows import Row

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser as User


def _with_rights(agents: models.QuerySet[Agent]) -> models.QuerySet[Agent]:
    codes = Role.objects.filter(agents=OuterRef("pk")).order_by()
    each = Func(F("permissions"), function="unnest", output_field=models.CharField())
    return agents.annotate(held=ArraySubquery(codes.values(code=each)))


@kept_query
def _of_key(*, agent: UUID) -> models.QuerySet[Agent]:
    return _with_rights(Agent.objects.filter(pk=agent))


class AgentManager(BaseUserManager["Agent"]):
    def create_user(self, username: str, email: str, password: str | None = None, **fields: object) -> Agent:
        agent = self.model(username=username, email=self.normalize_email(email), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent

    def create_superuser(self, username: str, email: str, password: str | None = None, **fields: object) -> Agent:
        """An agent with the role that holds every permission, which is made when it is missing."""
        agent = self.create_user(username, email, password, **fields)
        role, _ = Role.objects.get_or_create(name="Administrator", defaults={"permissions": list(Permission.values)})
        agent.roles.add(role)
        return agent

    def get(self, *args: object, **kwargs: object) -> Agent:
        """One agent together with what they may: whoever signs in is asked for it next."""
        if not args and kwargs.keys() == {"pk"} and isinstance(kwargs["pk"], UUID):
            for agent in _of_key(agent=kwargs["pk"]):
                return agent
        return _with_rights(self.all()).get(*args, **kwargs)

    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(username__iexact=username)


class Agent(Row, AbstractBaseUser):
    """A person who serves; the user model of the program."""

    username = models.CharField(max_length=80, unique=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    roles = models.ManyToManyField(Role, related_name="agents", blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    density = models.CharField(max_length=12, choices=Density.choices, default=Density.COMFORTABLE)
    job_title = models.CharField(max_length=120, blank=True)
    simulated = models.BooleanField(default=False, help_text="A colleague of the demo world, played by the simulator.")

    objects: ClassVar[AgentManager] = AgentManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("username"),
                name="agent_username_any_case",
                violation_error_message="Somebody has this user name already, perhaps with other capitals.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def permissions(self) -> frozenset[str]:
        if not self.is_active:
            return frozenset()
        held: list[str] | None = self.__dict__.pop("held", None)
        if held is not None:
            return frozenset(held)
        return frozenset(code for role in self.roles.all() for code in role.permissions)

    def may(self, permission: Permission) -> bool:
        return permission.value in self.permissions

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0] or self.username

    # The settings pages of the framework ask in its own words.
    @property
    def is_staff(self) -> bool:
        return self.may(Permission.ADMINISTER)

    @property
    def is_superuser(self) -> bool:
        return self.may(Permission.ADMINISTER)

    def has_perm(self, perm: str, obj: User | None = None) -> bool:  # noqa: ARG002 - the framework's signature
        return self.may(Permission.ADMINISTER)

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 - the framework's signature
        return self.may(Permission.ADMINISTER)
