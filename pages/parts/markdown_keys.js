// Marks of Markdown put around what is selected, or taken away again. All goes through the
// browser's own typing, so that its undo takes every step back.
const typeOver = (text, from, to, words, selectFrom = from + words.length, selectTo = selectFrom) => {
  text.focus();
  text.setSelectionRange(from, to);
  const isTyped = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (!isTyped) {
    text.setRangeText(words, from, to, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(selectFrom, selectTo);
};

// A mark clings to words: spaces at the ends of a selection stay outside.
const selected = (text) => {
  const { value, selectionStart, selectionEnd } = text;
  const whole = value.slice(selectionStart, selectionEnd);
  const from = selectionStart + whole.length - whole.trimStart().length;
  return whole.trim() ? [from, from + whole.trim().length] : [selectionStart, selectionStart];
};

const runBefore = (value, at, letter) => {
  let found = 0;
  while (value[at - found - 1] === letter) found += 1;
  return found;
};

const runAfter = (value, at, letter) => {
  let found = 0;
  while (value[at + found] === letter) found += 1;
  return found;
};

// One star is italic, two are bold, three are both: each button minds its own.
const isMarked = (run, mark) => (mark === "*" ? run % 2 === 1 : run >= mark.length);

const wrap = (text, mark) => {
  let [from, to] = selected(text);
  const { value } = text;
  const inside = value.slice(from, to);
  const [first, last] = [runAfter(inside, 0, mark[0]), runBefore(inside, inside.length, mark[0])];
  if (inside.length > 2 * mark.length && isMarked(Math.min(first, last), mark)) {
    const bare = inside.slice(mark.length, -mark.length);
    return typeOver(text, from, to, bare, from, from + bare.length);
  }
  const around = Math.min(runBefore(value, from, mark[0]), runAfter(value, to, mark[0]));
  if (isMarked(around, mark)) {
    from -= mark.length;
    return typeOver(text, from, to + mark.length, inside, from, from + inside.length);
  }
  return typeOver(text, from, to, `${mark}${inside}${mark}`, from + mark.length, from + mark.length + inside.length);
};

const LISTS = {
  bullets: { has: /^(\s*)[-*] /, mark: () => "- " },
  numbers: { has: /^(\s*)\d+[.)] /, mark: (at) => `${at + 1}. ` },
  quotation: { has: /^()> ?/, mark: () => "> " },
};

const eachLine = (text, kind) => {
  const { value, selectionStart, selectionEnd } = text;
  const { has, mark } = LISTS[kind];
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const last = value.indexOf("\n", Math.max(selectionEnd - (selectionEnd > selectionStart && value[selectionEnd - 1] === "\n"), from));
  const to = last < 0 ? value.length : last;
  const lines = value.slice(from, to).split("\n");
  const isOn = lines.some((line) => line.trim()) && lines.every((line) => !line.trim() || has.test(line));
  const other = kind === "quotation" ? /^$/ : /^(\s*)(?:[-*]|\d+[.)]) /;
  let counted = 0;
  const words = lines.map((line) => {
    if (isOn) return line.replace(has, "$1");
    if (!line.trim() && lines.length > 1) return line;
    return mark(counted++) + line.replace(other, "$1");
  }).join("\n");
  const isOne = selectionStart === selectionEnd;
  typeOver(text, from, to, words, isOne ? from + words.length : from, from + words.length);
};

const ADDRESS = /^(?:https?:\/\/|mailto:|tel:)\S+$/;
const link = (text) => {
  const [from, to] = selected(text);
  const words = text.value.slice(from, to);
  if (ADDRESS.test(words)) return typeOver(text, from, to, `[](${words})`, from + 1);
  const at = from + words.length + 3;
  return typeOver(text, from, to, `[${words}](https://)`, words ? at : from + 1, words ? at + 8 : from + 1);
};

const code = (text) => {
  const [from, to] = selected(text);
  const words = text.value.slice(from, to);
  if (!words.includes("\n")) return wrap(text, "`");
  return typeOver(text, from, to, `\`\`\`\n${words}\n\`\`\``, from + 4, from + 4 + words.length);
};
