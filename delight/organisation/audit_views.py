"""The sponsors' page about who did what."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from delight.organisation import audit
from delight.organisation.access import get_organisation_for
from delight.organisation.audit_forms import AuditForm


@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    company = get_organisation_for(request.user)
    form = AuditForm(request.GET or None)
    chosen = form.chosen() if form.is_bound else {}
    page = Paginator(audit.entries(**chosen), 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "entries": audit.in_words(page),
        "query": urlencode(chosen),
        "removed": audit.removed(),
        "keep_log_days": company.keep_log_days,
        "forget_after_months": company.forget_after_months,
    }
    return render(request, "organisation/audit.html", context)


@require_safe
def audit_file(request: HttpRequest) -> StreamingHttpResponse:
    get_organisation_for(request.user)
    form = AuditForm(request.GET or None)
    lines = audit.as_csv(audit.entries(**(form.chosen() if form.is_bound else {})))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate()}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
