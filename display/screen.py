"""The wall as a screen of the centre."""

from display.api import add_routes
from display.channel import DisplayChannel
from screens.screen import Screen

SCREEN = Screen(
    pages={
        "/display": "display/index.html",
        "/display/counter": "display/counter-sign.html",
        "/display/rating": "display/rating.html",
    },
    add_routes=lambda routes, context: add_routes(routes, context.hall),
    channel=lambda context: DisplayChannel(context.hall, context.public_url),
)
