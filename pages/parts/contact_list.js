// The contacts as rows, the last heard of first, and the way to the next ones.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".contacts");
  const { words } = data;
  const row = (one) => {
    const line = press(`row${one.id === data.chosen ? " chosen" : ""}`, null, () => setTriggerValue("opened", one.id));
    if (one.id === data.chosen) line.setAttribute("aria-current", "true");
    line.dataset.id = one.id;
    const who = make("span", "who");
    who.append(make("bdi", "name", one.who));
    if (one.vip) who.append(make("span", "chip vip", words.vip));
    if (one.mailbox) who.append(make("span", "chip", one.mailbox));
    const about = make("span", "about");
    if (one.address !== one.who) about.append(make("bdi", "", one.address));
    const company = make("bdi", "company", one.company);
    const count = make("span", `count${one.open ? " open" : ""}`, one.counted);
    const when = make("time", "when", one.when);
    when.title = one.exact;
    line.append(avatar(one.who), who, about, company, count, when);
    return line;
  };
  const empty = make("div", "empty");
  empty.append(make("strong", "", data.empty.title), make("span", "", data.empty.text));
  const foot = make("div", "foot");
  const turn = (label, page, isThere) => {
    const way = press("turn", label, () => setTriggerValue("turned", page));
    way.disabled = !isThere;
    return way;
  };
  foot.append(
    make("span", "", data.shown),
    turn(words.before, data.page - 1, data.page > 0),
    turn(words.after, data.page + 1, data.is_more),
  );
  calmly(() => {
    const isSame = list.dataset.page === String(data.page);
    const scrolled = isSame ? list.scrollTop : 0;
    const focused = parentElement.getRootNode().activeElement?.dataset?.id;
    fill(list, ...data.rows.map(row), data.rows.length ? foot : empty);
    list.dataset.page = data.page;
    list.scrollTop = scrolled;
    if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus();
  });
  list.onkeydown = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    const rows = [...list.querySelectorAll(".row")];
    const at = rows.indexOf(parentElement.getRootNode().activeElement);
    if (!by || event.ctrlKey || event.metaKey || event.altKey || at < 0) return;
    event.preventDefault();
    rows[at + by]?.focus();
  };
}
