"""The admin: every model is there, to its own organisation only, and nothing changes but by its actions.

That no page shows or does anything across organisations is the matrix's (`test_isolation_of_the_admin.py`).
Here is what Alice may: look, search, filter, edit what has no actions, and act.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import F, ForeignKey, Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import issue_site_secret, issue_socket_ticket, note_contact
from accounts.admin_site import EditableTenantAdmin, TenantAdmin
from accounts.models import (
    AuditEntry,
    Contact,
    Member,
    Organisation,
    Role,
    Site,
    SiteOrigin,
    SiteSecret,
    SocketTicket,
    Space,
    SpaceAccess,
    SpaceRole,
    Token,
    User,
)
from attachments.models import (
    Attachment,
    FileAccess,
    FileCount,
    ShareLink,
    StorageUse,
    Thumbnail,
    UploadPolicy,
)
from delivery.actions import move_receipt
from delivery.models import (
    Notification,
    Outgoing,
    Preferences,
    Progress,
    PushSubscription,
    ReceiptMark,
    Transcript,
    Webhook,
    WebhookDelivery,
)
from desk.models import Assignment, CannedReply, Rating
from messaging.actions import Telling, delete_message, edit_message, react, start_conversation, tell_entities
from messaging.models import (
    Conversation,
    Entity,
    EntityType,
    Introduction,
    Kind,
    LinkPreview,
    Mention,
    Message,
    MessageRevision,
    Participant,
    Reaction,
)
from portal.models import ClientRequest
from presence.actions import set_availability
from presence.models import Availability, Presence
from tests.architecture.conftest import told_about
from tests.architecture.isolation import changed, of_organisation, seen, snapshot, traces_of
from tests.architecture.rooms import ROOMS
from tests.architecture.worlds import (
    Stage,
    World,
    kept,
    own_things,
    preview,
    read,
    say,
    served,
    thumbnail,
    told_to_a_host,
    wanted,
)
from tests.attachments.kept import shared
from tests.cast import ACME_ORIGIN, HOTEL_ORIGIN, Cast, Person, make_person, make_site
from tests.clients import Client

SHOWN = admin.site._registry
OF_TENANTS = {model: shown for model, shown in SHOWN.items() if isinstance(shown, TenantAdmin)}
OF_NOBODY = {model: shown for model, shown in SHOWN.items() if model not in OF_TENANTS}
ONLY_BY_ACTIONS = (
    Assignment,
    Attachment,
    AuditEntry,
    ClientRequest,
    Contact,
    Conversation,
    FileAccess,
    FileCount,
    Introduction,
    LinkPreview,
    Member,
    Mention,
    Message,
    MessageRevision,
    Notification,
    Outgoing,
    Participant,
    Preferences,
    Presence,
    Rating,
    Reaction,
    Progress,
    PushSubscription,
    ReceiptMark,
    ShareLink,
    SiteOrigin,
    SiteSecret,
    SocketTicket,
    StorageUse,
    Thumbnail,
    Token,
    Transcript,
    Webhook,
    WebhookDelivery,
)

# Of an organisation.
ONE_EACH = (Organisation, StorageUse, UploadPolicy)

every_model = pytest.mark.parametrize("model", OF_TENANTS, ids=lambda model: model._meta.label)


def page(model: type[Model], view: str = "changelist", *args: object, **query: str) -> str:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)
    return f"{url}?{urlencode(query)}" if query else url


def signed_in(person: Person | User) -> Client:
    client, user = Client(), person.member.user if isinstance(person, Person) else person
    assert user
    client.force_login(user)
    return client


@pytest.fixture
def cast(furnished_stage: Stage) -> Cast:
    return furnished_stage.cast


@pytest.fixture
def alice(cast: Cast) -> Client:
    return signed_in(cast.alice)


@pytest.fixture
def root(db: None) -> Client:
    return signed_in(User.objects.create_superuser(username="root"))


# --- what is there --------------------------------------------------------------------------------------------------


def test_every_model_is_registered() -> None:
    ours = {model for model in apps.get_models() if model._meta.app_label in ROOMS}
    assert ours - set(SHOWN) == set()


def test_every_model_changes_by_its_actions_or_in_its_form() -> None:
    """A new model is put into one of the two, knowingly."""
    editable = {model for model, shown in OF_TENANTS.items() if isinstance(shown, EditableTenantAdmin)}
    assert editable == {
        CannedReply,
        Entity,
        EntityType,
        Organisation,
        Site,
        Space,
        SpaceAccess,
        UploadPolicy,
    }
    assert set(OF_TENANTS) - editable == set(ONLY_BY_ACTIONS)


@every_model
def test_every_list_can_be_searched_and_every_choice_of_a_row_completes_itself(model: type[Model]) -> None:
    shown = OF_TENANTS[model]
    keys = {field.name for field in model._meta.fields if isinstance(field, ForeignKey) and field.editable}
    assert shown.search_fields
    assert not isinstance(shown, EditableTenantAdmin) or keys <= set(shown.autocomplete_fields)


# --- Alice looks ----------------------------------------------------------------------------------------------------


@every_model
def test_alice_sees_her_own_rows_and_no_others(furnished_stage: Stage, model: type[Model]) -> None:
    """In the list, by search, by each filter, and on the row's own pages."""
    stage, alice = furnished_stage, signed_in(furnished_stage.cast.alice)
    own, others = stage.hotel[model._meta.label], traces_of(stage.acme)
    listed: Any = alice.get(page(model))
    assert own in listed.text
    filters = [list(one.choices(listed.context["cl"]))[1] for one in listed.context["cl"].filter_specs]
    for url in (
        page(model),
        page(model, q="a"),
        *(page(model) + choice["query_string"] for choice in filters),
        page(model, "change", own),
        page(model, "history", own),
    ):
        response = alice.get(url)
        assert (url, response.status_code, seen(others, response.text)) == (url, 200, [])


