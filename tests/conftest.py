import os

pytest_plugins = ["tests.people", "tests.surroundings", "tests.browser"]


def pytest_terminal_summary(terminalreporter) -> None:
    """Checks that failed before the tests (`make test`) are named again right above the last line."""
    if failed := os.environ.get("FAILED_CHECKS"):
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed, red=True)
