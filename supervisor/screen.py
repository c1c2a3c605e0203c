"""The supervisor's pages as a screen of the centre."""

from access.routes import Routes
from hall.announce import Channel
from screens.screen import Context, Screen
from supervisor import (
    api,
    drill,
    forecast_scores,
    ghosts,
    metrics,
    notices,
    people,
    posters,
    printers,
    procedures,
    programs,
    rehearsal,
    settings_api,
    voices,
    what_if,
)
from supervisor.channel import SupervisorChannel
from supervisor.export import labels


def _add_routes(routes: Routes, context: Context) -> None:
    hall, name_of, offload = context.hall, context.name_of, context.offload
    api.add_routes(routes, hall, context.archive, offload, context.export, name_of)
    forecast_scores.add_routes(routes, hall, context.archive, offload, lambda: labels(hall.catalogue, name_of))
    people.add_routes(routes, context.gate, hall, context.announcer.connected)
    programs.add_routes(routes, context.gate, hall)
    settings_api.add_routes(routes, hall, name_of)
    procedures.add_routes(routes, hall, context.texts, context.export)
    printers.add_routes(routes, hall, context.printers, context.printers_from, offload)
    ghosts.add_routes(routes, hall, name_of)
    notices.add_routes(routes, hall, name_of)
    rehearsal.add_routes(routes, context.rehearsals)
    drill.add_routes(routes, context.drills, name_of)
    posters.add_routes(routes, hall, context.data, offload)
    voices.add_routes(routes, hall, context.data, offload)
    what_if.add_routes(routes, context.what_ifs, context.staffing_tables, context.export)
    metrics.add_routes(routes, metrics.Metrics(hall, context.spool, context.backup, context.data))


def _channel(context: Context) -> Channel:
    return SupervisorChannel(
        context.hall,
        context.public_url,
        context.name_of,
        lambda: people.device_views(context.gate, context.announcer.connected()),
        context.announcer.silent_since,
        context.backup,
        context.other_alarms,
    )


SCREEN = Screen(pages={"/supervisor": "supervisor/index.html"}, add_routes=_add_routes, channel=_channel)
