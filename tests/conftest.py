"""Settings of all tests."""

from hypothesis import settings

# A loaded machine is no reason to fail; timings are for tests/benchmarks/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
