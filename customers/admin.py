from django.contrib import admin

from customers.models import Organisation, Unit


class UnitInline(admin.TabularInline):
    model = Unit
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "key_account"]
    list_filter = ["key_account"]
    search_fields = ["name"]
    inlines = [UnitInline]
