"""Where django-allauth is told how this site signs people in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from django.utils.translation import gettext_lazy as _

STAGE = "allauth.account.stages.EmailVerificationStage"


class AddressConfirmed(EmailVerificationStage):
    """Whoever signed up has to confirm the address first; whoever was given an account has not."""

    def handle(self) -> Any:
        """Go on where nothing is to be confirmed."""
        person = self.login.user
        if person is not None and (
            person.has_perm("wagtailadmin.access_admin") or not EmailAddress.objects.filter(user=person).exists()
        ):
            return None, True
        return super().handle()


class Adapter(DefaultAccountAdapter):
    """The words of this site for what can go wrong, and its rule for who confirms an address."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is locked."),
        "cannot_remove_primary_email": _("This is the address we write to. Choose another one for that first."),
        "duplicate_email": _("This address belongs to your account already."),
        "email_password_mismatch": _("Mail address or password is wrong."),
        "email_taken": _("Somebody has an account with this address already."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is wrong or no longer valid."),
        "incorrect_password": _("This password is wrong."),
        "invalid_password_reset": _("This link is no longer valid."),
        "max_email_addresses": _("There can be no more than %d addresses."),
        "rate_limited": _("Too many attempts in a short time. Please wait a few minutes."),
        "too_many_login_attempts": _("Too many failed attempts. Please wait five minutes."),
        "unverified_primary_email": _("Please confirm this address first."),
        "username_password_mismatch": _("User name or password is wrong."),
    }

    def get_login_stages(self) -> list[str]:
        """The usual ones, with our rule for who confirms an address."""
        ours = f"{AddressConfirmed.__module__}.{AddressConfirmed.__name__}"
        return [ours if stage == STAGE else stage for stage in super().get_login_stages()]
