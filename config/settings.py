"""Every setting of Parley. What the environment may change is listed in the README."""

from __future__ import annotations

from os import cpu_count
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import validate
from environs.exceptions import EnvValidationError

from config import bundle
from config.env import BASE_DIR, environment, generated_secret
from config.files import bucket_of

# --- the environment ------------------------------------------------------------------------------------------------

AT_LEAST_ONE = validate.Range(min=1)
NOT_NEGATIVE = validate.Range(min=0)
ABOVE_ZERO = validate.Range(min=0, min_inclusive=False)

env = environment()
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000, validate=validate.Range(1, 65535))
SERVER = env.str("SERVER", "daphne", validate=validate.OneOf(("daphne", "uvicorn")))
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")
PUBLIC_URL = env.str("PUBLIC_URL", "")
DATABASE: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL", "sqlite://"))
DATABASE_POOL = env.int("DATABASE_POOL", 16, validate=AT_LEAST_ONE)
DATABASE_THREADS = env.int("DATABASE_THREADS", 8, validate=AT_LEAST_ONE)
DATABASE_TIMEOUT_MS = env.int("DATABASE_TIMEOUT_MS", 8000)
REDIS_URL = env.str("REDIS_URL", "", validate=validate.Regexp(r"((redis|rediss|unix)://.+)?$"))
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
WORKER = env.str("WORKER", "", validate=validate.OneOf(("", "embedded", "separate")))
WORKER_THREADS = env.int("WORKER_THREADS", 4, validate=AT_LEAST_ONE)
HEAL_EVERY_SECONDS = env.float("HEAL_EVERY_SECONDS", 2.0)
# What webhooks and link previews may reach though it is not public, also by http: "host" or "host:port".
PRIVATE_HOSTS: list[str] = env.list("PRIVATE_HOSTS", [])
# How much one client may ask for: on average a second, and at once.
SOCKETS_PER_MEMBER = env.int("SOCKETS_PER_MEMBER", 20, validate=AT_LEAST_ONE)
SOCKET_FRAMES_PER_SECOND = env.float("SOCKET_FRAMES_PER_SECOND", 20.0, validate=ABOVE_ZERO)
SOCKET_FRAMES_BURST = env.float("SOCKET_FRAMES_BURST", 60.0, validate=AT_LEAST_ONE)
HANDSHAKES_PER_SECOND = env.float("HANDSHAKES_PER_SECOND", 50.0, validate=ABOVE_ZERO)
HANDSHAKES_BURST = env.float("HANDSHAKES_BURST", 500.0, validate=AT_LEAST_ONE)
SENDS_PER_SECOND = env.float("SENDS_PER_SECOND", 5.0, validate=ABOVE_ZERO)
SENDS_BURST = env.float("SENDS_BURST", 20.0, validate=AT_LEAST_ONE)
TENANT_SENDS_PER_SECOND = env.float("TENANT_SENDS_PER_SECOND", 100.0, validate=ABOVE_ZERO)
TENANT_SENDS_BURST = env.float("TENANT_SENDS_BURST", 1000.0, validate=AT_LEAST_ONE)
# Files that people share.
FILES_DIR = env.path("FILES_DIR", None)
# By `make static`.
STATIC_MADE = env.path("STATIC_MADE", BASE_DIR / "build" / "static")
UPLOAD_MAX_BODY = env.int("UPLOAD_MAX_BODY", 12 * 1024 * 1024, validate=AT_LEAST_ONE)
UPLOADS_KEPT_HOURS = env.int("UPLOADS_KEPT_HOURS", 24, validate=AT_LEAST_ONE)
THUMBNAILS: list[int] = env.list("THUMBNAILS", [150, 300, 800], subcast=int)
# unix:///run/clamav/clamd.ctl or tcp://host:3310; without it, nothing is scanned.
CLAMD = env.str("CLAMD", "", validate=validate.Regexp(r"(unix:///.+|tcp://[^/]+)?$"))
ACCESS_LOG_DAYS = env.int("ACCESS_LOG_DAYS", 365, validate=AT_LEAST_ONE)
QUARANTINE_DAYS = env.int("QUARANTINE_DAYS", 7, validate=validate.Range(min=0))
# Each takes a core: with all of them taken, messages came four times as late.
INSPECTIONS_AT_ONCE = env.int("INSPECTIONS_AT_ONCE", max(1, (cpu_count() or 1) // 2), validate=AT_LEAST_ONE)
# For the process that takes files in, where it is one of its own.
LOW_PRIORITY = env.bool("LOW_PRIORITY", False)
# How their bytes are kept, and how they reach people.
FILES_URL = env.str("FILES_URL", "")
AWS_CREDENTIALS = {
    "aws_access_key_id": env.str("AWS_ACCESS_KEY_ID", ""),
    "aws_secret_access_key": env.str("AWS_SECRET_ACCESS_KEY", ""),
    "aws_session_token": env.str("AWS_SESSION_TOKEN", ""),
}
FILES_COLD_AFTER_DAYS = env.int("FILES_COLD_AFTER_DAYS", 0, validate=NOT_NEGATIVE)
# Those that give their bytes at once: out of an archive they would have to be ordered first.
COLD_CLASSES = ("STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR")
FILES_COLD_CLASS = env.str("FILES_COLD_CLASS", "STANDARD_IA", validate=validate.OneOf(COLD_CLASSES))
FILES_ACCEL = env.str("FILES_ACCEL", "", validate=validate.Regexp(r"(/[\w-]+(/[\w-]+)*/)?$"))
CDN_URL = env.str("CDN_URL", "", validate=validate.Regexp(r"(https?://[\w.:\[\]-]+(/[\w.-]+)*/?)?$"))
# How people are told who are not looking.
EMAIL: dict[str, Any] = dict(env.dj_email_url("EMAIL_URL", "dummy:"))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "Parley <parley@localhost>")
EMAIL_DELAY_SECONDS = env.int("EMAIL_DELAY_SECONDS", 600, validate=validate.Range(min=0))
PUSH_SERVICES: list[str] = env.list("PUSH_SERVICES", [])
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")

try:
    env.seal()
except EnvValidationError as error:
    raise ImproperlyConfigured(f"The environment is not right: {error.error_messages}") from error

DATA_DIR = DATA_DIR.resolve()
FILES_DIR = (FILES_DIR or DATA_DIR / "files").resolve()
UPLOADS_DIR = FILES_DIR / "uploads"
PUBLIC_URL = (PUBLIC_URL or f"http://{HOST}:{PORT}").rstrip("/")
CDN_URL = CDN_URL.rstrip("/")
BUCKET = bucket_of(FILES_URL) if FILES_URL else None
SECRET_KEY = SECRET_KEY or generated_secret(DATA_DIR, "secret_key")
ALLOWED_HOSTS = ALLOWED_HOSTS or [urlsplit(PUBLIC_URL).hostname or HOST, "127.0.0.1", ".localhost", "[::1]"]
IS_HTTPS = PUBLIC_URL.startswith("https://")
# Where there is but one process, it does everything (docs/decisions/0003).
IS_WORKER_EMBEDDED = WORKER == "embedded" or (not WORKER and not REDIS_URL)

# --- the rooms ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "daphne",
    "accounts.admin_app.ParleyAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "corsheaders",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "config",
    "work",
    "realtime",
    "accounts",
    "presence",
    "attachments",
    "messaging",
    "delivery",
    "desk",
    "portal",
]

