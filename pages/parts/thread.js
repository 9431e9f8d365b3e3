// A conversation's stream: mails, notes and quiet diary lines, oldest first.
let open = new Set();
let shownFor = null;

const attachmentRow = (file) => {
  const row = make("a", "file");
  row.href = `/attachment/${file.id}`;
  row.setAttribute("download", "");
  row.append(make("span", "clip"), make("bdi", "name", file.name), make("span", "quiet", file.size));
  return row;
};

const stateLine = (entry, words, act) => {
  if (!entry.state) return null;
  const box = make("div", `state ${entry.state.tone}`);
  box.append(make("span", "says", entry.state.text));
  for (const way of entry.state.ways) box.append(press("way", way.label, () => act(way.act, entry.state.outbox)));
  return box;
};

const blockedLine = (entry, words, act) => {
  const line = make("div", "blocked quiet");
  const show = press("way", words.pictures, () => {
    open.add(entry.key);
    act("pictures", entry.id);
  });
  show.title = words.pictures_title;
  line.append(make("span", "", entry.blocked), show);
  return line;
};

let dark = false;

const body = (entry, words, policy) => {
  const whole = open.has(entry.key);
  const text = whole ? entry.whole : entry.text;
  const box = make("div", "body");
  box.dir = "auto";
  if (entry.html && (whole || !entry.folded)) box.append(mailFrame(entry.html, withPictures(policy, entry.pictures), words.body, dark));
  else box.append(make("div", "text", text));
  return box;
};

const mail = (entry, words, policy, act, conversation) => {
  const card = make("article", `mail-card ${entry.kind} ${entry.direction || ""}`);
  card.id = `m${entry.id}`;
  const head = make("header", "");
  const who = make("div", "who");
  who.append(make("bdi", "name", entry.who));
  if (entry.address) who.append(make("span", "quiet address", entry.address));
  if (entry.tag) who.append(make("span", "chip", entry.tag));
  const when = make("a", "when quiet", entry.when);
  when.title = `${entry.exact}\n${words.permalink}`;
  when.href = `/?c=${conversation}&m=${entry.id}`;
  const names = make("div", "who-box");
  names.append(who);
  if (entry.to) {
    const to = make("div", "to quiet", entry.to);
    to.title = upright(entry.to);
    names.append(to);
  }
  head.append(avatar(entry.who, 30), names, when);
  if (entry.original) {
    const original = make("a", "original link", words.original);
    original.href = entry.original;
    original.title = words.original_title;
    head.append(original);
  }
  card.append(head);
  for (const warning of entry.warnings) {
    const box = make("div", `state ${warning.tone}`);
    box.append(make("span", "says", warning.text));
    for (const way of warning.ways) box.append(press("way", way.label, () => act(way.act, entry.id)));
    card.append(box);
  }
  let content = body(entry, words, policy);
  card.append(content);
  if (entry.folded) {
    const fold = press("fold", "•••", () => {
      if (open.has(entry.key)) open.delete(entry.key);
      else open.add(entry.key);
      const fresh = body(entry, words, policy);
      content.replaceWith(fresh);
      content = fresh;
      says();
    });
    const says = () => {
      fold.title = fold.ariaLabel = open.has(entry.key) ? words.less : words.whole;
      fold.setAttribute("aria-expanded", open.has(entry.key));
    };
    says();
    card.append(fold);
  }
  if (entry.blocked && !entry.pictures) card.append(blockedLine(entry, words, act));
  if (entry.files.length) {
    const files = make("div", "files");
    files.append(...entry.files.map(attachmentRow));
    card.append(files);
  }
  const state = stateLine(entry, words, act);
  if (state) card.append(state);
  return card;
};

const diary = (entry, act) => {
  const row = make("div", "diary");
  const text = make("span", "", entry.text);
  const when = make("time", "", entry.when);
  when.title = entry.exact;
  row.append(text, when);
  for (const way of entry.ways || []) row.append(press("way link", way.label, () => act(way.act, way.number)));
  return row;
};

// Until a hand touches it, the stream stays at what it aims for while mails find their height.
const follow = (stream) => {
  // The newest mail from its first line, when it is taller than the pane; else the very end.
  const newest = () => {
    const last = [...stream.querySelectorAll("article")].pop();
    return last && last.offsetHeight > stream.clientHeight ? last.offsetTop - 12 : stream.scrollHeight;
  };
  stream.settle = () => {
    if (stream.aim === "newest") stream.scrollTop = newest();
    else if (stream.aim) stream.scrollTop = stream.aim.offsetTop - 12;
  };
  const stop = () => { stream.aim = null; };
  for (const hand of ["wheel", "touchstart", "keydown", "mousedown"])
    stream.addEventListener(hand, stop, { passive: true });
  stream.addEventListener("fitted", stream.settle);
  new ResizeObserver(stream.settle).observe(stream);
};

export default function ({ data, parentElement, setTriggerValue }) {
  const { entries, words, policy } = data;
  const stream = parentElement.querySelector(".stream");
  const act = (verb, outbox) => setTriggerValue("act", { verb, outbox, at: Date.now() });
  calmly(() => {
    const wasDark = dark;
    dark = isDark(stream);
    stream.classList.toggle("dark", dark);
    const isNew = shownFor !== data.id || wasDark !== dark;
    if (isNew) open = new Set();
    shownFor = data.id;
    const wasAtEnd = stream.scrollHeight - stream.scrollTop - stream.clientHeight < 60;
    const painted = new Map([...stream.children].map((child) => [child.dataset.key, child]));
    const banners = data.banners.map((banner) => {
      const box = make("div", `banner ${banner.tone}`);
      box.dataset.key = `banner-${banner.text}`;
      box.append(make("span", "says", banner.text));
      for (const way of banner.ways) box.append(press("way", way.label, () => act(way.act, way.outbox)));
      return box;
    });
    const children = entries.map((entry) => {
      const print = JSON.stringify(entry);
      const earlier = painted.get(entry.key);
      if (!isNew && earlier && earlier.print === print) return earlier;
      const child = entry.kind === "diary" ? diary(entry, act) : mail(entry, words, policy, act, data.id);
      child.dataset.key = entry.key;
      child.print = print;
      return child;
    });
    const wanted = [...banners, ...children];
    for (const child of [...stream.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((child, at) => {
      if (stream.children[at] !== child) stream.insertBefore(child, stream.children[at] || null);
    });
    const target = data.message && stream.querySelector(`#m${data.message}`);
    if (isNew || wasAtEnd) stream.aim = isNew && target ? target : "newest";
    if (isNew && target) {
      target.classList.add("pointed");
      setTimeout(() => target.classList.remove("pointed"), 2600);
    }
    if (!stream.settle) follow(stream);
    stream.settle();
  });
}
