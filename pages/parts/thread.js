// A conversation's stream: mails, notes and quiet diary lines, oldest first.
let shownFor = null;
let soughtFor = "null";

const diary = (entry, act) => {
  const row = make("div", "diary");
  const text = make("span", "", entry.text);
  const when = make("time", "", entry.when);
  when.title = entry.exact;
  row.append(text, when);
  for (const way of entry.ways || []) row.append(press("way link", way.label, () => act(way.act, way.number)));
  return row;
};

// A long run of quiet lines, opened by a press.
const acts = (entry, act) => {
  const box = make("div", "acts");
  const lines = make("div", "lines");
  const button = press("diary", entry.text, () => {
    const isOpen = !lines.children.length;
    fill(lines, ...(isOpen ? entry.lines.map((line) => diary(line, act)) : []));
    button.setAttribute("aria-expanded", isOpen);
  });
  button.setAttribute("aria-expanded", "false");
  box.append(button, lines);
  return box;
};

const earlier = (entry, act) => {
  const box = make("div", "earlier");
  box.append(press("way", entry.text, () => act("earlier", 0)));
  return box;
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
    else if (stream.aim === "hit") stream.scrollTop = stream.seeker.place() ?? stream.foundIn?.offsetTop - 12;
    else if (stream.aim) stream.scrollTop = stream.aim.offsetTop - (stream.gap ?? 12);
  };
  const stop = () => { stream.aim = null; };
  for (const hand of ["wheel", "touchstart", "keydown", "mousedown"])
    stream.addEventListener(hand, stop, { passive: true });
  stream.addEventListener("fitted", stream.settle);
  new ResizeObserver(stream.settle).observe(stream);
};

// What is in sight stays where it is when older mails come in above it.
const holdStill = (stream) => {
  const top = [...stream.querySelectorAll("article")].find((card) => card.offsetTop + card.offsetHeight > stream.scrollTop);
  if (!top) return;
  stream.aim = top;
  stream.gap = top.offsetTop - stream.scrollTop;
};

const point = (target) => {
  target.classList.add("pointed");
  setTimeout(() => target.classList.remove("pointed"), 2600);
};

const bannerOf = (banner, act) => {
  const box = make("div", `banner ${banner.tone}`);
  box.dataset.key = `banner-${banner.text}`;
  box.append(make("span", "says", banner.text));
  for (const way of banner.ways) box.append(press("way", way.label, () => act(way.act, way.outbox)));
  return box;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const { entries, words, policy } = data;
  const stream = parentElement.querySelector(".stream");
  const act = (verb, outbox) => setTriggerValue("act", { verb, outbox, at: Date.now() });
  const kinds = {
    diary: (entry) => diary(entry, act),
    acts: (entry) => acts(entry, act),
    earlier: (entry) => earlier(entry, act),
    hidden: (entry) => hiddenMail(entry, words, act),
  };
  const asMail = (entry) => mail(entry, words, policy, act, data.id, stream.lightbox);
  calmly(() => {
    const wasDark = dark;
    dark = isDark(stream);
    stream.classList.toggle("dark", dark);
    const sought = JSON.stringify(data.sought);
    const isNew = shownFor !== data.id || wasDark !== dark || soughtFor !== sought;
    if (isNew) [open, plain] = [new Set(data.sought?.is_folded ? [`m${data.sought.message_id}`] : []), new Set()];
    [shownFor, soughtFor] = [data.id, sought];
    stream.seeker ??= seeker(stream, words);
    stream.lightbox ??= lightbox(words, parentElement);
    const wasAtEnd = stream.scrollHeight - stream.scrollTop - stream.clientHeight < 60;
    const painted = new Map([...stream.children].map((child) => [child.dataset.key, child]));
    const banners = data.banners.map((banner) => bannerOf(banner, act));
    if (!isNew && painted.has("earlier") && !entries.some((entry) => entry.kind === "earlier")) holdStill(stream);
    const children = entries.map((entry) => {
      const print = JSON.stringify(entry);
      const known = painted.get(entry.key);
      if (!isNew && known && known.print === print) return known;
      const child = (kinds[entry.kind] || asMail)(entry);
      child.dataset.key = entry.key;
      child.print = print;
      return child;
    });
    const wanted = [...banners, ...children];
    for (const child of [...stream.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((child, at) => {
      if (stream.children[at] !== child) stream.insertBefore(child, stream.children[at] || null);
    });
    for (const entry of entries)
      if (entry.has_details) paintDetails(stream.querySelector(`#m${entry.id}`), data.details[entry.id], words);
    const target = data.message && stream.querySelector(`#m${data.message}`);
    stream.foundIn = data.sought && stream.querySelector(`#m${data.sought.message_id}`);
    if (isNew) stream.seeker.seek(data.sought);
    else stream.seeker.look();
    if (isNew || (wasAtEnd && (!stream.aim || stream.aim === "newest"))) {
      stream.aim = (isNew && (target || (stream.foundIn && "hit"))) || "newest";
      stream.gap = 12;
    }
    if (isNew && target) point(target);
    if (!stream.settle) follow(stream);
    stream.settle();
  });
}
