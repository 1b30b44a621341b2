"""What a phone needs to keep Delight on its home screen."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

ICONS = {"img/delight-192.png": "192x192", "img/delight-512.png": "512x512"}


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest. It names no company: anybody may read it."""
    icons = [{"src": static(name), "sizes": size, "type": "image/png"} for name, size in ICONS.items()]
    icons.append({"src": static("img/delight.svg"), "sizes": "any", "type": "image/svg+xml"})
    content = {
        "name": "Delight",
        "short_name": "Delight",
        "description": _("Answers from customers, and the conversations they ask for."),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf8f3",
        "theme_color": "#fbf8f3",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script under / and not under /static/, so that it may look after the whole site."""
    script = (settings.BASE_DIR / "static" / "js" / "service-worker.js").read_bytes()
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)
