"""Every string for people is there in every language, and says the same with the same placeholders."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "delight" / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="session")
def strings_in_the_code(tmp_path_factory) -> dict[tuple[str | None, str], str | None]:
    """What xgettext finds now, with the plural beside it."""
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is missing: apt-get install gettext")
    folder = tmp_path_factory.mktemp("strings")
    for name in ("delight", "staff", "surveys", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "*.po"))
    (folder / "delight" / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "xx", "--no-obsolete", "--verbosity", "0"]
    (folder / "locale").mkdir()
    subprocess.run(command, cwd=folder, check=True, env=_environment(folder))
    made = [polib.pofile(str(path)) for path in folder.rglob("xx/LC_MESSAGES/django.po")]
    return {(entry.msgctxt, entry.msgid): entry.msgid_plural for found in made for entry in found}


def _environment(folder: Path) -> dict[str, str]:
    import os

    return {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"} | {
        "PYTHONPATH": str(folder)
    }


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_string_is_untranslated(language, strings_in_the_code):
    assert len(strings_in_the_code) > 300
    done = {(entry.msgctxt, entry.msgid): entry for entry in catalogue(language)}
    missing = [key[1] for key in strings_in_the_code if key not in done or not done[key].translated()]
    assert not missing


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_string(language):
    for entry in catalogue(language):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if not text:
                continue
            wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
            given = set(PLACEHOLDER.findall(text))
            if entry.msgid_plural:
                assert given <= wanted, entry.msgid
            else:
                assert given == wanted, entry.msgid


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_fuzzy_or_left_over(language, strings_in_the_code):
    entries = catalogue(language)
    assert not [entry.msgid for entry in entries if entry.fuzzy]
    assert not [entry.msgid for entry in entries if (entry.msgctxt, entry.msgid) not in strings_in_the_code]


@pytest.mark.parametrize("language", TRANSLATED)
def test_pages_speak_the_language(client, language):
    page = client.get("/account/login/", headers={"accept-language": language})
    assert f'lang="{language}"' in page.content.decode()
    assert "Sign in" not in page.content.decode()
    assert "Log in" not in page.content.decode()
