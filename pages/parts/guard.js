// The conversation moved on while the reply was written: what came in between, and three ways on.
// A colleague's answer stands beside one's own; what only one of the two says is marked.
const guardSide = (who, when, runs) => {
  const side = make("section", "side");
  const head = make("div", "item-head");
  head.append(make("bdi", "name", who), make("span", "quiet", when));
  const text = make("div", "item-text");
  text.dir = "auto";
  text.append(...runs.map(([isOnlyHere, words]) => make(isOnlyHere ? "mark" : "span", "", words)));
  side.append(head, text);
  return side;
};

const guardItem = (item, words) => {
  if (item.theirs) {
    const both = make("div", "item both");
    both.append(guardSide(item.who, item.when, item.theirs), guardSide(words.guard_mine, "", item.mine));
    return both;
  }
  const row = guardSide(item.who, item.when, [[false, item.text]]);
  row.className = `item ${item.kind}`;
  return row;
};

const guard = (box, found, words, { edit, again, away }) => {
  const open = box.querySelector("dialog:not(.sure)");
  if (open && open.moment === found?.at) return;
  open?.remove();
  if (!found || guard.closed === found.at) return;
  const isBeside = found.newer.some((item) => item.theirs);
  const dialog = Object.assign(make("dialog", isBeside ? "guard wide" : "guard"), { moment: found.at });
  dialog.setAttribute("aria-labelledby", "guard-title");
  // Closed once, by whatever way, it does not come back with the next redraw.
  dialog.onclose = () => {
    guard.closed = found.at;
    dialog.remove();
  };
  const title = make("h2", "", found.title);
  title.id = "guard-title";
  const came = make("div", "came");
  came.append(...found.newer.map((item) => guardItem(item, words)));
  const ways = make("div", "ways");
  const way = (className, label, act) => press(className, label, () => {
    dialog.close();
    dialog.onclose();
    act(found);
  });
  const first = way("primary", words.keep_editing, edit);
  first.autofocus = true;
  ways.append(
    first,
    way("second", words.send_anyway, again),
    way("tool danger", words.discard_mine, away),
  );
  const isMarked = isBeside && found.newer.some((item) => item.theirs?.length > 1 || item.mine?.length > 1);
  dialog.append(title, make("p", "quiet", words.guard_text), came);
  if (isMarked) dialog.append(make("p", "quiet marked", words.guard_marked));
  dialog.append(ways);
  box.append(dialog);
  dialog.showModal();
};
