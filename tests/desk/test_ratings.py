"""Carol was served, and says how it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest

from accounts.models import Token
from common.clock import now
from desk.actions import assign, resolve
from desk.models import Assignment, Rating
from messaging.models import Conversation
from tests.cast import Cast
from tests.conftest import ApiFactory, Published


@pytest.fixture
def done(cast: Cast, support: Conversation) -> Assignment:
    assignment = assign(cast.bob.actor, conversation_id=support.pk)
    return resolve(cast.bob.actor, assignment_id=assignment.pk)


def rate(api: ApiFactory, who: Any, conversation: Conversation, **said: object) -> Any:
    return api(who).post(f"desk/ratings/{conversation.pk}/", said)


def test_carol_rates_and_the_staff_are_told(
    cast: Cast, support: Conversation, done: Assignment, api: ApiFactory, published: Published
) -> None:
    asked = api(cast.carol).get(f"desk/ratings/{support.pk}/").json()
    assert asked == {"results": [], "next": None, "may_rate": True, "rating": None}
    published()
    rated = rate(api, cast.carol, support, score=5, comment="Quick!")
    assert rated.status_code == 200
    expected = {
        "assignment": str(done.pk),
        "assignee": {"id": cast.bob.id, "name": "Bob", "role": "agent"},
        "score": 5,
        "comment": "Quick!",
        "created_at": ANY,
        "changed_at": None,
    }
    assert rated.json() == expected
    ((event, audience),) = published()
    assert event.frame() == {"type": "rating", "conversation": str(support.pk), "rating": expected}
    assert {str(one) for one in audience} == {cast.bob.id}
    seen = api(cast.bob).get(f"desk/ratings/{support.pk}/").json()
    assert seen == {"results": [expected], "next": None, "may_rate": False, "rating": expected}


def test_she_changes_her_mind_for_a_day(
    cast: Cast, support: Conversation, done: Assignment, api: ApiFactory
) -> None:
    rate(api, cast.carol, support, score=5)
    assert rate(api, cast.carol, support, score=2, comment="Cold").json()["changed_at"] is not None
    Rating.objects.update(created_at=now() - timedelta(hours=25))
    refused = rate(api, cast.carol, support, score=1)
    assert (refused.status_code, refused.json()["error"]["current"]["score"]) == (409, 2)
    assert api(cast.carol).get(f"desk/ratings/{support.pk}/").json()["may_rate"] is False


def test_what_is_open_is_not_rated(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    assign(cast.bob.actor, conversation_id=support.pk)
    assert rate(api, cast.carol, support, score=5).status_code == 409
    assert api(cast.carol).get(f"desk/ratings/{support.pk}/").json()["may_rate"] is False


def test_each_resolution_is_rated_by_itself(
    cast: Cast, support: Conversation, done: Assignment, api: ApiFactory
) -> None:
    rate(api, cast.carol, support, score=2)
    again = assign(cast.bob.actor, conversation_id=support.pk)
    resolve(cast.bob.actor, assignment_id=again.pk)
    rate(api, cast.carol, support, score=4)
    told = api(cast.bob).get(f"desk/ratings/{support.pk}/").json()["results"]
    assert [(one["score"], one["assignment"]) for one in told] == [(4, str(again.pk)), (2, str(done.pk))]


def test_only_who_was_served_rates(
    cast: Cast, support: Conversation, done: Assignment, api: ApiFactory
) -> None:
    assert rate(api, cast.bob, support, score=5).status_code == 403
    assert rate(api, cast.dana, support, score=5).status_code == 404
    assert rate(api, cast.paula, support, score=5).status_code == 404


@pytest.mark.parametrize("said", [{}, {"score": 0}, {"score": 6}, {"score": 5, "comment": "a" * 1001}])
def test_what_is_no_rating(
    cast: Cast, support: Conversation, done: Assignment, api: ApiFactory, said: dict[str, object]
) -> None:
    assert rate(api, cast.carol, support, **said).status_code == 400


def test_a_site_asks_nobody(cast: Cast, support: Conversation, done: Assignment, api: ApiFactory) -> None:
    Token.objects.filter(member=cast.carol.member).update(site=cast.site)
    cast.site.asks_rating = False
    cast.site.save()
    assert api(cast.carol).get(f"desk/ratings/{support.pk}/").json()["may_rate"] is False
    assert rate(api, cast.carol, support, score=5).status_code == 403
