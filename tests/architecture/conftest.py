"""The stage of the isolation matrix."""

from __future__ import annotations

import pytest

from tests.architecture.worlds import Stage, set_stage
from tests.cast import Cast


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)
