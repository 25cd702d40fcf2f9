"""REST about files in figures."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from accounts.permissions import Permission
from attachments.figures import Span, as_rows, figures_of
from attachments.serializers import FiguresQuery
from common.api import read_input
from common.clock import now

MONTH = timedelta(days=30)
# A program of tables takes what begins with one of these for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Figures(ActorView):
    """The last 30 days, unless others are asked for."""

    def get(self, request: Request) -> Response:
        return Response(self._figures(request))

    def _figures(self, request: Request) -> dict[str, Any]:
        self.actor.must(Permission.SEE_EVERY_CONVERSATION)
        query = read_input(FiguresQuery, request.query_params)
        until = query.get("until") or now().date()
        since = query.get("since") or until - MONTH
        return figures_of(Span(self.actor.organisation_id, since, until))


class FiguresTable(Figures):
    def get(self, request: Request) -> Any:
        out = StringIO()
        table = csv.writer(out)
        table.writerow(["figure", "value"])
        table.writerows((_cell(where), _cell(value)) for where, value in as_rows(self._figures(request)))
        response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="files.csv"'
        return response


def _cell(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA)
    return f"'{value}" if is_formula else value
