// Who looks at what, as /live tells it: kept for every pane of the page, and painted onto the rows of
// the list from outside, without a redraw.
const MOST_FACES = 3;
const FACES = `
.present { display: inline-flex; flex: none; padding-left: 5px; }
.present .avatar { position: relative; margin-left: -3px; border: 1.5px solid var(--st-background-color); }
.present .avatar::after { content: ""; position: absolute; right: -2px; bottom: -2px; width: 6px; height: 6px; border-radius: 50%; background: var(--good); border: 1.5px solid var(--st-background-color); }
.present .replying { outline: 1.5px solid #d99a00; }
.present .replying::after { background: #d99a00; }
.present .others { font-size: 11px; color: var(--quiet); margin-left: 3px; }
`;
const present = (window.deladPresence ??= new Map());

const presenceSays = (person, words) =>
  upright((person.replying ? words.replying : words.here).replace("{name}", () => person.name));

const presenceFace = (person, size, words) => {
  const face = avatar(person.name, size);
  face.title = presenceSays(person, words);
  face.classList.toggle("replying", person.replying);
  return face;
};

const presenceRow = (row, words) => {
  const people = present.get(Number(row.dataset.id)) || [];
  const state = JSON.stringify(people);
  const marks = row.querySelector(".present");
  if (marks ? marks.state === state : !people.length) return;
  marks?.remove();
  row.removeAttribute("aria-description");
  if (!people.length) return;
  const shown = [...people].sort((a, b) => b.replying - a.replying).slice(0, MOST_FACES);
  const box = Object.assign(make("span", "present"), { state });
  box.append(...shown.map((person) => presenceFace(person, 20, words)));
  if (people.length > MOST_FACES) box.append(make("span", "others", `+${people.length - MOST_FACES}`));
  const when = row.querySelector(".when");
  if (when) when.before(box);
  else row.append(box);
  row.setAttribute("aria-description", people.map((person) => presenceSays(person, words)).join(", "));
};

const presenceMarks = (words) => {
  let list = null;
  const watch = new MutationObserver(() => paint());
  const find = () => {
    for (const element of document.querySelectorAll(".st-key-list *")) {
      const found = element.shadowRoot?.querySelector(".list");
      if (found) return found;
    }
    return null;
  };
  const paint = () => {
    if (!list?.isConnected) {
      watch.disconnect();
      list = find();
      if (!list) return;
      if (!list.getRootNode().querySelector(".present-look"))
        list.getRootNode().append(make("style", "present-look", FACES));
      watch.observe(list, { childList: true, subtree: true });
    }
    for (const row of list.querySelectorAll(".row[data-id]")) presenceRow(row, words);
    watch.takeRecords();
  };
  const tell = (conversation, people) => {
    if (people.length) present.set(conversation, people);
    else present.delete(conversation);
    const detail = { conversation, people };
    window.dispatchEvent(new CustomEvent("delad:presence", { detail }));
    window.dispatchEvent(new CustomEvent("delad:presence-list", { detail }));
  };
  // The list may be built anew at any time; nothing is looked for while nobody is anywhere.
  const pulse = setInterval(() => { if (present.size && !list?.isConnected) paint(); }, 1000);
  const onList = () => paint();
  window.addEventListener("delad:presence-list", onList);
  return {
    tell,
    forget: () => { for (const conversation of [...present.keys()]) tell(conversation, []); },
    stop: () => {
      clearInterval(pulse);
      watch.disconnect();
      window.removeEventListener("delad:presence-list", onList);
    },
  };
};
