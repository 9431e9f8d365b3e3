// When what an act leads to is on the screen: put into each page before its own scripts.
const roots = () => [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
const isShown = (selector, text) =>
  roots().some((root) => [...root.querySelectorAll(selector)].some((e) => e.textContent.includes(text)));
window.watchPaint = (selector, text) => {
  window.painted = new Promise((done) => {
    let began = 0;
    document.addEventListener("pointerdown", () => { began = performance.now(); }, { capture: true, once: true });
    const look = () => {
      if (!began || !isShown(selector, text)) requestAnimationFrame(look);
      else requestAnimationFrame(() => done(performance.now() - began));
    };
    look();
  });
};
window.loaded = new Promise((done) => {
  const look = () => (isShown(".row", "") ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look));
  look();
});
