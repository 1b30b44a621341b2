"""A link opens one thing, and only when we made it."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delight.lib.tokens import fingerprints, make_token, new_public_id, read_token, sign, unsign


@given(st.uuids())
def test_a_token_leads_back_to_its_row(public_id):
    assert read_token("join", make_token("join", public_id)) == public_id


@given(st.uuids(), st.integers(0, 42), st.sampled_from("ABCDEFGHabcdefgh01234567-_"))
def test_a_token_with_any_letter_changed_opens_nothing_of_ours(public_id, place, letter):
    token = make_token("join", public_id)
    forged = token[:place] + letter + token[place + 1 :]
    opened = read_token("join", forged)
    # The last letter of 43 carries spare bits, so that another one may stand for the same bytes.
    assert opened is None or (opened == public_id and place == 42) or forged == token


def test_a_token_made_for_another_purpose_opens_nothing():
    public_id = new_public_id()
    assert read_token("unsubscribe", make_token("answer", public_id)) is None
    assert read_token("answer", make_token("answer", public_id)) == public_id


@pytest.mark.parametrize("token", ["", "x", "ä" * 43, "A" * 43, "A" * 44, "a b", "=" * 43, "../../etc/passwd"])
def test_rubbish_opens_nothing(token):
    assert read_token("join", token) is None


def test_a_cut_token_opens_nothing():
    token = make_token("join", new_public_id())
    assert read_token("join", token[:-1]) is None
    assert read_token("join", token + "A") is None


def test_links_made_under_a_former_key_still_open(settings):
    public_id = new_public_id()
    token = make_token("join", public_id)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key of more than thirty-two letters"
    settings.SECRET_KEY_FALLBACKS = []
    assert read_token("join", token) is None
    settings.SECRET_KEY_FALLBACKS = [former]
    assert read_token("join", token) == public_id


def test_public_ids_do_not_repeat():
    assert len({new_public_id() for _ in range(1000)}) == 1000
    assert isinstance(new_public_id(), uuid.UUID)


@given(st.text())
def test_a_signed_value_comes_back_and_only_for_its_purpose(value):
    assert unsign("nonce", sign("nonce", value)) == value
    assert unsign("edit", sign("nonce", value)) is None
    assert unsign("nonce", "x" + sign("nonce", value)) is None


def test_fingerprints_are_made_under_every_key_the_present_one_first(settings):
    alone = fingerprints("address", "ada@mail.example")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key of more than thirty-two letters"
    settings.SECRET_KEY_FALLBACKS = [former]
    both = fingerprints("address", "ada@mail.example")
    assert both[1:] == alone
    assert both[0] != alone[0]
