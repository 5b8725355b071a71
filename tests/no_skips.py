"""In CI a skipped test is a failed one: there, nothing a test needs may be missing.

On a person's machine a missing tool (a browser, say) skips with its reason. ``CI=true``, which most CI
services set, or ``DIEMCAU_CI=1`` turns that skip into a failure that keeps the reason.
"""

import os
from collections.abc import Generator, Mapping

import pytest


def is_ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").lower() in {"1", "true"} or environ.get("DIEMCAU_CI") == "1"


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a skip a failure; an expected failure (xfail) is no skip, though pytest reports it as one."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail") or not is_ci(os.environ):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"CI has every tool, so nothing may be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report