def test_nobodys_rows_are_for_superusers(furnished_stage: Stage, root: Client) -> None:
    assert {model._meta.label for model in OF_NOBODY} == {
        "accounts.User",
        "django_tasks_database.DBTaskResult",
        "delivery.Look",
        "delivery.ServerKey",
        "presence.LeaseRow",
        "realtime.Epoch",
        "work.TaskLease",
        "work.Tick",
    }
    alice = signed_in(furnished_stage.cast.alice)
    for model in OF_NOBODY:
        assert alice.get(page(model)).status_code == 403
        assert root.get(page(model)).status_code == 200


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_a_superuser_sees_the_rows_of_all(furnished_stage: Stage, root: Client, model: type[Model]) -> None:
    listed = root.get(page(model)).text
    assert furnished_stage.hotel[model._meta.label] in listed
    assert furnished_stage.acme[model._meta.label] in listed


@pytest.mark.parametrize(
    "name",
    ["marta", "bob", "carol", "vera", "greta"],
    ids=["manager", "agent", "client", "viewer", "removed"],
)
def test_only_admins_come_in(cast: Cast, name: str) -> None:
    client = signed_in(getattr(cast, name))
    for url in (
        reverse("admin:index"),
        page(Member),
        page(Space, "add"),
        page(Member, "change", cast.carol.id),
    ):
        response = client.get(url)
        assert response.status_code in (302, 403)
        assert cast.carol.id not in response.text


def test_whoever_is_an_admin_no_longer_is_out_at_once(cast: Cast, alice: Client) -> None:
    assert alice.get(page(Member)).status_code == 200
    Member.objects.filter(pk=cast.alice.member.pk).update(role=Role.AGENT)
    assert alice.get(page(Member)).status_code in (302, 403)


CHOICES = [
    (model, field)
    for model, shown in OF_TENANTS.items()
    for field in shown.autocomplete_fields
    if isinstance(shown, EditableTenantAdmin)
]


@pytest.mark.parametrize(("model", "field"), CHOICES, ids=lambda part: getattr(part, "__name__", part))
def test_choices_complete_to_ones_own_rows(furnished_stage: Stage, model: type[Model], field: str) -> None:
    stage = furnished_stage
    key: Any = model._meta.get_field(field)
    label = key.related_model._meta.label
    query = {"app_label": model._meta.app_label, "model_name": model.__name__.lower(), "field_name": field}
    found = signed_in(stage.cast.alice).get(reverse("admin:autocomplete"), query).json()["results"]
    assert stage.hotel[label] in {one["id"] for one in found}
    assert seen(traces_of(stage.acme), str(found)) == []


