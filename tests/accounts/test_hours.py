"""When a site is open: pure, over days, holidays and both changes of the clocks; then as the widget is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from unittest.mock import ANY

import pytest
from django.core.exceptions import ValidationError

from accounts.hours import check_holidays, check_week, hours_at, minutes_of
from accounts.models import Site
from tests.cast import Cast
from tests.clients import Client
from tests.conftest import ApiFactory

MADRID = "Europe/Madrid"
OFFICE = {day: ["16:00-19:00", "09:00-14:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
NIGHTS = {"fri": ["22:00-24:00"], "sat": ["00:00-03:00"], "sun": ["01:00-04:00"]}
ALWAYS = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
CHRISTMAS = ["2026-12-24", "2026-12-25"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(moment: str, week: dict[str, list[str]], holidays: Sequence[str] = (), zone: str = MADRID) -> Any:
    hours = hours_at(utc(moment), week, list(holidays), zone)
    told = [one and f"{one:%m-%d %H:%M}" for one in (hours.opens_at, hours.closes_at)]
    return (hours.is_open, *told)


@pytest.mark.parametrize(
    ("moment", "open_", "opens", "closes"),
    [
        # A Thursday in winter, an hour ahead of UTC.
        ("2026-11-26T07:59", False, "11-26 08:00", "11-26 13:00"),
        ("2026-11-26T08:00", True, "11-26 15:00", "11-26 13:00"),
        ("2026-11-26T12:59:59", True, "11-26 15:00", "11-26 13:00"),
        ("2026-11-26T13:00", False, "11-26 15:00", "11-26 18:00"),
        ("2026-11-26T17:00", True, "11-27 08:00", "11-26 18:00"),
        ("2026-11-27T18:00", False, "11-30 08:00", "11-30 13:00"),
        ("2026-11-29T23:30", False, "11-30 08:00", "11-30 13:00"),
        # Summer, and the Friday before the clocks change.
        ("2026-07-01T07:00", True, "07-01 14:00", "07-01 12:00"),
        ("2026-03-27T18:00", False, "03-30 07:00", "03-30 12:00"),
        ("2026-10-23T17:00", False, "10-26 08:00", "10-26 13:00"),
        # Christmas is Thursday and Friday.
        ("2026-12-24T10:00", False, "12-28 08:00", "12-28 13:00"),
        ("2026-12-23T17:00", True, "12-28 08:00", "12-23 18:00"),
    ],
)
def test_an_office_in_madrid(moment: str, open_: bool, opens: str, closes: str) -> None:
    assert at(moment, OFFICE, CHRISTMAS) == (open_, opens, closes)


@pytest.mark.parametrize(
    ("moment", "open_", "opens", "closes"),
    [
        # What goes over midnight is one opening.
        ("2026-11-27T22:30", True, "11-29 00:00", "11-28 02:00"),
        ("2026-11-28T01:00", True, "11-29 00:00", "11-28 02:00"),
        # In spring the hour from two to three is not there, in autumn it is there twice.
        ("2026-03-28T23:59", False, "03-29 00:00", "03-29 02:00"),
        ("2026-10-24T22:00", False, "10-24 23:00", "10-25 03:00"),
        ("2026-10-25T02:30", True, "10-30 21:00", "10-25 03:00"),
    ],
)
def test_a_bar_at_night(moment: str, open_: bool, opens: str, closes: str) -> None:
    assert at(moment, NIGHTS) == (open_, opens, closes)


def test_an_hour_that_the_clocks_leave_out_is_no_opening() -> None:
    assert at("2026-03-28T12:00", {"sun": ["02:15-02:45"]}) == (False, "04-05 00:15", "04-05 00:45")


def test_an_hour_that_is_there_twice_is_one_opening() -> None:
    assert at("2026-10-24T12:00", {"sun": ["02:15-02:45"]}) == (False, "10-25 00:15", "10-25 01:45")


def test_far_from_utc_the_day_is_another() -> None:
    assert at("2026-11-29T19:30", {"mon": ["09:00-10:00"]}, zone="Pacific/Auckland") == (
        False,
        "11-29 20:00",
        "11-29 21:00",
    )


def test_without_hours_it_is_always_open() -> None:
    assert at("2026-11-26T03:00", {}) == (True, None, None)
    assert at("2026-11-26T03:00", ALWAYS) == (True, None, None)
    assert at("2026-11-26T03:00", ALWAYS, ["2026-11-28"]) == (True, "11-28 23:00", "11-27 23:00")


def test_closed_for_good() -> None:
    assert at("2026-11-26T03:00", {"mon": []}) == (False, None, None)


@pytest.mark.parametrize(
    "week",
    [
        [],
        "always",
        None,
        {"monday": ["09:00-10:00"]},
        {"mon": "09:00-10:00"},
        {"mon": [["09:00", "10:00"]]},
        {"mon": [9]},
        {"mon": ["9:00-10:00"]},
        {"mon": ["09:00–10:00"]},
        {"mon": ["٠٩:00-10:00"]},
        {"mon": ["10:00-09:00"]},
        {"mon": ["10:00-10:00"]},
        {"mon": ["22:00-24:01"]},
        {"mon": ["24:00-24:00"]},
        {"mon": ["09:60-10:00"]},
        {"mon": ["09:00-12:00", "11:59-13:00"]},
        {"mon": ["09:00-09:01"] * 7},
    ],
)
def test_a_week_that_is_none(week: object) -> None:
    with pytest.raises(ValidationError):
        check_week(week)


def test_a_week() -> None:
    check_week({})
    check_week({**OFFICE, "sun": []})
    check_week({"mon": ["00:00-12:00", "12:00-24:00"]})
    assert minutes_of("00:00-24:00") == (0, 24 * 60)


@pytest.mark.parametrize(
    "days", [{}, ["25.12.2026"], ["2026-02-30"], ["20261225"], [20261225], ["2026-12-25"] * 201]
)
def test_holidays_that_are_none(days: object) -> None:
    with pytest.raises(ValidationError):
        check_holidays(days)


@pytest.mark.parametrize(
    ("zone", "moment", "week", "opens", "closes"),
    [
        # Where midnight itself is left out, the day before lasts until then, and the next begins.
        ("America/Santiago", "2026-09-06T03:30", {"sat": ["00:00-24:00"]}, None, "2026-09-06T04:00"),
        ("Africa/Cairo", "2026-04-23T21:30", {"thu": ["09:00-24:00"]}, None, "2026-04-23T22:00"),
        (
            "Africa/Cairo",
            "2026-04-23T21:30",
            {"thu": ["09:00-24:00"], "fri": ["00:00-01:30"]},
            None,
            "2026-04-23T22:30",
        ),
        ("Europe/Madrid", "2026-03-29T00:30", {"sun": ["01:00-02:30"]}, None, "2026-03-29T01:00"),
        (
            "Europe/Madrid",
            "2026-03-29T00:30",
            {"sun": ["02:30-06:00"]},
            "2026-03-29T01:00",
            "2026-03-29T04:00",
        ),
    ],
)
def test_an_hour_that_the_clocks_leave_out(
    zone: str, moment: str, week: dict[str, list[str]], opens: str | None, closes: str
) -> None:
    found = hours_at(datetime.fromisoformat(f"{moment}Z"), week, [], zone)
    assert found.closes_at == datetime.fromisoformat(f"{closes}Z")
    assert found.is_open == (opens is None)
    if opens:
        assert found.opens_at == datetime.fromisoformat(f"{opens}Z")


@pytest.mark.parametrize("field", ["appearance", "hours", "holidays", "away_message", "prechat"])
@pytest.mark.parametrize("emptied", [None, "", [], {}])
def test_a_box_that_was_emptied_is_as_it_was_at_first(cast: Cast, field: str, emptied: object) -> None:
    setattr(cast.site, field, emptied)
    cast.site.full_clean()
    cast.site.save()
    assert getattr(Site.objects.get(pk=cast.site.pk), field) == getattr(Site(), field)


# --- as it is told, and as it is written ----------------------------------------------------------------------------


def test_a_visitor_is_told(cast: Cast, api: ApiFactory) -> None:
    always = api().get(f"widget/config/?site={cast.site.key}").json()["hours"]
    assert always == {"open": True, "opens_at": None, "closes_at": None, "now": ANY, "message": {}}

    Site.objects.filter(pk=cast.site.pk).update(hours={"mon": []}, away_message={"es": "Volvemos pronto"})
    away = api().get(f"widget/config/?site={cast.site.key}").json()["hours"]
    assert away == {
        "open": False,
        "opens_at": None,
        "closes_at": None,
        "now": ANY,
        "message": {"es": "Volvemos pronto"},
    }


def test_the_timezone_is_the_organisations_unless_the_site_has_its_own(cast: Cast, api: ApiFactory) -> None:
    every_day = {day: ["09:00-10:00"] for day in ALWAYS}
    Site.objects.filter(pk=cast.site.pk).update(hours=every_day)
    cast.hotel.timezone = "Asia/Tokyo"
    cast.hotel.save()
    for own, hour in (("", 0), ("Asia/Kolkata", 3)):
        Site.objects.filter(pk=cast.site.pk).update(timezone=own)
        told = api().get(f"widget/config/?site={cast.site.key}").json()["hours"]
        assert datetime.fromisoformat(told["opens_at"]).hour == hour


@pytest.fixture
def alice_admin(cast: Cast) -> Client:
    client = Client()
    assert cast.alice.member.user
    client.force_login(cast.alice.member.user)
    return client


def form(cast: Cast, **fields: str) -> dict[str, str]:
    inline = {"origins-TOTAL_FORMS": "0", "origins-INITIAL_FORMS": "0"}
    return {"name": "Hotel", "is_active": "on", **inline, **fields}


def test_an_admin_writes_them(cast: Cast, alice_admin: Client) -> None:
    page = f"/admin/accounts/site/{cast.site.pk}/change/"
    response = alice_admin.post(
        page, form(cast, timezone=MADRID, hours='{"mon": ["09:00-14:00"]}', holidays='["2026-12-25"]')
    )
    assert response.status_code == 302
    cast.site.refresh_from_db()
    assert (cast.site.timezone, cast.site.hours, cast.site.holidays) == (
        MADRID,
        {"mon": ["09:00-14:00"]},
        ["2026-12-25"],
    )


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("timezone", "Madrid", "Write it as in Europe/Madrid."),
        ("hours", '{"mon": ["9-14"]}', "mon: write each interval as"),
        ("hours", '{"mon": ["09:00-14:00", "13:00-15:00"]}', "mon: two intervals overlap."),
        ("holidays", '["25/12"]', "Write each day as"),
        ("away_message", '{"fr": "Absent"}', "Write an object of texts"),
    ],
)
def test_what_an_admin_gets_wrong_is_told_beside_it(
    cast: Cast, alice_admin: Client, field: str, text: str, problem: str
) -> None:
    response = alice_admin.post(f"/admin/accounts/site/{cast.site.pk}/change/", form(cast, **{field: text}))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert problem in errors[field][0]