MIDDLEWARE = [
    "config.bodies.forms_in_utf_8",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.SiteCors",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- the database ---------------------------------------------------------------------------------------------------

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "parley.sqlite3",
    # A file, since the socket's threads must see what a test wrote.
    "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    "OPTIONS": {
        # Without IMMEDIATE, a read that turns into a write fails at once with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
# A file is looked into for a second: whoever uploads one waits for those who do, and nobody else.
UPLOAD_THREADS = 2 * INSPECTIONS_AT_ONCE
# One for each thread of a worker, and of uploads, beside those of DATABASE_POOL.
WORKER_POOL = WORKER_THREADS + 2 if IS_WORKER_EMBEDDED else 0
POSTGRESQL: dict[str, Any] = {
    # A lasting connection per thread would leak under ASGI, where threads come and go: the pool is what lasts.
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 3,
        # Of psycopg's own cursors (common.prepared) each statement is prepared; those of the ORM never are.
        "prepare_threshold": 0,
        "pool": {
            "min_size": 1,
            "max_size": DATABASE_POOL + UPLOAD_THREADS + WORKER_POOL,
            "timeout": 5,
            # Else it tries again ever more rarely by itself, for minutes, and when the database is back nobody gets a
            # connection for as long as it was away. A try that was given up makes room for whoever asks next.
            "reconnect_timeout": 1,
        },
        "options": f"-c statement_timeout={DATABASE_TIMEOUT_MS} -c lock_timeout={DATABASE_TIMEOUT_MS // 2}"
        f" -c idle_in_transaction_session_timeout={DATABASE_TIMEOUT_MS + 2000}"
        # Else PostgreSQL plans a prepared statement anew for each list of ids, longer than it takes to answer.
        " -c plan_cache_mode=force_generic_plan",
    },
}
IS_POSTGRESQL = DATABASE["ENGINE"] == "django.db.backends.postgresql"
if not IS_POSTGRESQL and DATABASE["NAME"] != ":memory:":
    raise ImproperlyConfigured("DATABASE_URL must be postgres://...; leave it out for SQLite in DATA_DIR.")
