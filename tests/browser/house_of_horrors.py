"""What a hostile mail could do to a page, as a real browser sees it: traces, and their absence."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page

from inbox.clock import now
from inbox.house import House
from inbox.messages import Address, Recipients
from tests.listener import Listener

FRAMES = """frames => frames.flatMap(frame => {
  const inside = frame.contentDocument, says = [];
  const card = frame.closest('article').getBoundingClientRect(), box = frame.getBoundingClientRect();
  if (box.left < card.left - 1 || box.right > card.right + 1 || box.top < card.top - 1 ||
      box.bottom > card.bottom + 1) says.push('drawn outside its mail');
  if (box.height > 20010) says.push(`height ${box.height}`);
  if (frame.sandbox.contains('allow-scripts')) says.push('may run scripts');
  const strange = 'script,style,link,meta,base,iframe,frame,object,embed,applet,form,input,button,' +
    'textarea,select,svg,math,video,audio,source,template,dialog,portal,canvas';
  for (const element of inside.body.querySelectorAll(strange)) says.push(element.outerHTML);
  for (const element of inside.body.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (/^(on|srcset|ping|background|id$|class$|name$|action|formaction|xlink|is$|slot)/.test(name) &&
          !(name === 'name' && element.tagName === 'A')) says.push(`${name}=${value.slice(0, 60)}`);
      if (name === 'style' && /url|image|expression|position|transform/i.test(value)) says.push(value);
    }
    if (element.shadowRoot) says.push('shadow root');
    if (element.hasAttribute('src') && !/^data:image\\/(png|gif|jpeg|webp);base64,/.test(element.getAttribute('src')))
      says.push(element.getAttribute('src'));
  }
  for (const link of inside.links) {
    if (!/^(https?|mailto|tel):$/.test(link.protocol) || new URL(link.href).host === location.host) says.push(link.href);
    if (link.target !== '_blank' || !/noopener/.test(link.rel)) says.push('link without target or rel');
  }
  if (frame.contentWindow.owned) says.push('a script ran');
  return says;
})"""
STRANGE = """() => {
  const says = [], walk = root => {
    for (const element of root.querySelectorAll('*')) {
      const source = element.getAttribute('src') || '', name = element.tagName.toLowerCase();
      if (/^(img|video|audio|embed|object|iframe|frame|image)$/.test(name) && source &&
          !/^(data:|blob:|\\.?\/(?!\/))/.test(source) && new URL(source, location).host !== location.host)
        says.push(element.outerHTML.slice(0, 200));
      if (name === 'iframe' && !element.classList.contains('sheet')) says.push('iframe');
      for (const attribute of element.attributes)
        if (/^on/.test(attribute.name)) says.push(`${attribute.name}=${attribute.value.slice(0, 60)}`);
      if (name === 'a' && element.href && new URL(element.href).host !== location.host) says.push(`link ${element.href}`);
      if (/^(katex|math|form|marquee|details)$/.test(name) && !element.closest('.out') &&
          !element.closest('[data-testid=stExpander]') && !element.closest('.rail > .fold')) says.push(name);
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!/^(script|style)$/.test(name)) for (const child of element.childNodes)
        if (child.nodeType === 3 && /[\u202a-\u202e\u2066-\u2069]/.test(child.data)) says.push(`turned ${child.data}`);
    }
  };
  walk(document.body);
  return says;
}"""
PLACES = """() => Object.fromEntries(['.rail', '.stream', '.composer', '.head',
  '.st-key-listpane', '.st-key-convpane', '.st-key-convfoot'].map(name => {
    const find = root => root.querySelector(name) || [...root.querySelectorAll('*')]
      .map(e => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
    const box = find(document)?.getBoundingClientRect();
    return [name, box && [box.x, box.y, box.width, box.height].map(Math.round).join()];
  }))"""
POINTS = """() => {
  const found = [];
  for (let x = 8; x < innerWidth; x += 48) for (let y = 8; y < innerHeight; y += 48) {
    let at = document, element = null, next = null;
    while ((next = at.elementFromPoint(x, y)) && next !== element) {
      element = next;
      if (!element.shadowRoot) break;
      at = element.shadowRoot;
    }
    if (element?.tagName !== 'IFRAME') continue;
    const stream = element.getRootNode().querySelector('.stream').getBoundingClientRect();
    if (x < stream.left || x > stream.right || y < stream.top || y > stream.bottom) found.push([x, y]);
  }
  return found;
}"""


@dataclass
class Watch:
    """Everything a page did that only a stranger's script or markup would have made it do."""

    page: Page
    home: str
    listener: Listener
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._dialog)
        self.page.on("request", lambda request: self._request(request.url))
        self.page.context.on("page", lambda page: self.seen.append(f"page {page.url}"))

    def _dialog(self, dialog: Any) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _request(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:", f"ws{self.home[4:]}")):
            self.seen.append(f"request {url[:200]}")

    def traces(self) -> list[str]:
        """What happened so far, from all sides."""
        ran = self.page.evaluate("() => [window.owned, localStorage.owned].some(Boolean)")
        return [
            *self.seen,
            *(["a script ran"] if ran else []),
            *([f"title {self.page.title()}"] if self.page.title() != "Delad" else []),
            *([f"went to {self.page.url}"] if not self.page.url.startswith(self.home) else []),
            *(f"cookie {name}" for name in cookies(self.page.context) - {"delad"}),
            *(f"called {head[:80]}" for head in self.listener.heard),
            *(["called silently"] if self.listener.calls else []),
        ]


def cookies(context: BrowserContext) -> set[str]:
    return {
        c["name"] for c in context.cookies() if not c["name"].startswith(("_streamlit", "_xsrf"))
    }


def conversation(cursor: Any, subject: str, name: str, address: str, **more: Any) -> int:
    """A new conversation in support; answer its id."""
    columns = {
        "contact_name": name,
        "contact_address": address,
        "subject": subject,
        "snippet": subject,
        "now": now(),
        "alert": more.get("alert"),
    }
    cursor.execute(
        "insert into conversations (mailbox_id, contact_name, contact_address, subject, snippet, "
        "status, created_at, last_message_at, waiting_since, message_count, attachment_count, "
        "is_readable, alert) values (1, $contact_name, $contact_address, $subject, $snippet, "
        "'open', $now, $now, $now, 1, 1, true, $alert)",
        columns,
    )
    return int(cursor.execute("select max(id) from conversations").fetchone()[0])


def mail(
    cursor: Any, conversation_id: int, name: str, text: str, html: str | None, **more: Any
) -> int:
    """A mail in it; answer its id. `more` are columns of messages."""
    given = {
        "subject": "x",
        "from_name": name,
        "from_address": "sender@customer.test",
        "direction": "in",
        "thread_reason": "new",
        "people": Recipients(to=(Address(name="", address="support@example.com"),)).as_json(),
        **more,
    }
    cursor.execute(
        "insert into messages (conversation_id, mailbox_id, direction, via, sent_at, received_at, "
        "from_name, from_address, recipients, subject, is_auto, is_bounce, is_readable, "
        "attachment_count, thread_reason) values ($id, 1, $direction, 'imap', $now, $now, "
        "$from_name, $from_address, $people, $subject, false, false, true, 0, $thread_reason)",
        {"id": conversation_id, "now": now(), **given},
    )
    (message_id,) = cursor.execute("select max(id) from messages").fetchone()
    cursor.execute(
        "insert into bodies values ($id, $conversation, $text, $html, $text)",
        {"id": message_id, "conversation": conversation_id, "text": text, "html": html},
    )
    return int(message_id)


def attachment(
    cursor: Any, house: House, place: tuple[int, int], name: str, kind: str, content: bytes
) -> int:
    """A file of the mail (conversation, message); answer its id."""
    cursor.execute(
        "insert into attachments (message_id, conversation_id, filename, content_type, "
        "size_bytes, sha256, is_inline) values ($m, $c, $name, $kind, $size, $sha, false)",
        {
            "c": place[0],
            "m": place[1],
            "name": name,
            "kind": kind,
            "size": len(content),
            "sha": house.files.put(content),
        },
    )
    return int(cursor.execute("select max(id) from attachments").fetchone()[0])
