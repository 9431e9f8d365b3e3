// A word about the last act, with the way back for half a minute.
export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".undo-box");
  const bar = make("div", "bar");
  bar.setAttribute("role", "status");
  const back = () => {
    if (!box.firstChild) return;
    fill(box);
    setTriggerValue("undo", Date.now());
  };
  const away = setTimeout(() => fill(box), data.seconds * 1000);
  bar.append(
    make("span", "", data.text),
    press("back", data.words.undo, back),
    press("close", "×", () => fill(box)),
  );
  bar.querySelector(".close").setAttribute("aria-label", data.words.close);
  if (box.dataset.id !== String(data.id)) fill(box, bar);
  box.dataset.id = data.id;
  window.addEventListener("delad:undo", back);
  return () => {
    clearTimeout(away);
    window.removeEventListener("delad:undo", back);
  };
}
