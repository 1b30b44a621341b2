"""Forms of the moments. They validate and lay out; services write."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delight.customers.access import customers_visible_to
from delight.customers.models import Customer
from delight.files.uploads import ACCEPT_IMAGES, ACCEPT_RECEIPTS, BadUpload, Upload, photo_from, receipt_from
from delight.lib.money import plain_sum
from staff.moments.chips import idea_behind
from staff.moments.models import LONGEST, Moment, Occasion
from staff.moments.occasion_access import occasions_visible_to
from staff.moments.services import cost_of
from staff.people.models import User

WALK_IN = "walk-in"
OLDEST = timedelta(days=60)


class CostField(forms.DecimalField):
    """A sum as people type it, in any language."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_sum(value) if isinstance(value, str) else value)


class MomentForm(forms.Form):
    """One moment, new or to be changed. `whom` is a customer's id or "walk-in", `did` an idea's chip.

    With `draft` little is asked for: it becomes a stub.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    whom = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    did = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    occasion = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    happened_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One sentence is enough. The customer may ask to read this."),
    )
    reaction = forms.ChoiceField(
        label=gettext_lazy("How did they take it?"),
        required=False,
        choices=Moment.Reaction.choices,
        widget=forms.RadioSelect,
    )
    cost = CostField(
        label=gettext_lazy("What it cost"),
        required=False,
        localize=True,
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    receipt = forms.FileField(
        label=gettext_lazy("Receipt"),
        required=False,
        help_text=gettext_lazy("A picture or a PDF, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT_RECEIPTS}),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        help_text=gettext_lazy("Your colleagues see it with the story. Up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT_IMAGES}),
    )
    people_agreed = forms.BooleanField(label=gettext_lazy("The people in it agreed"), required=False)
    without_photo = forms.BooleanField(label=gettext_lazy("Take the photo away"), required=False)
    introduced = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    introduced_whom = forms.CharField(
        label=gettext_lazy("Introduced to"),
        required=False,
        max_length=160,
        help_text=gettext_lazy(
            "Another customer, or somebody useful by name. In two weeks you are asked once what came of it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, user: User, moment: Moment | None = None, draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.moment, self.draft = user, moment, draft
        self.fields["key"].initial = uuid.uuid4()
        if moment is None or moment.photo_id is None:
            del self.fields["without_photo"]

    # --- What holds -----------------------------------------------------------------------------------------------

    def clean_happened_at(self) -> datetime | None:
        """What a phone without a network kept says when it was; never in the future, and not long ago."""
        at = self.cleaned_data["happened_at"]
        if at is None:
            return None
        now = timezone.now()
        return min(max(at, now - OLDEST), now)

    def clean_whom(self) -> Customer | None:
        whom = self.cleaned_data["whom"]
        if whom == WALK_IN:
            return None
        if not whom:
            if self.draft:
                return None
            raise ValidationError(_("Say for whom it was, or choose “a walk-in”."))
        return self._customer(whom)

    def clean_introduced(self) -> Customer | None:
        introduced = self.cleaned_data["introduced"]
        return self._customer(introduced) if introduced else None

    def _customer(self, value: str) -> Customer:
        found = None
        if value.isascii() and value.isdigit():
            found = customers_visible_to(self.user).select_related("account").filter(pk=int(value)).first()
        if found is None:
            raise ValidationError(_("This customer is not there any more. Choose again."))
        return found

    def clean_did(self) -> Any:
        value = self.cleaned_data["did"]
        if not value:
            return None
        if self.moment is not None and str(self.moment.idea_id) == value:
            return self.moment.idea  # also one that has been retired since
        idea = idea_behind(value)
        if idea is None:
            raise ValidationError(_("This idea is not offered any more. Choose another one, or say it in your words."))
        return idea

    def clean_occasion(self) -> Occasion | None:
        """The suggestion it was for, as long as it is the same customer's."""
        value, customer = self.cleaned_data["occasion"], self.cleaned_data.get("whom")
        if customer is None or not (value.isascii() and value.isdigit()):
            return None
        return occasions_visible_to(self.user).filter(pk=int(value), customer=customer).first()

    def clean_photo(self) -> Upload | None:
        return self._upload("photo", photo_from)

    def clean_receipt(self) -> Upload | None:
        return self._upload("receipt", receipt_from)

    def _upload(self, name: str, made_safe: Any) -> Upload | None:
        file: UploadedFile | None = self.cleaned_data[name]
        if not file:
            return None
        try:
            return made_safe(file)
        except BadUpload as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self._shows_a_photo(given) and not given.get("people_agreed"):
            self.add_error("people_agreed", _("A photo needs their consent: tick this, or leave the photo out."))
        if given.get("receipt") and not given.get("cost") and "cost" not in self.errors:
            self.add_error("cost", _("Say what it cost, or leave the receipt out."))
        if given.get("introduced") and given.get("introduced") == given.get("whom"):
            self.add_error("introduced_whom", _("Choose another customer than the one it was for."))
        something = any(given.get(name) for name in ("what", "did", "introduced", "introduced_whom"))
        if not something and not {"what", "did"} & set(self.errors) and not (self.draft and self._has_a_bit(given)):
            self.add_error("what", _("Choose an idea, or say in a sentence what it was."))
        return given

    def _shows_a_photo(self, given: dict[str, Any]) -> bool:
        keeps = self.moment is not None and self.moment.photo_id is not None and not given.get("without_photo")
        return bool(given.get("photo")) or keeps

    @staticmethod
    def _has_a_bit(given: dict[str, Any]) -> bool:
        return any(given.get(name) for name in ("whom", "photo", "cost"))

    def values(self) -> dict[str, Any]:
        """What the services take; the idea may have no row yet."""
        given = self.cleaned_data
        same = ("what", "cost", "receipt", "photo", "people_agreed", "reaction", "introduced_whom")
        wanted = {name: given[name] for name in same}
        introduced = given["introduced"]
        if "without_photo" in given:
            wanted["without_photo"] = given["without_photo"]
        wanted |= {"cost": given["cost"] or None, "customer": given["whom"], "introduced_to": introduced}
        if introduced:
            wanted["introduced_whom"] = ""
        return wanted


