"""Settings of all tests."""

import os

from hypothesis import settings

# A loaded machine is no reason to fail; timings are for tests/tools/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Programs that tests start are to print as they do for users: not at once, but what has gathered.
os.environ.pop("PYTHONUNBUFFERED", None)
