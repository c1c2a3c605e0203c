"""The greeter's page as a screen of the centre."""

from greeter.api import add_routes
from greeter.channel import GreeterChannel
from screens.screen import Screen

SCREEN = Screen(
    pages={"/greeter": "greeter/index.html"},
    add_routes=lambda routes, context: add_routes(
        routes, context.hall, context.name_of, context.announcer.help_is_heard
    ),
    channel=lambda context: GreeterChannel(context.hall, context.public_url, context.name_of),
)
