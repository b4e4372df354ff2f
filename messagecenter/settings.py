"""The one settings module; every value comes from the environment and is explained in `.env.example`."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from messagecenter import environment as env
from messagecenter.sealing import parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
MODE = env.read_mode()
PRODUCTION = MODE == "production"
TESTING = "pytest" in sys.modules

DEBUG = env.read_flag("MC_DEBUG")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("MC_DEBUG shows source code to visitors: not in production.")

_secrets = env.production_secrets() if PRODUCTION else env.development_secrets(LOCAL_DIR)
SECRET_KEY = _secrets.secret_key
SEALING_KEYS = parse_keys(_secrets.keys)
EVENT_SECRETS = _secrets.event_secrets

# --- servers ---------------------------------------------------------------------------------------
DATABASE_URL = env.read("DATABASE_URL")
REDIS_URL = env.read("REDIS_URL")
BROKER_URL = env.broker_url(REDIS_URL)
if not (DATABASE_URL and REDIS_URL):
    if PRODUCTION:
        raise ImproperlyConfigured("Refusing to start in production: DATABASE_URL and REDIS_URL must be set.")
    if not env.read_flag("MC_NO_EMBEDDED"):
        from messagecenter.embedded import ensure_servers  # a development extra: absent in production

        _servers = ensure_servers(LOCAL_DIR.parent, need_database=not DATABASE_URL, need_redis=not REDIS_URL)
        DATABASE_URL = DATABASE_URL or _servers.database_url
        BROKER_URL = BROKER_URL or _servers.broker_url
        REDIS_URL = REDIS_URL or _servers.redis_url

DATABASES = {"default": env.database_settings(DATABASE_URL or "postgresql:///none")}
# One connection a process is kept open; gunicorn's and Celery's workers are processes, not threads.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or "redis://none",
        "KEY_PREFIX": "test" if TESTING else "mc",
    }
}

# --- the marketplace (OP-5) ------------------------------------------------------------------------
SITE_NAME = env.read("MC_SITE_NAME", "Message Center")
SITE_LOGO_URL = env.read("MC_SITE_LOGO_URL")
SITE_HOME_URL = env.read("MC_SITE_HOME_URL", "/")
SITE_SUPPORT_URL = env.read("MC_SITE_SUPPORT_URL")
SITE_URL = env.read("MC_SITE_URL", "http://localhost:8000").rstrip("/")
SITE_ACCENT = env.read_colour("MC_SITE_ACCENT", "#1f5fbf")
MARKETPLACE_DOMAINS = env.read_list("MC_DOMAINS")
EVENT_MAX_AGE = env.read_number("MC_EVENT_MAX_AGE", 300, least=1)  # seconds; Standard Webhooks advises 5 min
EVENT_MAX_BYTES = env.read_number("MC_EVENT_MAX_BYTES", 1_000_000, least=1000)
EVENT_WAIT_DAYS = env.read_number("MC_EVENT_WAIT_DAYS", 7, least=1)  # an event whose order never comes
# What an order number of this marketplace looks like (a regular expression for the whole of it). An event of
# another one is refused at the door; it also keeps out what could not stand in an address.
ORDER_NUMBER_PATTERN = env.read_pattern("MC_ORDER_NUMBER_PATTERN", r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
UNDO_SECONDS = env.read_number("MC_UNDO_SECONDS", 10, least=1)
INBOX_PAGE_SIZE = env.read_number("MC_INBOX_PAGE_SIZE", 50, least=10)
NOTICE_ATTEMPTS = env.read_number("MC_NOTICE_ATTEMPTS", 8, least=1)  # then the notice is dead, with replay

# --- Django ----------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.read_list("MC_ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "localhost")
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "messagecenter.urls"
WSGI_APPLICATION = "messagecenter.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
# User.email is unique without regard to case, by a constraint that this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

INSTALLED_APPS = [
    "accounts",
    "orders",
    "messagecenter",
    "notifications",
    "messagecenter.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.LastSeenMiddleware",
]
_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "messagecenter.site.context",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": _CONTEXT_PROCESSORS,
            "builtins": ["messagecenter.templatetags.frame"],
        },
    },
    {
        # Jinja2 for the hot rows of the inbox: a tenth of the time of a Django template (DESIGN, Speed).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "messagecenter.jinja2.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- languages and time (CH-5) ---------------------------------------------------------------------
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LANGUAGE_CODE = env.read("MC_LANGUAGE", "en")
TIME_ZONE = env.read("MC_TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True

# --- static files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A scan of all files for each middleware that is made, 30 ms, is right for a server and wrong for tests.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG
# Files served at the site's root as they are: robots.txt, a favicon, the pictures of the demo's products.
WHITENOISE_ROOT = env.read("MC_PUBLIC_DIR") or None

# --- sign-in (SE-3) --------------------------------------------------------------------------------
# One backend, so that a wrong password costs one hash, whether the address is known or not.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "first_name", "last_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.LoginForm",
    "signup": "accounts.forms.sign_in.SignupForm",
    "add_email": "accounts.forms.sign_in.AddEmailForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.people.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# By a code typed where the sign-up began, not by a link: whoever is sent a link that he did not ask for
# would, by following it, verify an account whose password a stranger chose.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, the others end
ACCOUNT_SESSION_REMEMBER = None  # asks
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
# Amount/time/per. "key" is the address typed, known or not, so no limit tells which it is. "ip" is the
# visitor's: behind a proxy only with MC_BEHIND_PROXY=1, else it is the proxy's and all share one limit.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
MFA_ADAPTER = "messagecenter.second_factors.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.AuthenticateForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # periods of 30 s: a phone's clock is not the server's
# Colleagues open the administration only with a second factor. Off in development, so that the demo's
# passwords suffice.
REQUIRE_STAFF_MFA = env.read_flag("MC_REQUIRE_STAFF_MFA", default=PRODUCTION)
USERSESSIONS_TRACK_ACTIVITY = False  # an UPDATE per page view; LastSeenMiddleware does without

SESSION_ENGINE = "accounts.session_store"  # rows in PostgreSQL: an emptied Redis signs nobody out
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- page safety -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *env.read_list("MC_PICTURE_ORIGINS")],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if urlsplit(SITE_URL).scheme == "https":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.read_flag("MC_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.read_number("MC_HSTS_SECONDS", 31_536_000)
if env.read_flag("MC_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The visitor's address is the last but so many in X-Forwarded-For; what he himself wrote there is not.
    ALLAUTH_TRUSTED_PROXY_COUNT = env.read_number("MC_PROXY_COUNT", 1, least=1)

# --- e-mail ----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.read("MC_EMAIL_FROM", f"{SITE_NAME} <no-reply@localhost>")
_smtp = urlsplit(env.read("MC_SMTP_URL"))
if _smtp.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _smtp.hostname, _smtp.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp.username or "", _smtp.password or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _smtp.scheme == "smtp+tls", _smtp.scheme == "smtps"
    EMAIL_TIMEOUT = 20  # seconds
elif PRODUCTION:
    raise ImproperlyConfigured("Refusing to start in production: MC_SMTP_URL must name the mail server.")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = LOCAL_DIR / "mail"

# --- Celery ----------------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL or "redis://none"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's wake-ups come back after seconds, not after Redis' default hour. The sweep
    # would find the work anyway (Notice is the outbox); these figures are DESIGN's, measured.
    "visibility_timeout": 60,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # A wake-up that does not reach Redis at once is not sent: an event must not wait for it.
    "max_retries": 0,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "global_keyprefix": "test:" if TESTING else "mc:",
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False  # the wake-up may be lost: the sweep finds the notice
CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "scheduler")
CELERY_BEAT_SCHEDULE = {
    "sweep-notices": {"task": "notifications.sweep_notices", "schedule": 3.0, "options": {"expires": 3}},
    "sweep-waiting-events": {
        "task": "orders.sweep_waiting_events",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget-expired-sessions": {
        "task": "accounts.forget_expired_sessions",
        "schedule": crontab(hour="4", minute="17"),
    },
}

# --- logs ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.read("MC_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
}
