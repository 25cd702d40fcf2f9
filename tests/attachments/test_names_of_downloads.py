"""A picture is downloaded by its uploader's name, with the ending of what it is given as."""

from __future__ import annotations

import pytest

from attachments.models import Attachment
from attachments.serving import copy_of
from messaging.models import Conversation
from tests.attachments.sharing import picture, taken
from tests.cast import Cast
from tests.conftest import Api


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.jpg", "a.jpg"),
        ("a.jpg.", "a.jpg"),
        ("a.b.jpg. .", "a.b.jpg"),
        ("a.png", "a.jpg"),
        ("a", "a.jpg"),
        ("año 1.JPEG", "año 1.jpg"),
    ],
)
def test_what_it_is_called(name: str, shown: str) -> None:
    file = Attachment(name=name, kind="image", mime="image/png", key="x/y.png", served_extension="jpg")
    assert copy_of(file, None, inline=False).name == shown


def test_a_name_that_ends_in_a_dot(cast: Cast, support: Conversation) -> None:
    id = taken(cast.carol, support, "a.jpg.", picture())["id"]
    response = Api(cast.carol).get(f"chat/download/{id}/")
    assert response["Content-Disposition"] == 'attachment; filename="a.jpg"'
