"""The real server on a free port and Debian's Chromium, for the journey."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

CHECKOUT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENSHOTS = Path(tempfile.gettempdir()) / "peakshift-screenshots"
"""CI keeps this folder."""
START_S = 60.0
SETTLE_MS = 180_000
PATIENCE_MS = 30_000
"""A busy machine loads the first page slowly; nothing that is there is waited for."""
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"


@contextmanager
def served(workspace: Path, log: Path) -> Iterator[str]:
    """Run the screen's server for a workspace; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "ui/app.py", f"--server.port={port}"]
    path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PEAKSHIFT_WORKSPACE": str(workspace), "PYTHONPATH": path}
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=output, stderr=output)
        try:
            _await(server, f"http://127.0.0.1:{port}/_stcore/health", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def browsed() -> Iterator[Page]:
    """Open a page in Chromium; fails where there is none."""
    if not CHROMIUM.exists():
        pytest.fail(
            f"there is no {CHROMIUM}. Install it: apt-get install chromium fonts-noto-cjk, or make browser."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 1440, "height": 1000}, accept_downloads=True, timezone_id="America/New_York"
        )
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        try:
            yield context.new_page()
        finally:
            context.close()
            browser.close()


def settle(page: Page) -> None:
    """Wait until the page is connected and no script runs."""
    page.wait_for_selector(IDLE, timeout=SETTLE_MS)


def picture(page: Page, name: str) -> None:
    """Keep a screenshot of the whole page."""
    settle(page)
    page.wait_for_timeout(800)  # charts draw after the script has ended
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": 1440, "height": min(max(height + 20, 900), 4000)})
    page.wait_for_timeout(500)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size({"width": 1440, "height": 1000})


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own server
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the screen did not start:\n{log.read_text(errors='replace')[-2000:]}")
