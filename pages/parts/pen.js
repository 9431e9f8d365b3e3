// The small row over the text: marks of Markdown, the preview, and how tall the text may be.
const PEN = [
  ["bold", "B", (text) => wrap(text, "**"), "b"],
  ["italic", "I", (text) => wrap(text, "*"), "i"],
  ["bullets", null, (text) => eachLine(text, "bullets")],
  ["numbers", null, (text) => eachLine(text, "numbers")],
  ["quotation", null, (text) => eachLine(text, "quotation")],
  ["link", null, link, "k"],
  ["code", null, code],
];

// What a browser remembers; where it may not, it forgets.
const recall = (name) => {
  try { return localStorage.getItem(`delad.${name}`) === "yes"; } catch { return false; }
};
const remember = (name, isSo) => {
  try { localStorage.setItem(`delad.${name}`, isSo ? "yes" : "no"); } catch { /* Private windows. */ }
};

const liking = { isTall: recall("tall"), isPreviewed: recall("preview") };

const penKey = (event, text) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false;
  const found = PEN.find(([, , , key]) => key && key === event.key.toLowerCase());
  if (!found || text.readOnly) return false;
  event.preventDefault();
  event.stopPropagation();
  found[2](text);
  return true;
};

const paintPen = (box, { desk, data }) => {
  const { words } = data;
  const isNote = desk.draft.kind === "note";
  keep(box, [desk.conversation, isNote, liking], () => {
    const marks = isNote ? [] : PEN.map(([name, letter, act, key]) => {
      const button = press(`mark ${name}`, letter, () => act(part("text")));
      button.ariaLabel = words[name];
      button.title = key ? `${words[name]} (Ctrl+${key.toUpperCase()})` : words[name];
      // The selection stays while a finger is on the button.
      button.onpointerdown = (event) => event.preventDefault();
      return button;
    });
    const see = !isNote && press(`look${liking.isPreviewed ? " on" : ""}`, words.preview, () => {
      liking.isPreviewed = !liking.isPreviewed;
      remember("preview", liking.isPreviewed);
      repaint();
    });
    if (see) {
      see.title = words.preview_title;
      see.setAttribute("aria-pressed", liking.isPreviewed);
    }
    const tall = press(`mark tall${liking.isTall ? " on" : ""}`, null, () => {
      liking.isTall = !liking.isTall;
      remember("tall", liking.isTall);
      repaint();
      part("text").focus();
    });
    tall.title = tall.ariaLabel = liking.isTall ? words.low : words.tall;
    tall.setAttribute("aria-pressed", liking.isTall);
    return [...marks, make("span", "gap"), see, tall];
  });
  box.ariaLabel = words.formatting;
};

const LOWEST = 64;
const grow = (text, box) => {
  const room = window.innerHeight;
  box.classList.toggle("is-tall", liking.isTall);
  text.style.height = "auto";
  const wanted = liking.isTall ? room * (liking.isPreviewed ? 0.36 : 0.58) : text.scrollHeight;
  text.style.height = `${Math.min(Math.max(wanted, LOWEST), room * (liking.isTall ? 0.58 : liking.isPreviewed ? 0.26 : 0.4))}px`;
};
