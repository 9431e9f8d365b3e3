// “@” in a note: colleagues whose name begins so, to be picked with the arrows and Enter.
const MOST_NAMES = 6;
const AT = /(?:^|[^\p{L}\p{N}_.@-])@([\p{L}\p{N}][^@\n]{0,30}|)$/u;

const mention = { names: [], at: 0 };

const fitting = (members, typed) => {
  const wanted = typed.toLocaleLowerCase();
  const begins = (name) => name.toLocaleLowerCase().split(/\s+/).some((_, n, words) => words.slice(n).join(" ").startsWith(wanted));
  return members.filter(begins).slice(0, MOST_NAMES);
};

const pickName = (text, name) => {
  const before = text.value.slice(0, text.selectionStart).replace(/@[^@]*$/, `@${name} `);
  text.value = before + text.value.slice(text.selectionStart).replace(/^ /, "");
  text.setSelectionRange(before.length, before.length);
  text.dispatchEvent(new Event("input"));
  text.focus();
};

const paintNames = (list, text, members, isNote) => {
  const typed = isNote && text.value.slice(0, text.selectionStart).match(AT);
  const names = typed ? fitting(members, typed[1]) : [];
  // What was picked stands there whole, and nothing is left to choose.
  mention.names = names.length === 1 && names[0] === typed[1].trimEnd() ? [] : names;
  mention.at = Math.min(mention.at, Math.max(0, mention.names.length - 1));
  list.hidden = !mention.names.length;
  text.setAttribute("aria-expanded", !list.hidden);
  fill(list, ...mention.names.map((name, n) => {
    const option = press("name", null, () => pickName(text, name));
    option.id = `mention-${n}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", n === mention.at);
    option.tabIndex = -1;
    // The text keeps the caret while a name is clicked.
    option.onpointerdown = (event) => event.preventDefault();
    option.append(avatar(name, 20), make("bdi", "", name));
    return option;
  }));
  if (mention.names.length) text.setAttribute("aria-activedescendant", `mention-${mention.at}`);
  else text.removeAttribute("aria-activedescendant");
};

// Whether the key was meant for the names.
const mentionKey = (event, list, text, repaintNames) => {
  if (list.hidden || event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mention.at = (mention.at + step + mention.names.length) % mention.names.length;
  else if (event.key === "Enter" || event.key === "Tab") pickName(text, mention.names[mention.at]);
  else if (event.key === "Escape") list.hidden = true;
  else return false;
  event.preventDefault();
  event.stopPropagation();
  if (step) repaintNames();
  return true;
};
