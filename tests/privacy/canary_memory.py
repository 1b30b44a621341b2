"""The canary's facts, questions and issue: a marker in each field that can hold words."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone


def remember(sam, customer, mark: str) -> None:
    """On the pages: a sensitive fact for a visit, put right and confirmed; one that is removed; a question with its
    answer, of which a fact is made, and one that waits.
    """
    from delight.customers.models import Fact, NextTime

    url, agreed = reverse("memory", args=[customer.pk]), timezone.localdate().isoformat()
    details = {"source": "noticed", "holds": "visit", "never_say": "on", "pin": "on", "sensitive": "diet"}
    assert sam.post(url, {"text": f"{mark} drinks tea", "agreed": "on", **details}).status_code == 302
    fact = Fact.objects.get()
    change = reverse("fact_change", args=[customer.pk, fact.pk])
    assert sam.post(change, {"text": f"{mark} drinks no tea", "consent_on": agreed, **details}).status_code == 302
    Fact.objects.update(changed_at=timezone.now() - timedelta(days=2))
    assert sam.post(reverse("fact_confirm", args=[customer.pk, fact.pk])).status_code == 302
    assert sam.post(url, {"text": f"{mark} gone", "expires_on": "2999-01-01"}).status_code == 302
    gone = Fact.objects.get(text=f"{mark} gone")
    assert sam.post(reverse("fact_remove", args=[customer.pk, gone.pk])).status_code == 302
    for question in (f"Did the {mark} help?", f"Was the {mark} warm?"):
        assert sam.post(reverse("next_time_new", args=[customer.pk]), {"question": question}).status_code == 302
    asked = NextTime.objects.order_by("pk")[0]
    for name, data in (("next_time_answer", {"answer": f"{mark} yes"}), ("next_time_keep", {})):
        assert sam.post(reverse(name, args=[customer.pk, asked.pk]), data).status_code == 302


def complain(sam, boss, customer, mark: str) -> None:
    """An answered issue that touched the customer, and one that waits."""
    from delight.programme.models import Issue

    for text in (f"{mark} waited long", f"{mark} waits still"):
        told = {"key": "", "kind": "complaint", "text": text, "customers": [customer.pk]}
        told["key"] = sam.get(reverse("issue_new")).context["form"]["key"].value()
        assert sam.post(reverse("issue_new"), told).status_code == 302
    answered = Issue.objects.get(text=f"{mark} waited long")
    words = {"state": "done", "done": f"{mark} got a chair"}
    assert boss.post(reverse("issue_answer", args=[answered.pk]), words).status_code == 302
