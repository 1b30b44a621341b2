"""Customers, the companies they belong to, segments, and their files on the way in."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from delight.customers.memory_models import Fact as Fact
from delight.customers.memory_models import FactConfirmation as FactConfirmation
from delight.customers.memory_models import NextTime as NextTime
from delight.customers.searching import matching, search_texts
from delight.customers.suppression_models import Suppression as Suppression
from delight.customers.suppression_models import address_hashes as address_hashes
from delight.customers.visit_models import ForgottenBooking as ForgottenBooking
from delight.customers.visit_models import Visit as Visit
from delight.customers.visit_models import VisitCalendar as VisitCalendar
from delight.customers.visit_models import VisitFile as VisitFile
from delight.customers.visit_models import VisitQuerySet
from delight.customers.wrong import Wrong
from delight.files.models import StoredFile
from delight.lib.addresses import normal_email, normal_phone
from delight.lib.sortkey import sort_key
from delight.organisation.models import Organisation, check_time_zone
from delight.outbox.models import Job
from staff.people.models import Team


class Segment(models.Model):
    """A group of customers, by what they bring or need."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    sort_key = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class Account(models.Model):
    """A company that is a customer."""

    class GiftRule(models.TextChoices):
        NONE = "none", _("none")
        UP_TO = "up_to", _("up to a sum a year")
        ASK = "ask", _("a manager is asked")

    name = models.CharField(_("company"), max_length=160, unique=True)
    sort_key = models.CharField(max_length=200, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("looked after by"),
    )
    value_per_year = models.DecimalField(
        _("worth a year"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    renews_on = models.DateField(_("renewal date"), null=True, blank=True)
    gift_rule = models.CharField(
        _("gifts that cost money"),
        max_length=10,
        choices=GiftRule,
        default=GiftRule.NONE,
        help_text=_("Free gestures are always welcome."),
    )
    gift_limit = models.DecimalField(
        _("up to a year"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    is_public_body = models.BooleanField(
        _("public body"), default=False, help_text=_("Then nobody there gets gifts that cost money.")
    )
    has_open_bid = models.BooleanField(
        _("a bid is open"), default=False, help_text=_("Until it is decided, no gifts that cost money.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(value_per_year__gte=0), name="account_value_not_negative"),
            models.CheckConstraint(condition=Q(gift_rule__in=["none", "up_to", "ask"]), name="account_gift_rule"),
            models.CheckConstraint(
                condition=~Q(gift_rule="up_to") | Q(gift_limit__gte=0, gift_limit__isnull=False),
                name="account_gift_limit",
                violation_error_message=_("Say up to what sum a year."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    @property
    def takes_no_gifts(self) -> bool:
        """Whether nothing that costs money may be given there now."""
        return self.is_public_body or self.has_open_bid or self.gift_rule == self.GiftRule.NONE


class CustomerQuerySet(models.QuerySet):
    def search(self, words: str, addresses_of: Q | None = None, visits: VisitQuerySet | None = None) -> Self:
        """Those who match the words, as `matching` says; a phone number may be typed with blanks."""
        return self.filter(matching(words, addresses_of, visits), erased_at__isnull=True)


class Customer(models.Model):
    """A person who is a customer, privately or for an account."""

    class AddressSource(models.TextChoices):
        EXISTING = "existing", _("an existing customer")
        CONSENT = "consent", _("gave consent")
        OTHER = "other", _("another way (is never mailed)")

    class AccountRole(models.TextChoices):
        DECIDES = "decides", _("decides")
        INFLUENCES = "influences", _("influences")
        USES = "uses", _("uses")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        MESSAGE = "message", _("text message")
        IN_PERSON = "in_person", _("in person")

    name = models.CharField(_("name"), max_length=160)
    address_as = models.CharField(
        _("how we address them"),
        max_length=120,
        blank=True,
        help_text=_("As in “Dear …”. Empty: a greeting without a name."),
    )
    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False, default="")
    contact_text = models.TextField(editable=False, default="")
    email = models.EmailField(_("e-mail"), null=True, blank=True)  # noqa: DJ001 (unique, so "no address" is NULL)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_key = models.CharField(max_length=40, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[check_time_zone])
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("company")
    )
    account_role = models.CharField(_("role in the company"), max_length=10, choices=AccountRole, blank=True)
    preferred_channel = models.CharField(_("likes to be reached by"), max_length=10, choices=Channel, blank=True)
    preferred_time = models.CharField(_("best time"), max_length=60, blank=True, help_text=_("Such as “after 17:00”."))
    outside_id = models.CharField(
        _("number in another system"), max_length=80, blank=True, help_text=_("Customer number in your till or CRM.")
    )
    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="customers", verbose_name=_("segment")
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("served by the team")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("looked after by"),
    )
    address_source = models.CharField(
        _("how we got the address"), max_length=10, choices=AddressSource, default=AddressSource.OTHER
    )
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    notes_consent_on = models.DateField(
        _("personal notes agreed to on"),
        null=True,
        blank=True,
        help_text=_("A short mail in a colleague's own words; needed where you write only with consent."),
    )
    birth_day = models.PositiveSmallIntegerField(
        _("birthday: day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    birth_month = models.PositiveSmallIntegerField(
        _("birthday: month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    care_until = models.DateField(
        null=True,
        editable=False,
        help_text="after a complaint, low answer or promise: no hint is left out",
    )
    last_asked_at = models.DateTimeField(null=True, editable=False)
    last_asked_for = models.CharField(max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    given_up_hash = models.CharField(
        max_length=64, blank=True, editable=False, help_text="keyed hash of the address that was given up in merging"
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="customer_email_once",
                violation_error_message=_("There is a customer with this e-mail address already."),
            ),
            models.UniqueConstraint(
                fields=["phone_key"],
                condition=Q(email__isnull=True) & ~Q(phone_key=""),
                name="customer_phone_once_without_email",
                violation_error_message=_("There is a customer with this phone number already."),
            ),
            models.UniqueConstraint(
                fields=["outside_id"],
                condition=~Q(outside_id=""),
                name="customer_outside_id_once",
                violation_error_message=_("There is a customer with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | Q(email__isnull=False) | ~Q(phone_key=""),
                name="customer_can_be_told_apart",
                violation_error_message=_("Give an e-mail address or a phone number."),
            ),
            models.CheckConstraint(
                condition=Q(address_source__in=["existing", "consent", "other"]), name="customer_address_source"
            ),
            models.CheckConstraint(
                condition=~Q(address_source="consent") | Q(consent_on__isnull=False) | Q(erased_at__isnull=False),
                name="customer_consent_has_a_date",
                violation_error_message=_("Consent needs the day on which it was given."),
            ),
            models.CheckConstraint(
                condition=Q(birth_day=None, birth_month=None) | Q(birth_day__range=(1, 31), birth_month__range=(1, 12)),
                name="customer_birthday_is_whole",
                violation_error_message=_("A birthday is a day and a month."),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="customer_by_name"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="customer_by_phone"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="customer_search"),
            GinIndex(fields=["contact_text"], opclasses=["gin_trgm_ops"], name="customer_search_contact"),
        ]

    def __str__(self) -> str:
        return self.name or (gettext("an erased customer") if self.erased_at else "")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Derive the columns that are searched and compared; `bulk_create` needs it called by hand."""
        self.email = normal_email(self.email)
        self.phone_key = normal_phone(self.phone)
        self.sort_key = sort_key(self.name)
        company = self.account.name if self.account else ""
        self.search_text, self.contact_text = search_texts(self.name, company, self.email, self.phone_key)

    def clean(self) -> None:
        self.fill_keys()
        if not self.email and not self.phone_key:
            raise ValidationError(_("Give an e-mail address or a phone number."))

    def may_be_mailed(self, organisation: Organisation) -> bool:
        """Whether the way we got the address allows a survey at all, by the company's own rule."""
        if organisation.asks_only_with_consent:
            return self.address_source == self.AddressSource.CONSENT
        return self.address_source != self.AddressSource.OTHER


class TwoPeople(models.Model):
    """Two entries that look like one person, and of which somebody has said that they are two. The older one first."""

    one = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_people_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="two_people_in_order"),
        ]

    @classmethod
    def follow_merge(cls, *, by: Any, keep: Customer, away: Customer) -> None:
        """What was said of an entry that goes says nothing of the one that stays: it may look like others now."""
        cls.objects.filter(Q(one=away) | Q(other=away)).delete()


class CustomerImport(models.Model):
    """One uploaded file of customers on its way in: columns chosen, checked, then imported whole or not at all.

    The file goes when it is of no more use; the counts and what was wrong with which line stay.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("columns to choose")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        IMPORTING = "importing", _("being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("failed")
        GIVEN_UP = "given_up", _("given up")

    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    workbook = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    sheets = models.JSONField(default=list, help_text="names of the workbook's sheets")
    sheet = models.PositiveSmallIntegerField(default=0, help_text="which of them is in `file`, from 0")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    columns = models.JSONField(default=dict, help_text="field name → column number")
    address_source = models.CharField(max_length=10, choices=Customer.AddressSource, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    skip_bad_rows = models.BooleanField(default=False)
    leave_known = models.BooleanField(default=False, help_text="customers who are there already stay as they are")
    join_doubles = models.BooleanField(default=False, help_text="a second row about one customer fills its gaps")
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0, help_text="rows whose weaker claim on the address was not taken over")
    other_language = models.PositiveIntegerField(default=0, help_text="rows in a language that we do not write in")
    doubles = models.PositiveIntegerField(default=0, help_text="bad rows about a customer of an earlier row")
    alike = models.PositiveIntegerField(default=0, help_text="new rows with the phone number of a customer we have")
    known = models.JSONField(default=list, help_text="the first rows about customers we have: line, id, how, fields")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "checking", "checked", "importing", "done", "failed", "given_up"]),
                name="import_state",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(state__in=["done", "given_up"]), name="import_has_its_file"
            ),
        ]


class ImportProblem(models.Model):
    """One row of a file that cannot be taken: a code and values, in words for whoever reads them."""

    customer_import = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40, default="")
    values = models.JSONField(default=dict)
    double_of = models.PositiveIntegerField(null=True, help_text="the line in which the same customer stands first")

    class Meta:
        ordering = ["line", "id"]

    @property
    def message(self) -> str:
        """What is wrong, and what to do."""
        return str(Wrong(self.code, self.values))
