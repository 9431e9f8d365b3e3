// A small menu beside Send: the same answer, at a later moment.
// The foot is built anew when the draft is saved for the first time; the menu stays open through it.
let menuOpen = null;

const menuOf = (name, label, title, rows) => {
  const holder = make("span", `holder ${name}`);
  const menu = make("div", "menu");
  menu.setAttribute("role", "menu");
  const mine = `${name} ${stage.desk.draft.key}`;
  const show = (isOpen) => {
    menuOpen = isOpen ? mine : menuOpen === mine ? null : menuOpen;
    menu.hidden = !isOpen;
    button.setAttribute("aria-expanded", isOpen);
    if (isOpen) setTimeout(() => menu.querySelector("button, input, textarea, select")?.focus());
  };
  const button = press("tool opener", label, () => show(menu.hidden));
  button.title = title;
  button.setAttribute("aria-label", title);
  button.setAttribute("aria-haspopup", "menu");
  const away = () => show(false);
  holder.onkeydown = (event) => {
    const all = [...menu.querySelectorAll("button, input")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !menu.hidden) {
      away();
      button.focus();
    } else if (step && !menu.hidden && event.target.tagName !== "INPUT") {
      all[(all.indexOf(event.target.getRootNode().activeElement) + step + all.length) % all.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Not when the whole page loses the focus: a native picker of dates takes it.
  holder.onfocusout = (event) => { if (event.relatedTarget && !holder.contains(event.relatedTarget)) away(); };
  fill(menu, ...rows(away));
  show(menuOpen === mine);
  holder.append(button, menu);
  return holder;
};

const menuItem = (label, quiet, act) => {
  const item = press("menu-item", null, act);
  item.setAttribute("role", "menuitem");
  item.append(make("span", "", label), make("span", "quiet", quiet));
  return item;
};

const laterTool = ({ desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  if (draft.kind !== "reply" || !data.may.reply) return null;
  const tool = menuOf("later", null, words.later, (away) => {
    const sendAt = (later) => {
      away();
      wish({ closes: false, later });
    };
    const own = make("input", "moment");
    Object.assign(own, { type: "datetime-local", value: draft.moment || data.later.own, step: 300 });
    own.setAttribute("aria-label", words.later_own);
    own.oninput = () => { draft.moment = own.value; };
    const go = press("second", words.later_go, () => own.value && sendAt(own.value));
    own.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      go.click();
    };
    const line = make("div", "menu-own");
    line.append(own, go);
    return [
      make("div", "menu-title", words.later),
      ...data.later.offered.map((one) => menuItem(one.label, one.when, () => sendAt(one.later))),
      line,
    ];
  });
  tool.querySelector(".opener").disabled = !!draft.wish || isBlank(draft);
  return tool;
};
