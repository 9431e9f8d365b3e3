// The conversation moved on while the reply was written: what came in between, and three ways on.
const guard = (box, found, words, { edit, again, away }) => {
  const open = box.querySelector("dialog");
  if (open && open.moment === found?.at) return;
  open?.remove();
  if (!found || guard.closed === found.at) return;
  const dialog = Object.assign(make("dialog", "guard"), { moment: found.at });
  dialog.setAttribute("aria-labelledby", "guard-title");
  // Closed once, by whatever way, it does not come back with the next redraw.
  dialog.onclose = () => {
    guard.closed = found.at;
    dialog.remove();
  };
  const title = make("h2", "", found.title);
  title.id = "guard-title";
  const came = make("div", "came");
  for (const item of found.newer) {
    const row = make("div", `item ${item.kind}`);
    const head = make("div", "item-head");
    head.append(make("bdi", "name", item.who), make("span", "quiet", item.when));
    const text = make("div", "item-text", item.text);
    text.dir = "auto";
    row.append(head, text);
    came.append(row);
  }
  const ways = make("div", "ways");
  const way = (className, label, act) => press(className, label, () => {
    dialog.close();
    dialog.onclose();
    act(found);
  });
  ways.append(
    way("primary", words.keep_editing, edit),
    way("second", words.send_anyway, again),
    way("tool danger", words.discard_mine, away),
  );
  dialog.append(title, make("p", "quiet", words.guard_text), came, ways);
  box.append(dialog);
  dialog.showModal();
};
