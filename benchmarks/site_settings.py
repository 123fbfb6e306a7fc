"""The settings of the site, with two pages more to compare with."""

from nahtstelle.portal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.site_urls"
