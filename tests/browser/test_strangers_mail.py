"""What a mail does only when somebody asks: show its pictures, give its files, open its links."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from inbox.house import House
from tests.browser.conftest import App, running, settle, sign_in
from tests.browser.house_of_horrors import attachment, conversation, mail
from tests.listener import Listener, listening, whole

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
RLO = "\u202e"
HARM = "<script>top.owned = 1; alert(1)</script>"
FILES = {
    "drawing.svg": ("image/svg+xml", f"<svg xmlns='http://www.w3.org/2000/svg'>{HARM}</svg>"),
    "page.html": ("text/html", f"<!doctype html>{HARM}"),
    "paper.pdf": ("application/pdf", "%PDF-1.7 1 0 obj <</OpenAction <</S /JavaScript>>>>"),
    f"holiday{RLO}gpj.exe": ("application/x-msdownload", "MZ"),
}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as found:
        found.answers["/gone.png"] = whole(b"", status="404 Not Found")
        yield found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[App]:
    host = f"127.0.0.1:{listener.port}"
    fill = partial(_fill, host)
    folder = tmp_path_factory.mktemp("house") / "data"
    with running(folder, fill, DELAD_TRUSTED_OUTSIDE=host) as found:
        yield found


def _fill(host: str, house: House, cursor: Any) -> None:
    letter = (
        f"<p style='background:url(http://{host}/back.png)'>Our spring catalogue</p>"
        f"<img src='http://{host}/one.png?reader=7' width=300 height=80 alt='Spring'>"
        f"<img src='http://{host}/two.png' width=300 height=80><img src='http://{host}/gone.png'>"
        f"<p><a href='http://{host}/shop'>https://bank.test/</a></p>"
    )
    place = conversation(cursor, "Catalogue", "Shop", "shop@news.test")
    mail(cursor, place, "Shop", "Our spring catalogue", letter)
    mail(cursor, place, "Shop", "Another", f"<p>Another</p><img src='http://{host}/three.png'>")
    place = conversation(cursor, "Files", "Erik", "erik@customer.test")
    message = mail(cursor, place, "Erik", "Files", "<p>Files</p>")
    for name, (kind, content) in FILES.items():
        attachment(cursor, house, (place, message), name, kind, content.encode())
    place = conversation(cursor, "Order 77", "boss@bank.test", "x@evil.test")
    known, wrong = {"from_address": "lena@customer.test"}, {"from_address": "x@evil.test"}
    mail(cursor, place, "Lena", "Mine", None, **known, thread_reason="reference")
    mail(cursor, place, "Max", "Pay", None, **wrong, thread_reason="reference_stranger")
    mail(cursor, place, "boss@bank.test", "Now", None, **wrong)
    mail(cursor, place, f"Anna {RLO}nnA", "Hello", None, from_address="anna@customer.test")


@pytest.fixture
def opened(app: App, chromium: Browser) -> Iterator[Open]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)

    def come(subject: str, who: str = "cy") -> Page:
        page.goto(f"{app.url}/?view=open")
        sign_in(page, who)
        page.locator(".row", has_text=subject).first.click()
        expect(page.locator(".head h1")).to_have_text(subject)
        settle(page)
        return page

    yield come
    context.close()


def test_pictures_come_when_asked_for_through_our_own_door(
    opened: Open, listener: Listener
) -> None:
    page = opened("Catalogue")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first = page.locator("article").first
    expect(first.locator(".blocked")).to_contain_text("3 pictures from elsewhere were not loaded.")
    assert listener.calls == 0

    first.locator("button", has_text="Show pictures").click()
    expect(first.locator(".blocked")).to_have_count(0)
    picture = page.frame_locator("article >> nth=0 >> iframe.sheet").locator("img").first
    expect(picture).to_have_js_property("naturalWidth", 1)
    page.wait_for_timeout(500)

    assert sorted(listener.paths) == ["/gone.png", "/one.png?reader=7", "/two.png"]
    for head in listener.heard:
        assert "cookie" not in head.lower() and "refer" not in head.lower()
    assert not [url for url in asked if str(listener.port) in url]
    # The other mail in the conversation was not asked about.
    expect(page.locator("article").last.locator(".blocked")).to_contain_text("1 picture")
    settle(page)
    assert "/three.png" not in listener.paths
    page.reload()
    settle(page)
    expect(page.locator("article .blocked")).to_have_count(2)


def test_a_link_says_where_it_leads_and_opens_without_us(opened: Open, listener: Listener) -> None:
    page = opened("Catalogue")
    link = page.frame_locator("article >> nth=0 >> iframe.sheet").locator("a")
    expect(link).to_have_attribute("title", f"http://127.0.0.1:{listener.port}/shop")
    before = len(listener.heard)
    with page.context.expect_page() as fresh:
        link.click()
    fresh.value.wait_for_load_state()

    assert fresh.value.evaluate("window.opener") is None
    (head, *_) = listener.heard[before:]
    assert head.startswith("GET /shop ") and "refer" not in head.lower()


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_is_saved_and_never_shown(opened: Open, name: str) -> None:
    page = opened("Files")
    row = page.locator(".file", has_text=name.replace(RLO, ""))
    address = row.locator(".menu a").evaluate("a => a.href")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    with page.expect_download() as saved:
        page.evaluate("address => { location.href = address }", address)

    assert saved.value.suggested_filename == name.replace(RLO, "")
    assert Path(saved.value.path()).read_text() == FILES[name][1]
    assert (page.evaluate("() => window.owned"), dialogs) == (None, [])


@pytest.mark.parametrize("link", [".menu a", "a.face"])
@pytest.mark.parametrize("name", list(FILES)[:3])
def test_a_file_in_a_frame_of_our_own_runs_nothing(opened: Open, name: str, link: str) -> None:
    """Even when a page of ours were made to embed it."""
    page = opened("Files")
    row = page.locator(".file", has_text=name)
    address = row.locator(link).evaluate("a => a.href")
    made = page.evaluate(
        """address => Promise.all(['iframe', 'img', 'embed', 'object', 'script'].map(tag => {
            const element = document.createElement(tag);
            element[tag === 'object' ? 'data' : 'src'] = address;
            document.body.append(element);
            return new Promise(done => setTimeout(() => done(element.naturalWidth || 0), 400));
        }))""",
        address,
    )

    assert made == [0, 0, 0, 0, 0]
    assert page.evaluate("() => window.owned") is None


def test_who_is_new_or_borrows_a_name_is_warned_of(opened: Open) -> None:
    page = opened("Order 77", "ada")
    known, stranger, borrowed, turned = page.locator("article").all()

    expect(known.locator(".state")).to_have_count(0)
    expect(stranger.locator(".state.warn")).to_contain_text(
        "x@evil.test took no part in this conversation before."
    )
    expect(borrowed.locator(".who .name")).to_have_text("x@evil.test")
    expect(borrowed.locator(".state.warn")).to_contain_text("“boss@bank.test”")
    expect(turned.locator(".who .name")).to_have_text("Anna nnA")
    expect(page.locator(".about .who")).to_have_text("x@evil.test")
    asks = page.locator(".composer textarea")
    expect(asks).to_have_attribute("placeholder", "Write an answer to x@evil.test …")
    expect(page.locator(".row.chosen")).to_contain_text("x@evil.test")
    expect(page.locator(".row.chosen")).not_to_contain_text("boss@bank.test")
