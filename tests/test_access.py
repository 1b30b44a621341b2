"""Who may open what: one table over every address of the site and every kind of visitor.

A row: the address's name, the method, and what each kind of visitor gets, in the order of KINDS.
    login   is sent to the login page
    in      is let in by a POST: a form comes back, or the work is done
    number  the status
The visitors: Mill Lane's Sam looks after the customer that everything is about; Cleo is his colleague there, Mert
manages Mill Lane; Otto works at the Harbour, Nina manages it; Olga is the sponsor.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.front.world import World, every_address, world  # noqa: F401 - a fixture

KINDS = ("stranger", "staff", "colleague", "outsider", "manager", "other_manager", "sponsor")
QUICK = ("stranger",)

# Open to strangers, each for its reason. The middleware asks everybody else to sign in.
PUBLIC_DOORS = {
    "healthz", "healthz_worker",  # monitoring has no login
    "manifest", "service_worker",  # the browser fetches them without cookies
    # customers have no login; the token is the key
    "answer_page", "hidden_page", "unsubscribe", "unsubscribe_undo", "unsubscribe_again",
    "cut_link",
    "note_unsubscribe", "note_unsubscribe_undo", "note_cut_link",  # the same, for personal notes
    "digest_off",  # an employee's, from the mail of thanks
    "wall", "wall_stories", "wall_photo",  # a screen in the room has nobody to sign in; the token is the key
    "wins_calendar",  # calendar programs have no login; the token is the key
    "setup_seen",  # a sponsor's phone, outside and not signed in; the token is the key
    "desk", "desk_pin",  # on a shared device, whose cookie is the key: the way in
    "join",  # whoever is invited has no login yet; the token is the key
    "account_login", "account_logout", "account_inactive",
    "mfa_authenticate", "mfa_login_webauthn", "openid_login", "openid_callback",  # further ways in
    "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip

TABLE = """
#                                           stranger staff colleague outsider manager other_manager sponsor
home                                  GET   login 200   200   200   200   200   200
customer                              GET   login 200   200   200   200   200   200
customer_suppress                     GET   login 403   403   403   302   403   302
customer_suppress                     POST  login 403   403   403   in    403   in
customer_lift                         GET   login 403   403   403   302   403   302
customer_lift                         POST  login 403   403   403   in    403   in
two_people                            GET   login 403   403   403   302   403   302
two_people                            POST  login 403   403   403   in    403   in
customer_known                        GET   login 403   403   403   200   200   200
visit_plan_whom                       GET   login 200   200   200   200   200   200
visit_plan                            GET   login 200   200   200   200   200   200
visit_plan                            POST  login in    in    in    in    in    in
customer_export                       POST  login 403   403   403   in    403   in
customer_erase                        GET   login 403   403   403   200   403   200
customer_erase                        POST  login 403   403   403   in    403   in
my_data                               GET   login 200   200   200   200   200   200
my_data_file                          GET   login 200   200   200   200   200   200
audit                                 GET   login 403   403   403   403   403   200
audit_file                            GET   login 403   403   403   403   403   200
help                                  GET   login 200   200   200   200   200   200
help_topic                            GET   login 404   404   404   404   404   200
search                                GET   login 200   200   200   200   200   200
path                                  GET   login 403   403   403   200   200   200
rooms                                 GET   login 403   403   403   403   403   200
rooms                                 POST  login 403   403   403   403   403   in
setup                                 GET   login 403   403   403   403   403   200
setup_finish                          POST  login 403   403   403   403   403   in
setup_mail                            POST  login 403   403   403   403   403   in
setup_mail_arrived                    GET   login 403   403   403   403   403   200
setup_mail_arrived                    POST  login 403   403   403   403   403   in
setup_outside                         GET   login 403   403   403   403   403   200
setup_seen                            GET   200   200   200   200   200   200   200
setup_seen                            POST  in    in    in    in    in    in    in
own_company                           GET   login 403   403   403   403   403   404
own_company                           POST  login 403   403   403   403   403   404
healthz                               GET   200   200   200   200   200   200   200
healthz_worker                        GET   200   200   200   200   200   200   200
manifest                              GET   200   200   200   200   200   200   200
service_worker                        GET   200   200   200   200   200   200   200
mailbox                               GET   login 200   200   200   200   200   200
mailbox_mail                          GET   login 200   200   200   200   200   200
mailbox_html                          GET   login 200   200   200   200   200   200
join                                  GET   200   200   200   200   200   200   200
join                                  POST  in    in    in    in    in    in    in
profile                               GET   login 200   200   200   200   200   200
profile                               POST  login in    in    in    in    in    in
own_pin                               GET   login 302   302   302   302   302   302
own_pin                               POST  login in    in    in    in    in    in
own_address                           GET   login 302   302   302   302   302   302
own_address                           POST  login in    in    in    in    in    in
confirm_address                       GET   login 404   404   404   404   404   404
confirm_address                       POST  login 404   404   404   404   404   404
pin_open                              POST  login 403   403   404   in    404   in
desk                                  GET   404   404   404   404   404   404   404
desk_pin                              GET   404   404   404   404   404   404   404
desk_pin                              POST  404   404   404   404   404   404   404
desk_awake                            POST  login 204   204   204   204   204   204
desk_new                              GET   login 403   403   404   200   404   200
desk_new                              POST  login 403   403   404   in    404   in
desk_revoke                           POST  login 403   403   404   in    404   in
join_code                             GET   login 403   403   404   200   404   200
person_password_link                  POST  login 403   403   404   in    404   in
team_list                             GET   login 200   200   200   200   200   200
team_new                              GET   login 403   403   403   403   403   200
team_new                              POST  login 403   403   403   403   403   in
team                                  GET   login 200   200   404   200   404   200
team_edit                             GET   login 403   403   404   200   404   200
team_edit                             POST  login 403   403   404   in    404   in
invite_person                         GET   login 403   403   403   200   200   200
invite_person                         POST  login 403   403   403   in    in    in
join_revoke                           POST  login 403   403   404   in    404   in
join_again                            POST  login 403   403   404   in    404   in
membership_change                     GET   login 403   403   404   200   404   200
membership_change                     POST  login 403   403   404   in    404   in
membership_end                        POST  login 403   403   404   in    404   in
person                                GET   login 200   200   404   200   404   200
membership_new                        GET   login 403   403   404   403   404   200
membership_new                        POST  login 403   403   404   403   404   in
person_deactivate                     GET   login 403   403   404   200   404   200
person_deactivate                     POST  login 403   403   404   in    404   in
person_reactivate                     POST  login 403   403   404   403   404   in
sponsor_on                            POST  login 403   403   404   403   404   in
sponsor_off                           POST  login 403   403   404   403   404   in
organisation                          GET   login 403   403   403   403   403   200
organisation                          POST  login 403   403   403   403   403   in
holidays                              GET   login 403   403   403   403   403   200
holidays                              POST  login 403   403   403   403   403   in
holiday_remove                        POST  login 403   403   403   403   403   in
outbox                                GET   login 403   403   403   403   403   200
mail_release                          POST  login 403   403   403   403   403   in
mail_stop                          POST  login 403   403   403   403   403   in
sending_stop                          POST  login 403   403   403   in    404   in
customers                             GET   login 200   200   200   200   200   200
customer_new                          GET   login 403   403   403   200   200   200
customer_new                          POST  login 403   403   403   in    in    in
customer_edit                         GET   login 403   403   403   200   403   200
customer_edit                         POST  login 403   403   403   in    403   in
customer_reveal                       GET   login 302   403   403   302   403   302
customer_reveal                       POST  login in    403   403   in    403   in
account                               GET   login 404   404   404   200   404   200
memory                                GET   login 200   200   200   200   200   200
memory                                POST  login in    in    in    in    in    in
fact_change                           GET   login 200   403   403   200   403   200
fact_change                           POST  login in    403   403   in    403   in
fact_confirm                          GET   login 302   302   302   302   302   302
fact_confirm                          POST  login in    in    in    in    in    in
fact_pin                              GET   login 302   403   403   302   403   302
fact_pin                              POST  login in    403   403   in    403   in
fact_remove                           GET   login 302   403   403   302   403   302
fact_remove                           POST  login in    403   403   in    403   in
fact_bring_back                       GET   login 302   302   302   302   302   302
fact_bring_back                       POST  login in    in    in    in    in    in
next_time_new                         GET   login 302   302   302   302   302   302
next_time_new                         POST  login in    in    in    in    in    in
next_time_answer                      GET   login 302   302   302   302   302   302
next_time_answer                      POST  login in    in    in    in    in    in
next_time_keep                        GET   login 302   302   302   302   302   302
next_time_keep                        POST  login in    in    in    in    in    in
next_time_drop                        GET   login 302   302   302   302   302   302
next_time_drop                        POST  login in    in    in    in    in    in
brief                                 GET   login 200   200   200   200   200   200
issues                                GET   login 200   200   200   200   200   200
issue_new                             GET   login 200   200   200   200   200   200
issue_new                             POST  login in    in    in    in    in    in
issue                                 GET   login 200   200   404   200   404   200
issue_answer                          GET   login 403   403   404   302   404   302
issue_answer                          POST  login 403   403   404   in    404   in
issue_hand                            GET   login 403   403   404   302   404   302
issue_hand                            POST  login 403   403   404   in    404   in
issue_reopen                          GET   login 403   403   404   302   404   302
issue_reopen                          POST  login 403   403   404   in    404   in
moments                               GET   login 200   200   200   200   200   200
moment_new                            GET   login 200   200   200   200   200   200
moment_new                            POST  login in    in    in    in    in    in
moment_whom                           GET   login 200   200   200   200   200   200
moment_line                           GET   login 200   200   200   200   200   200
moment                                GET   login 200   200   200   200   200   200
moment_change                         GET   login 200   403   403   403   403   403
moment_change                         POST  login in    403   403   403   403   403
moment_withdraw                       GET   login 302   403   403   302   403   302
moment_withdraw                       POST  login in    403   403   in    403   in
moment_reaction                       GET   login 302   403   403   403   403   403
moment_reaction                       POST  login in    403   403   403   403   403
moment_told                           GET   login 302   403   403   403   403   403
moment_told                           POST  login in    403   403   403   403   403
moment_photo                          GET   login 200   200   200   200   200   200
moment_receipt                        GET   login 200   404   404   200   404   200
moment_receipt                        POST  login in    403   403   403   403   403
occasions                             GET   login 200   200   200   200   200   200
occasion_state                        GET   login 302   302   404   302   404   302
occasion_state                        POST  login in    in    404   in    404   in
trials                                GET   login 403   403   403   403   403   200
trial_start                           GET   login 403   403   403   403   403   302
trial_start                           POST  login 403   403   403   403   403   in
trial_stop                            GET   login 403   403   403   403   403   302
trial_stop                            POST  login 403   403   403   403   403   in
ideas                                 GET   login 200   200   200   200   200   200
idea_new                              GET   login 200   200   200   200   200   200
idea_new                              POST  login in    in    in    in    in    in
idea                                  GET   login 200   200   200   200   200   200
idea_change                           GET   login 200   403   403   200   200   200
idea_change                           POST  login in    403   403   in    in    in
idea_kit                              GET   login 403   403   403   200   200   200
idea_kit                              POST  login 403   403   403   in    in    in
idea_retire                           POST  login 403   403   403   in    in    in
idea_bring_back                       POST  login 403   403   403   in    in    in
idea_pin                              POST  login in    in    in    in    in    in
idea_unpin                            POST  login in    in    in    in    in    in
idea_steal                            POST  login in    in    in    in    in    in
idea_starter                          GET   login 200   200   200   200   200   200
idea_starter                          POST  login 400   400   400   400   400   400
note_new                              GET   login 200   403   403   200   403   200
note_new                              POST  login in    403   403   in    403   in
note_stop                             GET   login 403   403   403   302   403   302
note_stop                             POST  login 403   403   403   in    403   in
note_resume                           GET   login 403   403   403   302   403   302
note_resume                           POST  login 403   403   403   in    403   in
feed                                  GET   login 200   200   200   200   200   200
recognition_new                       GET   login 200   200   200   200   200   200
recognition_new                       POST  login in    in    in    in    in    in
recognition_who                       GET   login 200   200   200   200   200   200
spotlight_new                         GET   login 403   403   403   200   200   200
spotlight_new                         POST  login 403   403   403   in    in    in
treat_new                             GET   login 403   403   403   200   200   200
treat_new                             POST  login 403   403   403   in    in    in
recognition                           GET   login 200   200   200   200   200   200
recognition_react                     POST  login in    in    in    in    in    in
recognition_comment                   POST  login in    in    in    in    in    in
recognition_withdraw                  POST  login in    403   403   in    403   in
treat_agree                           POST  login 404   in    404   in    404   404
comment_remove                        POST  login in    403   403   in    403   in
drafts                                GET   login 403   403   403   200   200   200
draft_decide                          POST  login 404   404   404   in    404   in
quiet                                 GET   login 403   403   403   200   200   200
values                                GET   login 403   403   403   403   403   200
values                                POST  login 403   403   403   403   403   in
value_retire                          POST  login 403   403   403   403   403   in
taste                                 GET   login 200   200   200   200   200   200
taste                                 POST  login in    in    in    in    in    in
walls                                 GET   login 403   403   403   200   200   200
walls                                 POST  login 403   403   403   in    in    in
wall_link                             GET   login 404   404   404   200   404   200
wall_revoke                           POST  login 404   404   404   in    404   in
wall                                  GET   200   200   200   200   200   200   200
wall_stories                          GET   200   200   200   200   200   200   200
wall_photo                            GET   200   200   200   200   200   200   200
digest_off                            GET   200   200   200   200   200   200   200
digest_off                            POST  in    in    in    in    in    in    in
note_unsubscribe                      GET   200   200   200   200   200   200   200
note_unsubscribe                      POST  in    in    in    in    in    in    in
note_unsubscribe_undo                 GET   200   200   200   200   200   200   200
note_unsubscribe_undo                 POST  in    in    in    in    in    in    in
note_cut_link                         GET   404   404   404   404   404   404   404
note_cut_link                         POST  404   404   404   404   404   404   404
visits                                GET   login 200   200   200   200   200   200
visit                                 GET   login 200   200   404   200   404   200
visit                                 POST  login in    in    404   in    404   in
visit_state                           GET   login 302   302   404   302   404   302
visit_state                           POST  login in    in    404   in    404   in
visit_remove                          GET   login 302   302   404   302   404   302
visit_remove                          POST  login in    in    404   in    404   in
visit_customer                        GET   login 200   200   404   200   404   200
visit_customer                        POST  login in    in    404   in    404   in
visit_here                            GET   login 302   302   302   302   302   302
visit_here                            POST  login in    in    in    in    in    in
calendars                             GET   login 403   403   403   200   200   200
calendars                             POST  login 403   403   403   in    in    in
calendar                              GET   login 403   403   403   200   404   200
calendar_read                         GET   login 403   403   403   302   404   302
calendar_read                         POST  login 403   403   403   in    404   in
calendar_stop                         GET   login 403   403   403   302   404   302
calendar_stop                         POST  login 403   403   403   in    404   in
visit_files                           GET   login 403   403   403   200   200   200
visit_files                           POST  login 403   403   403   in    in    in
visit_file                            GET   login 403   403   403   200   404   200
visit_file_take                       GET   login 403   403   403   302   404   302
visit_file_take                       POST  login 403   403   403   in    404   in
accounts                              GET   login 403   403   403   200   200   200
account_new                           GET   login 403   403   403   200   200   200
account_new                           POST  login 403   403   403   in    in    in
account_edit                          GET   login 403   403   403   200   403   200
account_edit                          POST  login 403   403   403   in    403   in
segments                              GET   login 403   403   403   200   200   200
segments                              POST  login 403   403   403   in    in    in
segment_edit                          GET   login 403   403   403   200   200   200
segment_edit                          POST  login 403   403   403   in    in    in
duplicates                            GET   login 403   403   403   200   200   200
merge                                 GET   login 403   403   403   200   403   200
merge                                 POST  login 403   403   403   in    403   in
import_upload                         GET   login 403   403   403   200   200   200
import_upload                         POST  login 403   403   403   in    in    in
import                                GET   login 403   403   403   302   404   302
import_columns                        GET   login 403   403   403   200   404   200
import_columns                        POST  login 403   403   403   in    404   in
import_start                          POST  login 403   403   403   in    404   in
import_problems                       GET   login 403   403   403   200   404   200
import_problems_file                  GET   login 403   403   403   200   404   200
surveys                               GET   login 403   403   403   200   200   200
survey_new                            GET   login 403   403   403   200   200   200
survey_new                            POST  login 403   403   403   in    in    in
survey                                GET   login 403   403   403   200   200   200
survey                                POST  login 403   403   403   in    in    in
sendings                              GET   login 403   403   403   200   200   200
sending_new                           GET   login 403   403   403   200   200   200
sending_new                           POST  login 403   403   403   in    in    in
sending_mail                          GET   login 403   403   403   200   200   200
sending                               GET   login 403   403   403   200   404   200
answer_page                           GET   200   200   200   200   200   200   200
answer_page                           POST  in    in    in    in    in    in    in
hidden_page                           GET   200   200   200   200   200   200   200
cut_link                              GET   404   404   404   404   404   404   404
cut_link                              POST  404   404   404   404   404   404   404
unsubscribe                           GET   200   200   200   200   200   200   200
unsubscribe                           POST  in    in    in    in    in    in    in
unsubscribe_undo                      GET   200   200   200   200   200   200   200
unsubscribe_undo                      POST  in    in    in    in    in    in    in
unsubscribe_again                     GET   200   200   200   200   200   200   200
unsubscribe_again                     POST  in    in    in    in    in    in    in
answers                               GET   login 200   200   200   200   200   200
answer                                GET   login 200   404   404   200   404   200
answer_check                          POST  login 403   404   404   400   404   400
answer_count                          POST  login 403   404   404   in    404   in
unsubscription_check                  POST  login 403   403   403   400   404   400
budget                                GET   login 200   200   200   200   200   200
budget_reply                          POST  login in    404   404   404   404   404
budgets                               GET   login 403   403   403   200   200   200
person_budget                         GET   login 403   403   404   200   404   200
budget_sum                            POST  login 403   403   404   in    404   in
budget_extra                          POST  login 403   403   404   in    404   in
budget_close                          POST  login 403   403   404   in    404   in
budget_renew                          POST  login 403   403   404   in    404   in
budget_lift                           POST  login 403   403   404   in    404   in
approvals                             GET   login 403   403   403   200   200   200
approval_approve                      POST  login 403   403   404   in    404   in
approval_decline                      POST  login 403   403   404   in    404   in
gifts                                 GET   login 403   403   403   200   200   200
budget_file                           POST  login 403   403   403   in    in    in
budget_settings                       GET   login 403   403   403   403   403   200
budget_settings                       POST  login 403   403   403   403   403   in
budget_role_sums                      POST  login 403   403   403   403   403   in
wins                                  GET   login 200   200   200   200   200   200
wins_calendar                         GET   200   200   200   200   200   200   200
wins_next                             GET   login 302   302   404   302   404   302
wins_next                             POST  login in    in    404   in    404   in
wins_mine                             GET   login 200   200   404   200   404   403
wins_mine                             POST  login in    in    404   in    404   403
wins_plan                             GET   login 403   403   404   200   404   200
wins_plan                             POST  login 403   403   404   in    404   in
wins_stop                             POST  login 403   403   404   in    404   in
wins_link                             POST  login 403   403   404   in    404   in
wins_action                           POST  login 400   400   404   400   404   400
wins_turn                             POST  login 400   400   404   400   404   400
wins_turn_make                        POST  login in    in    404   in    404   in
wins_item                             POST  login 400   400   404   400   404   400
wins_item_note                        POST  login in    in    404   in    404   in
wins_item_move                        POST  login 400   400   404   400   404   400
wins_item_action                      POST  login in    in    404   in    404   in
wins_item_idea                        POST  login in    in    404   in    404   in
wins_item_issue                       POST  login in    in    404   in    404   in
wins_meeting                          GET   login 200   200   404   200   404   200
wins_live                             GET   login 200   200   404   200   404   200
wins_begin                            POST  login in    in    404   in    404   in
wins_unbegin                          POST  login in    in    404   in    404   in
wins_reopen                           POST  login in    in    404   in    404   in
wins_end                              POST  login in    in    404   in    404   in
wins_leader                           POST  login 400   400   404   400   404   400
wins_add                              POST  login in    in    404   in    404   in
wins_obstacle                         POST  login in    in    404   in    404   in
pulse                                 GET   login 200   200   200   200   200   200
pulse                                 POST  login in    in    in    in    in    in
follow_ups                            GET   login 200   200   200   200   200   200
follow_up                             GET   login 200   404   404   200   404   200
follow_up_close                       GET   login 302   404   404   302   404   302
follow_up_close                       POST  login in    404   404   in    404   in
follow_up_assign                      GET   login 302   404   404   302   404   302
follow_up_assign                      POST  login in    404   404   in    404   in
account_login                         GET   200   302   302   302   302   302   302
account_login                         POST  in    in    in    in    in    in    in
account_logout                        GET   302   200   200   200   200   200   200
account_logout                        POST  in    in    in    in    in    in    in
account_inactive                      GET   200   200   200   200   200   200   200
account_reauthenticate                GET   login 200   200   200   200   200   200
account_reauthenticate                POST  login in    in    in    in    in    in
account_change_password               GET   login 200   200   200   200   200   200
account_change_password               POST  login in    in    in    in    in    in
account_set_password                  GET   login 302   302   302   302   302   302
account_reset_password                GET   200   200   200   200   200   200   200
account_reset_password                POST  in    in    in    in    in    in    in
account_reset_password_done           GET   200   200   200   200   200   200   200
account_reset_password_from_key_done  GET   200   200   200   200   200   200   200
account_reset_password_from_key       GET   200   200   200   200   200   200   200
account_reset_password_from_key       POST  in    in    in    in    in    in    in
usersessions_list                     GET   login 200   200   200   200   200   200
mfa_authenticate                      GET   302   302   302   302   302   302   302
mfa_authenticate                      POST  in    in    in    in    in    in    in
mfa_login_webauthn                    GET   302   302   302   302   302   302   302
mfa_login_webauthn                    POST  in    in    in    in    in    in    in
openid_login                          GET   404   404   404   404   404   404   404
openid_callback                       GET   404   404   404   404   404   404   404
mfa_reauthenticate                    GET   login 302   302   302   302   302   302
mfa_reauthenticate                    POST  login in    in    in    in    in    in
mfa_reauthenticate_webauthn           GET   login 302   302   302   302   302   302
mfa_reauthenticate_webauthn           POST  login in    in    in    in    in    in
mfa_index                             GET   login 200   200   200   200   200   200
mfa_activate_totp                     GET   login 302   302   302   302   302   302
mfa_activate_totp                     POST  login in    in    in    in    in    in
mfa_deactivate_totp                   GET   login 404   404   404   404   404   404
mfa_deactivate_totp                   POST  login 404   404   404   404   404   404
mfa_add_webauthn                      GET   login 302   302   302   302   302   302
mfa_add_webauthn                      POST  login in    in    in    in    in    in
mfa_remove_webauthn                   GET   login 302   302   302   302   302   302
mfa_remove_webauthn                   POST  login in    in    in    in    in    in
mfa_view_recovery_codes               GET   login 200   200   200   200   200   200
mfa_download_recovery_codes           GET   login 404   404   404   404   404   404
mfa_generate_recovery_codes           GET   login 302   302   302   302   302   302
mfa_generate_recovery_codes           POST  login in    in    in    in    in    in
second_step_remove                    POST  login 403   403   404   403   404   in
"""

LINES = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
ROWS = [(name, method, seen) for name, method, *seen in LINES]


def seen_by(there: World, login: str, name: str, method: str) -> str:
    """What a visitor gets, in the table's words, in a new browser; whatever it did is undone."""
    browser = Client()
    if login:
        browser.cookies[settings.SESSION_COOKIE_NAME] = login
    with transaction.atomic():
        answer = browser.generic(method, there.url(name))
        transaction.set_rollback(True)
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login") + "?"):
        return "login"
    if method == "POST" and answer.status_code in (200, 302, 409, 422):
        return "in"
    return str(answer.status_code)


