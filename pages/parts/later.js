// A small menu beside Send: the same answer, at a later moment.
const closeMenus = (but) => {
  for (const menu of stage.box.querySelectorAll(".menu")) if (menu !== but) menu.hidden = true;
};

const menuOf = (name, label, title, rows) => {
  const holder = make("span", `holder ${name}`);
  const menu = make("div", "menu");
  menu.setAttribute("role", "menu");
  menu.hidden = true;
  const button = press("tool opener", label, () => {
    closeMenus(menu);
    menu.hidden = !menu.hidden;
    button.setAttribute("aria-expanded", !menu.hidden);
    if (!menu.hidden) menu.querySelector("button, input")?.focus();
  });
  button.title = title;
  button.setAttribute("aria-label", title);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  const away = () => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
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
    Object.assign(own, { type: "datetime-local", value: data.later.own, step: 300 });
    own.setAttribute("aria-label", words.later_own);
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
