// One mail or note: its head, its words, its files and what is going on with it.
let open = new Set();
let plain = new Set();
let dark = false;

const stateLine = (entry, act) => {
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

const body = (entry, words, policy) => {
  const whole = open.has(entry.key);
  const text = whole ? entry.whole : entry.text;
  const box = make("div", "body");
  box.dir = "auto";
  if (entry.html && !plain.has(entry.key) && (whole || !entry.folded)) {
    const doors = [entry.pictures, entry.own_pictures && "/preview/"];
    box.append(mailFrame(entry.html, withPictures(policy, doors), words.body, dark));
  } else box.append(make("div", "text", text));
  return box;
};

const cardHead = (entry, words, act, conversation, turn) => {
  const head = make("header", "");
  const who = make("div", "who");
  const names = make("div", "who-box");
  who.append(make("bdi", "name", entry.who));
  if (entry.address) who.append(make("span", "quiet address", entry.address));
  if (entry.tag) who.append(make("span", "chip", entry.tag));
  names.append(who);
  if (entry.to) {
    const to = make("div", "to quiet", entry.to);
    to.title = upright(entry.to);
    names.append(to);
  }
  const when = make("a", "when quiet", entry.when);
  when.title = `${entry.exact}\n${words.permalink}`;
  when.href = `/?c=${conversation}&m=${entry.id}`;
  head.append(avatar(entry.who, 30), names);
  if (entry.original && entry.warnings.length) {
    const original = make("a", "original link", words.original);
    original.href = entry.original;
    original.title = words.original_title;
    head.append(original);
  }
  if (entry.has_details) {
    const details = press("details-way link", words.details, () => act("details", entry.id));
    details.setAttribute("aria-expanded", "false");
    head.append(details);
  }
  head.append(when);
  if (entry.has_details) head.append(cardMenu(entry, words, act, [when.href, conversation], turn));
  return head;
};

const cardMenu = (entry, words, act, [address, conversation], turn) => {
  const copy = async (button) => {
    await copied(address);
    button.classList.add("done");
    button.dataset.said = words.copied;
    setTimeout(() => button.classList.remove("done"), 1800);
  };
  return menuOf(words.more, [
    entry.can_forward && [words.forward, () => act("forward", entry.id)],
    [words.copy, copy],
    entry.html && [plain.has(entry.key) ? words.formatted : words.plain, turn],
    entry.original && [words.take_original, entry.original, words.original_title],
    [words.print, `/print/${conversation}?zone=${encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone || "")}`, words.print_title, "_blank"],
    entry.can_split && [words.split_here, () => act("split_here", entry.id), words.split_here_title],
    entry.can_split && [words.split_alone, () => act("split_alone", entry.id)],
    entry.can_hide && [words.hide, () => act("hide", entry.id)],
  ]);
};

const mail = (entry, words, policy, act, conversation, show) => {
  const card = make("article", `mail-card ${entry.kind} ${entry.direction || ""}`);
  card.id = `m${entry.id}`;
  let content = body(entry, words, policy);
  const repaint = () => {
    const fresh = body(entry, words, policy);
    content.replaceWith(fresh);
    content = fresh;
    fresh.dispatchEvent(new CustomEvent("repainted", { bubbles: true }));
  };
  const turn = () => {
    if (plain.has(entry.key)) plain.delete(entry.key);
    else plain.add(entry.key);
    repaint();
    const fresh = cardHead(entry, words, act, conversation, turn);
    head.querySelector(".menu-box").replaceWith(fresh.querySelector(".menu-box"));
  };
  const head = cardHead(entry, words, act, conversation, turn);
  card.append(head);
  for (const warning of entry.warnings) {
    const box = make("div", `state ${warning.tone}`);
    box.append(make("span", "says", warning.text));
    for (const way of warning.ways) box.append(press("way", way.label, () => act(way.act, entry.id)));
    card.append(box);
  }
  card.append(make("div", "details-slot"), content);
  if (entry.question) {
    const { text, act: way, open: isOpen } = entry.question;
    const line = make("div", `question${isOpen ? " open" : ""}`);
    line.append(make("span", "says", text));
    if (way) line.append(press("way", words[way], () => act(way, entry.id)));
    card.append(line);
  }
  if (entry.folded) {
    const fold = press("fold", "•••", () => {
      if (open.has(entry.key)) open.delete(entry.key);
      else open.add(entry.key);
      repaint();
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
  if (entry.files.length) card.append(filesOf(entry, words, act, show));
  const state = stateLine(entry, act);
  if (state) card.append(state);
  return card;
};

const hiddenMail = (entry, words, act) => {
  const card = make("article", "hidden-mail quiet");
  card.id = `m${entry.id}`;
  const text = make("span", "says", entry.text);
  text.title = entry.exact;
  card.append(text);
  if (entry.can_show) card.append(press("way", words.show, () => act("show", entry.id)));
  return card;
};
