// The list of conversations: one listbox, painted from data, moved through with J and K.
let chosen = null;

// Whoever has it, as a small face; the name is there for those who hover or listen.
const assignee = (row, words) => {
  const face = make("span", row.mine ? "has mine" : "has");
  face.title = words.has.replace("{name}", upright(row.assignee));
  face.append(avatar(row.assignee, 20), make("span", "unseen", row.assignee));
  return face;
};

const chip = (kind, text, title) => {
  const found = make("span", `chip ${kind}`, text);
  if (title) found.title = upright(title);
  return found;
};

const chips = (row, words) => {
  const box = make("span", "chips");
  if (row.urgent) box.append(chip("bad", words.urgent));
  if (row.alert) box.append(chip("bad", words.alert, row.alert));
  if (!row.readable) box.append(chip("bad", words.unreadable));
  if (row.closed) box.append(chip("", words.closed));
  if (row.liesin) box.append(chip("", row.liesin));
  if (row.mailbox) box.append(chip("", row.mailbox));
  for (const tag of row.tags) box.append(chip("tag", tag, tag));
  if (row.moretags) box.append(chip("tag rest", `+${row.moretags.split("\n").length}`, row.moretags));
  if (row.assignee) box.append(assignee(row, words));
  return box;
};

// A text in pieces, with what was searched for marked.
const pieces = (className, text, parts) => {
  const box = make("bdi", className, parts?.length ? null : text);
  for (const [piece, isHit] of parts || []) box.append(make(isHit ? "mark" : "span", "", piece));
  return box;
};

const line = (row, words, isChosen, { open, toggle }) => {
  const option = make("div", `row${row.unread ? " unread" : ""}${isChosen ? " chosen" : ""}`);
  option.id = `row-${row.id}`;
  option.dataset.id = row.id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", isChosen);
  option.setAttribute("aria-label", upright(row.spoken));
  const who = pieces("who", row.who, row.parts?.who);
  const when = make("time", "when", row.when);
  when.title = row.exact;
  const dot = make("span", "dot");
  if (row.unread) dot.title = words.unread;
  const subject = make("span", "subject");
  subject.append(pieces("words", row.subject || words.no_subject, row.parts?.subject));
  subject.append(chips(row, words));
  const top = make("span", "top");
  top.append(who);
  if (row.vip) top.append(make("span", "chip vip", row.vip));
  if (row.count > 1) top.append(make("span", "count", row.count));
  top.append(when);
  const bottom = make("span", "bottom");
  bottom.append(pieces("snippet", row.snippet, row.parts?.snippet));
  if (row.asked) {
    const asked = make("span", "asked", "?");
    asked.title = asked.ariaLabel = row.asked;
    bottom.append(asked);
  }
  if (row.attachments) {
    const clip = make("span", "clip");
    clip.title = words.attachments;
    bottom.append(clip);
  }
  if (row.answered) {
    const answered = make("span", "answered");
    answered.title = words.answered.replace("{name}", upright(row.answered));
    answered.append(make("bdi", "", row.answered));
    bottom.append(answered);
  }
  if (row.waits) {
    const waits = make("span", "waits", row.waits);
    waits.title = words.waiting;
    bottom.append(waits);
  }
  const face = press("face", null, (event) => {
    event.stopPropagation();
    toggle(row.id, event.shiftKey);
  });
  face.tabIndex = -1;
  face.setAttribute("role", "checkbox");
  face.setAttribute("aria-label", words.choose.replace("{name}", upright(row.who)));
  face.append(avatar(row.who), make("span", "tick"));
  option.append(dot, face, top, subject, bottom);
  option.onclick = (event) => (event.shiftKey ? toggle(row.id, true) : open(row.id));
  // Else a range of rows is marked as text.
  option.onmousedown = (event) => { if (event.shiftKey) event.preventDefault(); };
  return option;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".list");
  const bar = parentElement.querySelector(".bulk");
  const { rows, words, bulk } = data;
  chosen = data.chosen;
  stillChosen(rows, bulk.place);
  const act = (what) => setTriggerValue("bulk", what);
  const paintChosen = () => {
    bulkBar(bar, rows, bulk, words, { act, repaint: paintChosen });
    list.classList.toggle("choosing", chosenRows.ids.size > 0);
    for (const option of list.querySelectorAll(".row")) {
      const is = chosenRows.ids.has(Number(option.dataset.id));
      option.classList.toggle("ticked", is);
      option.querySelector(".face").setAttribute("aria-checked", is);
    }
  };
  const toggle = (id, isRange) => {
    choose(rows, id, isRange);
    paintChosen();
  };
  const mark = (id) => {
    chosen = id;
    for (const option of list.querySelectorAll(".row")) {
      const is = Number(option.dataset.id) === id;
      option.classList.toggle("chosen", is);
      option.setAttribute("aria-selected", is);
      if (is) {
        option.classList.remove("unread");
        list.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }
  };
  const open = (id) => {
    mark(id);
    const row = rows.find((one) => one.id === id);
    if (row) row.unread = false;
    setTriggerValue("opened", id);
  };
  const step = (by) => {
    const at = rows.findIndex((row) => row.id === chosen);
    const next = rows[at < 0 ? 0 : at + by];
    if (next) open(next.id);
  };
  const empty = make("div", "empty");
  empty.append(make("strong", "", data.empty.title), make("span", "", data.empty.text));
  const more = press("more", words.more, () => setTriggerValue("more", Date.now()));
  calmly(() => {
    const scrolled = list.scrollTop;
    fill(
      list,
      ...rows.map((row) => line(row, words, row.id === chosen, { open, toggle })),
      rows.length ? null : empty,
      data.more ? more : null,
      data.end ? make("div", "end", data.end) : null,
    );
    paintChosen();
    list.scrollTop = scrolled;
  });
  const deeds = {
    j: () => step(1),
    k: () => step(-1),
    x: () => { if (rows.length) toggle(rows.some((row) => row.id === chosen) ? chosen : rows[0].id, false); },
    z: () => {
      const ids = chosenRows.ids.size ? [...chosenRows.ids] : [chosen].filter(Boolean);
      const { isAll: all } = chosenRows;
      if (ids.length) act({ verb: "mark_unread", who: null, all, ids: all ? [] : ids, at: Date.now() });
      chooseNone();
      paintChosen();
    },
  };
  const onKey = (event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('[role="dialog"]')) return;
    const inList = event.composedPath().includes(list);
    const arrows = inList ? { ArrowDown: deeds.j, ArrowUp: deeds.k } : {};
    const out = chosenRows.ids.size ? { Escape: () => { chooseNone(); paintChosen(); } } : {};
    const deed = { ...deeds, ...arrows, ...out }[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
  const onAway = () => mark(null);
  // Sent and closed: on to the next, as if J had been pressed.
  const onSent = ({ detail }) => { if (detail.closes && detail.conversation === chosen) step(1); };
  document.addEventListener("keydown", onKey);
  window.addEventListener("delad:left", onAway);
  window.addEventListener("delad:sent", onSent);
  return () => {
    document.removeEventListener("keydown", onKey);
    window.removeEventListener("delad:left", onAway);
    window.removeEventListener("delad:sent", onSent);
  };
}
