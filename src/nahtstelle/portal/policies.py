"""What browsers may load from which page."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

_EDITOR = {
    # Wagtail's editing screens write styles and some scripts into their pages.
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
_EMBEDDED = {"frame-ancestors": ["*"]}


class ContentSecurityPolicy(CSPMiddleware):
    """The policy of the settings, with exceptions for the editing screens and for what others may embed."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header that fits the page."""
        if getattr(request, "is_dummy", False):
            return response  # Wagtail's preview: the editing screen around it sets the policy
        path = request.path_info.removeprefix("/en")
        if path.startswith(reverse("wagtailadmin_home")):
            response._csp_replace = _EDITOR  # type: ignore[attr-defined]
        elif path.startswith("/embed/"):
            response._csp_replace = _EMBEDDED  # type: ignore[attr-defined]
        elif response.get("Content-Type", "").startswith("image/svg"):
            # A drawing carries its own styles and runs nothing.
            response._csp_replace = {"script-src": [NONE], "style-src": [UNSAFE_INLINE]}  # type: ignore[attr-defined]
        response["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), payment=()"
        return super().process_response(request, response)
