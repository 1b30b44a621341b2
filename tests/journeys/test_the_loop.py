"""The whole way, as people go it: a customer comes in by a file, is asked, answers, is called back."""

import re

from playwright.sync_api import expect

from tests.journeys.steps import import_customers, send_survey
from tests.journeys.visitor import PATIENCE

NAME, ADDRESS = "Rosa Verbeke", "rosa.verbeke@journey.example"
REASON = "I waited half an hour, and nobody said a word."


def test_an_unhappy_customer_answers_the_mail_and_is_called_back(arrive):
    owner, stylist = arrive("owner"), arrive("stylist")

    import_customers(
        owner, "Name;E-mail;Phone;Looked after by", f"{NAME};{ADDRESS};+32 470 11 22 33;stylist@barber.example"
    )
    send_survey(owner, ADDRESS)

    mail = owner.open_mail(ADDRESS, "One question from Barber & Sons")
    answer = owner.press_in_mail(mail, "3")
    assert answer.get_by_role("radio", name="3", exact=True).is_checked()
    answer.get_by_label("main reason").fill(REASON)
    answer.get_by_role("button", name="Send my answer").click()
    expect(answer.get_by_role("heading", level=1)).to_have_text("Thank you. Your answer has arrived.")
    expect(answer.get_by_text("we will get in touch with you")).to_be_visible()

    mail = stylist.open_mail("stylist@barber.example", re.compile(f"Please call: {NAME}, 3 of 10"))
    follow_up = stylist.press_in_mail(mail, "Open the follow-up")
    expect(follow_up.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(follow_up.get_by_text(REASON)).to_be_visible()

    stylist.go("/")
    waiting = stylist.page.get_by_role("region", name="Waiting for you")
    waiting.get_by_role("link", name=NAME).click()
    expect(stylist.page).to_have_url(follow_up.url)
    stylist.page.get_by_label("we talked, and it is put right").check()
    stylist.page.get_by_label("What happened?").fill("Said sorry, moved the chair plan.")
    stylist.page.get_by_label("What else?").fill("Opening hours on Mondays.")
    stylist.page.get_by_label("Who else?").fill("A sister who is getting married.")
    stylist.press("Close this follow-up")

    stylist.sees(re.compile(rf"^Closed\..*{NAME}"))
    expect(stylist.page).to_have_url(f"{stylist.site.url}/follow-ups/")
    expect(stylist.page.get_by_role("main").get_by_role("link", name=NAME)).to_have_count(0)
    stylist.follow("Closed")
    stylist.follow(NAME)
    stylist.sees("A sister who is getting married.")
    stylist.sees("we talked, and it is put right")
    stylist.go("/")
    expect(waiting).to_be_visible()
    expect(waiting.get_by_text(NAME)).to_have_count(0)

    owner.go("/")
    owner.sees(REASON)
    owner.go("/answers/")
    owner.follow(NAME)
    owner.sees(REASON)
    owner.follow("The customer")
    owner.sees("Surveys sent")
    expect(owner.page.get_by_role("main").get_by_text("answered", exact=True)).to_be_visible(timeout=PATIENCE)
