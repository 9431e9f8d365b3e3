// One line of addresses: chips that can be added, removed and typed over.
const BARE = /^<?([^\s<>@,;"]+@[^\s<>@,;"]+)>?$/;
const NAMED = /^"?([^"<]*)"?\s*<([^\s<>@,;"]+@[^\s<>@,;"]+)>$/;

const readAddress = (text) => {
  const bare = text.trim().match(BARE);
  if (bare) return ["", bare[1].toLowerCase()];
  const named = text.trim().match(NAMED);
  return named ? [named[1].trim(), named[2].toLowerCase()] : null;
};

// `people` is a list of [name, address]; `changed` gets the new list. Half-typed text stays.
const recipientLine = (label, people, changed, words) => {
  const row = make("div", "line");
  const input = make("input", "");
  input.setAttribute("aria-label", label);
  input.autocomplete = "off";
  input.spellcheck = false;
  const chip = ([name, address]) => {
    const box = make("span", "person");
    box.title = address;
    box.append(make("bdi", "", name || address));
    const remove = press("remove", "×", () => changed(people.filter((p) => p[1] !== address)));
    remove.setAttribute("aria-label", words.remove.replace("{name}", name || address));
    box.append(remove);
    return box;
  };
  const take = () => {
    const found = input.value.split(/[,;]/).map(readAddress);
    if (!input.value.trim()) return false;
    if (found.some((person) => !person)) {
      input.classList.add("wrong");
      input.title = words.no_address;
      return false;
    }
    const known = new Set(people.map((p) => p[1]));
    changed([...people, ...found.filter((p) => !known.has(p[1]))]);
    return true;
  };
  input.oninput = () => input.classList.remove("wrong");
  input.onblur = take;
  input.onkeydown = (event) => {
    if (["Enter", ",", ";"].includes(event.key) && !event.ctrlKey) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !input.value && people.length) {
      changed(people.slice(0, -1));
    }
  };
  row.append(make("span", "label", label), ...people.map(chip), input);
  return row;
};