POSTGRESQL["OPTIONS"] |= DATABASE.get("OPTIONS", {})
DATABASES: dict[str, Any] = {"default": {**DATABASE, **POSTGRESQL} if IS_POSTGRESQL else SQLITE}

# --- the background -------------------------------------------------------------------------------------------------

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "OPTIONS": {"id_function": "common.ids.new_id"},
    }
}
# What is done again and again.
PERIODIC = "config.work.PERIODIC"
# A worker that says nothing for so long is taken for dead, and its task is another's.
TASK_LEASE_SECONDS = 20.0
TASK_ATTEMPTS = 3

# --- real time ------------------------------------------------------------------------------------------------------

CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "realtime.layer.PubSubLayer",
        "CONFIG": {
            "prefix": "parley",
            "hosts": [
                {
                    "address": REDIS_URL,
                    "socket_timeout": 15,
                    "socket_connect_timeout": 2,
                    "health_check_interval": 10,
                }
            ],
        },
    }
    if REDIS_URL
    else {"BACKEND": "realtime.layer.MemoryLayer"}
}

# --- who ------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "chat"
LOGOUT_REDIRECT_URL = "login"

# --- the API --------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["common.api.StrictJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.StrictJSONParser"],
    "EXCEPTION_HANDLER": "common.api.handle_exception",
    "UNAUTHENTICATED_USER": None,
}

# Origins are the sites' own, looked up in accounts.receivers; a widget carries its token in a header, never a cookie.
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOWED_ORIGINS: list[str] = []
CORS_ALLOW_CREDENTIALS = False
CORS_EXPOSE_HEADERS = ["Retry-After"]

# --- pages ----------------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
X_FRAME_OPTIONS = "DENY"
CDN = ["{0.scheme}://{0.netloc}".format(urlsplit(CDN_URL))] if CDN_URL else []
# Where downloads send people.
ELSEWHERE = CDN or ([BUCKET.origin] if BUCKET else [])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, *CDN],
        "style-src": [SELF, *CDN],
        "img-src": [SELF, *CDN, "data:", "blob:"],
        "media-src": ["blob:"],
        # Documents, in a sandbox of their response's (`attachments.serving`).
        "frame-src": [SELF, *ELSEWHERE],
        "font-src": [SELF, *CDN],
        "connect-src": [SELF, *ELSEWHERE],
        "manifest-src": [SELF, *CDN],
        "worker-src": [SELF],
        # Whoever uses a link to a file is sent on to the bucket.
        "form-action": [SELF, *([BUCKET.origin] if BUCKET else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- being told -----------------------------------------------------------------------------------------------------

EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
# Without a server, nobody is mailed.
SENDS_EMAIL = not EMAIL_BACKEND.endswith("dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 15

# --- files that people share ----------------------------------------------------------------------------------------

# Never under an address of their own: `attachments` serves them, to whoever may read them. The group's
# rights are what an ACL can give to nginx, where it serves them for us (deploy/README.md).
ON_DISK: dict[str, Any] = {
    "BACKEND": "attachments.disk.DiskStorage",
    "OPTIONS": {
        "location": FILES_DIR / "kept",
        "base_url": None,
        "file_permissions_mode": 0o640,
        "directory_permissions_mode": 0o750,
    },
}
STORAGES: dict[str, Any] = {
    "files": {"BACKEND": "attachments.s3.S3Storage", "OPTIONS": BUCKET.options(AWS_CREDENTIALS)}
    if BUCKET
    else ON_DISK,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = UPLOADS_DIR
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- files of ours --------------------------------------------------------------------------------------------------

STATIC_URL = f"{CDN_URL}/static/" if CDN_URL else "static/"
# Here they are always at the same place, whatever stands in front.
WHITENOISE_STATIC_PREFIX = "/static/"
STATIC_SOURCES = BASE_DIR / "static"
STATICFILES_DIRS = bundle.directories(STATIC_SOURCES, STATIC_MADE)
WHITENOISE_USE_FINDERS = True
# What has its own digest in its name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/js/made/[\w-]+-[0-9A-Z]{8}\.js$"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("pt-br", "Português (Brasil)")]
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {name: {"level": "WARNING"} for name in ("daphne", "twisted", "uvicorn", "django_tasks")},
}
