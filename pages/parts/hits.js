// The words that a search found, marked where they stand, and the way from one to the next. Into a
// stranger's frame go elements around its own text, nothing else.
const MOST_HITS = 400;
const BLOCKS = "address, article, blockquote, body, center, dd, details, div, dl, dt, figure, footer, h1, h2, h3, h4, h5, h6, header, li, main, nav, ol, p, pre, section, summary, table, td, th, tr, ul";

const unmark = (root) => {
  for (const found of root.querySelectorAll("mark.hit")) {
    const parent = found.parentNode;
    found.replaceWith(...found.childNodes);
    parent.normalize();
  }
  root.hits = [];
};

// The text as it is read: where a new block or line begins, a word ends.
const readText = (root) => {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const nodes = [];
  let [text, block] = ["", null];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.tagName === "BR") text += "\n";
      continue;
    }
    const own = node.parentElement.closest(BLOCKS);
    if (own !== block) text += "\n";
    block = own;
    nodes.push({ node, start: text.length });
    text += node.data;
  }
  return [text, nodes];
};

// From the end on, as what stands before keeps its place. A hit may run over several elements.
const markIn = (root, pattern) => {
  unmark(root);
  if (!pattern) return;
  const [text, nodes] = readText(root);
  const places = [];
  for (const found of text.matchAll(pattern)) {
    if (places.length === MOST_HITS) break;
    places.push([found.index, found.index + found[0].length]);
  }
  let last = nodes.length - 1;
  for (const [from, to] of places.reverse()) {
    const parts = [];
    while (last > 0 && nodes[last].start >= to) last -= 1;
    for (let at = last; at >= 0 && nodes[at].start + nodes[at].node.data.length > from; at -= 1) {
      const { node, start } = nodes[at];
      const [begin, end] = [Math.max(from - start, 0), Math.min(to - start, node.data.length)];
      if (end <= begin) continue;
      const piece = node.splitText(begin);
      piece.splitText(end - begin);
      const box = root.ownerDocument.createElement("mark");
      box.className = "hit";
      piece.replaceWith(box);
      box.append(piece);
      parts.unshift(box);
    }
    if (parts.length) root.hits.unshift(parts);
  }
};

const rootOf = (body) => {
  const frame = body.querySelector("iframe");
  return frame ? frame.contentDocument?.body : body.querySelector(".text");
};

// How far down in the stream it stands, through its frame if it is in one.
const heightOf = (part, stream) => {
  const frame = part.ownerDocument.defaultView.frameElement;
  const above = frame ? frame.getBoundingClientRect().top : 0;
  return above + part.getBoundingClientRect().top - stream.getBoundingClientRect().top + stream.scrollTop;
};

const seeker = (stream, words) => {
  const bar = make("div", "hits-bar");
  const says = make("span", "says");
  says.setAttribute("role", "status");
  let [pattern, message, at] = [null, null, null];
  const bodies = () => [...stream.querySelectorAll(".body")].map(rootOf).filter(Boolean);
  const hits = () => bodies().flatMap((root) => root.hits || []).filter(([first]) => first.getClientRects().length);
  const first = () => {
    const card = stream.querySelector(`#m${message} .body`);
    const own = card && rootOf(card)?.hits;
    return own?.find(([part]) => part.getClientRects().length) || null;
  };
  const show = () => {
    const found = hits();
    if (at && !found.includes(at)) at = null;
    at ??= first();
    for (const hit of found) for (const part of hit) part.classList.toggle("at", hit === at);
    says.textContent = words.hit.replace("{n}", at ? found.indexOf(at) + 1 : "–").replace("{all}", found.length);
    bar.hidden = !pattern || !found.length;
  };
  const paint = (root) => {
    markIn(root, pattern);
    show();
    stream.settle?.();
  };
  const go = (step) => {
    const found = hits();
    if (!found.length) return;
    const place = found.indexOf(at);
    at = found[place < 0 ? (step > 0 ? 0 : found.length - 1) : (place + step + found.length) % found.length];
    show();
    stream.aim = null;
    stream.scrollTop = heightOf(at[0], stream) - stream.clientHeight / 3;
  };
  const end = () => {
    pattern = null;
    for (const root of bodies()) unmark(root);
    bar.hidden = true;
  };
  const named = (className, text, title, act) => {
    const button = press(className, text, act);
    button.title = button.ariaLabel = title;
    return button;
  };
  bar.append(
    says,
    named("step", "↑", words.last_hit, () => go(-1)),
    named("step", "↓", words.next_hit, () => go(1)),
    named("step", "✕", words.no_hits, end),
  );
  bar.hidden = true;
  stream.before(bar);
  stream.addEventListener("repainted", (event) => {
    const body = event.composedPath()[0].closest(".body");
    const root = body && rootOf(body);
    if (root && pattern) paint(root);
  });
  window.addEventListener("delad:hit", (event) => { if (stream.isConnected && pattern) go(event.detail); });
  return {
    // Where the stream is to stand, once it is known.
    place: () => {
      const found = at || first();
      return found ? heightOf(found[0], stream) - stream.clientHeight / 3 : null;
    },
    seek: (sought) => {
      [pattern, message, at] = [sought ? new RegExp(sought.pattern, "giu") : null, sought?.message_id, null];
      for (const root of bodies()) markIn(root, pattern);
      show();
    },
    look: () => {
      for (const root of bodies()) if (pattern && !root.hits) markIn(root, pattern);
      show();
    },
  };
};
