"""Who runs the servers, and what that account can reach."""

import os

import pytest

from delight.local import accounts, paths
from delight.local.accounts import Account, server_account
from delight.local.paths import Trouble

as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root")
NOBODY = Account("nobody", 65534, 65534)


@pytest.mark.skipif(os.getuid() == 0, reason="needs a normal user")
def test_a_normal_user_runs_them_as_himself(base):
    assert server_account(base / "data") is None


@as_root
def test_root_prefers_the_account_that_called_sudo(base, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "nobody")
    assert server_account(base / "data").name == "nobody"
    monkeypatch.setenv("SUDO_USER", "root")
    assert server_account(base / "data").uid != 0


@as_root
def test_root_stays_with_the_account_that_owns_the_data(base, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "daemon")
    (base / "data").mkdir()
    os.chown(base / "data", NOBODY.uid, NOBODY.gid)
    assert server_account(base / "data").uid == NOBODY.uid


@as_root
def test_root_with_no_other_account_is_told_so(base, monkeypatch):
    monkeypatch.setattr(accounts, "_account", lambda name: None)
    with pytest.raises(Trouble, match="does not run as root"):
        server_account(base / "data")


@as_root
def test_an_account_cannot_reach_through_a_closed_folder(base):
    (base / "open" / "inner").mkdir(parents=True)
    assert NOBODY.can("x", base / "open" / "inner")
    (base / "open").chmod(0o700)
    assert not NOBODY.can("x", base / "open" / "inner")


def test_private_files_are_written_once_and_for_the_owner_only(base):
    key = paths.secret_key(base)
    assert paths.secret_key(base) == key
    assert len(key) >= 50
    assert (base / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_copied_checkout_gets_another_nickname(base):
    for name in ("one", "two"):
        paths.make_local_folder(base / name)
    nickname = paths.nickname(base / "one")
    (base / "two" / "id").write_text((base / "one" / "id").read_text())
    assert paths.nickname(base / "one") == nickname
    assert paths.nickname(base / "two") != nickname
