"""Under a key that this database has never seen, nothing starts: everybody who unsubscribed would be asked again."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from delight.organisation.models import Organisation
from delight.organisation.services import check_key, key_fingerprint

NEW = "a new key of more than thirty-two letters"


def test_the_key_of_the_set_up_is_known(organisation):
    check_key()
    assert Organisation.get().key_fingerprints == organisation.key_fingerprints


def test_an_unknown_key_stops_the_start(organisation, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, []
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        check_key()


def test_a_new_key_beside_the_known_one_is_learnt_and_then_stands_alone(organisation, settings):
    former, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    settings.SECRET_KEY_FALLBACKS = [former]
    check_key()
    settings.SECRET_KEY_FALLBACKS = []
    check_key()
    assert len(Organisation.get().key_fingerprints) == 2


def test_an_unknown_former_key_does_not_help(organisation, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, ["neither this one has ever been here before"]
    with pytest.raises(ImproperlyConfigured):
        check_key()


@pytest.mark.django_db
def test_before_the_set_up_any_key_will_do(settings):
    settings.SECRET_KEY = NEW
    check_key()


def test_the_key_itself_is_not_stored(organisation, settings):
    assert settings.SECRET_KEY not in str(organisation.key_fingerprints)
    assert key_fingerprint(settings.SECRET_KEY) in organisation.key_fingerprints


def test_the_pump_does_not_start_under_an_unknown_key(organisation, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, []
    with pytest.raises(ImproperlyConfigured):
        call_command("pump")
