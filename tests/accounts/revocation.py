"""Every way in which a credential ends, each through the edge where it really happens; who came in how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Model
from django.urls import reverse

from accounts.models import Member, Organisation, Site, SpaceAccess, Token, User
from common.clock import now
from tests.cast import HOTEL_ORIGIN, Cast, Person
from tests.clients import Client

PASSWORD = "a password of one's own"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is in, and the HTTP client that their socket's ticket came from."""

    cast: Cast
    person: Person
    client: Client
    origin: str | None = None

    @property
    def user(self) -> User:
        assert self.person.member.user
        return self.person.member.user

    @property
    def session(self) -> Any:
        return Session.objects.filter(pk=self.client.session.session_key)

    @property
    def token(self) -> Any:
        return Token.objects.filter(pk=self.person.token_id)

    def ticket(self) -> str:
        answer: Any = self.client.post("/api/v1/socket-ticket/")
        return str(answer.json()["ticket"])


def by_session(cast: Cast, person: Person) -> Visit:
    return Visit(cast, person, signed_in(person.member.user))


def by_session_alone(cast: Cast, person: Person) -> Visit:
    """With no token besides, whose end would be told too."""
    Token.objects.filter(member=person.member).delete()
    return by_session(cast, person)


def by_password(cast: Cast, person: Person) -> Visit:
    """As by_session, at the page itself."""
    visit = Visit(cast, person, Client())
    visit.user.set_password(PASSWORD)
    visit.user.save()
    submit(visit.client, "/login/", username=visit.user.username, password=PASSWORD)
    return visit


def by_token(cast: Cast, person: Person) -> Visit:
    return Visit(cast, person, Client(headers=person.bearer))


def by_widget(cast: Cast, person: Person) -> Visit:
    return Visit(cast, person, Client(headers={**person.bearer, "Origin": HOTEL_ORIGIN}), HOTEL_ORIGIN)


def signed_in(user: User | None) -> Client:
    assert user
    client = Client()
    client.force_login(user)
    return client


# --- the admin ------------------------------------------------------------------------------------------------------


