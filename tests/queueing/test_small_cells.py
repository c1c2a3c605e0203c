"""What may be shown of small cells: nobody can be singled out, neither in a row nor by taking rows from their sum."""

from hypothesis import given
from hypothesis import strategies as st

from queueing.small_cells import FEWEST, coded_share, merge_small

SIZES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40), max_size=9)


@given(SIZES)
def test_given_any_cells_then_what_is_shown_and_what_is_left_has_ten_or_nobody(sizes):
    cells = merge_small(sizes)
    alone, together = sum(sizes[key] for key in cells.alone), sum(sizes[key] for key in cells.together)
    assert all(sizes[key] >= FEWEST for key in cells.alone)
    assert together == 0 or together >= FEWEST
    hidden = sum(sizes.values()) - alone - together
    if cells.alone or cells.together:
        assert set(cells.alone) | set(cells.together) == set(sizes) and hidden == 0
    else:
        assert hidden == sum(sizes.values()) < FEWEST
    # All single rows taken from the sum of the table leave ten or nobody.
    left = sum(sizes.values()) - alone
    assert not cells.alone or left == 0 or left >= FEWEST


def test_given_one_small_cell_then_the_smallest_other_is_merged_with_it():
    assert merge_small({"a": 30, "b": 12, "c": 4}) == (["a"], ["b", "c"])
    assert merge_small({"a": 30, "b": 6, "c": 4}) == (["a"], ["b", "c"])
    assert merge_small({"a": 30, "b": 12, "c": 0}) == (["a"], ["b", "c"])
    assert merge_small({"a": 9}) == ([], [])
    assert merge_small({"a": 9, "b": 11}) == ([], ["a", "b"])


@given(st.integers(0, 300), st.integers(0, 300))
def test_given_any_share_then_what_is_said_is_true_and_fits_every_small_count(met, missed):
    of = met + missed
    said = coded_share(met, of)
    if said.percent is None:
        assert of < FEWEST or min(n for n in (met, missed) if n) < FEWEST
        return
    exact = 100 * met / of
    assert {"": said.percent <= exact < said.percent + 1, "at_least": exact >= said.percent}.get(
        said.bound, exact <= said.percent
    )
    if 0 < missed < FEWEST:  # the same is said whether one or nine were missed
        assert {coded_share(of - n, of) for n in range(1, FEWEST)} == {said}
    if 0 < met < FEWEST:
        assert {coded_share(n, of) for n in range(1, FEWEST)} == {said}
