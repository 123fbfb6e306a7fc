"""The forms of django-allauth with the words and the fields of this site.

A new password is asked for once: who mistypes it gets another one by mail.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_LABELS = {
    "login": _("Mail address or user name"),
    "email": _("Mail address"),
    "password": _("Password"),
    "password1": _("New password"),
    "oldpassword": _("Present password"),
    "remember": _("Stay signed in on this device for two weeks"),
    "code": _("Six-digit code of the app"),
}
_HINTS = {
    "password1": _("At least eight characters, not a usual word and not only digits."),
    "code": _("Or one of your spare codes."),
}


class Worded(forms.Form):
    """Labels above the fields instead of words inside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = _LABELS.get(name, field.label)
            field.help_text = _HINTS.get(name, "")


class SignIn(Worded, account.LoginForm):
    """Address or user name, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class Named(forms.Form):
    """The name of a person as others who work in the register see it."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Family name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )


class SignUp(Worded, Named, account.SignupForm):
    """Name, address and password."""

    field_order = ("first_name", "last_name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")


class AddAddress(Worded, account.AddEmailForm):
    """One more address."""


class ChangePassword(Worded, account.ChangePasswordForm):
    """The old password and the new one."""


class SetPassword(Worded, account.SetPasswordForm):
    """The first password of an account that has none."""


class ForgottenPassword(Worded, account.ResetPasswordForm):
    """The address a link is sent to."""


class NewPassword(Worded, account.ResetPasswordKeyForm):
    """A new password for whoever forgot the old one."""


class SamePerson(Worded, account.ReauthenticateForm):
    """The password once more."""


class SecondFactor(Worded, factor.AuthenticateForm):
    """The code of the app, or a spare code."""


class SameFactor(Worded, factor.ReauthenticateForm):
    """The code once more."""


class ActivateApp(Worded, totp.ActivateTOTPForm):
    """The first code of the app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = pgettext_lazy("second factor", "The app shows it once it has read the picture.")
