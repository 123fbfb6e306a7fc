"""The mail an invitation comes with."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nahtstelle.portal.register.messages import address
from nahtstelle.portal.register.models import Invitation


def send_invitation(invitation: Invitation, secret: str) -> None:
    """Send the link of an invitation, in the language of the moment. Raises `OSError` where mail cannot be sent."""
    body = invitation.cooperation or invitation.organisation
    inviter = invitation.invited_by
    text = render_to_string(
        "konto/mail/invitation.txt",
        {
            "body": body,
            "role": invitation.get_role_display(),
            "inviter": inviter.get_full_name() or inviter.username,
            "until": invitation.expires_at - dt.timedelta(seconds=1),
            "link": address(f"konto/einladung/{secret}"),
            "site": settings.ENV.base_url,
        },
    )
    send_mail(_("Nahtstelle: invitation to work on the register"), text, None, [invitation.email])
