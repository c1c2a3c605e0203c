"""The settings as the fold of the log: what each event changes, and the differences between two configurations."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing import events as ev
from queueing.configuration import (
    Configuration,
    differences,
    keyed,
    listed,
    value_at,
    with_former,
    with_value,
)
from queueing.events import Event

NINE = datetime(2026, 1, 5, 2, tzinfo=UTC)
FILE = {
    "hall": {"hotline": "1022", "voice": {"volume": 80, "quiet_from": None}},
    "policy": {"cap": 5, "head_starts_s": {"ordinary": 0}},
    "services": [{"code": "TRA_KQ", "position": 2}, {"code": "HO_TICH", "position": 1}],
    "counters": [{"number": 10, "services": []}, {"number": 2, "services": ["HO_TICH"]}],
}


def event(seq, kind=ev.SETTING_CHANGED, **data):
    return Event(seq, NINE, kind, None, None, None, {"by": "user:9", **data}, "")


def changed(seq, *changes, **more):
    return event(seq, changes=[{"path": path, "old": old, "new": new} for path, old, new in changes], **more)


def folded(*events):
    configuration = Configuration()
    for each in events:
        configuration = configuration.after(each)
    return configuration


def founded():
    return event(1, what="founded", settings=FILE)


def test_given_a_founding_then_the_settings_are_the_file_it_holds():
    configuration = folded(founded())
    assert (configuration.whole, configuration.last_change) == (True, None)
    assert listed(configuration.tree)["services"] == sorted(FILE["services"], key=lambda each: each["position"])
    assert [counter["number"] for counter in listed(configuration.tree)["counters"]] == [2, 10]


def test_given_a_founding_of_version_0_1_then_only_what_it_held_is_known():
    configuration = folded(
        event(1, what="founded", services=[{"code": "A", "prefix": "A"}], counters=[{"counter": 1, "services": ["A"]}]),
        event(2, ev.POLICY_CHANGED, cap=5),
    )
    assert not configuration.whole
    assert configuration.tree == {
        "services": {"A": {"code": "A", "prefix": "A"}},
        "counters": {"1": {"number": 1, "services": ["A"]}},
        "policy": {"cap": 5},
    }
    assert folded(event(1, what="recorded", settings=FILE)).whole


def test_given_two_changes_of_different_fields_then_both_are_in_force():
    configuration = folded(
        founded(),
        changed(2, ("hall.hotline", "1022", "1900"), what="hall_changed"),
        changed(3, ("hall.voice.volume", 80, 50), what="hall_changed"),
    )
    assert configuration.tree["hall"] == {"hotline": "1900", "voice": {"volume": 50, "quiet_from": None}}
    assert configuration.last_change == 3


def test_given_a_service_added_and_taken_away_then_the_tree_is_as_before():
    new = {"code": "CONG_AN", "position": 3}
    before = folded(founded())
    with_it = before.after(changed(2, ("services.CONG_AN", None, new), what="service_added"))
    assert with_it.tree["services"]["CONG_AN"] == new
    assert with_it.after(changed(3, ("services.CONG_AN", new, None), what="undone")).tree == before.tree


def test_given_a_policy_then_it_is_taken_whole_and_undone_by_its_changes_alone():
    configuration = folded(founded(), event(2, ev.POLICY_CHANGED, cap=2, changes=[], undoes=1))
    assert configuration.tree["policy"] == {"cap": 2, "head_starts_s": {"ordinary": 0}}
    assert configuration.last_change == 2
    silent = configuration.after(event(3, ev.POLICY_CHANGED, cap=3))
    assert (silent.tree["policy"]["cap"], silent.last_change) == (3, 2)


@pytest.mark.parametrize("kind", sorted(set(ev.KINDS) - {ev.POLICY_CHANGED, ev.SETTING_CHANGED}))
def test_given_any_other_event_then_the_settings_are_the_very_same(kind):
    configuration = folded(founded())
    assert configuration.after(event(2, kind)) is configuration


@pytest.mark.parametrize("what", ["user_added", "device_paired", "signed_out"])
def test_given_a_fact_of_people_or_devices_then_the_settings_are_the_very_same(what):
    configuration = folded(founded())
    assert configuration.after(event(2, what=what, user=3)) is configuration


def test_given_a_field_that_has_changed_since_then_what_was_before_cannot_be_put_back():
    tree = keyed(FILE)
    change = {"path": "hall.hotline", "old": "113", "new": "1022"}
    assert with_former(tree, [change])["hall"]["hotline"] == "113"
    with pytest.raises(ValueError, match=r"hall\.hotline"):
        with_former(with_value(tree, ["hall", "hotline"], "114"), [change])


NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    st.integers(0, 3) | st.lists(st.integers(0, 1), max_size=2),
    lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3),
)
TREES = st.fixed_dictionaries(
    {section: st.dictionaries(NAMES, VALUES, max_size=3) for section in ("hall", "policy", "services", "counters")}
)


@given(TREES, TREES)
def test_given_any_two_trees_then_their_differences_lead_from_one_to_the_other_and_back(old, new):
    found = list(differences(old, new))
    tree = old
    for path, _, value in found:
        tree = with_value(tree, path.split("."), value)
    assert list(differences(tree, new)) == []
    back = with_former(tree, [{"path": path, "old": was, "new": now} for path, was, now in found])
    assert list(differences(back, old)) == []
    assert all(value_at(old, path.split(".")) == was for path, was, _ in found)
