"""Who, in the admin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import actions
from accounts.admin_site import (
    EditableTenantAdmin,
    SuperuserAdmin,
    TenantAdmin,
    TenantInline,
    actor_in,
    is_superuser,
    organisations_of,
)
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
    Token,
    User,
)
from common.errors import ParleyError

admin.site.unregister(Group)


@admin.register(User)
class UserOnlyForSuperusers(SuperuserAdmin, UserAdmin):  # type: ignore[type-arg]  # generic in its stubs only
    pass


@admin.register(Organisation)
class OrganisationAdmin(EditableTenantAdmin):
    organisation_path = "pk"
    list_display = ("name", "slug", "locale", "timezone", "is_active")
    list_filter = ("is_active", "locale")
    search_fields = ("name", "slug")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if is_superuser(request) else ("slug", "is_active")


class AddMemberForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    username = forms.CharField(max_length=150, required=False, help_text="For a person who signs in here.")
    password = forms.CharField(max_length=128, required=False, widget=forms.PasswordInput)

    class Meta:
        model = Member
        fields = ("organisation", "role", "name", "email")

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        if fields.get("username"):
            if User.objects.filter(username=fields["username"]).exists():
                self.add_error("username", "Someone has this name already.")
            validate_password(fields.get("password") or "")
        return fields


@admin.register(Member)
class MemberAdmin(TenantAdmin):
    """Members are added and deactivated by actions; nothing else of them changes here."""

    list_display = ("name", "role", "organisation", "user", "external_id", "created_at", "deactivated_at")
    list_select_related = ("organisation", "user")
    list_filter = ("role", ("deactivated_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "email", "external_id")
    actions = ("deactivate",)
    add_form = AddMemberForm

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(organisations_of(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("organisation", "role", "name", "email", "username", "password")})]
        return super().get_fieldsets(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.filter(pk__in=organisations_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        fields = form.cleaned_data
        added = actions.add_member(
            actor_in(request, fields["organisation"].pk),
            role=Role(fields["role"]),
            name=fields["name"],
            email=fields["email"],
            username=fields["username"],
            password=fields["password"],
        )
        obj.pk = added.pk

    @admin.action(description="Deactivate: they can no longer come in", permissions=["view"])
    def deactivate(self, request: HttpRequest, members: QuerySet[Member]) -> None:
        for member in members:
            _act(request, member.organisation_id, actions.deactivate_member, member_id=member.id)


@admin.register(Space)
class SpaceAdmin(EditableTenantAdmin):
    list_display = ("name", "kind", "slug", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("kind",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("organisation",)


@admin.register(SpaceAccess)
class SpaceAccessAdmin(EditableTenantAdmin):
    organisation_path = "space__organisation"
    list_display = ("member", "space", "role", "can_comment", "can_create_tasks")
    list_select_related = ("member", "space")
    list_filter = ("role", "can_comment")
    search_fields = ("member__name", "space__name")
    autocomplete_fields = ("member", "space")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)


class OriginForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    def clean_origin(self) -> str:
        """The form has no field for the site, so Django leaves the constraint on both to the database."""
        origin: str = self.cleaned_data["origin"]
        same = SiteOrigin.objects.filter(site=self.instance.site_id, origin=origin).exclude(
            pk=self.instance.pk
        )
        if same.exists():
            raise forms.ValidationError("The site has this origin already.")
        return origin


class OriginInline(TenantInline):
    model = SiteOrigin
    form = OriginForm


@admin.register(Site)
class SiteAdmin(EditableTenantAdmin):
    list_display = ("name", "key", "organisation", "identity_required", "is_active")
    list_select_related = ("organisation",)
    list_filter = ("is_active", "identity_required")
    search_fields = ("name", "key")
    autocomplete_fields = ("organisation", "default_space")
    readonly_fields = ("key",)
    actions = ("issue_secret",)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [OriginInline] if obj else []

    @admin.action(description="Issue an identity secret (shown once)", permissions=["view"])
    def issue_secret(self, request: HttpRequest, sites: QuerySet[Site]) -> None:
        for site in sites:
            issued = _act(request, site.organisation_id, actions.issue_site_secret, site_id=site.id)
            if issued:
                row, secret = issued
                messages.success(request, f"{site}: kid {row.kid}, secret {secret}. It is not shown again.")


@admin.register(SiteOrigin)
class SiteOriginAdmin(TenantAdmin):
    organisation_path = "site__organisation"
    list_display = ("origin", "site")
    list_select_related = ("site",)
    search_fields = ("origin",)


@admin.register(SiteSecret)
class SiteSecretAdmin(TenantAdmin):
    organisation_path = "site__organisation"
    list_display = ("kid", "site", "created_at", "revoked_at")
    list_select_related = ("site",)
    search_fields = ("kid",)
    fields = ("site", "kid", "created_at", "revoked_at")
    actions = ("revoke",)

    @admin.action(description="Revoke: identities signed with it are refused", permissions=["view"])
    def revoke(self, request: HttpRequest, secrets: QuerySet[SiteSecret]) -> None:
        for secret in secrets.select_related("site"):
            _act(request, secret.site.organisation_id, actions.revoke_site_secret, secret_id=secret.id)


@admin.register(Token)
class TokenAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "kind", "name", "site", "created_at", "expires_at", "revoked_at")
    list_select_related = ("member", "site")
    list_filter = ("kind", ("revoked_at", admin.EmptyFieldListFilter))
    search_fields = ("member__name", "name")
    fields = ("member", "kind", "name", "scopes", "site", "created_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @admin.action(description="Revoke: it stops working and its sockets close", permissions=["view"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        for token in tokens.select_related("member"):
            _act(request, token.member.organisation_id, actions.revoke_token, token_id=token.id)


@admin.register(SocketTicket)
class SocketTicketAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "expires_at")
    list_select_related = ("member",)
    search_fields = ("member__name",)
    fields = ("member", "expires_at")


@admin.register(Contact)
class ContactAdmin(TenantAdmin):
    organisation_path = "member__organisation"
    list_display = ("member", "page", "locale", "seen_at")
    list_select_related = ("member",)
    search_fields = ("member__name", "page")


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantAdmin):
    list_display = ("at", "verb", "actor", "object_type", "object_id", "organisation")
    list_select_related = ("actor", "organisation")
    list_filter = ("verb",)
    search_fields = ("verb", "object_id", "actor__name")


def _act(request: HttpRequest, organisation_id: UUID, action: Any, **arguments: Any) -> Any:
    """An action as the member this admin is in that organisation; a refusal is told in the page."""
    try:
        return action(actor_in(request, organisation_id), **arguments)
    except ParleyError as error:
        messages.error(request, str(error))
        return None
