"""The kiosk as a screen of the centre."""

from kiosk.channel import KioskChannel
from screens.screen import Screen

SCREEN = Screen(
    pages={"/kiosk": "kiosk/index.html"},
    channel=lambda context: KioskChannel(context.hall, context.public_url),
)