# --- what it costs --------------------------------------------------------------------------------------------------


@every_model
def test_a_list_costs_the_same_however_long(furnished_stage: Stage, model: type[Model]) -> None:
    stage, alice = furnished_stage, signed_in(furnished_stage.cast.alice)
    grow(stage.cast, 2)
    alice.get(page(model))
    short, few = cost(alice, page(model))
    if model is not Organisation:
        grow(stage.cast, 10)
    long, many = cost(alice, page(model))
    assert model in ONE_EACH or many >= few + 10
    assert long == short


def cost(client: Client, url: str) -> tuple[int, int]:
    """Queries, and rows shown."""
    with CaptureQueriesContext(connection) as queries:
        response: Any = client.get(url)
    return len(queries), len(response.context["cl"].result_list)


def grow(cast: Cast, count: int) -> None:
    """Rows of every kind, each pointing at others of their own."""
    for _ in range(count):
        name = uuid4().hex[:8]
        person = make_person(cast.hotel, Role.CLIENT, name, username=name)
        space = Space.objects.create(organisation=cast.hotel, name=name, slug=name)
        SpaceAccess.objects.create(member=person.member, space=space)
        site = make_site(cast.hotel, f"https://{name}.example")
        Site.objects.filter(pk=site.pk).update(default_space=space)
        issue_site_secret(cast.alice.actor, site_id=site.id)
        issue_socket_ticket(person.actor)
        set_availability(person.actor, availability=Availability.BUSY)
        note_contact(person.actor, agent="Firefox", page="https://example.com/")
        support = start_conversation(person.actor, kind=Kind.SUPPORT, title=name, space=space.id).conversation
        kind = EntityType.objects.create(organisation=cast.hotel, key=f"t{name}", name=name)
        tell_entities(cast.alice.actor, [Telling(kind.key, name, name, space=space.id)])
        said = UUID(say(person, support.id, name))
        edit_message(person.actor, message_id=said, body=f"@{name}, see @{kind.key}#{name}")
        react(person.actor, message_id=said, emoji="👍", on=True)
        preview(str(said))
        move_receipt(person.actor, conversation_id=support.id, read=1)
        own_things(person)
        served(support, cast.bob)
        told_about(person, support.id)
        told_to_a_host(cast.hotel.id)
        kept(cast.hotel.id)
        wanted(person, space)
        file = shared(person, support.id, name)
        thumbnail(file)
        read(person, file)


# --- Alice writes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ONLY_BY_ACTIONS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("who", ["alice", "root"])
def test_what_has_actions_changes_by_nothing_else(
    furnished_stage: Stage, root: Client, who: str, model: type[Model]
) -> None:
    """Not even by a superuser, and not by a POST that no form offers. Members are added by an action's own form."""
    client = signed_in(furnished_stage.cast.alice) if who == "alice" else root
    own = furnished_stage.hotel[model._meta.label]
    fields = {field.name: "x" for field in model._meta.fields} | {"_save": "Save"}
    before = snapshot()
    for url, form in (
        (page(model, "add"), fields),
        (page(model, "change", own), fields),
        (page(model, "delete", own), {"post": "yes"}),
    ):
        has_form = (model, who, url) == (Member, "alice", page(model, "add"))
        assert (url, client.post(url, form).status_code) == (url, 200 if has_form else 403)
    client.post(page(model), {"action": "delete_selected", "_selected_action": own, "post": "yes"})
    assert changed(before, snapshot()) == []


def space_form(world: World) -> dict[str, object]:
    return {"organisation": world["organisation"], "kind": "room", "name": "Room 103", "slug": "room-103"}


def access_form(world: World) -> dict[str, object]:
    return {"member": world["member"], "space": world["space"], "role": SpaceRole.CLIENT}


def site_form(world: World) -> dict[str, object]:
    return {
        "organisation": world["organisation"],
        "name": "Lobby",
        "appearance": "{}",
        "default_space": world["default_space"],
        "origins-TOTAL_FORMS": 0,
        "origins-INITIAL_FORMS": 0,
    }


