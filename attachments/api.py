"""REST about files: their bytes, to whoever may read what holds them."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from accounts.http import ActorView
from attachments.access import NO_FILE, get_attachment
from attachments.filing import MIMES, beside
from attachments.inspection.kinds import Kind
from attachments.models import Attachment
from attachments.serializers import SizeQuery
from attachments.serving import serve
from common.api import read_input
from common.errors import NotFound

PLAYED = (Kind.AUDIO, Kind.VIDEO)


class Download(ActorView):
    """Of an image, what was made of it: upright, and without what its camera wrote. Nobody is given the original."""

    def get(self, request: Request, attachment_id: UUID) -> HttpResponseBase:
        file = get_attachment(self.actor, attachment_id)
        query = read_input(SizeQuery, request.query_params)
        key, extension = self._asked_for(file, query.get("size"))
        return serve(
            key,
            name=str(PurePath(file.name).with_suffix(f".{extension}")) if extension else file.name,
            mime=MIMES[extension] if extension else file.mime,
            inline=query["inline"] and bool(extension or file.kind in PLAYED),
            headers=request.headers,
        )

    def _asked_for(self, file: Attachment, size: str | None) -> tuple[str, str]:
        """Its key, and the extension of what was made of it; none for the file as it is."""
        if size is None:
            made = "served", file.served_extension
        else:
            thumbnail = file.thumbnails.filter(size=size).first()
            if thumbnail is None:
                raise NotFound(NO_FILE)
            made = size, thumbnail.extension
        return (beside(file.key, *made), made[1]) if made[1] else (file.key, "")
