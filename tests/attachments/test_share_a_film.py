"""Carol shares a film from her phone: Bob gets the film, and not where she lives."""

from __future__ import annotations

from messaging.models import Conversation
from tests.attachments.corpus import box, mp4
from tests.attachments.sharing import say_with, taken
from tests.cast import Cast
from tests.conftest import Api

PLACE = b"+48.1374+011.5755/"
FILM = mp4(b"vide", b"soun", of_film=box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7", PLACE)))


def test_a_film_says_no_place(cast: Cast, support: Conversation) -> None:
    file = taken(cast.carol, support, "tap.mp4", FILM)
    say_with(cast.carol, support, file["id"])

    response = Api(cast.bob).get(f"chat/download/{file['id']}/?inline=true")

    assert (response.status_code, response["Content-Type"]) == (200, "video/mp4")
    assert response["Content-Disposition"] == 'inline; filename="tap.mp4"'
    content = b"".join(response.streaming_content)
    assert len(content) == len(FILM)
    assert PLACE not in content