def type_form(world: World) -> dict[str, object]:
    return {"organisation": world["organisation"], "key": "lamp", "name": "Lamp"}


def entity_form(world: World) -> dict[str, object]:
    return {"type": world["type"], "ref": "12", "label": "Mend the lamp", "space": world["space"]}


FORMS = {
    Space: space_form,
    SpaceAccess: access_form,
    Site: site_form,
    EntityType: type_form,
    Entity: entity_form,
}
FORGED = [
    pytest.param(model, form, field, id=f"{model.__name__}.{field}")
    for model, form in FORMS.items()
    for field in ("organisation", "member", "space", "default_space", "type")
    if field in {one.name for one in model._meta.fields}
]


# What a row keeps: the form to change it has no such field.
FIXED = (("change", "organisation"), ("change", "type"))


@pytest.fixture
def form_stage(furnished_stage: Stage) -> Stage:
    """Vera has no access to the other room yet."""
    cast = furnished_stage.cast
    furnished_stage.hotel = furnished_stage.hotel.naming(
        {
            "member": cast.vera.id,
            "space": str(cast.other_room.id),
            "default_space": str(cast.other_room.id),
            "type": furnished_stage.hotel[EntityType._meta.label],
        }
    )
    furnished_stage.acme = furnished_stage.acme.naming(
        {"default_space": furnished_stage.acme["space"], "type": furnished_stage.acme[EntityType._meta.label]}
    )
    return furnished_stage


@pytest.mark.parametrize(("model", "form"), FORMS.items(), ids=lambda part: getattr(part, "__name__", None))
def test_alice_adds_and_changes_what_is_hers(form_stage: Stage, model: type[Model], form: Any) -> None:
    """What the next test refuses is refused for a foreign id."""
    alice, own = signed_in(form_stage.cast.alice), form_stage.hotel[model._meta.label]
    before = snapshot()
    assert alice.post(page(model, "change", own), form(form_stage.hotel)).status_code == 302
    assert model._meta.label in changed(before, snapshot())
    Conversation.objects.update(space=None)  # which would hold its space
    model._default_manager.filter(pk=own).delete()
    before = snapshot()
    assert alice.post(page(model, "add"), form(form_stage.hotel)).status_code == 302
    assert model._meta.label in changed(before, snapshot())


@pytest.mark.parametrize(
    ("model", "form", "field", "view"),
    [
        pytest.param(*one.values, view, id=f"{view} {one.id}")
        for one in FORGED
        for view in ("add", "change")
        if (view, one.values[2]) not in FIXED
    ],
)
def test_a_foreign_id_in_a_form_is_refused(
    form_stage: Stage, model: type[Model], form: Any, field: str, view: str
) -> None:
    """With the very words for an id that never was."""
    stage, alice = form_stage, signed_in(form_stage.cast.alice)
    url = page(model, view, *([stage.hotel[model._meta.label]] if view == "change" else []))
    before, others, errors = snapshot(), traces_of(stage.acme), []
    for world in (stage.hotel.with_foreign((field,), stage.acme), stage.hotel.with_unheard_of((field,))):
        response: Any = alice.post(url, form(world))
        assert (response.status_code, seen(others - {world[field]}, response.text)) == (200, [])
        errors.append(response.context["adminform"].form.errors)
    assert list(errors[0]) == [field]
    assert errors[0] == errors[1]
    assert changed(before, snapshot()) == []


@pytest.mark.parametrize(
    "model", [Space, Site, EntityType, Entity], ids=["Space", "Site", "EntityType", "Entity"]
)
def test_nothing_moves_to_another_organisation(form_stage: Stage, model: type[Model]) -> None:
    stage, alice = form_stage, signed_in(form_stage.cast.alice)
    before = owners()
    for world in (stage.acme, stage.hotel.with_foreign(("organisation", "type"), stage.acme)):
        alice.post(page(model, "change", stage.hotel[model._meta.label]), FORMS[model](world))
    assert owners() == before


