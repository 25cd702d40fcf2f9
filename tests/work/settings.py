"""The settings of workers that a test starts: on the test's database, with its jobs, and soon sure that one is dead."""

import os

from config.settings import *  # noqa: F403  they are the settings
from config.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
PERIODIC = "tests.work.tasks.PERIODIC"
TASK_LEASE_SECONDS = 1.0
