"""The citizen's phone as a screen of the centre: no socket, it asks for its ticket every few seconds."""

from screens.screen import Screen

SCREEN = Screen(pages={"/": "citizen/home.html", "/t/<ticket_id>": "citizen/index.html"})
