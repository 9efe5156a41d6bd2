from django.contrib import admin

from foundation.calendar.models import Calendar, OpenInterval, SpecialDay, SpecialInterval


class OpenIntervalInline(admin.TabularInline):  # type: ignore[type-arg]
    model = OpenInterval
    extra = 0


class SpecialDayInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SpecialDay
    extra = 0
    show_change_link = True


class SpecialIntervalInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SpecialInterval
    extra = 1


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "time_zone", "holiday_country", "holiday_subdivision"]
    inlines = [OpenIntervalInline, SpecialDayInline]


@admin.register(SpecialDay)
class SpecialDayAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["date", "name", "calendar", "closed"]
    list_filter = ["calendar"]
    inlines = [SpecialIntervalInline]
