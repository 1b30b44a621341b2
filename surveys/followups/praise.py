"""What customers say about somebody by name: it is laid before a manager as a draft of recognition.

Only names of people who are in the team that served are looked for, and a first name only where it is nobody else's
there.
"""

import re
from collections import Counter

from delight.lib.statistics import band
from staff.people.models import Membership, User
from staff.recognition.names import plain
from staff.recognition.services import draft_praise, withdraw_draft
from surveys.answering.models import Response


def source_of(response: Response) -> str:
    return f"response:{response.pk}"


def after_response(response: Response) -> None:
    """Called in its transaction when a response begins or stops to count, or a counted one is edited."""
    text, people = _praised_in(response) if response.counts else ("", [])
    if people:
        draft_praise(source=source_of(response), customer=response.customer, text=text, people=people)
    elif response.edited_at or not response.counts:  # words that were never others have left no draft
        withdraw_draft(source=source_of(response))


def _praised_in(response: Response) -> tuple[str, list[User]]:
    """The words of a high answer, and whom of the team they name."""
    if band(response.score) != "high" or response.team_id is None:
        return "", []
    if response.customer is not None and response.customer.erased_at is not None:
        return "", []
    said = response.answers.exclude(text="").order_by("question_id").values_list("text", flat=True)
    text = "\n".join(said)
    return text, people_named_in(text, response.team_id) if text else []


def people_named_in(text: str, team_id: int) -> list[User]:
    """Those of the team whose whole name, or first name if nobody shares it, stands in the text as whole words."""
    places = Membership.objects.now().filter(team=team_id, user__is_active=True).select_related("user")
    members = [place.user for place in places.order_by("user__sort_key", "user_id")]
    words = _words(text)
    first_names = Counter(_words(member.name)[0] for member in members if _words(member.name))
    return [member for member in members if _is_named(_words(member.name), words, first_names)]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", plain(text))


def _is_named(name: list[str], words: list[str], first_names: Counter[str]) -> bool:
    if not name:
        return False
    if first_names[name[0]] == 1 and name[0] in words:
        return True
    return any(words[at : at + len(name)] == name for at in range(len(words))) if len(name) > 1 else False
