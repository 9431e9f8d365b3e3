// One line of addresses: chips that can be added, removed and typed over.
const BARE = /^<?([^\s<>@,;"]+@[^\s<>@,;"]+)>?$/;
const NAMED = /^(?:"([^"]*)"|([^"<]*))\s*<([^\s<>@,;"]+@[^\s<>@,;"]+)>$/;
const PART = /(?:"[^"]*"?|[^,;"])+/g;

const readAddress = (text) => {
  const bare = text.trim().match(BARE);
  if (bare) return ["", bare[1].toLowerCase()];
  const named = text.trim().match(NAMED);
  return named ? [(named[1] ?? named[2]).trim(), named[3].toLowerCase()] : null;
};

const isInQuotes = (text) => (text.match(/"/g) || []).length % 2 === 1;

// `people` is a list of [name, address]; `changed` gets the new list. Half-typed text stays, and
// goes over to the line that takes this one's place; `row.take()` tells whether all is taken. Who is
// among the `fresh` was not in the last mail, and the `gone` were.
const recipientLine = (label, people, changed, words, { fresh, gone }) => {
  const row = make("div", "line");
  const input = make("input", "");
  input.setAttribute("aria-label", label);
  input.autocomplete = "off";
  input.spellcheck = false;
  const chip = ([name, address]) => {
    const box = make("span", "person");
    box.title = upright(address);
    box.append(make("bdi", "", name || address));
    if (fresh.includes(address)) box.append(make("span", "since", words.added));
    const away = press("remove", "×", () => changed(people.filter((p) => p[1] !== address)));
    away.setAttribute("aria-label", words.remove.replace("{name}", name || address));
    box.append(away);
    return box;
  };
  const lost = ([name, address]) => {
    const box = press("person gone", null, () => changed([...people, [name, address]]));
    box.title = `${upright(address)}\n${words.left_out}`;
    box.ariaLabel = words.put_back.replace("{name}", () => name || address);
    box.append(make("bdi", "", name || address), make("span", "since", "+"));
    return box;
  };
  const take = () => {
    if (!input.value.trim()) return true;
    const found = (input.value.match(PART) || []).filter((part) => part.trim()).map(readAddress);
    if (!found.length || found.some((person) => !person)) {
      input.classList.add("wrong");
      input.title = words.no_address;
      return false;
    }
    const known = new Set(people.map((p) => p[1]));
    input.value = "";
    changed([...people, ...found.filter((p) => !known.has(p[1]) && known.add(p[1]))]);
    return true;
  };
  input.oninput = () => input.classList.remove("wrong");
  input.onblur = () => !row.isGone && take();
  input.onkeydown = (event) => {
    const isEnd = event.key === "Enter" || ([",", ";"].includes(event.key) && !isInQuotes(input.value));
    if (isEnd && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !input.value && people.length) {
      changed(people.slice(0, -1));
    }
  };
  row.append(make("span", "label", label), ...people.map(chip), ...gone.map(lost), input);
  return Object.assign(row, { input, take });
};

// The lines as they should be: one whose people stayed the same is not touched, and a fresh one
// takes over what was being typed into the old, and the focus.
const recipientLines = (box, wanted) => {
  wanted.forEach(({ state, build }, at) => {
    const old = box.children[at];
    if (old?.state === state) return;
    const fresh = Object.assign(build(), { state });
    if (!old) return box.append(fresh);
    const hasFocus = old.matches(":focus-within");
    if (old.owner === fresh.owner) fresh.input.value = old.input.value;
    old.isGone = true;
    old.replaceWith(fresh);
    if (hasFocus) fresh.input.focus();
  });
  for (const extra of [...box.children].slice(wanted.length)) {
    extra.isGone = true;
    extra.remove();
  }
};
