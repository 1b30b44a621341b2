"""All settings come from the environment; a missing or odd value stops the start with its name.

`manage.py up` and `manage.py test` set the same variables for the embedded servers, and DELIGHT_LOCAL with
them, so there is one way to configure and no second settings file.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name: str) -> str:
    # As it stands: environ takes "$x" for the name of another variable, and a key may well begin with a dollar.
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment (the README's settings table explains it).")
    return value


def required_url(name: str, *schemes: str) -> str:
    value = required(name)
    parts = urlsplit(value)
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    try:
        parts.port  # noqa: B018 (reading it checks it)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has an odd port.") from error
    return value


def required_int(name: str) -> int:
    value = required(name)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, 0 or more.")
    return int(value)


def optional_int(name: str, default: int, *, at_least: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and int(value) >= at_least):
        raise ImproperlyConfigured(f"{name} must be a whole number, {at_least} or more.")
    return int(value)


# --- Where we are -----------------------------------------------------------------------------------------------

SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters.")
SECRET_KEY_FALLBACKS = [key for key in map(str.strip, os.environ.get("SECRET_KEY_FALLBACKS", "").split(",")) if key]
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",") if host.strip()]
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name at least one host.")
BASE_URL = required_url("BASE_URL", "http", "https").rstrip("/")
BASE_HOST = urlsplit(BASE_URL).hostname or ""
if not BASE_HOST or f"{urlsplit(BASE_URL).scheme}://{urlsplit(BASE_URL).netloc}" != BASE_URL or "@" in BASE_URL:
    raise ImproperlyConfigured("BASE_URL must be a scheme and a host, like https://delight.your-company.com.")
TRUSTED_PROXIES = required_int("TRUSTED_PROXIES")

required_url("DATABASE_URL", "postgres", "postgresql")
DATABASES: dict[str, Any] = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A lock that is not given within these milliseconds is an error and not an endless wait.
# What the address says behind its "?" stays, sslmode above all.
DATABASE_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
DATABASE_OPTIONS["options"] = f"-c lock_timeout=10000 {DATABASE_OPTIONS.get('options', '')}".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The folder of the embedded servers; set only by `up`, `test` and commands that use those servers.
LOCAL_FOLDER = env.str("DELIGHT_LOCAL", default="")
LOCAL = bool(LOCAL_FOLDER)
if LOCAL and not str(DATABASES["default"]["HOST"]).startswith("/"):
    raise ImproperlyConfigured("DELIGHT_LOCAL works only with the embedded database; unset it.")

# --- What the site is made of -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "delight.organisation",
    "delight.files",
    "delight.outbox",
    "staff.people",
    "delight.customers",
    "delight.programme",
    "staff.budget",
    "staff.moments",
    "staff.recognition",
    "staff.wins",
    "surveys.design",
    "surveys.sending",
    "surveys.answering",
    "surveys.followups",
    "delight.results",
    "delight.front",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "delight.lib.odd_requests.without_odd_cookies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.people.desk.SharedDevice",
    "staff.people.middleware.LoginFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "staff.people.middleware.own_language_and_zone",
    "staff.people.middleware.SecondStepFirst",
    "delight.front.rooms.closed_when_hidden",
    "delight.lib.only_posted.explained",
    "delight.lib.deadlocks.TriedOnceMore",
]

ROOT_URLCONF = "delight.urls"
WSGI_APPLICATION = "delight.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "delight.front.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Languages, time, static files ------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("tr", _("Turkish")), ("uk", _("Ukrainian")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "delight" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["delight.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files are rows: see delight/files
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- People and doors -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "staff.people.desk.PinBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "staff.people.passwords.NotLikeThePerson",
        "OPTIONS": {"user_attributes": ["name", "email", "login_name"]},
    },
    {"NAME": "staff.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "staff.people.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "staff.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "staff.people.account_forms.LoginForm",
    "reset_password": "staff.people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "staff.people.account_forms.ResetPasswordKeyForm",
    "change_password": "staff.people.account_forms.ChangePasswordForm",
    "reauthenticate": "staff.people.account_forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people join by a link that was mailed to them
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to unknown addresses
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
USERSESSIONS_TRACK_ACTIVITY = False

MFA_ADAPTER = "staff.people.account_mfa.MFAAdapter"
MFA_FORMS = {
    "authenticate": "staff.people.account_forms.CodeForm",
    "reauthenticate": "staff.people.account_forms.CodeAgainForm",
    "activate_totp": "staff.people.account_forms.AddCodeAppForm",
    "add_webauthn": "staff.people.account_forms.AddPasskeyForm",
    "authenticate_webauthn": "staff.people.account_forms.PasskeyForm",
    "reauthenticate_webauthn": "staff.people.account_forms.PasskeyAgainForm",
    "login_webauthn": "staff.people.account_forms.LoginByPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # phones' clocks differ; a code works once all the same (account_forms.Once)
# A trial on one machine, with logins for everybody to see, only offers it.
SPONSORS_NEED_SECOND_STEP = not LOCAL

# Logging in by the company's own OpenID Connect. Empty: there is none.
OIDC_NAME = ""
SOCIALACCOUNT_ADAPTER = "staff.people.account_openid.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: the content security policy lets no form lead to another site
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if any(
    os.environ.get(name, "").strip() for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
):
    OIDC_ISSUER = required_url("OIDC_ISSUER", "https", *(["http"] if LOCAL else [])).rstrip("/")
    OIDC_NAME = os.environ.get("OIDC_NAME", "").strip() or str(urlsplit(OIDC_ISSUER).hostname)
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "company",
                "name": OIDC_NAME,
                "client_id": required("OIDC_CLIENT_ID"),
                "secret": required("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
    }

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "delight.front.views.csrf_failure"
# Login limits live in PostgreSQL too: with a Redis cache, Redis down meant that nobody could log in.
# Django keeps 300 entries unless told otherwise, so a flood of made-up logins would wash the limits away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    }
}

HTTPS = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes Django refuse Chromium's forms
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # sub-domains of the customer's domain are not ours to switch to HTTPS
    "security.W021",  # nor to put on browsers' preload lists
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# --- Mail and the doorbell --------------------------------------------------------------------------------------

required_url("EMAIL_URL", "smtp", "smtps", "smtp+tls", "smtp+ssl")
vars().update(env.email_url("EMAIL_URL"))
if not EMAIL_HOST:  # type: ignore[name-defined]  # noqa: F821 (email_url has just set it)
    raise ImproperlyConfigured("EMAIL_URL must name the mail server.")
if urlsplit(required("EMAIL_URL")).scheme == "smtps":  # TLS from the first byte; environ takes it for STARTTLS
    EMAIL_USE_SSL, EMAIL_USE_TLS = True, False
EMAIL_TIMEOUT = 10  # four replies to one mail have to fit into the lease below
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL")
if "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL must be a mail address, like Delight <hello@your-company.com>.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OUTBOX_LEASE_SECONDS = optional_int("OUTBOX_LEASE_SECONDS", 60, at_least=1)

REDIS_URL = required_url("REDIS_URL", "redis", "rediss", "redis+socket")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "delight.lib.logs.WithoutValues",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}},
}
