// Below the field for searching, which is Streamlit's own: what was not understood, and while one
// types, what can be asked. What is chosen is put into the field as if it had been typed.
const FIELD = ".st-key-q input";
const MOST = 12;

const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const quoted = (value) => (/[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value);

// The operator that the caret stands behind, and what of its value is typed: tag:inv → tag, inv.
const atCaret = (input) => {
  const before = input.value.slice(0, input.selectionStart);
  const found = /(?:^|\s)-?(tag|assignee|mailbox|is|has):("?)([^"\s]*)$/i.exec(before);
  return found && { name: found[1].toLowerCase(), typed: found[3], length: found[2].length + found[3].length };
};

const type = (input, from, text) => {
  const at = input.selectionStart;
  const value = input.value.slice(0, from) + text + input.value.slice(at);
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.setSelectionRange(from + text.length, from + text.length);
};

export default function ({ data, parentElement }) {
  const word = parentElement.querySelector(".word");
  let panel = parentElement.querySelector(".ways");
  if (!panel) {
    panel = make("div", "ways");
    panel.popover = "manual";
    panel.setAttribute("role", "listbox");
    parentElement.append(panel);
  }
  panel.setAttribute("aria-label", data.words.title);
  word.textContent = upright(data.word);
  word.hidden = !data.word;

  const field = (event) => (event.target.matches?.(FIELD) ? event.target : null);
  const hide = () => { if (panel.matches(":popover-open")) panel.hidePopover(); };
  const showBelow = (input) => {
    const at = input.closest("[data-testid='stTextInputRootElement']")?.getBoundingClientRect() || input.getBoundingClientRect();
    panel.showPopover();
    panel.style.minWidth = `${Math.min(at.width, window.innerWidth - 16)}px`;
    panel.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - panel.offsetWidth - 8))}px`;
    panel.style.top = `${at.bottom + 5}px`;
  };
  const way = (input, from, text, name, about) => {
    const button = press("way", null, () => {
      type(input, from, text);
      paint(input);
    });
    button.tabIndex = -1;
    button.setAttribute("role", "option");
    // The caret stays in the field.
    button.onmousedown = (event) => event.preventDefault();
    button.append(make("bdi", "name", name));
    if (about) button.append(make("span", "about", about));
    return button;
  };
  const completions = (input, { name, typed, length }) => {
    const from = input.selectionStart - length;
    const wanted = fold(typed);
    return (data.values[name] || [])
      .filter((value) => ` ${fold(value)}`.includes(` ${wanted}`) && fold(value) !== wanted)
      .slice(0, MOST)
      .map((value) => way(input, from, `${quoted(value)} `, value));
  };
  const hints = (input) => data.hints.map(([name, about]) => {
    const text = name === '"…"' ? '"' : /:$|^-$/.test(name) ? name : `${name} `;
    return way(input, 0, text, name, about);
  });
  const paint = (input) => {
    const operator = atCaret(input);
    const offered = operator ? completions(input, operator) : input.value ? [] : hints(input);
    if (!offered.length) return hide();
    const isHelp = !operator;
    fill(
      panel,
      isHelp ? make("div", "title", data.words.title) : null,
      ...offered,
      isHelp ? make("div", "foot", data.words.foot) : null,
    );
    showBelow(input);
  };
  const move = (by) => {
    const ways = [...panel.querySelectorAll(".way")];
    const at = ways.findIndex((one) => one.classList.contains("at"));
    const next = (at + by + ways.length + (at < 0 && by < 0 ? 1 : 0)) % ways.length;
    ways.forEach((one, number) => one.classList.toggle("at", number === next));
    ways[next].scrollIntoView({ block: "nearest" });
  };

  const onFocus = (event) => { if (field(event)) paint(field(event)); };
  const onInput = (event) => { if (field(event)) paint(field(event)); };
  const onBlur = (event) => { if (field(event)) hide(); };
  const onKey = (event) => {
    const input = field(event);
    if (!input) return;
    const isOpen = panel.matches(":popover-open");
    const chosen = isOpen ? panel.querySelector(".at") : null;
    if (event.key === "Escape") {
      isOpen ? hide() : input.blur();
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (chosen && (event.key === "Enter" || event.key === "Tab")) {
      chosen.click();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const heard = { focusin: onFocus, input: onInput, focusout: onBlur, keydown: onKey };
  for (const [name, deed] of Object.entries(heard)) document.addEventListener(name, deed, true);
  return () => {
    for (const [name, deed] of Object.entries(heard)) document.removeEventListener(name, deed, true);
  };
}
