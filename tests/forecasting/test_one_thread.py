from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from threadpoolctl import threadpool_info, threadpool_limits

from forecasting.one_thread import one_thread


def blas_threads() -> set[int]:
    scipy.linalg.inv(np.eye(2))  # scipy brings a BLAS of its own, loaded when first used
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_blas_runs_on_one_thread_inside_and_as_before_outside() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        assert blas_threads() == {2}
        assert one_thread(blas_threads)() == {1}
        assert blas_threads() == {2}


def test_the_former_number_is_back_after_an_error() -> None:
    def fail() -> None:
        raise ValueError("no history")

    with threadpool_limits(limits=2, user_api="blas"):
        with pytest.raises(ValueError, match="no history"):
            one_thread(fail)()
        assert blas_threads() == {2}
