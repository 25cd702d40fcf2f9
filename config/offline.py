"""The page that the app's worker shows while the server cannot be reached: all in one, so that nothing else is kept."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView

Words = dict[str, str]

EN: Words = {
    "title": "You are offline",
    "text": "The conversations cannot be reached right now. What you wrote is kept on this device.",
    "wait": "This page comes back by itself.",
    "again": "Try now",
}
ES: Words = {
    "title": "Sin conexión",
    "text": "Ahora no se puede llegar a las conversaciones. Lo que escribiste se guarda en este dispositivo.",
    "wait": "Esta página vuelve sola.",
    "again": "Probar ahora",
}
PT: Words = {
    "title": "Você está off-line",
    "text": "Não é possível acessar as conversas agora. O que você escreveu fica guardado neste dispositivo.",
    "wait": "Esta página volta sozinha.",
    "again": "Tentar agora",
}
WORDS = {"en": EN, "es": ES, "pt": PT}

STATIC = Path(settings.BASE_DIR) / "static"
STYLE = "".join((STATIC / "css" / name).read_text() for name in ("tokens.css", "base.css", "offline.css"))
SCRIPT = (STATIC / "js" / "pages" / "offline.js").read_text()


def _hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


CSP = {
    "default-src": [NONE],
    "style-src": [_hash_of(STYLE)],
    "script-src": [_hash_of(SCRIPT)],
    "connect-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


@method_decorator(csp(CSP), name="dispatch")
class OfflinePage(TemplateView):
    """`?language=` of the reader. It says nothing of anybody, and is the only thing that the worker keeps."""

    template_name = "config/offline.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=3600"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("language", "")
        language = asked if asked in WORDS else "en"
        # Our own files.
        own = {"style": mark_safe(STYLE), "script": mark_safe(SCRIPT)}  # noqa: S308
        return super().get_context_data(language=language, words=WORDS[language], **own, **kwargs)
