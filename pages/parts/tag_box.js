// The tags of a conversation as chips, and a small box that finds one by its first letters.
const LISTED = 8;
let tagBox = null;

const tagged = (data, act) =>
  data.tags.map((name) => {
    const chip = make("span", "chip tag");
    chip.append(make("bdi", "", name));
    chip.title = upright(name);
    if (data.may_tag) {
      const off = press("off", "×", () => act("untag", name));
      off.setAttribute("aria-label", data.words.untag.replace("{name}", upright(name)));
      chip.append(off);
    }
    return chip;
  });

// What fits the letters typed, what begins with them first; then the name itself as a new tag.
const fitting = (data, typed) => {
  const wanted = typed.trim().replace(/\s+/g, " ");
  const low = wanted.toLowerCase();
  const free = data.known.filter((name) => !data.tags.includes(name));
  const found = free.filter((name) => name.toLowerCase().includes(low));
  found.sort((one, other) => other.toLowerCase().startsWith(low) - one.toLowerCase().startsWith(low));
  const listed = found.slice(0, LISTED).map((name) => ({ name, says: name }));
  const isKnown = [...data.known, ...data.tags].some((name) => name.toLowerCase() === low);
  if (wanted && !isKnown) listed.push({ name: wanted, says: data.words.create.replace("{name}", wanted) });
  return listed;
};

// One box for all conversations: it outlives every redraw of the head, and the letters in it too.
const tagChooser = (host) => {
  const box = make("div", "tag-box");
  const field = make("input", "");
  const list = make("div", "found");
  let rows = [], at = 0, data = null, act = null;
  box.popover = "auto";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", "tags-found");
  field.maxLength = 40;
  list.id = "tags-found";
  list.setAttribute("role", "listbox");
  const choose = (name) => {
    box.hidePopover();
    act("tag", name);
  };
  const paint = () => {
    rows = fitting(data, field.value);
    at = Math.max(0, Math.min(at, rows.length - 1));
    fill(
      list,
      ...rows.map((row, n) => {
        const one = press("row", row.says, () => choose(row.name));
        one.setAttribute("role", "option");
        one.setAttribute("aria-selected", n === at);
        one.tabIndex = -1;
        return one;
      }),
      rows.length ? null : make("div", "none", data.words.none),
    );
  };
  field.oninput = () => { at = 0; paint(); };
  field.onkeydown = (event) => {
    if (event.key === "ArrowDown") at += 1;
    else if (event.key === "ArrowUp") at -= 1;
    else if (event.key === "Enter") {
      if (rows[at]) choose(rows[at].name);
    } else return;
    event.preventDefault();
    if (event.key !== "Enter") paint();
  };
  box.append(field, list);
  host.append(box);
  return {
    show(button, fresh, does) {
      [data, act, at, field.value] = [fresh, does, 0, ""];
      field.placeholder = data.words.find;
      field.setAttribute("aria-label", data.words.find);
      paint();
      const place = button.getBoundingClientRect();
      box.style.top = `${place.bottom + 4}px`;
      box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - 268))}px`;
      box.showPopover();
      field.focus();
    },
    update(fresh, does) {
      [data, act] = [fresh, does];
      if (box.matches(":popover-open")) paint();
    },
    hide: () => box.matches(":popover-open") && box.hidePopover(),
    isIn: (parent) => parent.contains(box),
  };
};

// The chips and the button, for the head to place; L opens the box.
const tagRow = (data, parent, act) => {
  if (!tagBox || !tagBox.isIn(parent)) tagBox = tagChooser(parent);
  if (!data.may_tag) return tagged(data, act);
  tagBox.update(data, act);
  const button = press("add-tag", data.words.tag, () => tagBox.show(button, data, act));
  button.title = data.words.tag_title;
  return [...tagged(data, act), button];
};
