"""Every verb, kind of object and field of the audit trail, in words. A test fails for a verb without a line here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Thing:
    """A kind of object: its word, its page, and whether an object is shown by its name."""

    word: str | Promise
    url_name: str = ""
    has_pk: bool = True
    named: bool = False


VERBS: dict[str, str | Promise] = {
    # for any object
    "create": _("New"),
    "change": _("Changed"),
    "remove": _("Removed"),
    "check": _("Person or machine: decided"),
    # the company
    "set_up": _("Company set up"),
    "finish_set_up": _("Set-up finished"),
    "update_organisation": _("Settings changed"),
    "add_holiday": _("Holiday added"),
    "remove_holiday": _("Holiday removed"),
    "stop_sending": _("All mail stopped"),
    "release_sending": _("Mail released"),
    "test_mail": _("Test mail asked for"),
    "test_mail_arrived": _("Test mail arrived"),
    "restore": _("Restored from a backup"),
    # people
    "create_team": _("New team"),
    "rename_team": _("Team renamed"),
    "invite_person": _("Invited to join"),
    "revoke_invitation": _("Invitation withdrawn"),
    "join": _("Joining by an invitation"),
    "add_to_team": _("Added to a team"),
    "change_role": _("Role in a team changed"),
    "end_membership": _("Place in a team ended"),
    "set_sponsor": _("Sponsor's rights changed"),
    "deactivate_person": _("Access ended"),
    "reactivate_person": _("Access given back"),
    "hand_over": _("Customers and conversations handed over"),
    "update_profile": _("Own profile changed"),
    "new_password": _("New password"),
    "show_password_link": _("Link for a new password shown"),
    "claim_address": _("E-mail address given, not confirmed yet"),
    "confirm_address": _("E-mail address confirmed"),
    "set_pin": _("PIN set"),
    "remove_pin": _("PIN removed"),
    "block_pin": _("PIN blocked after wrong tries"),
    "close_pin": _("PIN closed on a shared device for today"),
    "open_pin": _("PIN open again"),
    "enrol_desk": _("Shared device set up"),
    "revoke_desk": _("Shared device removed"),
    "add_code_app": _("Second step: code app added"),
    "remove_code_app": _("Second step: code app removed"),
    "add_passkey": _("Passkey added"),
    "remove_passkey": _("Passkey removed"),
    "renew_recovery_codes": _("New recovery codes"),
    "remove_second_step": _("Second step removed"),
    # customers
    "suppress": _("Not to be asked any more"),
    "lift_suppression": _("May be asked again"),
    "reveal": _("Phone or e-mail looked at"),
    "reveal_limit": _("More than 60 phone numbers and e-mail addresses wanted in an hour"),
    "export_customer": _("Customer's data downloaded"),
    "withdraw_moment": _("Moment withdrawn"),
    "make_kit": _("Kit of an idea written"),
    "retire_idea": _("Idea retired"),
    "bring_back_idea": _("Idea offered again"),
    "write_note": _("Personal note written"),
    "unsubscribe_notes": _("Personal notes not wanted"),
    "undo_unsubscribe_notes": _("Personal notes wanted again"),
    "erase_customer": _("Customer erased"),
    "merge_customers": _("Two entries of one customer put together"),
    "keep_apart": _("Looks like another entry, and is somebody else"),
    "merged_away": _("Became part of another entry"),
    "upload": _("File uploaded"),
    "choose_columns": _("Columns chosen"),
    "choose_sheet": _("Sheet of the workbook chosen"),
    "read_again": _("File read in another way"),
    "separate_by": _("Read with another separator"),
    "start_import": _("Import started"),
    "import": _("Imported"),
    "remove_file": _("Uploaded file removed"),
    "planned": _("Visit: planned"),
    "came": _("Visit: came"),
    "missed": _("Visit: missed"),
    "read": _("Calendar read"),
    # occasions
    "start_trial": _("Trial of hints planned"),
    "stop_trial": _("Trial of hints stopped"),
    # surveys and conversations
    "change_words": _("Words changed"),
    "send": _("Survey sent"),
    "stop": _("Stopped"),
    "let_count": _("Answer chosen to count"),
    "open_follow_up": _("Follow-up opened"),
    "hasten_follow_up": _("Follow-up made more urgent"),
    "reschedule_follow_up": _("Follow-up moved to another day"),
    "assign_follow_up": _("Follow-up handed on"),
    "close_follow_up": _("Follow-up closed"),
    # the delight budget
    "approve_spend": _("Sum approved"),
    "decline_spend": _("Sum declined"),
    "top_up": _("One-off extra"),
    "set_sum": _("Monthly sum set"),
    "suspend_budget": _("Budget closed"),
    "renew_suspension": _("Closing of a budget renewed"),
    "lift_suspension": _("Budget opened again"),
    "export_ledger": _("Ledger of the budget downloaded"),
    "withdraw_follow_up": _("Follow-up withdrawn"),
}

OBJECTS: dict[str, Thing] = {
    "organisation.organisation": Thing(_("Company"), "organisation", has_pk=False),
    "organisation.holiday": Thing(_("Holiday"), "holidays", has_pk=False),
    "people.user": Thing(_("Person"), "person", named=True),
    "people.team": Thing(_("Team"), "team", named=True),
    "people.membership": Thing(_("Place in a team")),
    "people.joininvitation": Thing(_("Invitation to join"), "team_list", has_pk=False),
    "people.desk": Thing(_("Shared device"), named=True),
    "customers.customer": Thing(_("Customer"), "customer", named=True),
    "customers.account": Thing(_("Customer's company"), "account_edit", named=True),
    "customers.segment": Thing(_("Segment"), "segment_edit", named=True),
    "customers.suppression": Thing(_("Wish not to be asked")),
    "customers.customerimport": Thing(pgettext_lazy("noun", "Import"), "import"),
    "customers.visit": Thing(_("Visit")),
    "customers.visitfile": Thing(_("File of visits")),
    "customers.visitcalendar": Thing(_("Calendar"), named=True),
    "moments.moment": Thing(_("Moment"), "moment"),
    "moments.idea": Thing(_("Idea"), "idea"),
    "moments.personalnote": Thing(_("Personal note")),
    "moments.occasiontrial": Thing(_("Trial of hints"), "trials", has_pk=False),
    "design.survey": Thing(_("Survey"), "survey", named=True),
    "design.surveyversion": Thing(_("Words of a survey")),
    "sending.sending": Thing(_("Sending"), "sending"),
    "answering.response": Thing(_("Answer"), "answer"),
    "answering.unsubscription": Thing(_("Unsubscribing")),
    "budget.spend": Thing(_("Sum for a customer")),
    "budget.budgetperiod": Thing(_("Budget of a month")),
    "budget.monthlysum": Thing(_("Monthly sum"), "budget_settings", has_pk=False),
    "budget.suspension": Thing(_("Closed budget")),
    "followups.followup": Thing(_("Follow-up"), "follow_up"),
}

# Names in `fields` that are no fields, or fields that have no name for people.
FIELDS: dict[str, str | Promise] = {
    "all": _("all surveys"),
    "relationship": _("surveys about the whole relationship"),
    "transactional": _("surveys after a purchase or visit"),
    "asked": _("what it asks for"),
    "response": _("answer"),
    "due_at": _("due"),
    "owner": _("looked after by"),
    "verdict": _("person or machine"),
    "delimiter": _("separator"),
    "role": _("role"),
    "until": _("until"),
    "is_sponsor": _("sponsor"),
    "address": _("address"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "state": _("state"),
    "name": _("name"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "account": _("company"),
    "customer": _("customer"),
    "is_active": _("may log in"),
    "hidden_rooms": _("hidden rooms"),
}

# What the retention clock removes, as a list of kinds with numbers behind them.
REMOVED: dict[str, str | Promise] = {
    "customers.Customer": _("Customers erased after a long silence"),
    "customers.ImportProblem": _("Notes about lines of files"),
    "customers.Visit": _("Names in old bookings"),
    "customers.VisitFile": _("Records of files of visits"),
    "answering.Hit": _("Visits to survey pages"),
    "answering.Response": _("Devices behind answers"),
    "answering.Unsubscription": _("Devices behind unsubscribing"),
    "outbox.Message": _("Lines of the list of mails"),
    "outbox.Job": _("Finished tasks"),
    "organisation.AuditEntry": _("Entries about who looked something up"),
    "organisation.CleanUp": _("Old lines of this list"),
    "people.JoinInvitation": _("Invitations to join that ended"),
    "people.ClaimedAddress": _("E-mail addresses that nobody confirmed"),
    "sessions.Session": _("Sessions that ended"),
    "usersessions.UserSession": _("Devices that are no longer signed in"),
}
