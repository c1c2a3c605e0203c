"""The policy as a sentence for kiosk, wall, phone and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from hall.catalogue.model import Policy
from queueing.catalogue import PRIORITY, URGENT
from queueing.sentences import fill

# With such a head start nobody who arrived in the same opening hours comes before priority: "tuyệt đối".
STRICT = timedelta(hours=8)
FACT_GROUPS = 2  # groups named in one fact of the wall

Words = Mapping[str, str]  # of the section `rule`


class RuleView(msgspec.Struct):
    """The rule in one language.

    `sentence` names all groups that have priority, `short` does not, `brief` is for the enlarged kiosk;
    `facts` are its parts for a line of the wall, with the main words between stars.
    """

    name: str
    sentence: str
    short: str
    brief: str
    facts: list[str]


def rules(policy: Policy, words: Mapping[str, Words]) -> dict[str, RuleView]:
    """Return the rule in every language that has words."""
    return {language: _rule(policy, texts) for language, texts in words.items()}


def _rule(policy: Policy, words: Words) -> RuleView:
    start = policy.head_starts[PRIORITY] or policy.head_starts[URGENT]
    order = words["order"]
    if not start:
        return RuleView(words["name"], order, order, order, [words["fact_order"]])
    named = [words[f"group_{group}"].replace("{age}", str(policy.elder_age)) for group in policy.groups]
    asked = policy.question and policy.head_starts[PRIORITY] > timedelta(0)
    anybody = words["anybody"] if asked else words["anybody_granted"]
    kind = "strict" if start >= STRICT else "head_start"
    minutes = start // timedelta(minutes=1)

    def filled(key: str, who: str = anybody) -> str:
        return fill(words[key], {"who": who, "minutes": minutes, "cap": policy.cap})

    groups = named if asked else []
    return RuleView(
        name=words["name"],
        sentence=filled(kind, _listed(groups, words) or anybody),
        short=filled(kind),
        brief=words["brief"],
        facts=[
            words["fact_order"],
            filled(f"fact_{kind}"),
            filled("fact_cap"),
            *(
                words["fact_who"].replace("{who}", ", ".join(groups[at : at + FACT_GROUPS]))
                for at in range(0, len(groups), FACT_GROUPS)
            ),
        ],
    )


def _listed(items: Sequence[str], words: Words) -> str:
    *first, last = items or [""]
    return f"{', '.join(first)} {words['and']} {last}" if first else last
