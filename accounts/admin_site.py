"""Who comes into the admin, and the base that keeps each tenant's admin among its own rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation

from accounts.actor import Actor, Credential
from accounts.admin_json import StrictJSONField
from accounts.models import Member, Role, User
from common.errors import NotFound

# --- who ------------------------------------------------------------------------------------------------------------


def administered_by(user: User | AnonymousUser) -> QuerySet[Member]:
    """The admin memberships of a user: each opens one organisation."""
    if isinstance(user, AnonymousUser):
        return Member.objects.none()
    return Member.objects.active().filter(user=user, role=Role.ADMIN)


def is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def organisations_of(request: HttpRequest) -> list[UUID]:
    return [one.organisation_id for one in _memberships(request)]


def _memberships(request: HttpRequest) -> list[Member]:
    """Asked once a request: every list, form and autocomplete of a page needs it."""
    if not hasattr(request, "_memberships"):
        found = administered_by(request.user).select_related("organisation").order_by("created_at", "pk")
        request._memberships = list(found)  # type: ignore[attr-defined]
    memberships: list[Member] = request._memberships  # type: ignore[attr-defined]
    return memberships


def language_of(request: HttpRequest) -> str:
    """The admin's own, as on the staff's pages; of a superuser who is no admin of an organisation, the browser's."""
    memberships = _memberships(request)
    return memberships[0].language if memberships else translation.get_language_from_request(request)


def in_their_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                # Django would do it later, in no language of theirs.
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    return spoken


def actor_in(request: HttpRequest, organisation_id: UUID) -> Actor:
    """The admin as an actor of that organisation: actions are taken as a member, also by superusers."""
    member = administered_by(request.user).filter(organisation_id=organisation_id).first()
    if member is None:
        raise NotFound("You have no admin membership in this organisation.")
    return Actor(member, Credential(member.id, session_key=request.session.session_key or ""))


class TenantAdminSite(admin.AdminSite):
    """Open to superusers and to the admins of an organisation."""

    site_header = site_title = "Parley"
    index_title = "Administration"

    def has_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request) or bool(request.user.is_active and organisations_of(request))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        return super().admin_view(in_their_language(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to sign in, with its limits; whoever is signed in and still here lacks the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


# --- what -----------------------------------------------------------------------------------------------------------


if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # the class is generic in its stubs only
    AnyModelAdmin = admin.ModelAdmin


class TenantAdmin(AnyModelAdmin):
    """Rows of one's own organisations, to look at. A model that has actions changes only through them.

    `organisation_path` says how a row finds its organisation. Superusers see every row.
    """

    organisation_path = "organisation"
    # Ids are of version 7: by age, newest first.
    ordering = ("-pk",)
    show_full_result_count = False
    list_per_page = 50
    formfield_overrides: ClassVar[Any] = {models.JSONField: {"form_class": StrictJSONField}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if is_superuser(request):
            return rows
        return rows.filter(**{f"{self.organisation_path}__in": organisations_of(request)})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the page's own filters ask. Django's default lets anybody ask anything of a column, as a regular
        expression that never ends, or of a text that is not to be read, letter by letter."""
        field, _, kind = lookup.partition("__")
        return field in self.filtered_fields(request) and kind in ("", "exact", "in", "isnull", "isempty")

    def filtered_fields(self, request: HttpRequest) -> list[object]:
        """A filter is written as a field's name, or as the name and the filter's class."""
        return [one[0] if isinstance(one, tuple) else one for one in self.get_list_filter(request)]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class SuperuserAdmin(AnyModelAdmin):
    """Rows of no tenant, for superusers. Others find none: Django's history page looks before it asks for a right."""

    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if is_superuser(request) else rows.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)


class EditableTenantAdmin(TenantAdmin):
    """Rows that an organisation's admin may add and change. No row ever moves to another organisation."""

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (
            (*fixed, self.organisation_path)
            if obj and hasattr(obj, f"{self.organisation_path}_id")
            else fixed
        )

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        target = self.admin_site._registry.get(db_field.related_model)
        if target is not None:
            kwargs["queryset"] = target.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TenantInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in its stubs only
    """Rows that belong to the row of an EditableTenantAdmin, and may be edited by whoever may edit that."""

    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.admin_site.has_permission(request)
