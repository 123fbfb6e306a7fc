"""Addresses of the account. Where django-allauth looks for a view by its name, the name is its."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from django.urls import path, re_path

from nahtstelle.portal.account.views import invitations, person, records, suggestions

doors = [path("verwaltung/login/", person.door)]
"""Before the editing screens: they have a form to sign in of their own, which knows no second factor."""

pages = [
    path("_util/login/", person.door, name="wagtail-login"),
    path("hilfe/rollen/", person.roles, name="roles"),
    path("konto/", person.home, name="account"),
    path("konto/anmelden/", person.sign_in, name="account_login"),
    path("konto/abmelden/", person.sign_out, name="account_logout"),
    path("konto/registrieren/", allauth.signup, name="account_signup"),
    path("konto/gesperrt/", allauth.account_inactive, name="account_inactive"),
    path("konto/wirklich-sie/", allauth.reauthenticate, name="account_reauthenticate"),
    path("konto/e-mail/", allauth.email, name="account_email"),
    path("konto/e-mail/bestaetigen/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^konto/e-mail/bestaetigen/(?P<key>[-:\w]+)/$", allauth.confirm_email, name="account_confirm_email"),
    path("konto/passwort/", allauth.password_change, name="account_change_password"),
    path("konto/passwort/festlegen/", allauth.password_set, name="account_set_password"),
    path("konto/passwort/vergessen/", allauth.password_reset, name="account_reset_password"),
    path("konto/passwort/vergessen/gesendet/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "konto/passwort/neu/fertig/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    re_path(
        r"^konto/passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("konto/zwei-faktor/", factor.index, name="mfa_index"),
    path("konto/zwei-faktor/code/", factor.authenticate, name="mfa_authenticate"),
    path("konto/zwei-faktor/wirklich-sie/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("konto/zwei-faktor/app/", app.activate_totp, name="mfa_activate_totp"),
    path("konto/zwei-faktor/app/abschalten/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("konto/zwei-faktor/ersatzcodes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("konto/zwei-faktor/ersatzcodes/neu/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("konto/zwei-faktor/ersatzcodes/datei/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("konto/daten/", person.data, name="account-data"),
    path("konto/daten/export.json", person.export, name="account-export"),
    path("konto/loeschen/", person.farewell, name="account-delete"),
    path("konto/geloescht/", person.gone, name="account-gone"),
    path("konto/folgen/", person.following, name="account-follow"),
    path("konto/vorschlagen/", suggestions.suggest, name="account-suggest"),
    path("konto/fehler-melden/", suggestions.mistake, name="account-mistake"),
    path("konto/vorschlaege/", suggestions.suggestions, name="account-suggestions"),
    path("konto/vorschlaege/<int:number>/", suggestions.suggestion, name="account-suggestion"),
    path("konto/stimmt-noch/<slug:art>/<slug:ref>/", records.confirm, name="account-confirm"),
    path("konto/kooperationen/<slug:ref>/", records.cooperation, name="account-cooperation"),
    path("konto/kooperationen/<slug:ref>/angaben/", records.cooperation_facts, name="account-cooperation-facts"),
    path(
        "konto/kooperationen/<slug:ref>/mitglieder/bestaetigen/",
        records.memberships,
        name="account-memberships-confirm",
    ),
    path("konto/kooperationen/<slug:ref>/neu/<slug:what>/", records.add, name="account-add"),
    path("konto/organisationen/<slug:ref>/", records.organisation, name="account-organisation"),
    path("konto/organisationen/<slug:ref>/angaben/", records.organisation_facts, name="account-organisation-facts"),
    path("konto/projekte/<slug:ref>/", records.project, name="account-project"),
    path("konto/vereinbarungen/<slug:ref>/", records.agreement, name="account-agreement"),
    path("konto/treffen/<slug:ref>/", records.meeting, name="account-meeting"),
    path("konto/mitgliedschaften/<slug:ref>/", records.membership, name="account-membership"),
    path("konto/mitgliedschaften/<slug:ref>/beenden/", records.end_membership, name="account-membership-end"),
    path("konto/einladung/<str:secret>/", invitations.accept, name="account-invitation"),
    path("konto/einladungen/", invitations.of_site, name="account-invitations"),
    re_path(
        r"^konto/einladungen/(?P<art>kooperation|organisation)/(?P<ref>[-a-z0-9]+)/$",
        invitations.of_body,
        name="account-invitations-of",
    ),
    path("konto/einladungen/<int:number>/zuruecknehmen/", invitations.withdraw, name="account-invitation-withdraw"),
    path("konto/einladungen/<int:number>/erneut/", invitations.again, name="account-invitation-again"),
    path("konto/rollen/<int:number>/entziehen/", invitations.take, name="account-role-take"),
]
