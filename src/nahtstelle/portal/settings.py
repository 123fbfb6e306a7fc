"""Settings of the site, for every way to run it. What differs between installations is in `env`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from nahtstelle.portal.env import MAIL_PORTS, read_environment

ENV = read_environment()
HERE = Path(__file__).parent

# ------------------------------------------------------------------------------------------------ django

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
if not SECRET_KEY:
    from nahtstelle.portal.secret import kept_secret

    SECRET_KEY = kept_secret(ENV.home)
ALLOWED_HOSTS = list(ENV.hosts)
ROOT_URLCONF = "nahtstelle.portal.urls"
WSGI_APPLICATION = "nahtstelle.portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "nahtstelle.portal",
    "nahtstelle.portal.ui",
    "nahtstelle.portal.accounts",
    "nahtstelle.portal.reference",
    "nahtstelle.portal.register",
    "nahtstelle.portal.atlas",
    "nahtstelle.portal.seams",
    "nahtstelle.portal.directory",
    "nahtstelle.portal.intake",
    "nahtstelle.portal.pages",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nahtstelle.portal.policies.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "nahtstelle.portal.readiness.Readiness",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "nahtstelle.portal.ui.context.page",
            ],
        },
    },
]

# ---------------------------------------------------------------------------------------------- database

DATABASES = {"default": dict(dj_database_url.parse(ENV.database_url))}
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # Readers go on while somebody writes; a writer takes its lock at once and waits for others.
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,  # opening a file anew for every request would take longer than most of them
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
        },
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    # Finished pages in each worker's memory, pictures and sheets in files; see `remember`.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 3000},
        "TIMEOUT": 3600,
    },
    "files": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": ENV.home / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
        "TIMEOUT": None,
    },
}

# ---------------------------------------------------------------------------------------------- languages

LANGUAGE_CODE = "de"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# ------------------------------------------------------------------------------------------------- files

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
STATICFILES_DIRS = [HERE / "static"]
MEDIA_URL = "/medien/"
MEDIA_ROOT = ENV.home / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# ---------------------------------------------------------------------------------------------- accounts

AUTH_USER_MODEL = "accounts.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "start"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # not in a cookie of its own
CSRF_COOKIE_AGE = None  # gone with the browser's session
ACCOUNT_ADAPTER = "nahtstelle.portal.account.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    name: f"nahtstelle.portal.account.signing_in.{form}"
    for name, form in {
        "login": "SignIn",
        "signup": "SignUp",
        "add_email": "AddAddress",
        "change_password": "ChangePassword",
        "set_password": "SetPassword",
        "reset_password": "ForgottenPassword",
        "reset_password_from_key": "NewPassword",
        "reauthenticate": "SamePerson",
    }.items()
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Nahtstelle: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV.https else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = int(ENV.behind_proxy)
MFA_TOTP_ISSUER = "Nahtstelle"
MFA_FORMS = {
    name: f"nahtstelle.portal.account.signing_in.{form}"
    for name, form in {
        "authenticate": "SecondFactor",
        "reauthenticate": "SameFactor",
        "activate_totp": "ActivateApp",
    }.items()
}

# ------------------------------------------------------------------------------------------------- mail

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
EMAIL_TIMEOUT = 15
if ENV.mail_url:
    _SERVER = urlsplit(ENV.mail_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _SERVER.hostname
    EMAIL_PORT = _SERVER.port or MAIL_PORTS[_SERVER.scheme]
    EMAIL_HOST_USER = unquote(_SERVER.username or "")
    EMAIL_HOST_PASSWORD = unquote(_SERVER.password or "")
    EMAIL_USE_TLS = _SERVER.scheme == "submission"
    EMAIL_USE_SSL = _SERVER.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ENV.home / "mail"

# ---------------------------------------------------------------------------------------------- security

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENV.https
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [ENV.base_url]
if ENV.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_BACKGROUND = [f"https://{urlsplit(ENV.background_map).netloc}"] if ENV.background_map else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_BACKGROUND],
        "connect-src": [SELF, *_BACKGROUND],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

# ----------------------------------------------------------------------------------------------- wagtail

WAGTAIL_SITE_NAME = "Nahtstelle"
WAGTAILADMIN_BASE_URL = ENV.base_url
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks wagtail.org from the editor's browser
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # asks gravatar.com with a hash of the editor's address
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "nahtstelle.portal.register.editing.review.publish"
# Passwords and addresses are looked after at /konto/, where a second factor and confirmed addresses are known.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000  # a small file can unfold to more memory than there is
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # long pages in the editor have many fields

# ----------------------------------------------------------------------------------------------- logging

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
