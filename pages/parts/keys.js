// Keys that Streamlit's own shortcuts do not have: /, ?, A, C, T, L, G, U and Escape; never while typing.
export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".keys");
  const dialog = make("dialog", "help");
  dialog.setAttribute("aria-label", data.title);
  const table = make("div", "table");
  for (const [key, label] of data.keys) table.append(make("kbd", "", key), make("span", "", label));
  dialog.append(make("h2", "", data.title), table);
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  fill(box, dialog);
  const onKey = (event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") dialog.open ? dialog.close() : dialog.showModal();
    else if (dialog.open) return;
    else if (event.key === "/") document.querySelector(".st-key-q input")?.focus();
    else if (event.key === "a") window.dispatchEvent(new CustomEvent("delad:answer"));
    else if (event.key === "c") document.querySelector(".st-key-new_mail button")?.click();
    else if (event.key === "t") window.dispatchEvent(new CustomEvent("delad:template"));
    else if (event.key === "l") window.dispatchEvent(new CustomEvent("delad:tag"));
    else if (event.key === "g" || event.key === "G") window.dispatchEvent(new CustomEvent("delad:hit", { detail: event.shiftKey ? -1 : 1 }));
    else if (event.key === "u") window.dispatchEvent(new CustomEvent("delad:undo"));
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
