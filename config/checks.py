"""What must not be so on a server that strangers reach: told at start-up, by name."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from attachments.inspection.inspector import missing_walls
from attachments.inspection.walls import LANDLOCK, SECCOMP

SECRET_KEY_AT_LEAST = 40


@register
def check_production(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < SECRET_KEY_AT_LEAST:
        hint = "Leave it out and one is made in DATA_DIR/secrets."
        found.append(Error(f"SECRET_KEY is shorter than {SECRET_KEY_AT_LEAST}.", hint=hint, id="parley.E001"))
    if settings.IS_HTTPS and settings.DEBUG:
        found.append(Error("DEBUG shows secrets to strangers.", hint="Unset DEBUG.", id="parley.E002"))
    if settings.IS_HTTPS and settings.DEMO:
        found.append(Error("The demo prints its passwords.", hint="Unset DEMO.", id="parley.E003"))
    if settings.IS_POSTGRESQL and settings.DATABASE_POOL < 2 * settings.DATABASE_THREADS:
        hint = "Each thread keeps a connection: give it twice DATABASE_THREADS, for sockets and for requests."
        found.append(Error("DATABASE_POOL is too small for DATABASE_THREADS.", hint=hint, id="parley.E004"))
    if settings.BUCKET and find_spec("boto3") is None:
        hint = "deploy/venv requirements-s3.txt"
        found.append(Error("FILES_URL needs what speaks with S3.", hint=hint, id="parley.E005"))
    if settings.BUCKET and settings.FILES_ACCEL:
        hint = "Leave FILES_ACCEL out: people are sent to the bucket."
        found.append(Error("nginx has no files to serve with FILES_URL.", hint=hint, id="parley.E006"))
    return found


HINTS = {
    SECCOMP: "A kernel with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64; in a container, a runtime that allows prctl.",
    LANDLOCK: "Linux 5.13 or newer with landlock among CONFIG_LSM (cat /sys/kernel/security/lsm); in a container, a"
    " runtime whose filter of system calls allows landlock_* (docker 23 or newer).",
}


@register(deploy=True)
def check_walls(**kwargs: Any) -> list[CheckMessage]:
    """manage.py check --deploy"""
    try:
        missing = missing_walls()
    except OSError as error:
        return [Warning(f"No process can be started to look into files: {error}", id="parley.W002")]
    return [
        Warning(
            f"{one} does not hold the process that looks into strangers' files.",
            hint=HINTS[one],
            id="parley.W001",
        )
        for one in missing
    ]


@register(deploy=True)
def check_bundle(**kwargs: Any) -> list[CheckMessage]:
    if settings.STATIC_MADE in settings.STATICFILES_DIRS:
        return []
    told = "Browsers load the sources of the widget and of our pages, file by file."
    return [Warning(told, hint="make static, which needs Node 20.19 or newer.", id="parley.W003")]
