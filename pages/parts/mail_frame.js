// A stranger's HTML in a frame that runs no script and loads nothing (see mail_frame.py).
const appFont = () => {
  const rules = [];
  for (const sheet of document.styleSheets) {
    let found = [];
    try { found = [...sheet.cssRules]; } catch { continue; }
    for (const rule of found) {
      if (!(rule instanceof CSSFontFaceRule) || !/Source Sans/.test(rule.cssText)) continue;
      rules.push(rule.cssText.replace(/url\("?([^")]+)"?\)/g, (_, url) => `url("${new URL(url, sheet.href || location.href)}")`));
    }
  }
  return rules.join("\n");
};

// A mail that brings no colours or pictures of its own may follow the dark theme.
const canBeNight = (harmless) => !/colou?r|background|<img[^>]*\ssrc|<font|<style/i.test(harmless);

const DAY = { scheme: "light", ground: "#fff", ink: "#1f2430", quiet: "#5a6272", line: "#d5d9e0", link: "#2457b3", hit: "#ffe9a8", hitAt: "#ffc44d", hitInk: "#1f2430" };
const NIGHT = { scheme: "dark", ground: "transparent", ink: "#e6e8ee", quiet: "#a2a9b8", line: "#3d4451", link: "#8db4f8", hit: "#5c4a12", hitAt: "#8a6a0c", hitInk: "#f2f4f8" };

const frameStyle = (look) => `
  ${appFont()}
  html { color-scheme: ${look.scheme}; background: ${look.ground}; }
  body { margin: 0; padding: 1px 0; font: 14px/1.55 "Source Sans", system-ui, sans-serif; color: ${look.ink}; overflow-wrap: anywhere; overflow-x: auto; }
  img { max-width: 100%; height: auto; }
  img:not([src]) { display: none; }
  table { max-width: 100%; }
  td, th { overflow-wrap: break-word; }
  pre { white-space: pre-wrap; }
  p { margin: 0 0 .7em; }
  blockquote { margin: .4em 0; padding-left: 12px; border-left: 2px solid ${look.line}; color: ${look.quiet}; }
  a { color: ${look.link}; }
  mark.hit { color: ${look.hitInk}; background: ${look.hit}; border-radius: 3px; }
  mark.hit.at { background: ${look.hitAt}; }
  .below { color: ${look.quiet}; margin-top: .7em; }
  :is(p, div, ul, table):last-child { margin-bottom: 0; }`;

// Pictures that were asked for, and large ones of the mail itself, come from our own doors alone.
const withPictures = (policy, doors) =>
  policy.replace("img-src", ["img-src", ...doors.filter(Boolean).map((door) => `${location.origin}${door}`)].join(" "));

// A mail that wants to be endless scrolls in itself.
const TALLEST = 20000;

const mailFrame = (harmless, policy, title, dark) => {
  const isNight = dark && canBeNight(harmless);
  const frame = make("iframe", isNight ? "sheet night" : "sheet");
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  frame.setAttribute("referrerpolicy", "no-referrer");
  frame.title = title;
  const page = document.implementation.createHTMLDocument("");
  const meta = (attribute, name, content) => {
    const element = page.createElement("meta");
    element.setAttribute(attribute, name);
    element.setAttribute("content", content);
    return element;
  };
  const style = page.createElement("style");
  style.textContent = frameStyle(isNight ? NIGHT : DAY);
  const base = page.createElement("base");
  base.target = "_blank";
  page.head.replaceChildren(
    meta("http-equiv", "Content-Security-Policy", policy),
    meta("http-equiv", "x-dns-prefetch-control", "off"),
    meta("name", "referrer", "no-referrer"),
    base,
    style,
  );
  frame.onload = () => {
    const inside = frame.contentDocument;
    const fit = () => {
      const height = Math.ceil(inside.documentElement.getBoundingClientRect().height);
      frame.style.height = `${Math.min(height, TALLEST)}px`;
      frame.dispatchEvent(new CustomEvent("fitted", { bubbles: true }));
    };
    // Where a link leads is said by the link, whatever its words say.
    for (const link of inside.links) link.title = link.href;
    fit();
    new ResizeObserver(fit).observe(inside.body);
    frame.dispatchEvent(new CustomEvent("repainted", { bubbles: true }));
    inside.addEventListener("keydown", (event) =>
      document.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey })));
  };
  frame.srcdoc = `<!doctype html>${page.head.outerHTML}<body dir="auto">${harmless}</body>`;
  return frame;
};