@pytest.mark.parametrize("who", [pytest.param(who, marks=() if who in QUICK else pytest.mark.slow) for who in KINDS])
def test_everybody_gets_what_the_table_says(who, world):  # noqa: F811 - the fixture
    column, login = KINDS.index(who), world.login(who)
    expected = {f"{method} {name}": answers[column] for name, method, answers in ROWS}
    assert {f"{method} {name}": seen_by(world, login, name, method) for name, method, _all in ROWS} == expected


def test_every_address_has_a_row():
    addresses = set(every_address())
    assert "None" not in addresses, "an address without a name"
    assert addresses == {row[0] for row in ROWS}


def test_the_public_doors_are_those_on_the_list_and_no_others():
    doors = {name for name, pattern in every_address().items() if not getattr(pattern.callback, "login_required", True)}
    assert doors == PUBLIC_DOORS


@pytest.mark.parametrize("who", ["staff", pytest.param("sponsor", marks=pytest.mark.slow)])
def test_what_has_only_a_row_for_post_refuses_get(who, world):  # noqa: F811 - the fixture
    only_post, login = {row[0] for row in ROWS} - {row[0] for row in ROWS if row[1] == "GET"}, world.login(who)
    assert only_post
    assert {name: seen_by(world, login, name, "GET") for name in only_post} == dict.fromkeys(only_post, "405")
