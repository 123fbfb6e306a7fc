"""People with an account."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class Person(AbstractUser):
    """Somebody who can sign in."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
