// Building elements: text only ever enters the page as text, and in the order in which it is
// written: marks that turn it around make “exe.gpj” of a program.
const upright = (text) => String(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = upright(text);
  return element;
};

const fill = (element, ...children) => {
  element.replaceChildren(...children.filter(Boolean));
  return element;
};

const press = (className, text, act) => {
  const button = make("button", className, text);
  button.type = "button";
  button.onclick = act;
  return button;
};

// Nothing is built anew under a finger: a press that begins on one element and ends on another is no
// click, and whoever pressed would wait for nothing.
let isPressed = false;
let held = null;
const release = () => setTimeout(() => {
  const paint = held;
  isPressed = false;
  held = null;
  paint?.();
});
document.addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, release, true);
window.addEventListener("blur", release);

const calmly = (paint) => {
  if (isPressed) held = paint;
  else paint();
};

// Six muted hues (base.css), each at least 4.5:1 between letters and ground.
const HUES = 6;

const avatar = (name, size) => {
  const words = name.trim().split(/[\s@._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)) || "";
  const letters = first(words[0] || "?") + (words.length > 1 ? first(words[words.length - 1]) : "");
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  const disc = make("span", `avatar hue-${sum % HUES}`, letters.toUpperCase() || "?");
  if (size) disc.style.cssText = `width:${size}px;height:${size}px;font-size:${size * 0.37}px`;
  disc.setAttribute("aria-hidden", "true");
  return disc;
};

const isTyping = (event) =>
  event
    .composedPath()
    .some((node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName || ""));

const isDark = (host) => {
  const [red, green, blue] = (getComputedStyle(host).getPropertyValue("--st-background-color").match(/[0-9a-f]{2}/gi) || []).map((part) => parseInt(part, 16));
  return red + green + blue < 384;
};
