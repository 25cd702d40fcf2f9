"""How news travels: the only door for events, fan-out to one group per member, the channel layer, the socket consumer.

Knows no conversation and no business rule. Who a ticket is, what to sync and which command a frame means are handed to
it (realtime.wiring) by config.realtime.
"""
