"""Every address of the site. German paths; the same under ``/en/`` in English."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from nahtstelle.portal.account import urls as account_urls
from nahtstelle.portal.atlas import urls as atlas_urls
from nahtstelle.portal.directory import urls as directory_urls
from nahtstelle.portal.pages import urls as pages_urls
from nahtstelle.portal.seams import urls as seams_urls
from nahtstelle.portal.ui import urls as ui_urls

urlpatterns = [
    *account_urls.doors,
    path("verwaltung/", include(wagtailadmin_urls)),
    path("dokumente/datei/", include(wagtaildocs_urls)),
    *atlas_urls.files,
    *pages_urls.files,
    *i18n_patterns(
        *atlas_urls.pages,
        *seams_urls.pages,
        *directory_urls.pages,
        *ui_urls.pages,
        *account_urls.pages,
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
