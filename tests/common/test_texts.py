"""What the database writes of a row is, to the letter, what we would have written of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from accounts.models import Organisation
from common.clock import IsoText, iso
from common.ids import IdText

MOMENTS = {
    "a whole second": datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC),
    "a tenth": datetime(2026, 3, 1, 9, 5, 7, 100_000, tzinfo=UTC),
    "almost the next millisecond": datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "less than a millisecond": datetime(2026, 3, 1, 0, 0, 0, 999, tzinfo=UTC),
    "another zone": datetime(2026, 3, 1, 0, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=5, minutes=30))),
}


@pytest.mark.django_db
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_a_time_is_written_alike(moment: datetime) -> None:
    Organisation.objects.create(slug="acme", name="Acme")
    Organisation.objects.update(created_at=moment)
    assert list(Organisation.objects.values_list(IsoText("created_at"))) == [(iso(moment),)]


@pytest.mark.django_db
def test_an_id_is_written_alike() -> None:
    acme = Organisation.objects.create(slug="acme", name="Acme")
    assert list(Organisation.objects.values_list(IdText("id"))) == [(str(acme.id),)]