@pytest.mark.parametrize(("model", "form", "field"), FORGED)
def test_who_administers_two_organisations_does_not_mix_them(
    form_stage: Stage, model: type[Model], form: Any, field: str
) -> None:
    """Alice runs Acme as well. Carol of the hotel is not let into a project of Acme for that."""
    stage = form_stage
    Member.objects.create(
        organisation=stage.cast.acme, role=Role.ADMIN, name="Alice", user=stage.cast.alice.member.user
    )
    alice = signed_in(stage.cast.alice)
    mixed = form(stage.hotel.with_foreign((field,), stage.acme))
    before = owners()
    alice.post(page(model, "change", stage.hotel[model._meta.label]), mixed)
    assert (across_organisations(), owners()) == ([], before)
    alice.post(page(model, "add"), mixed)
    assert across_organisations() == []


def owners() -> list[tuple[Any, Any]]:
    rows = (model._default_manager.values_list("pk", "organisation") for model in (Space, Site, EntityType))
    entities = Entity.objects.values_list("pk", "type__organisation")
    return sorted(row for some in (*rows, entities) for row in some)


def across_organisations() -> list[Model]:
    return [
        *SpaceAccess.objects.exclude(member__organisation=F("space__organisation")),
        *Site.objects.filter(default_space__isnull=False).exclude(
            organisation=F("default_space__organisation")
        ),
        *Conversation.objects.filter(space__isnull=False).exclude(organisation=F("space__organisation")),
        *Entity.objects.filter(space__isnull=False).exclude(type__organisation=F("space__organisation")),
    ]


def test_alice_cannot_give_herself_what_only_a_superuser_gives(cast: Cast, alice: Client) -> None:
    form = {"name": "Grand Hotel", "slug": "acme", "locale": "es", "timezone": "UTC", "is_active": ""}
    assert alice.post(page(Organisation, "change", cast.hotel.pk), form).status_code == 302
    cast.hotel.refresh_from_db()
    assert (cast.hotel.name, cast.hotel.locale) == ("Grand Hotel", "es")
    assert (cast.hotel.slug, cast.hotel.is_active) == ("hotel", True)
    assert alice.post(page(Organisation, "add"), form).status_code == 403


def origins_form(cast: Cast, *origins: tuple[str, str]) -> dict[str, object]:
    """The site's form with rows (id, origin); a new origin has no id yet."""
    form = site_form(World({"organisation": str(cast.hotel.pk), "default_space": str(cast.room.pk)}))
    form["origins-TOTAL_FORMS"] = len(origins)
    form["origins-INITIAL_FORMS"] = sum(1 for id, _ in origins if id)
    for number, (id, origin) in enumerate(origins):
        row = f"origins-{number}"
        form |= {f"{row}-id": id, f"{row}-site": str(cast.site.pk), f"{row}-origin": origin}
    return form


def test_alice_says_which_pages_may_embed_her_site(cast: Cast, alice: Client) -> None:
    (own,) = cast.site.origins.all()
    booking, spa = "https://booking.hotel.example", "https://spa.hotel.example"
    form = origins_form(cast, (str(own.pk), booking), ("", spa))
    assert alice.post(page(Site, "change", cast.site.pk), form).status_code == 302
    assert set(cast.site.origins.values_list("origin", flat=True)) == {booking, spa}


def test_her_site_takes_no_row_of_another_site(cast: Cast, alice: Client) -> None:
    """At most she gets a row of her own with what she wrote."""
    (foreign,) = cast.acme_site.origins.all()
    form = origins_form(cast, (str(foreign.pk), "https://spa.hotel.example"))
    alice.post(page(Site, "change", cast.site.pk), form)
    alice.post(page(Site, "change", cast.site.pk), form | {"origins-0-DELETE": "on"})
    assert list(cast.acme_site.origins.values_list("pk", "origin")) == [(foreign.pk, ACME_ORIGIN)]


def test_an_origin_that_is_there_already_is_named(cast: Cast, alice: Client) -> None:
    before = snapshot()
    form = origins_form(cast, ("", HOTEL_ORIGIN))
    assert alice.post(page(Site, "change", cast.site.pk), form).status_code == 200
    assert changed(before, snapshot()) == []


def test_alice_adds_a_task_that_messages_may_name(cast: Cast, alice: Client) -> None:
    (task,) = EntityType.objects.filter(organisation=cast.hotel, key="task")
    form = {"type": str(task.pk), "ref": "no name", "label": "Mend the lamp", "space": ""}
    before = snapshot()
    assert alice.post(page(Entity, "add"), form).status_code == 200
    assert changed(before, snapshot()) == []
    assert alice.post(page(Entity, "add"), {**form, "ref": "12"}).status_code == 302
    assert Entity.objects.get(type=task, ref="12").label == "Mend the lamp"


