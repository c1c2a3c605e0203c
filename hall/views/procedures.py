"""The procedures as kiosks and greeters find them."""

from __future__ import annotations

import msgspec

from hall.catalogue.procedures import Procedure
from hall.hall import Hall


class ProcedureView(msgspec.Struct):
    """A procedure that can be found, and the service it leads to.

    `online`, papers, fee, time and address are null or empty until somebody has checked them.
    """

    code: str
    names: dict[str, str]
    field: str
    service: str
    words: tuple[str, ...]
    online: str | None
    checklist: tuple[str, ...]
    fee: str
    time: str
    link: str


class ProceduresView(msgspec.Struct):
    """All procedures of the services that are offered; `version` is that of the hall."""

    version: str | None
    procedures: list[ProcedureView]


def procedures_view(hall: Hall) -> ProceduresView:
    """Return the procedures that lead to a service which is offered."""
    catalogue = hall.catalogue
    offered = {service.code for service in catalogue.template.services if service.active}
    return ProceduresView(
        version=catalogue.procedures_version,
        procedures=[_view(one) for one in catalogue.template.procedures if one.service in offered],
    )


def link_of(hall: Hall, code: str) -> str | None:
    """Return the address of a procedure that has been checked; None where there is none."""
    procedures = (one for one in hall.catalogue.template.procedures if one.code == code and not one.to_check)
    return next((one.link for one in procedures if one.link), None)


def _view(procedure: Procedure) -> ProcedureView:
    checked = not procedure.to_check
    return ProcedureView(
        code=procedure.code,
        names=dict(procedure.names),
        field=procedure.field,
        service=procedure.service,
        words=procedure.words,
        online=procedure.online if checked else None,
        checklist=procedure.checklist if checked else (),
        fee=procedure.fee if checked else "",
        time=procedure.time if checked else "",
        link=procedure.link if checked else "",
    )
