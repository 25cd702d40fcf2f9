"""Pages that belong to being told: the link in an e-mail, and the program that shows pushes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from accounts.models import Member
from delivery import actions
from delivery.mailing import member_of_link
from delivery.words import words_for

WORKER = Path(settings.BASE_DIR) / "static" / "js" / "push-worker.js"


# A mail program posts it by itself (RFC 8058), and has no cookie of ours: the signature is what counts.
@method_decorator(csrf_exempt, name="dispatch")
class StopEmails(TemplateView):
    """To look at it changes nothing: programs open every link of an e-mail."""

    template_name = "delivery/stop.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actions.stop_emails(self._member.pk)
        return self.render_to_response(self.get_context_data(is_done=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self._member.organisation
        words = words_for(self._member.language)
        question = words["stop_question"].format(organisation=organisation.name)
        return super().get_context_data(words=words, question=question, **kwargs)

    @property
    def _member(self) -> Member:
        id = member_of_link(self.kwargs["token"])
        found = id and Member.objects.active().select_related("organisation").filter(pk=UUID(id)).first()
        if not found:
            raise Http404
        return found


@require_GET
def push_worker(request: HttpRequest) -> HttpResponse:
    """From below /chat/, since a worker may look after nothing above the place that it came from."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
