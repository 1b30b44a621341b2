"""From the follow-up to the call: one tap on a phone shows the number and dials it; in a real browser."""

import pytest
from django.conf import settings
from django.test import Client

from delight.organisation.models import AuditEntry

pytestmark = pytest.mark.browser

WATCH = """document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='tel:']");
  if (link) { document.body.dataset.dialled = link.href; event.preventDefault(); }
});"""


@pytest.mark.parametrize(
    ("options", "dialled"), [({"has_touch": True, "is_mobile": True}, "tel:+32470123456"), ({}, None)]
)
def test_one_tap_on_a_phone_shows_the_number_and_dials_it(browser, live_server, follow_up, staff, options, dialled):
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    with browser.new_context(**options) as context:
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/follow-ups/{follow_up.pk}/")
        page.evaluate(WATCH)
        page.get_by_role("button", name="Show the phone number").click()
        page.get_by_role("link", name="Call +32 470 12 34 56").wait_for()
        if dialled:  # by a script, once the link is there
            page.wait_for_function("document.body.dataset.dialled")
        assert page.evaluate("document.body.dataset.dialled") == dialled
    assert AuditEntry.objects.filter(verb="reveal", actor=staff).count() == 1