def page(model: type[Model], view: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def submit(client: Client, url: str, **fields: object) -> None:
    """A form of the admin that was accepted leads on to another page."""
    assert client.post(url, fields).status_code == 302, url


def alice(visit: Visit) -> Client:
    return signed_in(visit.cast.alice.member.user)


def root() -> Client:
    return signed_in(User.objects.create_superuser(username="root"))


def site_form(visit: Visit, **fields: object) -> dict[str, object]:
    """The site as it stands, switched on, with its one origin."""
    (origin,) = visit.cast.site.origins.all()
    return {
        "name": "Hotel",
        "appearance": "{}",
        "is_active": "on",
        "origins-TOTAL_FORMS": 1,
        "origins-INITIAL_FORMS": 1,
        "origins-0-id": origin.pk,
        "origins-0-site": visit.cast.site.pk,
        "origins-0-origin": origin.origin,
        **fields,
    }


# --- what happens ---------------------------------------------------------------------------------------------------


def signs_out(visit: Visit) -> None:
    submit(visit.client, "/logout/")


def changes_the_password(visit: Visit) -> None:
    """Their own: Django then renews the very session it was changed in, which is another from then on."""
    new = "a password that is new"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    submit(visit.client, reverse("admin:password_change"), **fields)


def is_given_another_password(visit: Visit) -> None:
    new = "another password altogether"
    url = reverse("admin:auth_user_password_change", args=[visit.user.pk])
    submit(root(), url, password1=new, password2=new, usable_password="true")


def user_is_set_inactive(visit: Visit) -> None:
    moment = {"date_joined_0": "2026-01-01", "date_joined_1": "09:00:00"}
    submit(root(), page(User, "change", visit.user.pk), username=visit.user.username, **moment)


def member_is_deactivated(visit: Visit) -> None:
    submit(alice(visit), page(Member), action="deactivate", _selected_action=visit.person.id)


def token_is_revoked(visit: Visit) -> None:
    submit(alice(visit), page(Token), action="revoke", _selected_action=visit.person.token_id)


def widget_session_is_closed(visit: Visit) -> None:
    answer: Any = visit.client.delete("/api/v1/widget/session/")
    assert answer.status_code == 204


def origin_is_removed(visit: Visit) -> None:
    url = page(Site, "change", visit.cast.site.pk)
    submit(alice(visit), url, **site_form(visit, **{"origins-0-DELETE": "on"}))


def origin_becomes_another(visit: Visit) -> None:
    url = page(Site, "change", visit.cast.site.pk)
    submit(alice(visit), url, **site_form(visit, **{"origins-0-origin": "https://new.hotel.example"}))


def site_is_switched_off(visit: Visit) -> None:
    url = page(Site, "change", visit.cast.site.pk)
    submit(alice(visit), url, **site_form(visit, is_active=""))


def organisation_is_switched_off(visit: Visit) -> None:
    url = page(Organisation, "change", visit.cast.hotel.pk)
    submit(root(), url, slug="hotel", name="Hotel", locale="en", timezone="UTC")


def session_row_is_deleted(visit: Visit) -> None:
    """As `clearsessions` does, or whoever tidies up."""
    visit.session.delete()


def user_is_deleted(visit: Visit) -> None:
    """By a superuser's shell: the admin deletes nobody who is a member."""
    visit.user.delete()


def member_is_deleted(visit: Visit) -> None:
    Member.objects.get(pk=visit.person.id).delete()


def site_is_deleted(visit: Visit) -> None:
    visit.cast.site.delete()


# --- what happens without a word ------------------------------------------------------------------------------------


def session_expires(visit: Visit) -> None:
    assert visit.session.update(expire_date=now())


def session_becomes_unreadable(visit: Visit) -> None:
    """As after a change of SECRET_KEY."""
    assert visit.session.update(session_data="nothing that can be read")


def token_expires(visit: Visit) -> None:
    assert visit.token.update(expires_at=now())


# --- the table ------------------------------------------------------------------------------------------------------

Enter = Callable[[Cast, Person], Visit]
End = Callable[[Visit], None]


@dataclass(frozen=True, slots=True)
class Way:
    """Vera came in by `enter`, or Dana did, who is a visitor of the site; then `end` happens."""

    enter: Enter
    end: End
    who: str = "vera"
    spares_others: bool = True

    def __str__(self) -> str:
        return f"{self.end.__name__}-{self.enter.__name__}"


TOLD = [
    Way(by_session, signs_out),
    Way(by_password, changes_the_password, who="alice"),
    Way(by_session, is_given_another_password),
    Way(by_session, user_is_set_inactive),
    Way(by_token, user_is_set_inactive),
    Way(by_session, member_is_deactivated),
    Way(by_token, member_is_deactivated),
    Way(by_widget, member_is_deactivated, who="dana"),
    Way(by_token, token_is_revoked),
    Way(by_widget, token_is_revoked, who="dana"),
    Way(by_widget, widget_session_is_closed, who="dana"),
    Way(by_widget, origin_is_removed, who="dana"),
    Way(by_widget, origin_becomes_another, who="dana"),
    Way(by_widget, site_is_switched_off, who="dana"),
    Way(by_widget, site_is_deleted, who="dana"),
    Way(by_session, organisation_is_switched_off, spares_others=False),
    Way(by_token, organisation_is_switched_off, spares_others=False),
    Way(by_session, session_row_is_deleted),
    Way(by_session_alone, user_is_deleted),
    Way(by_token, user_is_deleted),
    Way(by_session_alone, member_is_deleted),
    Way(by_token, member_is_deleted),
]
UNTOLD = [
    Way(by_session, session_expires),
    Way(by_session, session_becomes_unreadable),
    Way(by_token, token_expires),
    Way(by_widget, token_expires, who="dana"),
]


def loses_access_to_the_space(visit: Visit) -> None:
    (access,) = SpaceAccess.objects.filter(member=visit.person.member)
    submit(alice(visit), page(SpaceAccess, "delete", access.pk), post="yes")
