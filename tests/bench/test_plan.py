"""A plan is what the load generator reads: settings, then crews, each with its lines and its clients."""

from __future__ import annotations

from bench.load.driver import Crew, Plan


def test_a_plan_says_who_does_what() -> None:
    hearers = Crew("hearers", ["open ws 127.0.0.1:1 /", "news ~t"], [("Bob",)])
    senders = Crew(
        "senders", ["open ws 127.0.0.1:1 /", "message %n %t", "loop closed 0"], [("Carol", "room 101")]
    )

    text = Plan([hearers, senders], seconds=5, warmup=2, drain=1, opening=20).text()

    assert text.splitlines() == [
        "seconds 5",
        "warmup 2",
        "drain 1",
        "opening 20",
        "crew hearers",
        "open ws 127.0.0.1:1 /",
        "news ~t",
        "client Bob",
        "crew senders",
        "open ws 127.0.0.1:1 /",
        "message %n %t",
        "loop closed 0",
        "client Carol\troom 101",
    ]
