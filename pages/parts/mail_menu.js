// What can be done with one mail besides reading it, in a small menu at its head.
const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https a page may not reach the clipboard, but a selection may be copied.
    const field = make("textarea", "");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
};

const placed = (menu, button) => {
  const box = button.getBoundingClientRect();
  const below = box.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : box.top - menu.offsetHeight - 4}px`;
  const fits = box.left + menu.offsetWidth + 8 < innerWidth;
  menu.style.left = `${fits ? box.left : Math.max(8, box.right - menu.offsetWidth)}px`;
};

// `ways` are [label, act, title, target] or null; a link has an address instead of an act.
const menuOf = (label, ways) => {
  const menu = make("div", "menu");
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  const button = press("more", "⋯", () => {
    menu.togglePopover();
    if (menu.matches(":popover-open")) {
      placed(menu, button);
      menu.querySelector("button, a")?.focus();
    }
  });
  button.title = button.ariaLabel = label;
  button.setAttribute("aria-haspopup", "menu");
  menu.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key !== "Tab") event.stopPropagation();
    if (!step) return;
    const items = [...menu.children];
    const at = items.indexOf(menu.getRootNode().activeElement);
    items[(at + step + items.length) % items.length].focus();
    event.preventDefault();
  };
  for (const way of ways.filter(Boolean)) {
    const [text, act, title, target] = way;
    const item = typeof act === "string" ? make("a", "", text) : press("", text, () => {
      menu.hidePopover();
      act(button);
    });
    if (typeof act === "string") {
      item.href = act;
      if (target) [item.target, item.rel] = [target, "noopener"];
      item.onclick = () => menu.hidePopover();
    }
    item.setAttribute("role", "menuitem");
    if (title) item.title = title;
    menu.append(item);
  }
  const box = make("span", "menu-box");
  box.append(button, menu);
  return box;
};
