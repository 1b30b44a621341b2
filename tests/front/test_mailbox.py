"""The local mailbox: to be the customer on one's own machine; never on a real site."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from delight.local.mailbox import list_mails, store


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.LOCAL, settings.LOCAL_FOLDER = True, str(tmp_path)
    place = tmp_path / "mailbox"
    place.mkdir()
    return place


def put(folder: Path, to: str, subject: str, html: str = "") -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Olga <hello@barber.example>", to, subject
    mail["List-Unsubscribe"] = "<https://barber.example/u/x/>"
    mail.set_content("In plain words: https://barber.example/a/x/")
    if html:
        mail.add_alternative(html, subtype="html")
    return store(folder, mail.as_bytes().replace(b"\n", b"\r\n"), sender="hello@barber.example", recipients=[to])


PAGE = "<html><head><title>x</title></head><body><a href='https://barber.example/a/x/'>9</a><script>bad()</script></body></html>"


def test_mails_are_listed_and_found_by_recipient(folder, staff, signed_in):
    put(folder, "olena@mail.example", "For Olena")
    put(folder, "jonas@mail.example", "For Jonas")
    browser = signed_in(staff)
    page = browser.get("/mailbox/").content.decode()
    assert "For Olena" in page
    assert "For Jonas" in page
    page = browser.get("/mailbox/?to=olena@mail.example").content.decode()
    assert "For Olena" in page
    assert "For Jonas" not in page


def test_an_empty_mailbox_says_what_to_do(folder, staff, signed_in):
    assert "No mail yet" in signed_in(staff).get("/mailbox/").content.decode()


def test_a_mail_shows_in_a_locked_frame_with_its_text_and_headers(folder, staff, signed_in):
    mail_id = put(folder, "olena@mail.example", "How was it?", PAGE)
    page = signed_in(staff).get(f"/mailbox/{mail_id}/").content.decode()
    assert f'<iframe src="/mailbox/{mail_id}/html"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox' in page
    assert "In plain words" in page
    assert "List-Unsubscribe" in page


def test_the_mails_own_page_may_do_nothing_but_be_read_and_followed(folder, staff, signed_in):
    mail_id = put(folder, "olena@mail.example", "How was it?", PAGE)
    answer = signed_in(staff).get(f"/mailbox/{mail_id}/html")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = {
        part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split(";") if part.strip()
    }
    assert policy["default-src"] == ["'none'"]
    assert "script-src" not in policy
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]
    assert b'<base target="_blank">' in answer.content


def test_a_mail_in_plain_text_has_no_frame(folder, staff, signed_in):
    mail_id = put(folder, "olena@mail.example", "How was it?")
    browser = signed_in(staff)
    assert "<iframe" not in browser.get(f"/mailbox/{mail_id}/").content.decode()
    assert browser.get(f"/mailbox/{mail_id}/html").status_code == 404


@pytest.mark.parametrize("mail_id", ["1", "..", "00000000000000000000-00000000", "%2e%2e%2fsecret-key"])
def test_an_id_that_is_none_is_not_found(mail_id, folder, staff, signed_in):
    assert signed_in(staff).get(f"/mailbox/{mail_id}/").status_code == 404


def test_it_is_for_people_who_are_signed_in(folder, client, organisation):
    assert client.get("/mailbox/").status_code == 302


def test_a_real_site_has_none(folder, staff, signed_in, settings):
    mail_id = put(folder, "olena@mail.example", "How was it?", PAGE)
    browser = signed_in(staff)
    assert browser.get(f"/mailbox/{mail_id}/").status_code == 200
    settings.LOCAL = False
    for path in ("", f"{mail_id}/", f"{mail_id}/html"):
        assert browser.get(f"/mailbox/{path}").status_code == 404
    assert list_mails(folder)
