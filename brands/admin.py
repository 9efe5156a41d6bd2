from django.contrib import admin

from brands.forms import BrandForm
from brands.models import Brand, BrandHost, BrandPhone, Way


class HostInline(admin.TabularInline):
    model = BrandHost
    extra = 0


class PhoneInline(admin.TabularInline):
    model = BrandPhone
    extra = 0


class WayInline(admin.TabularInline):
    model = Way
    extra = 0


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin):
    list_display = ["name", "language", "website"]
    form = BrandForm
    inlines = [WayInline, HostInline, PhoneInline]
