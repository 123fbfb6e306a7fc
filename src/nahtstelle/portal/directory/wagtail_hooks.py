"""What the directory adds to the editing screens: how an entry will look on its page, before it is public."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail import hooks

from nahtstelle.portal import insight as thinking
from nahtstelle.portal.directory import cooperation_page, organisation_pages, project_page, queries, record_pages


@hooks.register("show_preview_of_entry")
def preview(request: HttpRequest, entry: Any) -> HttpResponse:
    """The public page of an entry as it is being written. What belongs to it is shown as it is saved."""
    known = thinking.register()
    founded = queries.founded_columns(entry.TYPE)
    for name, value in type(entry)._default_manager.filter(pk=entry.pk).annotate(**founded).values(*founded)[0].items():
        setattr(entry, name, value)
    context: dict[str, Any]
    match entry.TYPE:
        case "cooperation":
            entry.shown_fundings = list(entry.fundings.all())
            context = cooperation_page.cooperation_page(request, known, entry, cooperation_page.as_of(""))
        case "project":
            context = project_page.project_page(request, known, entry)
        case "organisation":
            context = organisation_pages.organisation_page(request, known.insight, entry)
        case "agreement":
            context = record_pages.agreement_page(request, known, entry)
        case _:
            context = record_pages.meeting_page(request, known.insight, entry)
    return render(request, f"directory/{entry.TYPE}.html", context)
