"""The admin speaks the language of whoever reads it, and none of our words is left in English."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, help_text_for_field, label_for_field
from django.core.exceptions import FieldDoesNotExist
from django.core.management import call_command
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import ModelChoiceField
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.models import Member, Organisation, User
from tests.cast import Cast
from tests.clients import Client
from tests.conftest import ApiFactory

NOTHING = {"", BLANK_CHOICE_DASH[0][1]}
# What is called the same, or has no name but its own.
NAMES = {"emoji", "english", "español", "id", "português (brasil)", "slug", "token", "tokens"}
NAMES |= {"webhook", "webhooks", "widget"}
SAME = {
    "es": NAMES | {"bot", "invisible", "no", "video"},
    "pt-br": NAMES | {"link", "site", "sites"},
}


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root")


def texts_of(shown: Any, request: Any) -> Iterator[tuple[str, object]]:
    """All that the pages of a model call by a name, and where."""
    model, meta = shown.model, shown.model._meta
    yield "app", apps.get_app_config(meta.app_label).verbose_name
    yield "one", meta.verbose_name
    yield "several", meta.verbose_name_plural
    for name, (_, _, said) in shown.get_actions(request).items():
        yield f"action {name}", said
    page = shown.get_changelist_instance(request)
    for place, spec in enumerate(page.filter_specs):
        yield f"filter {place}", spec.title
        for number, choice in enumerate(spec.choices(page)):
            yield f"filter {place}: {number}", choice["display"]
    fieldsets = shown.get_fieldsets(request)
    for number, (title, _) in enumerate(fieldsets):
        yield f"fieldset {number}", title or ""
    displays = {name for part in type(shown).__mro__ for name in vars(part) if _is_display(shown, name)}
    for name in {*shown.get_list_display(request), *flatten_fieldsets(fieldsets), *displays}:
        yield from _of_column(shown, model, name)
    for name, field in _form(shown, request).items():
        yield f"form {name}", field.label
        yield f"form help {name}", field.help_text
        if not isinstance(field, ModelChoiceField):
            for value, said in getattr(field, "choices", ()):
                yield f"form choice {name} {value}", said


def _form(shown: Any, request: Any) -> dict[str, Any]:
    """What is only looked at has none."""
    fields: dict[str, Any] = shown.get_form(request).base_fields if shown.has_add_permission(request) else {}
    return fields


def _is_display(shown: Any, name: str) -> bool:
    return hasattr(getattr(type(shown), name, None), "short_description") and name != "action_checkbox"


def _of_column(shown: Any, model: Any, name: str) -> Iterator[tuple[str, object]]:
    """Of a model's field or an admin's column; what a form alone asks is there."""
    try:
        yield f"column {name}", label_for_field(name, model, shown)
        yield f"help {name}", help_text_for_field(name, model)
        choices = model._meta.get_field(name).flatchoices
    except (AttributeError, FieldDoesNotExist):
        return
    for value, said in choices:
        yield f"choice {name} {value}", said


def said_in(language: str, shown: Any, request: Any) -> list[tuple[str, str]]:
    with translation.override(language):
        return [(where, str(said)) for where, said in texts_of(shown, request)]


@pytest.mark.parametrize("language", SAME)
def test_nothing_is_left_in_english(root: User, language: str) -> None:
    request = RequestFactory().get("/")
    request.user = root
    left: dict[str, str] = {}
    for model, shown in admin.site._registry.items():
        english, theirs = (dict(said_in(one, shown, request)) for one in ("en", language))
        assert english.keys() == theirs.keys()
        assert len(theirs) > 4
        same = {said.lower(): where for where, said in theirs.items() if said == english[where]}
        left |= {said: f"{model._meta.label}, {where}" for said, where in same.items()}
    assert [f"{said}: {where}" for said, where in left.items() if said not in SAME[language] | NOTHING] == []
    assert [said for said in SAME[language] if said not in left] == []


@pytest.mark.django_db
def test_no_migration_comes_of_it() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- the pages ------------------------------------------------------------------------------------------------------

PAGES = {
    "es": {
        "admin:index": [
            "Cuentas",
            "Organizaciones",
            "Respuestas guardadas",
            "Administración",
            "Cerrar sesión",
        ],
        "admin:accounts_member_changelist": [
            "Función",
            "Agente",
            "Desactivar: ya no podrán entrar",
            "Seleccione miembro para ver",
        ],
        "admin:accounts_member_add": [
            "Nombre de usuario",
            "Para quien inicia sesión aquí.",
            "Gestión externa",
        ],
        "admin:accounts_site_add": ["Horario:", "Días en los que está cerrado"],
        "admin:jsi18n": ["Septiembre"],
    },
    "pt-br": {
        "admin:index": ["Contas", "Organizações", "Respostas prontas", "Administração", "Encerrar sessão"],
        "admin:accounts_member_changelist": ["Função", "Atendente", "Desativar: não poderão mais entrar"],
        "admin:accounts_member_add": ["Nome de usuário", "Para quem entra por aqui.", "Gestão externa"],
        "admin:accounts_site_add": ["Horário:", "Dias em que está fechado"],
        "admin:jsi18n": ["Setembro"],
    },
}


def signed_in(user: User | None) -> Client:
    assert user
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", PAGES)
def test_alice_reads_it_in_her_language(cast: Cast, language: str) -> None:
    Member.objects.filter(pk=cast.alice.member.pk).update(locale=language)
    client = signed_in(cast.alice.member.user)
    for page, words in PAGES[language].items():
        answer = client.get(reverse(page), headers={"Accept-Language": "en"})
        html = unescape(answer.content.decode())
        assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
        assert [word for word in words if word not in html] == []
    assert translation.get_language() == "en"


def test_where_she_has_chosen_none_it_is_her_organisations(cast: Cast) -> None:
    client = signed_in(cast.alice.member.user)
    assert "Canned replies" in client.get(reverse("admin:index")).content.decode()
    Organisation.objects.filter(pk=cast.hotel.pk).update(locale="pt-br")
    assert "Respostas prontas" in client.get(reverse("admin:index")).content.decode()


def test_a_superuser_of_no_organisation_reads_it_as_the_browser_wishes(root: User) -> None:
    client = signed_in(root)
    for wished, said in (("es-AR,es;q=0.9", "Tareas"), ("pt", "Tarefas"), ("fi", "Tasks")):
        page = client.get(reverse("admin:index"), headers={"Accept-Language": wished})
        assert said in page.content.decode()


def test_what_is_refused_is_told_in_it_too(cast: Cast) -> None:
    """By Django, with our names of the fields."""
    Member.objects.filter(pk=cast.alice.member.pk).update(locale="es")
    client = signed_in(cast.alice.member.user)
    answer = client.post(reverse("admin:accounts_space_add"), {"organisation": cast.hotel.pk, "name": ""})
    assert "Este campo es requerido." in answer.content.decode()


def test_the_api_says_what_it_said(cast: Cast, api: ApiFactory) -> None:
    Member.objects.filter(pk=cast.alice.member.pk).update(locale="es")
    client = api(cast.alice, **{"Accept-Language": "es"})
    assert client.get("me/").json()["member"]["role"] == "admin"
    refused = client.post("chat/conversations/start/", {"kind": "party"}).json()["error"]["fields"]
    assert refused == {"kind": ['"party" is not a valid choice.']}
