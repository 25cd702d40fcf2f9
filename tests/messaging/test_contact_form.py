"""A page of ours has a contact form and the widget: both know who is signed in, and the form needs no script."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from pytest_django import Settings

from accounts.actor import Actor, Credential
from accounts.embed import sign_member
from accounts.models import Member, Organisation, Role, Site
from attachments.models import Attachment
from common.clock import now
from messaging.models import Conversation, Kind, Message
from tests.accounts.test_widget_session import SESSION
from tests.attachments.sharing import picture
from tests.cast import Cast, Person
from tests.clients import Client
from tests.conftest import ApiFactory, Published

WRITTEN = {"name": "Dora", "email": "dora@example.com", "text": "Is there a <crib>?"}


def page_of(cast: Cast) -> str:
    return f"/contact/{cast.site.key}/"


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    return found[1] if found else ""


def filled(client: Client, cast: Cast, **change: Any) -> dict[str, Any]:
    """As a browser sends the form that it was shown."""
    shown = client.get(page_of(cast)).content.decode()
    return {**WRITTEN, **{name: hidden(shown, name) for name in ("client_id", "visitor")}, **change}


def test_a_visitor_writes_with_a_file(cast: Cast, published: Published) -> None:
    client = Client()
    file = SimpleUploadedFile("room.jpg", picture(), "image/jpeg")
    sent = client.post(page_of(cast), filled(client, cast, file=file), follow=True)

    assert sent.redirect_chain == [(f"{page_of(cast)}thanks/", 303)]
    assert "Hotel has your message." in sent.content.decode()
    said = Message.objects.select_related("sender", "conversation").get()
    assert (said.body, said.sender.name, said.sender.email, said.sender.role) == (
        "Is there a <crib>?",
        "Dora",
        "dora@example.com",
        Role.GUEST,
    )
    assert (said.conversation.kind, said.conversation.client_id) == (Kind.SUPPORT, said.sender_id)
    assert Attachment.objects.get(holder=said.pk).name == "room.jpg"
    assert [event.frame()["type"] for event, _ in published()] == ["conversation", "message"]


def test_sent_twice_it_is_said_once(cast: Cast) -> None:
    client = Client()
    form = filled(client, cast)
    for _ in range(2):
        assert client.post(page_of(cast), form).status_code == 303
    assert Message.objects.count() == 1
    assert Member.objects.filter(name="Dora").count() == 1


def test_whoever_goes_back_and_writes_something_else_is_heard(cast: Cast) -> None:
    client = Client()
    form = filled(client, cast)
    for text in ("Is there a crib?", "And a high chair?"):
        assert client.post(page_of(cast), {**form, "text": text}).status_code == 303
    said = Message.objects.order_by("seq").values_list("body", flat=True)
    assert list(said) == ["Is there a crib?", "And a high chair?"]


def test_who_corrects_their_address_is_written_to_there(cast: Cast) -> None:
    client = Client()
    form = filled(client, cast, email="dora@exmaple.com")
    refused = client.post(page_of(cast), {**form, "file": SimpleUploadedFile("x.exe", b"MZ")})
    form["visitor"] = hidden(refused.content.decode(), "visitor")
    assert client.post(page_of(cast), {**form, "email": "dora@example.com"}).status_code == 303
    assert Message.objects.get().sender.email == "dora@example.com"


def test_what_a_form_of_one_site_sealed_is_nobody_at_another(cast: Cast) -> None:
    client = Client()
    form = filled(client, cast)
    client.post(page_of(cast), form)
    assert client.post(f"/contact/{cast.acme_site.key}/", form).status_code == 303
    assert Member.objects.filter(name="Dora").values("organisation").distinct().count() == 2


@pytest.mark.parametrize("path", ["a%00b/", "a%00b/thanks/", "%ED%A0%80/"])
def test_a_site_that_cannot_be(cast: Cast, path: str) -> None:
    assert Client().get(f"/contact/{path}").status_code == 404


@pytest.mark.parametrize("charset", ["utf-7", "unicode-escape", "base64", "nothing-of-this-name"])
def test_a_form_in_another_charset(cast: Cast, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n+2AA-\\ud800\r\n--x--\r\n'
    type_ = f"multipart/form-data; boundary=x; charset={charset}"
    answer = Client().generic("POST", page_of(cast), body, content_type=type_)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_input")
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("sends", [True, False])
def test_an_answer_by_mail_is_promised_where_there_is_mail(
    cast: Cast, settings: Settings, sends: bool
) -> None:
    settings.SENDS_EMAIL = sends
    page = Client().get(f"{page_of(cast)}thanks/").content.decode()
    assert ("answers by e-mail" in page) == sends


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "\u200b"}, "name", "This field is required."),
        ({"email": "dora"}, "email", "Enter a valid email address."),
        ({"text": " "}, "text", "This field is required."),
        ({"text": "x" * 5001}, "text", "at most 5000 characters"),
        ({"text": "nul \x00"}, "text", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_written_stays(
    cast: Cast, change: dict[str, str], field: str, problem: str
) -> None:
    members = Member.objects.count()
    client = Client()
    answer = client.post(page_of(cast), filled(client, cast, **change))
    html = answer.content.decode()

    assert answer.status_code == 400
    assert problem in html
    assert f'aria-describedby="parley-contact-{field}_error"' in html
    assert 'aria-invalid="true"' in html
    if field != "email":
        assert 'value="dora@example.com"' in html
    assert (Member.objects.count(), Conversation.objects.count()) == (members, 0)


def test_a_file_that_is_not_taken_makes_nobody_new_with_each_try(cast: Cast) -> None:
    members = Member.objects.count()
    client = Client()
    form = filled(client, cast)
    for _ in range(3):
        bad = SimpleUploadedFile("setup.exe", b"MZ\x90\x00")
        answer = client.post(page_of(cast), {**form, "file": bad})
        html = answer.content.decode()
        assert (answer.status_code, "This file is not taken here." in html) == (415, True)
        assert "Is there a &lt;crib&gt;?" in html
        form["visitor"] = hidden(html, "visitor")
    assert (Member.objects.count(), Conversation.objects.count()) == (members + 1, 1)
    assert client.post(page_of(cast), {**form, "visitor": "forged"}).status_code == 303
    assert Member.objects.count() == members + 2


def test_programs_are_thanked_and_forgotten(cast: Cast) -> None:
    client = Client()
    assert client.post(page_of(cast), filled(client, cast, website="https://spam.example")).status_code == 303
    assert not Conversation.objects.exists()


def test_from_one_place_so_many(cast: Cast) -> None:
    client = Client()
    statuses = [client.post(page_of(cast), filled(client, cast)).status_code for _ in range(11)]
    assert statuses == [303] * 10 + [429]


def test_without_the_pages_own_token_nothing_is_taken(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(page_of(cast), WRITTEN).status_code == 403
    token = hidden(client.get(page_of(cast)).content.decode(), "csrfmiddlewaretoken")
    form = filled(client, cast, csrfmiddlewaretoken=token)
    assert client.post(page_of(cast), form).status_code == 303


def test_carol_is_who_she_is(cast: Cast, support: Conversation) -> None:
    client = Client()
    assert cast.carol.member.user
    client.force_login(cast.carol.member.user)
    client.post(page_of(cast), filled(client, cast, name="Somebody Else"))
    said = Message.objects.get()
    assert (said.sender_id, said.conversation_id, said.sender.name) == (
        cast.carol.member.id,
        support.pk,
        "Carol",
    )


def test_where_the_host_must_say_who_it_is_a_stranger_is_told(cast: Cast) -> None:
    Site.objects.update(identity_required=True)
    client = Client()
    answer = client.post(page_of(cast), filled(client, cast))
    assert (answer.status_code, "Sign in first" in answer.content.decode()) == (403, True)


def test_in_the_organisations_language(cast: Cast) -> None:
    Organisation.objects.update(locale="es")
    client = Client()
    html = client.post(page_of(cast), {**filled(client, cast), "email": "dora"}).content.decode()
    assert "Tu nombre" in html
    assert "Introduzca una dirección de correo electrónico válida" in html


def test_of_no_site_there_is_no_form(cast: Cast) -> None:
    client = Client()
    for path in ("/contact/site_x/", "/contact/site_x/thanks/"):
        assert client.get(path).status_code == 404
    Site.objects.update(is_active=False)
    assert client.post(page_of(cast), WRITTEN).status_code == 404


# --- the tags -------------------------------------------------------------------------------------------------------


def asked(client: Client | None = None, **attributes: Any) -> HttpRequest:
    request = RequestFactory().get("/")
    session = client.session if client else None
    for name, value in {"session": session, **attributes}.items():
        setattr(request, name, value)
    return request


def rendered(text: str, request: HttpRequest, **context: Any) -> str:
    return Template("{% load parley %}" + text).render(Context({"request": request, **context})).strip()


def test_the_widget_of_a_page_of_ours(cast: Cast) -> None:
    tag = "{% parley_widget site locale='es' color_scheme='dark' %}"
    for site in (cast.site, cast.site.key):
        assert rendered(tag, asked(csp_nonce="n0nce"), site=site) == (
            '<script async src="/static/widget/loader.js" nonce="n0nce" '
            f'data-site="{cast.site.key}" data-locale="es" data-color-scheme="dark"></script>'
        )
    assert rendered(tag, asked(), site="site_x") == ""
    with pytest.raises(TemplateSyntaxError):
        rendered("{% parley_widget site colour='red' %}", asked(), site=cast.site)


def test_it_says_who_is_signed_in_unless_they_are_staff(cast: Cast, api: ApiFactory) -> None:
    client = Client()
    for person, knows in ((cast.carol, True), (cast.bob, False), (cast.paula, False)):
        assert person.member.user
        client.force_login(person.member.user)
        html = rendered("{% parley_widget site %}", asked(client, user=person.member.user), site=cast.site)
        assert ("data-identity" in html) == knows
        if knows:
            identity = re.search('data-identity="([^"]*)"', html)
            assert identity
            opened = api().post(SESSION, {"site": cast.site.key, "identity": identity[1]})
            assert (opened.status_code, opened.json()["member"]["id"]) == (201, cast.carol.id)


def test_what_it_says_is_for_that_site_and_soon_over(
    cast: Cast, api: ApiFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed, staff, foreign = (
        sign_member(cast.site, in_session(one)) for one in (cast.carol, cast.bob, cast.paula)
    )
    for site, identity, status in (
        (cast.acme_site, signed, 400),
        (cast.site, signed + "x", 400),
        (cast.site, "parley.", 400),
        (cast.site, foreign, 400),
        (cast.site, staff, 403),
    ):
        assert api().post(SESSION, {"site": site.key, "identity": identity}).status_code == status
    monkeypatch.setattr("django.core.signing.time.time", lambda: now().timestamp() + 601)
    assert api().post(SESSION, {"site": cast.site.key, "identity": signed}).status_code == 400


@pytest.mark.parametrize("end", ["signs out", "changes the password", "is signed in still"])
def test_the_widget_ends_with_the_session(cast: Cast, api: ApiFactory, end: str) -> None:
    """What was let in, and what was about to be."""
    actor = in_session(cast.carol)
    elsewhere = in_session(cast.carol)
    user = cast.carol.member.user
    assert user

    def open_widget(actor: Actor) -> Any:
        return api().post(SESSION, {"site": cast.site.key, "identity": sign_member(cast.site, actor)})

    def reaches(token: str) -> bool:
        answer = api(None, Authorization=f"Bearer {token}").get("chat/conversations/")
        assert answer.status_code in {200, 401}
        return answer.status_code == 200  # type: ignore[no-any-return]

    own, other = (open_widget(one).json()["token"] for one in (actor, elsewhere))
    if end == "signs out":
        Session.objects.get(pk=actor.credential.session_key).delete()
    elif end == "changes the password":
        user.set_password("another one")
        user.save()
    else:
        user.first_name = "Carola"
        user.save()
    holds = {"signs out": (False, True), "changes the password": (False, False)}.get(end, (True, True))
    assert (reaches(own), reaches(other)) == holds
    again = [open_widget(one) for one in (actor, elsewhere)]
    assert [one.status_code == 201 for one in again] == list(holds)
    refused = [one.json()["error"]["fields"] for one in again if one.status_code == 400]
    assert all(one == {"identity": ["Its session has ended."]} for one in refused)


def test_its_key_is_in_no_page(cast: Cast) -> None:
    actor = in_session(cast.carol)
    signed = sign_member(cast.site, actor).removeprefix("parley.")
    said = urlsafe_b64decode(signed.split(":")[0] + "==")
    assert str(cast.carol.member.id).encode() in said
    assert actor.credential.session_key.encode() not in said


def in_session(person: Person) -> Actor:
    client = Client()
    assert person.member.user
    client.force_login(person.member.user)
    return Actor(person.member, Credential(person.member.id, session_key=client.session.session_key or ""))


def test_from_a_cdn_it_says_whose_it_is(cast: Cast, settings: Settings) -> None:
    settings.STATIC_URL, settings.PUBLIC_URL = "https://cdn.example/", "https://chat.example"
    html = rendered("{% parley_widget site %}", asked(), site=cast.site)
    assert 'data-server="https://chat.example"' in html


def test_a_form_in_any_page(cast: Cast) -> None:
    html = rendered("{% parley_contact_form site %}", asked(), site=cast.site, csrf_token="t0ken")
    assert f'action="{page_of(cast)}"' in html
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in html
    assert rendered("{% parley_contact_form site %}", asked(), site="site_x") == ""
    labels = re.findall('<label for="([^"]*)"', html)
    assert all(f'id="{label}"' in html for label in labels)
