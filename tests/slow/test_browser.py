"""The article in a real browser, at desktop and phone width."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from rindoku.sample import SAMPLE_WEEK

CHROMIUM = (
    shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="Chromium and its driver are not on this machine"
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_article_can_be_read_and_checked(
    browser: webdriver.Chrome, sample_home: Path, width: int
) -> None:
    size = {
        "width": width,
        "height": 900,
        "deviceScaleFactor": 1,
        "mobile": width < 500,
    }
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get((sample_home / "articles" / f"{SAMPLE_WEEK}.ja.html").as_uri())
    assert browser.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth"
    )
    assert len(browser.find_elements(By.CSS_SELECTOR, "article")) == 10
    assert len(browser.find_elements(By.CSS_SELECTOR, ".unverified")) == 2
    link = browser.find_element(By.CSS_SELECTOR, "ol.contents a[href='#p2']")
    link.click()
    assert browser.current_url.endswith("#p2")
    details = browser.find_element(By.CSS_SELECTOR, "#p2 details")
    assert not details.find_element(By.CSS_SELECTOR, "blockquote").is_displayed()
    details.find_element(By.CSS_SELECTOR, "summary").click()
    quote = details.find_element(By.CSS_SELECTOR, "blockquote")
    assert quote.is_displayed()
    assert "https://swe-agent.com/#:~:text=" in str(
        quote.find_element(By.CSS_SELECTOR, "a").get_attribute("href")
    )
    loaded = browser.execute_script(
        "return performance.getEntriesByType('resource').length"
    )
    assert loaded == 0, "the page is self-contained"
    log = browser.get_log("browser")  # type: ignore[no-untyped-call] # has no types
    assert log == []
