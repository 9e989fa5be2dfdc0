"""docs/screens/web/: every page of the service on an office screen and on a telephone.

Starts the service with the demonstration district for the pages that list a district's things, and
with the small district of the tests for all others: the pages that the tests walk through. Needs
Chromium. A picture is written anew only where it differs visibly from the one that is kept.

    python -m tools.make_page_screens [PART OF A NAME ...]
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, sync_playwright

from gongkai.web.tests.served import DEBUG_ONLY, Served, serve
from tests.web import browser as real
from tools.make_screens import save

ROOT = Path(__file__).parents[1]
SCREENS = ROOT / "docs" / "screens" / "web"
DEMO, CAST = "gongkai.web.tests.demo_served", "gongkai.web.tests.served"
SIZES = {"screen": real.SCREEN, "phone": real.PHONE}
TALLEST = 2600  # pixels; what is longer is cut
SAME = 0.004  # of the pixels may differ: the moment of a last sign-in, the day
# What is new in every answer: ids of requests, passwords and codes that are shown once.
STILL = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const at = texts.currentNode, text = at.data.trim();
    if (/^[0-9A-Za-z]{4,5}([- ][0-9A-Za-z]{4,5}){1,7}$/.test(text) && /[A-Z0-9]/.test(text))
      at.data = text.replace(/[0-9A-Za-z]/g, 'X');
  }
}"""


def main(wanted: list[str]) -> int:
    """The pictures; 1 where there is no browser."""
    program = real.found()
    if program is None:
        print("Chromium is missing: the pages keep their pictures", file=sys.stderr)
        return 1
    SCREENS.mkdir(parents=True, exist_ok=True)
    made: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        for served, debug in districts():
            for name in served.pages:
                file = re.sub(r"\W+", "_", name)
                if file in made or (wanted and not any(part in name for part in wanted)):
                    continue
                if (name in DEBUG_ONLY) is not debug:
                    continue
                made.add(file)
                picture(browser, served, name, file)
        browser.close()
    if not wanted:
        for old in SCREENS.glob("*.png"):
            if old.stem.rpartition("_")[0] not in made:
                old.unlink()
    return 0


def districts() -> Iterator[tuple[Served, bool]]:
    """The demonstration, the small district of the tests, and once more for the developers' pages:
    the service, and whether it is for these."""
    for build, settings in (
        (DEMO, {"GONGKAI_DEMO": "1"}),
        (CAST, {}),
        (CAST, {"GONGKAI_DEBUG": "1"}),
    ):
        with (
            tempfile.TemporaryDirectory() as home,
            serve(Path(home), build=build, **settings) as served,
        ):
            yield served, "GONGKAI_DEBUG" in settings


def picture(browser: Browser, served: Served, name: str, file: str) -> None:
    """One page in every size."""
    address, who, status = served.pages[name]
    for size, (width, height) in SIZES.items():
        with real.watched(browser, served, who, size=(width, height)) as one:
            one.open(address, status=status)
            one.page.evaluate(STILL)
            tall = int(one.page.evaluate("document.documentElement.scrollHeight"))
            one.page.set_viewport_size({"width": width, "height": min(max(tall, height), TALLEST)})
            one.page.evaluate("scrollTo(0, 0)")
            shot = one.page.screenshot(animations="disabled", caret="hide")
        target = SCREENS / f"{file}_{size}.png"
        with Image.open(io.BytesIO(shot)) as image:
            drawn = image.convert("RGB")
        if not same(drawn, target):
            save(drawn, target)
            print(target.relative_to(ROOT))


def same(image: Image.Image, kept: Path) -> bool:
    """Whether the picture that is kept shows the same."""
    if not kept.exists():
        return False
    with Image.open(kept) as old:
        if old.size != image.size:
            return False
        apart = ImageChops.difference(image.convert("L"), old.convert("L"))
    changed = sum(int(count) for count in apart.histogram()[48:])
    return bool(changed <= SAME * image.width * image.height)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
