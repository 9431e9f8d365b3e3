// The list of conversations: one listbox, painted from data, moved through with J and K.
let chosen = null;

// Whoever has it, as a small face; the name is there for those who hover or listen.
const assignee = (row, words) => {
  const face = make("span", row.mine ? "has mine" : "has");
  face.title = words.has.replace("{name}", row.assignee);
  face.append(avatar(row.assignee, 20), make("span", "unseen", row.assignee));
  return face;
};

const chips = (row, words) => {
  const box = make("span", "chips");
  if (row.alert) {
    const chip = make("span", "chip bad", words.alert);
    chip.title = upright(row.alert);
    box.append(chip);
  }
  if (!row.readable) box.append(make("span", "chip bad", words.unreadable));
  if (row.closed) box.append(make("span", "chip", words.closed));
  if (row.mailbox) box.append(make("span", "chip", row.mailbox));
  if (row.assignee) box.append(assignee(row, words));
  return box;
};

const line = (row, words, isChosen, open) => {
  const option = make("div", `row${row.waiting ? " waiting" : ""}${isChosen ? " chosen" : ""}`);
  option.id = `row-${row.id}`;
  option.dataset.id = row.id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", isChosen);
  option.setAttribute("aria-label", upright(row.spoken));
  const who = make("bdi", "who", row.who);
  const when = make("time", "when", row.when);
  when.title = row.exact;
  const dot = make("span", "dot");
  if (row.waiting) dot.title = words.waiting;
  const subject = make("span", "subject");
  subject.append(make("bdi", "words", row.subject || words.no_subject));
  subject.append(chips(row, words));
  const top = make("span", "top");
  top.append(who);
  if (row.vip) top.append(make("span", "chip vip", row.vip));
  if (row.count > 1) top.append(make("span", "count", row.count));
  top.append(when);
  const bottom = make("span", "bottom");
  bottom.append(make("bdi", "snippet", row.snippet));
  if (row.attachments) {
    const clip = make("span", "clip");
    clip.title = words.attachments;
    bottom.append(clip);
  }
  option.append(dot, avatar(row.who), top, subject, bottom);
  option.onclick = () => open(row.id);
  return option;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".list");
  const { rows, words } = data;
  chosen = data.chosen;
  const mark = (id) => {
    chosen = id;
    for (const option of list.querySelectorAll(".row")) {
      const is = Number(option.dataset.id) === id;
      option.classList.toggle("chosen", is);
      option.setAttribute("aria-selected", is);
      if (is) {
        list.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }
  };
  const open = (id) => {
    mark(id);
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
      ...rows.map((row) => line(row, words, row.id === chosen, open)),
      rows.length ? null : empty,
      data.more ? more : null,
      data.end ? make("div", "end", data.end) : null,
    );
    list.scrollTop = scrolled;
  });
  const onKey = (event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const inList = event.composedPath().includes(list);
    const by = { j: 1, k: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];
    if (!by || document.querySelector('[role="dialog"]')) return;
    event.preventDefault();
    step(by);
  };
  const onAway = () => mark(null);
  document.addEventListener("keydown", onKey);
  window.addEventListener("delad:left", onAway);
  return () => {
    document.removeEventListener("keydown", onKey);
    window.removeEventListener("delad:left", onAway);
  };
}
