"""The procedures that people come for: each is found by what people say, and leads to a service."""

from __future__ import annotations

from typing import Annotated

import msgspec

from hall.catalogue.lengths import ByCode, Code, Line, Many, T, Text

PROCEDURES_MOST = 500
FULL, PARTIAL, INFORMATION = "full", "partial", "info"
ONLINE = (FULL, PARTIAL, INFORMATION)  # toàn trình, một phần, cung cấp thông tin


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An administrative procedure, and the service whose number is taken for it.

    While it is `to_check` people may find it, but nobody is shown its papers, fee, time or address.
    """

    code: Code  # the national one, "1.001193", or one of the centre's own
    field: Line
    names: ByCode[Text]  # the official name; in other languages where somebody has translated it
    service: Code
    words: Many[Line] = ()  # what people say for it
    online: Code = INFORMATION
    checklist: Many[Text] = ()  # the papers to bring
    fee: Line = ""
    time: Line = ""
    link: Text = ""  # where it is filed, or described, on the Internet
    to_check: bool = False


# More than may be kept, so that too many are refused with the reason.
Procedures = Annotated[tuple[T, ...], msgspec.Meta(max_length=2 * PROCEDURES_MOST)]
