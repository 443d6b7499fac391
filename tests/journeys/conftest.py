"""Journeys use the Chromium of the system. Without one they are left out, or, where that must not be, refused."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.plugin import database_copy

from .portal import Portal
from .visitor import Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = os.environ.get("JOURNEYS_REQUIRED") == "1"
HOW = "apt-get install chromium fonts-noto-cjk (Debian, Ubuntu), or brew install --cask chromium (macOS)"
PATIENCE = 10_000


def pytest_collection_modifyitems():
    if not CHROMIUM and REQUIRED:
        raise pytest.UsageError(f"The journeys are required, and there is no Chromium: {HOW}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    if report.skipped and REQUIRED:
        report.outcome = "failed"
        report.longrepr = f"Skipped, and journeys are required: {report.longrepr}"
    elif report.skipped:
        _path, _line, reason = report.longrepr
        # In one place for all, so that pytest says it once.
        report.longrepr = (__file__, 0, reason)
    return report


@pytest.fixture(scope="package")
def chromium():
    if not CHROMIUM:
        pytest.skip(f"no Chromium; get one with {HOW}")
    # Not a plugin's fixture, which lasts for the session: meanwhile Django would refuse its database to other tests.
    expect.set_options(timeout=PATIENCE)
    # Chromium's sandbox does not work for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def portal(chromium, tmp_path_factory):
    with database_copy(f"test_{os.getpid()}_journeys") as database:
        portal = Portal(database, tmp_path_factory.mktemp("portal"))
        try:
            portal.start()
            yield portal
        finally:
            portal.stop()


@pytest.fixture
def visitor(chromium, portal):
    """`visitor(language)` returns somebody with a browser of their own. Afterwards nobody may have met trouble."""
    visitors = []

    def make(language, **options):
        context = chromium.new_context(**{"locale": language, "viewport": {"width": 1280, "height": 900}} | options)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, portal, language))
        return visitors[-1]

    yield make
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.context.close()
    assert troubles == []
