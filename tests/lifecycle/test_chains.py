"""A slice of the random stories; `make soak` tells them at length."""

import pytest
from hypothesis import HealthCheck, given, seed, settings

from .chains import STORIES, tell

pytestmark = pytest.mark.usefixtures("committed")

test_sums_stay_and_the_books_agree = seed(20261122)(
    settings(
        max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )(given(**STORIES)(tell))
)
