"""The rule in one sentence, as the policy makes it, in both languages."""

import msgspec
import pytest
from msgspec.structs import replace

from access.texts import Texts
from hall.catalogue.defaults import DEFAULT
from hall.options import HallOptions
from hall.printing import slip_of
from hall.rule import rules
from hall.settings.change import change_policy
from hall.settings.check import checked
from hall.views.hall import hall_view
from queueing.catalogue import GROUPS
from queueing.errors import SettingRefused

WORDS = Texts().words("rule")


def starting(priority, urgent, **fields):
    starts = {"ordinary": 0, "priority": priority, "urgent": urgent}
    return replace(DEFAULT.policy, head_starts_s={name: minutes * 60 for name, minutes in starts.items()}, **fields)


SENTENCES = {
    "head start": (
        DEFAULT.policy,
        "theo giờ lấy số; người từ 75 tuổi, người khuyết tật, phụ nữ mang thai, người đi cùng trẻ dưới 6 tuổi và"
        " người có công được tính sớm hơn 20 phút; không ai bị vượt quá 5 lần",
        "by time taken; people from 75 years, people with a disability, pregnant women, people with"
        " a child under 6 and people of merit count as 20 minutes earlier; nobody is passed more than 5 times",
    ),
    "strict": (
        starting(480, 480, groups=("elder",), elder_age=80, cap=3),
        "người từ 80 tuổi được gọi trước, rồi theo giờ lấy số; không ai bị vượt quá 3 lần",
        "people from 80 years are called first, then by time taken; nobody is passed more than 3 times",
    ),
    "first come": (starting(0, 0), "theo giờ lấy số", "by time taken"),
    "granted by staff": (
        starting(15, 60, question=False),
        "theo giờ lấy số; người được cán bộ xét ưu tiên được tính sớm hơn 15 phút; không ai bị vượt quá 5 lần",
        "by time taken; people granted priority by staff count as 15 minutes earlier; nobody is"
        " passed more than 5 times",
    ),
    "nobody passed twice, and a minute's head start": (
        starting(1, 1, cap=1),
        "theo giờ lấy số; người từ 75 tuổi, người khuyết tật, phụ nữ mang thai, người đi cùng trẻ dưới 6 tuổi và"
        " người có công được tính sớm hơn 1 phút; không ai bị vượt quá 1 lần",
        "by time taken; people from 75 years, people with a disability, pregnant women, people with a child under 6 and"
        " people of merit count as 1 minute earlier; nobody is passed more than once",
    ),
    "only the special class": (
        starting(0, 60),
        "theo giờ lấy số; người được cán bộ xét ưu tiên được tính sớm hơn 60 phút; không ai bị vượt quá 5 lần",
        "by time taken; people granted priority by staff count as 60 minutes earlier; nobody is"
        " passed more than 5 times",
    ),
}


@pytest.mark.parametrize(("policy", "vi", "en"), SENTENCES.values(), ids=SENTENCES)
def test_given_a_policy_then_one_sentence_states_it(policy, vi, en):
    stated = rules(policy, WORDS)
    assert (stated["vi"].sentence, stated["en"].sentence) == (vi, en)
    for rule in stated.values():
        assert "{" not in "".join((rule.name, rule.sentence, rule.short, rule.brief, *rule.facts))


def test_given_a_new_policy_then_screens_and_paper_state_it(centre):
    centre.options = HallOptions(rule_words=WORDS)
    centre.start()
    ref = centre.take()["ref"]
    centre.set_policy(elder_age=60, groups=("elder", "merit"), cap=2)
    view = hall_view(centre.hall, None)
    assert view.rule["vi"].sentence.startswith("theo giờ lấy số; người từ 60 tuổi và người có công được tính")
    assert (view.priority_groups, view.elder_age) == (("elder", "merit"), 60)
    assert slip_of(centre.hall, ref, False, None).rule == (
        "Thứ tự phục vụ: theo giờ lấy số; người ưu tiên được tính sớm hơn 20 phút; không ai bị vượt quá 2 lần."
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"groups": []}, "policy.groups"),
        ({"groups": ["elder", "elder"]}, "policy.groups"),
        ({"groups": ["friends"]}, "policy.groups"),
        ({"elder_age": 17}, "policy.elder_age"),
    ],
)
def test_given_groups_that_cannot_be_then_they_are_refused_with_the_field(centre, fields, field):
    policy = msgspec.structs.replace(centre.hall.catalogue.template.policy, **fields)
    with pytest.raises(SettingRefused) as refused:
        centre.hall.run_as_system(lambda act: change_policy(act, policy))
    assert refused.value.params["field"] == field


def test_given_a_file_from_before_there_were_groups_then_it_has_the_usual_ones(centre):
    plain = msgspec.to_builtins(centre.hall.catalogue.template)
    del plain["policy"]["groups"], plain["policy"]["elder_age"]
    policy = checked(msgspec.convert(plain, type(centre.hall.catalogue.template))).policy
    assert (policy.groups, policy.elder_age) == (GROUPS, 75)
    assert policy == centre.hall.catalogue.policy
