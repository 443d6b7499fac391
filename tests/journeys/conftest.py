"""Journeys use the Chromium of the system. Without one they are left out, or, where that must not be, refused."""

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = os.environ.get("JOURNEYS_REQUIRED") == "1"
HOW = "apt-get install chromium fonts-noto-cjk (Debian, Ubuntu), or brew install --cask chromium (macOS)"


def pytest_collection_modifyitems(items):
    journeys = [item for item in items if "journeys" in item.path.parts]
    if not CHROMIUM and REQUIRED:
        raise pytest.UsageError(f"The journeys are required, and there is no Chromium: {HOW}")
    if not CHROMIUM:
        for item in journeys:
            item.add_marker(pytest.mark.skip(reason=f"no Chromium; get one with {HOW}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    if REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, and journeys are required: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # Chromium's sandbox does not work for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": arguments}
