"""The tutorial's lines, up to numbers of hundreds of digits."""

from regression import Snapshot, last_of, progress, record

ROWS = [Snapshot(0, 0.25, -1.5, 9.0), Snapshot(12345, -1e12, 999_999_999_999.5, 1.5e300)]


def test_large_numbers_get_an_exponent_and_one_epoch_is_its_own_end() -> None:
    start = "cost= 9.000000 W= 0.250000 b= -1.500000"
    assert progress(record(ROWS[:1])) == [f"Epoch: 0000 {start}", "Optimization Finished!", start]
    end = "cost= 1.500000e+300 W= -1.000000e+12 b= 999999999999.500000"
    expected = [f"Epoch: 0000 {start}", f"Epoch: 12345 {end}", "Optimization Finished!", end]
    assert progress(record(ROWS)) == expected


def test_a_start_alone_is_no_epoch() -> None:
    assert last_of(record(ROWS[:1])) is None
    assert last_of(record(ROWS)) == ROWS[1]
