"""Names as long as the columns allow, in one word: no page about them is wider than a phone."""

import pytest
from django.urls import reverse

from delight.customers.models import Account, CustomerImport, Segment
from tests.customers.helpers import check, upload
from tests.journeys.looking import TOO_WIDE, look

WORDS = [
    "Muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsinizcesine" * 3,
    "Рентгеноелектрокардіографічногонеперевершеноїконституційності" * 3,
    "W" * 200,
]


@pytest.fixture
def pages(sponsor, signed_in, make_customer, team, survey) -> list[str]:
    """Everything is there three times, each with a long word for a name."""
    for number, word in enumerate(WORDS):
        account = Account.objects.create(name=word[:160], owner=sponsor, value_per_year="9999999999.99")
        segment = Segment.objects.create(name=word[:80])
        address = f"{'w' * 60}{number}@{'long' * 15}.example"
        customer = make_customer(
            word[:160], account=account, segment=segment, team=team, owner=sponsor, email=address, address_as=word[:120]
        )
    browser = signed_in(sponsor)
    rows = "".join(f"{word[:160]};{word}\n" for word in WORDS)
    bad = check(browser, f"{WORDS[0]};{WORDS[1]}\n{rows}", columns={"name": 0, "email": 1})
    upload(browser, f"{WORDS[0]};{WORDS[1]}\n{rows}", name=f"{WORDS[2][:190]}.csv")
    new = CustomerImport.objects.latest("pk")
    CustomerImport.objects.update(file_name=new.file_name)
    plain = ["customers", "accounts", "segments", "import_upload"]
    about = {
        "customer": customer, "customer_edit": customer, "account_edit": account, "segment_edit": segment,
        "import": bad, "import_problems": bad, "import_columns": new,
    }  # fmt: skip
    return [
        *(reverse(name) for name in plain),
        *(reverse(name, args=[one.pk]) for name, one in about.items()),
        f"{reverse('customers')}?words=ww",
        f"{reverse('customers')}?segment={segment.pk}",
    ]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_long_words_break_on_a_phone(live_server, settings, page, pages, sponsor, signed_in):
    settings.ALLOWED_HOSTS = ["*"]
    session = signed_in(sponsor).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    look(page, 390)
    wide = {}
    for path in pages:
        assert page.goto(live_server.url + path).status == 200
        assert any(word[:30] in page.content() for word in WORDS)
        wide[path] = page.evaluate(TOO_WIDE, 390)
    assert wide == {path: [] for path in pages}
