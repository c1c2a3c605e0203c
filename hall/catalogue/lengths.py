"""How long a text, and how large a list, of a setting may be where it is read; `hall/settings/check.py` is stricter.

Every part of a body has its limit in its type, so that nothing large is looked at before its size is known.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T")

Code = Annotated[str, msgspec.Meta(max_length=64)]  # a code, a choice, a time or a day
Line = Annotated[str, msgspec.Meta(max_length=200)]  # what people write
Text = Annotated[str, msgspec.Meta(max_length=400)]  # an official name, a paper to bring, an address
Many = Annotated[tuple[T, ...], msgspec.Meta(max_length=400)]
ByCode = Annotated[dict[Code, T], msgspec.Meta(max_length=100)]
