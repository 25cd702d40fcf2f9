"""Django's admin with our site class; named in INSTALLED_APPS."""

from django.contrib.admin.apps import AdminConfig


class ParleyAdmin(AdminConfig):
    default_site = "accounts.admin_site.TenantAdminSite"
