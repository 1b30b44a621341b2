"""What `up` runs before the site starts: database, catalogues, static files, and the demo company."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from delight.customers.models import Account, Customer
from delight.front.management.commands.prepare import collect_static, compile_catalogues
from delight.lib.statistics import band
from delight.organisation.models import Organisation
from delight.outbox.models import Job, Message
from staff.people.demo import DEMO_PASSWORD, LOGINS
from staff.people.models import JoinInvitation, Team, User
from surveys.answering.models import Response
from surveys.followups.models import FollowUp


@pytest.fixture
def prepared(settings, tmp_path):
    """Somewhere else for what `prepare` makes."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    return tmp_path


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


# --- The demo company -------------------------------------------------------------------------------------------


def test_the_demo_company_is_whole(demo_company):
    assert Organisation.get().name == "Barber & Sons"
    assert Team.objects.count() == 3
    assert User.objects.count() == 14
    assert (Customer.objects.count(), Account.objects.count()) == (600, 6)
    assert {band(score) for score in Response.objects.values_list("score", flat=True)} == {"low", "mid", "high"}
    assert 3 <= FollowUp.objects.open().count() <= 8
    assert FollowUp.objects.open().overdue().exists()
    assert FollowUp.objects.closed().exists()


def test_nothing_of_the_demo_company_is_due(demo_company):
    soon = timezone.now() + timedelta(days=1)
    assert not Message.objects.filter(due_at__lt=soon, ended_at=None).exists()
    assert not Job.objects.filter(due_at__lt=soon, ended_at=None).exists()


@pytest.mark.slow
def test_the_demo_company_is_the_same_each_time(db):
    def told() -> list:
        call_command("demo", verbosity=0)
        return list(Response.objects.order_by("submitted_at", "pk").values_list(
            "customer__name", "score"
        ))  # fmt: skip

    from django.db import transaction

    with transaction.atomic():
        first = told()
        transaction.set_rollback(True)
    assert told() == first


@pytest.mark.slow
def test_every_demo_login_opens_a_home_page_with_something_on_it(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    call_command("demo", verbosity=0)
    for what, address in LOGINS:
        user = authenticate(None, email=address, password=DEMO_PASSWORD)
        assert user is not None, what
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get("/").content.decode()
        assert ("Waiting for you" if what == "stylist" else "of 10 would recommend") in page
        assert 'class="item-link" href="/follow-ups/' in page


def test_a_database_with_a_company_is_left_alone(organisation):
    with pytest.raises(CommandError, match="empty database only"):
        call_command("demo", verbosity=0)
    assert not User.objects.exists()


# --- ready ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ready_makes_the_demo_company_once_and_prints_the_logins(db, prepared):
    first = run("ready")
    customers = Customer.objects.count()
    second = run("ready")
    assert Customer.objects.count() == customers == 600
    assert first == second
    for what, address in LOGINS:
        assert what in first
        assert address in first
    assert DEMO_PASSWORD in first


def test_ready_empty_prints_a_link_that_sets_up_the_first_sponsor(db, prepared, client, settings):
    words = run("ready", "--empty")
    assert not Organisation.objects.exists()
    assert JoinInvitation.objects.get().is_sponsor
    link = words.split()[-1]
    assert link.startswith(settings.BASE_URL + "/join/")
    assert client.get(link.removeprefix(settings.BASE_URL)).status_code == 200


def test_ready_leaves_a_real_company_alone_and_says_nothing(organisation, prepared):
    assert run("ready") == ""
    assert not Customer.objects.exists()
    assert not JoinInvitation.objects.exists()


# --- prepare ----------------------------------------------------------------------------------------------------

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Today"
msgstr "Bugün"
"""

COUNTED = """
msgid ""
msgstr ""
"Language: \\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "%(days)d day"
msgid_plural "%(days)d days"
msgstr[0] "%(days)d день"
msgstr[1] "%(days)d дні"
msgstr[2] "%(days)d днів"
"""  # noqa: E501


def catalogue(prepared: Path) -> Path:
    folder = prepared / "locale" / "tr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO)
    return folder / "django.mo"


def test_prepare_builds_catalogues_that_gettext_can_read(prepared):
    import gettext

    built = catalogue(prepared)
    assert compile_catalogues() == [built]
    with built.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Today") == "Bugün"


def test_built_catalogues_count_as_the_language_does(prepared):
    import gettext

    folder = prepared / "locale" / "uk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(COUNTED)
    compile_catalogues()
    with (folder / "django.mo").open("rb") as file:
        built = gettext.GNUTranslations(file)
    told = [built.ngettext("%(days)d day", "%(days)d days", days) for days in (1, 3, 10, 13, 21)]
    assert told == ["%(days)d день", "%(days)d дні", "%(days)d днів", "%(days)d днів", "%(days)d день"]


def test_prepare_collects_static_files_with_their_fingerprints(prepared):
    words = run("prepare")
    assert "Static files: collected." in words
    assert (prepared / "static" / "staticfiles.json").exists()
    assert list((prepared / "static" / "css").glob("tokens.*.css.gz"))


def test_prepare_does_nothing_when_nothing_has_changed(prepared):
    built = catalogue(prepared)
    run("prepare")
    before = built.stat().st_mtime_ns
    assert "Catalogues built: 0. Static files: up to date." in run("prepare")
    assert built.stat().st_mtime_ns == before


def test_prepare_notices_a_change(prepared, settings):
    extra = prepared / "extra"
    extra.mkdir()
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, extra]
    built = catalogue(prepared)
    run("prepare")
    (extra / "new.css").write_text("p { color: red }")
    source = built.with_suffix(".po")
    source.write_text(PO.replace("Bugün", "Bu gün"))
    assert collect_static()
    assert compile_catalogues() == [built]
