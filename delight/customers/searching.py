"""How customers are found by what somebody types: names, companies, addresses, and where they sit today."""

from django.db.models import Q

from delight.customers.visit_models import VisitQuerySet, today
from delight.lib.addresses import normal_email, normal_phone
from delight.lib.sortkey import fold

PHONE_CHARACTERS = frozenset("0123456789+-./() ")
MOST_WORDS = 6


def matching(words: str, addresses_of: Q | None = None, visits: VisitQuerySet | None = None) -> Q:
    """Whose name and company hold every word, who have exactly this e-mail address or phone number, or who are here
    today under this reference ("214") by one of the `visits` that the reader may see.

    Parts of addresses and numbers are looked at only among `addresses_of`, those whose addresses the reader may see:
    whoever may type parts of what is hidden can spell it out, guess by guess.
    """
    folded = fold(words)
    if folded and PHONE_CHARACTERS.issuperset(folded):
        digits = "".join(c for c in folded if c.isdecimal()).lstrip("0")
        parts = [digits or folded]
        whole = _whole_number(words)
    else:
        parts = folded.split()[:MOST_WORDS]
        whole = Q(email=normal_email(words))
    return Q(*(_holding(part, addresses_of) for part in parts)) | whole | _here_as(words, visits)


def _here_as(reference: str, visits: VisitQuerySet | None) -> Q:
    if visits is None:
        return Q(pk__in=[])
    return Q(pk__in=visits.between(*today()).known_as(reference).values("customer_id"))


def _holding(part: str, addresses_of: Q | None) -> Q:
    named = Q(search_text__contains=part)
    if addresses_of is None:
        return named | Q(email=part)
    return named | Q(email=part) | (Q(contact_text__contains=part) & addresses_of)


def reached_by(email: str, phone: str) -> Q:
    """Whose e-mail address or phone number this is already, with or without the country's code."""
    address = normal_email(email)
    return (Q(email=address) if address else Q(pk__in=[])) | _whole_number(phone)


def _whole_number(words: str) -> Q:
    """That number and no part of one; the country's code may be missing on either side."""
    typed = normal_phone(words)
    digits = typed.lstrip("+0")
    if not digits:
        return Q(pk__in=[])
    found = Q(phone_key=typed)
    if typed.startswith("+"):
        return found | Q(phone_key__in=[f"0{digits[length:]}" for length in (1, 2, 3)])
    longer = Q(contact_text__contains=digits, phone_key__regex=rf"^(\+([1-9][0-9]{{0,2}})?|0)?{digits}$")
    return found | longer


def search_texts(name: str, company: str, email: str | None, phone_key: str) -> tuple[str, str]:
    """What `matching` looks through: the name and company, and the addresses."""
    return fold(f"{name} {company}"), fold(f"{email or ''} {phone_key}")
