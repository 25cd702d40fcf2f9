"""Alice writes in the admin what may be uploaded: what is written wrongly is told there, and not to whoever uploads."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.contrib import admin
from django.forms import JSONField
from django.test import RequestFactory

from accounts.admin_json import StrictJSONField
from accounts.admin_site import EditableTenantAdmin
from accounts.models import User
from attachments.models import UploadPolicy
from messaging.models import Conversation
from tests.attachments.sharing import upload
from tests.cast import Cast
from tests.clients import Client

LISTS = ("extensions", "auto_approve", "require_approval")


def written(cast: Cast, **fields: str) -> Any:
    client = Client()
    assert cast.alice.member.user
    client.force_login(cast.alice.member.user)
    told = {
        "organisation": str(cast.hotel.pk),
        "is_enabled": "on",
        "max_bytes": "1000",
        "max_bytes_by_kind": "{}",
        "quota": "1000",
        "guest_quota": "1000",
        "approval": "everyone",
        "uploads_at_once": "3",
        **dict.fromkeys(LISTS, "[]"),
        **fields,
    }
    return client.post("/admin/attachments/uploadpolicy/add/", told)


@pytest.mark.parametrize("empty", ["", "null", "[]", "{}", '""'])
@pytest.mark.parametrize("field", ["max_bytes_by_kind", *LISTS])
def test_what_is_left_empty_says_nothing(cast: Cast, support: Conversation, field: str, empty: str) -> None:
    assert written(cast, **{field: empty}).status_code == 302
    assert getattr(UploadPolicy.objects.get(), field) == ({} if field == "max_bytes_by_kind" else [])
    assert upload(cast.carol, support, ("a.txt", b"Hello")).status_code == 201


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("max_bytes_by_kind", '{"films": 5}'),
        ("max_bytes_by_kind", '{"video": true}'),
        ("max_bytes_by_kind", '["video"]'),
        ("extensions", '"pdf"'),
        ("extensions", "[1]"),
        ("auto_approve", '["image/png\\u0000"]'),
        ("require_approval", '{"image/png": 1}'),
    ],
)
def test_what_is_wrong_is_told(cast: Cast, field: str, wrong: str) -> None:
    page = written(cast, **{field: wrong})
    assert (page.status_code, set(page.context["adminform"].errors)) == (200, {field})
    assert not UploadPolicy.objects.exists()


DEEP = "[" * 500 + "]" * 500
ENDLESS = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "wrong",
    ["{", DEEP, ENDLESS, '["\\ud800"]', '{"\\udfff": 1}', '["\\u0000"]', "[NaN]", "[1e999]"],
    ids=lambda it: f"{it[:12]} {len(it)}",
)
@pytest.mark.parametrize("field", ["max_bytes_by_kind", "extensions"])
def test_what_is_no_plain_json_is_told(cast: Cast, field: str, wrong: str) -> None:
    """By the page, which shows what was written again."""
    page = written(cast, **{field: wrong})
    assert (page.status_code, set(page.context["adminform"].errors)) == (200, {field})
    assert wrong[:500] in html.unescape(page.text)


def test_every_box_of_json_is_read_so(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    boxes = {
        (model.__name__, name): type(field)
        for model, page in admin.site._registry.items()
        if isinstance(page, EditableTenantAdmin)
        for name, field in page.get_form(request, change=False).base_fields.items()
        if isinstance(field, JSONField)
    }
    assert ("UploadPolicy", "extensions") in boxes
    assert set(boxes.values()) == {StrictJSONField}
