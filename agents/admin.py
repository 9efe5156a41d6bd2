from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from agents.enums import Permission
from agents.events import AgentChanged
from agents.models import Agent, Capacity, Proficiency, Role, Skill, Team
from foundation import bus


class RoleForm(forms.ModelForm):
    permissions = forms.MultipleChoiceField(
        choices=Permission.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Role
        fields = ["name", "permissions"]


class AgentForm(forms.ModelForm):
    new_password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
        help_text="Leave it empty to keep the present one.",
    )

    class Meta:
        model = Agent
        fields = [
            *("username", "name", "email", "is_active", "job_title", "roles"),
            *("language", "time_zone", "theme", "density"),
        ]

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif not self.instance.password:
            raise forms.ValidationError("A new agent needs a password.")
        return password

    def save(self, commit: bool = True) -> Agent:
        if self.cleaned_data["new_password"]:
            self.instance.set_password(self.cleaned_data["new_password"])
        return super().save(commit)


class ProficiencyInline(admin.TabularInline):
    model = Proficiency
    extra = 1


class CapacityInline(admin.TabularInline):
    model = Capacity
    extra = 0


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin):
    list_display = ["name", "username", "email", "is_active"]
    list_filter = ["is_active", "roles", "teams"]
    search_fields = ["name", "username", "email"]
    filter_horizontal = ["roles"]
    inlines = [ProficiencyInline, CapacityInline]
    form = AgentForm

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        bus.publish(AgentChanged(agent=form.instance.pk))

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        """Who has worked here stays in the history; they are made inactive."""
        return False


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    form = RoleForm
    list_display = ["name", "permissions"]


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    filter_horizontal = ["members", "supervisors"]


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    search_fields = ["name"]
