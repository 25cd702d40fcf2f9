"""A foreign key points down the house only. Import contracts cannot see one that is written as a string."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Model
from django.test.utils import isolate_apps

from tests.architecture.rooms import ROOMS, floor_of


def upward_keys(tables: Iterable[type[Model]]) -> list[str]:
    """Foreign keys, one-to-ones and many-to-manys from one of our rooms to one that is not below it."""
    return sorted(
        f"{table._meta.label}.{field.name} -> {target._meta.label}"
        for table in tables
        for field in (*table._meta.local_fields, *table._meta.local_many_to_many)
        if (target := target_of(field)) and points_up(table, target)
    )


def target_of(field: models.Field[object, object]) -> type[Model] | None:
    target = field.related_model
    return target if isinstance(target, type) else None


def points_up(table: type[Model], target: type[Model]) -> bool:
    """To the same room is fine, to a neighbour on the same floor is not. Django's own rooms are the ground."""
    here, there = table._meta.app_label, target._meta.app_label
    return here in ROOMS and there in ROOMS and here != there and floor_of(there) >= floor_of(here)


def test_no_key_points_up() -> None:
    assert upward_keys(apps.get_models(include_auto_created=True)) == []


def test_keys_are_looked_at() -> None:
    """Else the test above would be content with nothing."""
    ours = [table for table in apps.get_models() if table._meta.app_label in ROOMS]
    across = {
        (table._meta.app_label, target._meta.app_label)
        for table in ours
        for field in table._meta.local_fields
        if (target := target_of(field))
    }
    assert ("messaging", "accounts") in across


@pytest.mark.parametrize(
    "field",
    [
        lambda: models.ForeignKey("messaging.Conversation", on_delete=models.CASCADE),
        lambda: models.OneToOneField("messaging.Conversation", on_delete=models.CASCADE),
        lambda: models.ManyToManyField("messaging.Conversation"),
    ],
    ids=["foreign key", "one to one", "many to many"],
)
def test_an_upward_key_is_seen(field: Callable[[], object]) -> None:
    with isolate_apps("accounts", "messaging"):
        below, _ = made_up("accounts", "Below", key=field()), made_up("messaging", "Conversation")
        assert upward_keys([below]) == ["accounts.Below.key -> messaging.Conversation"]


@pytest.mark.parametrize(
    ("here", "there", "is_up"),
    [
        ("messaging", "accounts", False),
        ("messaging", "messaging", False),
        ("accounts", "auth", False),
        ("accounts", "messaging", True),
        ("realtime", "accounts", True),
        ("messaging", "delivery", True),
        ("attachments", "presence", True),
        ("desk", "portal", True),
    ],
)
def test_which_way_is_up(here: str, there: str, is_up: bool) -> None:
    with isolate_apps(*ROOMS, "django.contrib.auth"):
        assert points_up(made_up(here, "Here"), made_up(there, "There")) == is_up


def test_the_floors_are_those_of_the_settings() -> None:
    """A room that is installed has its floor, whatever its name."""
    ours = [room for room in settings.INSTALLED_APPS if "." not in room and room not in THIRD_PARTY]
    assert set(ours) == set(ROOMS) - {"common"}


THIRD_PARTY = {"daphne", "rest_framework", "corsheaders", "csp", "django_tasks", "django_tasks_db"}


def made_up(room: str, name: str, **fields: object) -> type[Model]:
    meta = type("Meta", (), {"app_label": room})
    return type(name, (Model,), {"__module__": __name__, "Meta": meta, **fields})
