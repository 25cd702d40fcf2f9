"""The page behind a link to a file. To look at it uses nothing up: programs open every link to show what is behind."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from accounts.http import address_of
from attachments import actions
from attachments.models import Mode, ShareLink
from attachments.queries import link_of
from attachments.signing import grant_of_link
from attachments.words import words_for
from common import ratelimit
from common.errors import Forbidden, ParleyError, RateLimited

TRIES = "10/minute"
# From all addresses together: whoever has many is no faster. Whoever has used the link reads on.
WRONG_TRIES = "50/hour"


def _link(token: str) -> ShareLink:
    link = link_of(token)
    if link is None:
        raise Http404
    return link


# The token is what counts: whoever has no cookie of ours uses it, too.
@method_decorator(csrf_exempt, name="dispatch")
class SharedFile(TemplateView):
    template_name = "attachments/shared.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = kwargs["token"]
        link = _link(token)
        try:
            if link.password:
                ratelimit.hit(TRIES, "link", link.pk, address_of(request))
                ratelimit.must_be_free(WRONG_TRIES, "wrong for link", link.pk)
            self._use(link, request.POST.get("password", "")[:200])
        except (Forbidden, RateLimited) as error:
            context = self.get_context_data(problem=error)
            response = self.render_to_response(context, status=error.status)
            if error.retry_after:
                response["Retry-After"] = str(math.ceil(error.retry_after))
            return response
        except ParleyError:
            raise Http404 from None
        query = urlencode({"grant": grant_of_link(link.pk)})
        return HttpResponseRedirect(
            f"{reverse('shared-bytes', args=[token])}?{query}", status=HTTPStatus.SEE_OTHER
        )

    def _use(self, link: ShareLink, password: str) -> None:
        try:
            actions.use_link(link, password=password)
        except Forbidden:
            ratelimit.hit(WRONG_TRIES, "wrong for link", link.pk)
            raise

    def get_context_data(self, problem: ParleyError | None = None, **kwargs: Any) -> dict[str, Any]:
        link = _link(self.kwargs["token"])
        words = words_for(link.organisation.locale)
        with translation.override(link.organisation.locale):
            size = filesizeformat(link.attachment.size)
        return super().get_context_data(
            words=words,
            language=link.organisation.locale[:2],
            from_whom=words["from"].format(organisation=link.organisation.name),
            # Whoever does not have the password is not told what it is for.
            name="" if link.password else link.attachment.name,
            size=size,
            asks_password=bool(link.password),
            button=words["view"] if link.mode == Mode.VIEW else words["download"],
            problem=problem and words["too_fast" if isinstance(problem, RateLimited) else "wrong"],
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response
