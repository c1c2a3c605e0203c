"""The console of a counter as a screen of the centre."""

from counter.api import add_routes
from counter.channel import CounterChannel
from hall.announce import Channel
from screens.screen import Context, Screen


def _channel(context: Context) -> Channel:
    walls = context.announcer
    return CounterChannel(
        context.hall, context.public_url, context.name_of, walls.seen, walls.walls, walls.spoken, walls.attended
    )


SCREEN = Screen(
    pages={"/counter": "counter/index.html"},
    add_routes=lambda routes, context: add_routes(routes, context.hall, context.name_of, context.announcer.attended),
    channel=_channel,
)
