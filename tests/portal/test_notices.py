"""Whoever decides is told of what is new, and whoever asked of what was decided: in the inbox, by push, by e-mail."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest

from accounts.models import Member, Organisation, Role, SpaceAccess
from attachments.actions import Decision, review_file
from attachments.models import Approval, UploadPolicy
from delivery.actions import add_webhook
from portal.actions import approve_request, create_request, reject_request, withdraw_request
from portal.models import ClientRequest
from tests.cast import Cast, Person
from tests.conftest import Api, Published, RunTasks
from tests.delivery.conftest import Tell
from tests.delivery.services import MailServer, PushService
from tests.hosts import Host
from tests.portal.asked import asked, bring, file_with


def new_request(person: Person, cast: Cast) -> ClientRequest:
    made, _ = create_request(
        person.actor, client_id=uuid4(), space=cast.room.pk, kind="material", title="Two towels"
    )
    return made


def inbox(person: Person) -> list[Any]:
    found: list[Any] = Api(person).get("notifications/").json()["results"]
    return found


def told(published: Published) -> list[tuple[Any, set[str]]]:
    heard = [(event.frame(), {str(one) for one in audience}) for event, audience in published()]
    return [(frame, audience) for frame, audience in heard if frame["type"] == "notification"]


def test_deciders_and_then_carol(cast: Cast, published: Published) -> None:
    request = new_request(cast.carol, cast)
    notice = {
        "id": ANY,
        "kind": "new_request",
        "conversation": None,
        "message": None,
        "seq": None,
        "actor": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "excerpt": "",
        "data": {"request": str(request.pk), "title": "Two towels"},
        "created_at": ANY,
        "read_at": None,
        "dismissed_at": None,
    }
    frame = {"type": "notification", "notification": notice, "unread": 1, "alert": True}
    news = told(published)
    assert [one for one, _ in news] == [frame, frame]
    assert {one for _, audience in news for one in audience} == {cast.marta.id, cast.alice.id}
    assert inbox(cast.marta) == [notice]
    assert inbox(cast.bob) == inbox(cast.carol) == []

    reject_request(cast.marta.actor, request_id=request.pk, reason="There are four.")
    *settled, (decision, audience) = told(published)
    assert all(one["notification"]["dismissed_at"] and one["unread"] == 0 for one, _ in settled)
    assert {one for _, those in settled for one in those} == {cast.marta.id, cast.alice.id}
    assert inbox(cast.marta) == inbox(cast.alice) == []
    (only,) = inbox(cast.carol)
    assert (decision["notification"], decision["alert"], audience) == (only, True, {cast.carol.id})
    assert (only["kind"], only["actor"]["name"], only["data"]) == (
        *("request_status", "Marta"),
        {"request": str(request.pk), "title": "Two towels", "status": "rejected"},
    )


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, published: Published) -> None:
    request = new_request(cast.marta, cast)
    assert [audience for _, audience in told(published)] == [{cast.alice.id}]
    approve_request(cast.marta.actor, request_id=request.pk)
    assert inbox(cast.marta) == inbox(cast.alice) == []


def test_what_is_taken_back_needs_nobody(cast: Cast) -> None:
    request = new_request(cast.carol, cast)
    Api(cast.alice).post(f"notifications/{inbox(cast.alice)[0]['id']}/read/")
    withdraw_request(cast.carol.actor, request_id=request.pk)
    assert inbox(cast.marta) == inbox(cast.carol) == []
    assert [one["read_at"] is None for one in inbox(cast.alice)] == [False], "read of it, and it stays"


def test_who_sees_it_no_more_is_told_nothing(cast: Cast) -> None:
    request = new_request(cast.carol, cast)
    SpaceAccess.objects.filter(member=cast.carol.member).delete()
    approve_request(cast.marta.actor, request_id=request.pk)
    assert inbox(cast.carol) == []
    new_request(cast.bob, cast)
    assert len(inbox(cast.marta)) == 1
    Member.objects.filter(pk=cast.marta.member.pk).update(role=Role.AGENT)
    assert inbox(cast.marta) == []


def test_carol_does_not_want_to_be_told(cast: Cast) -> None:
    Api(cast.carol).patch("preferences/", {"kinds": {"request_status": {"inbox": False}}})
    Api(cast.marta).patch("preferences/", {"kinds": {"new_request": {"inbox": False}}})
    request = new_request(cast.carol, cast)
    approve_request(cast.alice.actor, request_id=request.pk)
    assert inbox(cast.carol) == inbox(cast.marta) == []


def test_marta_is_pushed_and_carol_too(cast: Cast, service: PushService, tell: Tell) -> None:
    browsers = {}
    for person in (cast.marta, cast.carol):
        browsers[person.id] = service.browser()
        Api(person).post("push-subscriptions/", browsers[person.id].subscription())
    request = new_request(cast.carol, cast)
    tell()
    (pushed,) = service.take()
    payload = browsers[cast.marta.id].read(pushed)
    address = f"/chat/?organisation=hotel#request={request.pk}"
    assert {name: payload[name] for name in ("kind", "title", "body", "url", "conversation")} == {
        "kind": "new_request",
        "title": "Carol asks for something",
        "body": "Two towels",
        "url": address,
        "conversation": None,
    }
    approve_request(cast.marta.actor, request_id=request.pk)
    tell()
    (pushed,) = service.take()
    payload = browsers[cast.carol.id].read(pushed)
    assert (payload["title"], payload["url"]) == ("Marta approved your request", address)


@pytest.mark.parametrize(
    ("locale", "subjects", "link"),
    [
        ("en", ["Carol asks for something", "Marta rejected your request"], "Open the request: http"),
        ("es", ["Carol ha hecho una solicitud", "Marta rechazó tu solicitud"], "Abrir la solicitud: http"),
        (
            "pt-br",
            ["Carol fez uma solicitação", "Marta recusou sua solicitação"],
            "Abrir a solicitação: http",
        ),
    ],
)
def test_they_are_mailed(
    cast: Cast, post_office: MailServer, tell: Tell, locale: str, subjects: list[str], link: str
) -> None:
    Member.objects.filter(pk=cast.marta.member.pk).update(email="marta@example.com")
    Member.objects.filter(pk=cast.carol.member.pk).update(email="carol@example.com")
    Organisation.objects.update(locale=locale)
    request = new_request(cast.carol, cast)
    tell()
    reject_request(cast.marta.actor, request_id=request.pk)
    tell()
    mails = post_office.take()
    assert [(one["To"], one["Subject"]) for one in mails] == [
        ("marta@example.com", subjects[0]),
        ("carol@example.com", subjects[1]),
    ]
    for mail in mails:
        part = mail.get_body(("plain",))
        assert part
        text = part.get_content()
        assert "Two towels" in text
        assert link in text
        assert f"#request={request.pk}" in text


def test_what_it_is_called_stays_here_when_the_hotel_says_so(
    cast: Cast, post_office: MailServer, tell: Tell
) -> None:
    Member.objects.filter(pk=cast.marta.member.pk).update(email="marta@example.com")
    Organisation.objects.update(notices_show_text=False)
    new_request(cast.carol, cast)
    tell()
    (mail,) = post_office.take()
    assert "towels" not in mail.as_string()


def test_a_decision_that_came_before_the_mail_leaves_none(
    cast: Cast, post_office: MailServer, tell: Tell
) -> None:
    Member.objects.filter(pk=cast.marta.member.pk).update(email="marta@example.com")
    request = new_request(cast.carol, cast)
    approve_request(cast.alice.actor, request_id=request.pk)
    tell()
    assert post_office.take() == []


def test_carol_is_told_of_her_file_and_so_is_the_host(cast: Cast, host: Host, run_tasks: RunTasks) -> None:
    add_webhook(cast.alice.actor, url=host.url(), events=["file.*"])
    everything = {"auto_approve": [], "require_approval": ["*/*"]}
    UploadPolicy.objects.create(organisation=cast.hotel, approval=Approval.CLIENTS, **everything)
    request = asked(cast.carol, cast.room)
    [file] = bring(cast.carol, request.pk, ("note.txt", b"Hello")).json()["results"]
    review_file(cast.bob.actor, attachment_id=file_with(file["id"]).pk, decision=Decision.APPROVE)
    (only,) = inbox(cast.carol)
    assert (only["kind"], only["actor"]["name"], only["data"]) == (
        *("file_decision", "Bob"),
        {"file": file["id"], "state": "approved", "request": str(request.pk)},
    )
    run_tasks()
    (body,) = (json.loads(one.body) for one in host.heard)
    assert (body["event"], body["data"]["file"]["name"]) == ("file.approved", "note.txt")
    assert body["data"]["file"]["request"] == str(request.pk)
