"""What is measured, in the order in which it is done."""

from bench.measures import fanout, files, idle, latency, million, pairs, storm, sync, tenants
from bench.measures.measure import Measure

MEASURES = (
    Measure("pairs", pairs.measure, ("acked_per_s", "messages/s")),
    Measure("latency", latency.measure, ("delivery_p99_ms", "ms p99")),
    Measure("fanout", fanout.measure, ("deliveries_per_s_1000", "deliveries/s to 1,000")),
    Measure("sync", sync.measure, ("ms_100", "ms for everything")),
    Measure("tenants", tenants.measure, ("p95_ratio", "x the p95 alone")),
    Measure("files", files.measure, ("p95_ratio", "x the p95 without uploads"), needs_fresh=True),
    Measure("storm", storm.measure, ("all_s", "s until all are in"), needs_fresh=True),
    Measure("reads", million.measure, ("worst_p95_ms", "ms, the worst p95"), is_once=True),
    Measure("idle", idle.measure, ("kib_per_socket_5000", "KiB a socket"), needs_fresh=True),
)