def initial_of(moment: Moment) -> dict[str, Any]:
    """A moment as its form shows it."""
    walk_in = "" if moment.state == Moment.State.STUB else WALK_IN
    introduced = moment.introduced_to
    return {
        "key": moment.key,
        "whom": str(moment.customer_id or walk_in),
        "did": str(moment.idea_id or ""),
        "what": moment.what,
        "reaction": moment.reaction,
        "cost": cost_of(moment),
        "people_agreed": moment.people_agreed,
        "introduced": str(moment.introduced_to_id or ""),
        "introduced_whom": introduced.name if introduced else moment.introduced_whom,
    }


class WhomForm(forms.Form):
    """Words to look for somebody by: for whom it was, or to whom they were introduced."""

    whom_words = forms.CharField(required=False, max_length=100)
    introduced_whom = forms.CharField(required=False, max_length=160)


class ReactionForm(forms.Form):
    """How the customer took it, with one tap."""

    reaction = forms.ChoiceField(choices=Moment.Reaction.choices)


class ReceiptForm(forms.Form):
    """The receipt, later."""

    receipt = forms.FileField(
        label=gettext_lazy("Receipt"),
        help_text=gettext_lazy("A picture or a PDF, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT_RECEIPTS}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("receipt")

    def clean_receipt(self) -> Upload:
        try:
            return receipt_from(self.cleaned_data["receipt"])
        except BadUpload as error:
            raise ValidationError(str(error)) from error


class CameOfItForm(forms.Form):
    """What came of an introduction."""

    text = forms.CharField(
        label=gettext_lazy("What came of it?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("text")


class StoriesForm(forms.Form):
    """What the list of stories is narrowed by."""

    words = forms.CharField(
        label=gettext_lazy("Words, customer or idea"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[
            ("", gettext_lazy("Everybody’s")),
            ("team", gettext_lazy("My team’s")),
            ("mine", gettext_lazy("My own")),
        ],
    )
    photo = forms.BooleanField(label=gettext_lazy("With a photo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("words", wrapper_class="grow"), "whose", "photo")


def _helper(*layout: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper
