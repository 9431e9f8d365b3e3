// The conversation moved on while the reply was written: what came in between, and three ways on.
const guard = (box, data, words, { again, tell, desk }) => {
  box.querySelector("dialog")?.remove();
  if (!data.guard) return;
  const dialog = make("dialog", "guard");
  dialog.setAttribute("aria-labelledby", "guard-title");
  const title = make("h2", "", data.guard.title);
  title.id = "guard-title";
  const came = make("div", "came");
  for (const item of data.guard.newer) {
    const row = make("div", `item ${item.kind}`);
    const head = make("div", "item-head");
    head.append(make("bdi", "name", item.who), make("span", "quiet", item.when));
    const text = make("div", "item-text", item.text);
    text.dir = "auto";
    row.append(head, text);
    came.append(row);
  }
  const ways = make("div", "ways");
  const way = (className, label, act) => press(className, label, () => { dialog.close(); dialog.remove(); act(); });
  ways.append(
    way("primary", words.keep_editing, () => tell("acknowledge", { draft: desk.id, event: data.guard.event })),
    way("second", words.send_anyway, again),
    way("tool danger", words.discard_mine, () => { Object.assign(desk, { dirty: false, sending: true }); tell("discard", { draft: desk.id }); }),
  );
  dialog.append(title, make("p", "quiet", words.guard_text), came, ways);
  box.append(dialog);
  dialog.showModal();
};
