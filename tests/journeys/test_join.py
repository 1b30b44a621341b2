"""Somebody new comes to work here."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_an_invited_person_joins_by_mail_and_the_link_works_once(arrive):
    owner, newcomer = arrive("owner"), arrive()

    owner.go("/people/")
    owner.follow("Invite somebody")
    owner.page.get_by_label("E-mail").fill("nora@barber.example")
    owner.page.get_by_label("Team").select_option("Harbour")
    owner.press("Send the invitation")
    owner.sees("nora@barber.example")

    mail = owner.open_mail("nora@barber.example", re.compile("Barber & Sons"))
    link = mail.get_by_role("link", name="Choose your password").get_attribute("href")

    newcomer.page.goto(link)
    newcomer.page.get_by_label("Name").fill("Nora Janssens")
    newcomer.page.get_by_label("Password").fill("clippers and combs")
    newcomer.press("Join")
    expect(newcomer.page).to_have_url(f"{newcomer.site.url}/")
    newcomer.sees("Welcome!")
    expect(newcomer.page.get_by_role("heading", level=1)).to_contain_text("Nora")

    late = arrive()
    with late.expecting(404):
        late.page.goto(link)
    late.sees("This link no longer works")
    late.follow("Log in")
    late.page.get_by_label(re.compile("E-?mail")).fill("nora@barber.example")
    late.page.get_by_label("Password").fill("clippers and combs")
    late.press("Log in")
    expect(late.page).to_have_url(f"{late.site.url}/")
