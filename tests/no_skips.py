"""In CI nothing may be missing, so a skipped test is a failed one (`pytest -p tests.no_skips`)."""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a skip becomes the report of a failure, with the same reason."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {call.excinfo.value if call.excinfo else 'no reason'}"
    return report
