"""Files come in where more than a text may: by a larger body, and by threads that hold up nobody else's request."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import get_resolver, resolve
from rest_framework.parsers import MultiPartParser

from common.api import StrictJSONParser
from config.bodies import MAX_BODY, is_upload, limit_of
from tests.architecture.matrix import routes_of

FORM = 'multipart/form-data; boundary="x"'
JSON = "application/json"


def parsers_of(path: str) -> set[type]:
    view = getattr(resolve(path).func, "cls", None)
    return set(getattr(view, "parser_classes", ()))


def paths_of_rest() -> list[str]:
    routes = [one for one in routes_of(get_resolver()) if one.path.startswith("/api/")]
    return [one.url(dict.fromkeys(one.parameters, str(uuid4()))) for one in routes]


def test_every_view_that_takes_files_is_known() -> None:
    paths = paths_of_rest()
    forms = [path for path in paths if MultiPartParser in parsers_of(path)]
    both = [path for path in forms if StrictJSONParser in parsers_of(path)]
    assert both == ["/api/v1/chat/messages/"]
    assert len(forms) == 4
    assert [path for path in paths if is_upload(path, FORM)] == forms
    assert [path for path in paths if is_upload(path, JSON)] == [path for path in forms if path not in both]


def test_nginx_knows_them_too() -> None:
    site = (settings.BASE_DIR / "nginx" / "parley.conf").read_text()
    [place] = re.findall(r"location ~ (\S+) \{", site)
    paths = [path for path in paths_of_rest() if MultiPartParser in parsers_of(path)] + ["/contact/site_x/"]
    assert [path for path in paths if re.match(place, path)] == paths


def test_how_large_a_body_may_be() -> None:
    assert limit_of(f"/api/v1/chat/upload/{uuid4()}/") == settings.UPLOAD_MAX_BODY
    assert limit_of(f"/api/v1/chat/attachments/{uuid4()}/versions/") == settings.UPLOAD_MAX_BODY
    assert limit_of("/api/v1/client-request-attachments/") == settings.UPLOAD_MAX_BODY
    assert limit_of("/api/v1/client-requests/") == MAX_BODY
    assert limit_of("/api/v1/chat/messages/") == limit_of("/x/api/v1/chat/upload/") == MAX_BODY


@pytest.mark.parametrize("types", [(FORM,), ("Multipart/Form-Data",), ("multipart/form-data ;boundary=x",)])
def test_a_form_may_be_large(types: tuple[str, ...]) -> None:
    for path in ("/api/v1/chat/messages/", "/api/v1/chat/messages/?x=1", "/api/v1/chat/messages/?"):
        assert limit_of(path, *types) == settings.UPLOAD_MAX_BODY


@pytest.mark.parametrize(
    "types",
    [
        (),
        ("",),
        (JSON,),
        ("application/json; a=multipart/form-data",),
        ("multipart/form-data-not",),
        # What a server makes one of, and what is read as the first.
        (JSON, FORM),
        (FORM, JSON),
        (f"{FORM},{JSON}",),
    ],
)
def test_what_is_no_form_is_small(types: tuple[str, ...]) -> None:
    assert limit_of("/api/v1/chat/messages/", *types) == MAX_BODY


def test_no_other_form_is_large() -> None:
    for path in (
        "/api/v1/chat/messages/my_mentions/",
        f"/api/v1/chat/messages/{uuid4()}/",
        "/api/v1/chat/sync/",
    ):
        assert limit_of(path, FORM) == MAX_BODY


def test_a_contact_form_brings_a_file() -> None:
    assert limit_of("/contact/site_x/", FORM) == settings.UPLOAD_MAX_BODY
    assert limit_of("/contact/site_x/", JSON) == limit_of("/contact/site_x/thanks/", FORM) == MAX_BODY
