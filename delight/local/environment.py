"""The environment variables that Django's settings read, in local mode."""

import os

from delight.local.paths import secret_key
from delight.local.servers import Home

NAMES = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DEFAULT_FROM_EMAIL",
    "TRUSTED_PROXIES",
    "DELIGHT_LOCAL",
)


def is_local() -> bool:
    """Local mode is for the embedded database only: whoever names a database has a real site."""
    return not os.environ.get("DATABASE_URL")


def is_attached() -> bool:
    """Whether our parent has already set everything, as `up` does for the processes it starts."""
    return bool(os.environ.get("DELIGHT_LOCAL") and os.environ.get("DATABASE_URL"))


def local_environment(home: Home, *, web_port: int, mail_port: int) -> dict[str, str]:
    """Return every variable; of the caller's own only REDIS_URL counts, so that no mail leaves by accident."""
    return {
        "DATABASE_URL": home.database_url,
        "REDIS_URL": os.environ.get("REDIS_URL") or home.redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "SECRET_KEY": secret_key(home.folder),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BASE_URL": f"http://127.0.0.1:{web_port}",
        "DEFAULT_FROM_EMAIL": "Delight <hello@delight.example>",
        "TRUSTED_PROXIES": "0",
        "DELIGHT_LOCAL": str(home.folder),
    }
