"""Every address of the site, room by room; the customers' first, since most visits are theirs."""

from django.urls import include, path

urlpatterns = [
    path("", include("surveys.answering.urls")),
    path("", include("delight.front.urls")),
    path("", include("staff.people.urls")),
    path("organisation/", include("delight.organisation.urls")),
    path("outbox/", include("delight.outbox.urls")),
    path("customers/", include("delight.customers.urls")),
    path("visits/", include("delight.customers.visits.urls")),
    path("issues/", include("delight.programme.urls")),
    path("moments/", include("staff.moments.urls")),
    path("ideas/", include("staff.moments.idea_urls")),
    path("", include("staff.moments.note_urls")),
    path("occasions/", include("staff.moments.occasion_urls")),
    path("budget/", include("staff.budget.urls")),
    path("wins/", include("staff.wins.urls")),
    path("pulse/", include("staff.wins.pulse_urls")),
    path("recognition/", include("staff.recognition.urls")),
    path("", include("staff.recognition.public_urls")),
    path("surveys/", include("surveys.design.urls")),
    path("sendings/", include("surveys.sending.urls")),
    path("follow-ups/", include("surveys.followups.urls")),
    path("account/", include("staff.people.account_urls")),
]

handler400 = "delight.front.views.bad_request"
handler403 = "delight.front.views.forbidden"
handler404 = "delight.front.views.not_found"
handler500 = "delight.front.views.server_error"
