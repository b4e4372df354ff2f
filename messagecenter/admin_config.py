from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """In INSTALLED_APPS in place of "django.contrib.admin"; apart from the site, which needs models."""

    default_site = "messagecenter.admin_site.AdminSite"