# --- Alice reads what others no longer see --------------------------------------------------------------------------


@pytest.fixture
def spoken(cast: Cast) -> Message:
    """What Carol said to Bob, and took back."""
    pair = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    said = UUID(say(cast.carol, pair.id, "The first word"))
    edit_message(cast.carol.actor, message_id=said, body="The second word")
    return delete_message(cast.carol.actor, message_id=said)


def deeds_of_looking() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb="message.revisions_read"))


def test_a_messages_page_tells_all_that_it_said_and_each_look_is_audited(
    cast: Cast, alice: Client, spoken: Message
) -> None:
    for looks in (1, 2):
        text = alice.get(page(Message, "change", spoken.pk)).text
        assert text.index("The first word") < text.index("The second word")
        assert [(one.actor, one.object_id) for one in deeds_of_looking()] == looks * [
            (cast.alice.member, str(spoken.pk))
        ]


def test_what_everybody_sees_is_no_look(cast: Cast, alice: Client) -> None:
    pair = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    said = say(cast.carol, pair.id, "In the open")
    assert "In the open" in alice.get(page(Message, "change", said)).text
    assert not deeds_of_looking()


@pytest.mark.parametrize("who", ["a superuser", "another organisation's admin"])
def test_nobody_else_reads_it(cast: Cast, root: Client, spoken: Message, who: str) -> None:
    client = root if who == "a superuser" else signed_in(cast.mallory)
    response = client.get(page(Message, "change", spoken.pk))
    assert response.status_code == (200 if client is root else 302)
    assert " word" not in response.text
    assert not deeds_of_looking()


def test_nowhere_else_does_it_stand(cast: Cast, alice: Client, root: Client, spoken: Message) -> None:
    (former,) = spoken.revisions.all()
    react(
        cast.bob.actor, message_id=UUID(say(cast.bob, spoken.conversation_id, "Pardon?")), emoji="👍", on=True
    )
    autocomplete = {"app_label": "messaging", "model_name": "message", "field_name": "reply_to"}
    for client in (alice, root):
        for url in (
            page(Message),
            page(Message, "history", spoken.pk),
            page(MessageRevision),
            page(MessageRevision, "change", former.pk),
            page(MessageRevision, "history", former.pk),
            f"{reverse('admin:autocomplete')}?{urlencode(autocomplete)}",
        ):
            assert " word" not in client.get(url).text
        for model in (Message, MessageRevision, Mention, Reaction):
            searched: Any = client.get(page(model, q="word"))
            assert list(searched.context["cl"].result_list) == []
    assert not deeds_of_looking()


# --- Alice acts -----------------------------------------------------------------------------------------------------


ACTIONS = [
    (Member, "deactivate", "member.deactivated"),
    (Token, "revoke", "token.revoked"),
    (SiteSecret, "revoke", "site_secret.revoked"),
    (Site, "issue_secret", "site_secret.issued"),
    (WebhookDelivery, "redeliver", "webhook.redelivered"),
]


def test_every_action_is_tried() -> None:
    offered = {(model, name) for model, shown in OF_TENANTS.items() for name in shown.actions or ()}
    assert offered == {(model, name) for model, name, _ in ACTIONS}


@pytest.mark.parametrize(
    ("model", "action", "verb"), ACTIONS, ids=lambda part: getattr(part, "__name__", None)
)
def test_an_action_is_taken_on_ones_own_rows_only(
    furnished_stage: Stage, model: type[Model], action: str, verb: str
) -> None:
    """And leaves its trace, as Alice's deed."""
    stage, alice = furnished_stage, signed_in(furnished_stage.cast.alice)
    # Not herself, and not the token she came with.
    others = {Member: stage.cast.carol.id, Token: stage.cast.carol.token_id}
    own, foreign = str(others.get(model, stage.hotel[model._meta.label])), stage.acme[model._meta.label]
    before = snapshot()
    alice.post(page(model), {"action": action, "_selected_action": foreign})
    assert changed(before, snapshot()) == []

    response = alice.post(page(model), {"action": action, "_selected_action": [own, foreign]}, follow=True)
    assert seen(traces_of(stage.acme), response.text) == []
    after = snapshot()
    assert changed(*(of_organisation(stage.acme["organisation"], rows) for rows in (before, after))) == []
    assert model._meta.label in changed(before, after) or model is Site
    deed = AuditEntry.objects.order_by("-at")[0]
    assert (deed.verb, deed.actor, deed.organisation) == (verb, stage.cast.alice.member, stage.cast.hotel)


