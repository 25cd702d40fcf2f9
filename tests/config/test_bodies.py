"""Files come in where more than a text may: by a larger body, and by threads that hold up nobody else's request."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.urls import get_resolver, resolve
from rest_framework.parsers import MultiPartParser

from config.bodies import MAX_BODY, is_upload, limit_of
from tests.architecture.matrix import routes_of


def takes_files(path: str) -> bool:
    view = getattr(resolve(path).func, "cls", None)
    return MultiPartParser in getattr(view, "parser_classes", ())


def test_every_view_that_takes_files_is_known() -> None:
    routes = [one for one in routes_of(get_resolver()) if one.path.startswith("/api/")]
    paths = [one.url(dict.fromkeys(one.parameters, str(uuid4()))) for one in routes]
    assert [path for path in paths if takes_files(path) != is_upload(path)] == []
    assert len([path for path in paths if takes_files(path)]) == 2


def test_how_large_a_body_may_be() -> None:
    assert limit_of(f"/api/v1/chat/upload/{uuid4()}/") == settings.UPLOAD_MAX_BODY
    assert limit_of(f"/api/v1/chat/attachments/{uuid4()}/versions/") == settings.UPLOAD_MAX_BODY
    assert limit_of("/api/v1/chat/messages/") == limit_of("/x/api/v1/chat/upload/") == MAX_BODY