def test_what_an_action_does(cast: Cast, alice: Client) -> None:
    secret, _ = issue_site_secret(cast.alice.actor, site_id=cast.site.id)
    for model, action, row in (
        (Member, "deactivate", cast.bob.member),
        (Token, "revoke", Token.objects.get(member=cast.carol.member)),
        (SiteSecret, "revoke", secret),
    ):
        alice.post(page(model), {"action": action, "_selected_action": str(row.pk)})
        row.refresh_from_db()
    assert cast.bob.member.deactivated_at
    assert Token.objects.get(member=cast.carol.member).revoked_at
    assert secret.revoked_at
    issued = alice.post(
        page(Site), {"action": "issue_secret", "_selected_action": str(cast.site.pk)}, follow=True
    )
    newest = SiteSecret.objects.filter(site=cast.site).order_by("-created_at")[0]
    assert f"kid {newest.kid}, secret " in issued.text
    assert newest.sealed not in issued.text


def test_a_superuser_without_a_membership_acts_on_nobody(furnished_stage: Stage, root: Client) -> None:
    """Deeds are taken as a member; a superuser who is none is told so."""
    carol = furnished_stage.cast.carol.id
    response = root.post(page(Member), {"action": "deactivate", "_selected_action": carol}, follow=True)
    assert "You have no admin membership in this organisation." in response.text
    assert Member.objects.get(pk=carol).deactivated_at is None


# --- Alice adds people ----------------------------------------------------------------------------------------------


def member_form(cast: Cast, **change: object) -> dict[str, object]:
    form = {"organisation": str(cast.hotel.pk), "role": Role.AGENT, "name": "Nina", "email": ""}
    return {**form, "username": "nina", "password": "a password of Nina's own", **change}


def test_alice_adds_an_agent_who_then_signs_in(cast: Cast, alice: Client) -> None:
    assert alice.post(page(Member, "add"), member_form(cast)).status_code == 302
    nina = Member.objects.get(name="Nina")
    assert (nina.organisation, nina.role) == (cast.hotel, Role.AGENT)
    assert Client().login(username="nina", password="a password of Nina's own")


@pytest.mark.parametrize(
    "change",
    [{"username": "bob"}, {"password": "123"}, {"role": "king"}, {"name": ""}, {"organisation": "acme"}],
    ids=lambda change: next(iter(change)),
)
def test_a_bad_member_is_named(cast: Cast, alice: Client, change: dict[str, str]) -> None:
    if "organisation" in change:
        change = {"organisation": str(cast.acme.pk)}
    before = snapshot()
    response: Any = alice.post(page(Member, "add"), member_form(cast, **change))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert changed(before, snapshot()) == []


def test_alice_takes_access_away(furnished_stage: Stage, alice: Client) -> None:
    own = furnished_stage.hotel[SpaceAccess._meta.label]
    assert alice.post(page(SpaceAccess, "delete", own), {"post": "yes"}).status_code == 302
    assert not SpaceAccess.objects.filter(pk=own).exists()


@pytest.mark.parametrize(
    "lookup",
    [
        "accounts/space/?name__regex=(a%2B)%2B$",
        "messaging/message/?body__startswith=z",
        "messaging/messagerevision/?body__startswith=z",
        "messaging/mention/?message__body__startswith=z",
        "accounts/token/?digest__startswith=0",
        "accounts/member/?created_at__year=99999",
        "accounts/member/?user__password__startswith=a",
        "accounts/organisation/?members__name=Bob",
    ],
)
def test_a_list_answers_its_own_filters_only(alice: Client, lookup: str) -> None:
    assert alice.get(f"/admin/{lookup}").status_code == 400
