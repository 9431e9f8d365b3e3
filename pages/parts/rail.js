// The left rail: brand, views with live counts, mailboxes, pages, and whoever is signed in.
const ICONS = {
  mine: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.8-3.4 3.5-5 7-5s6.2 1.6 7 5",
  unassigned: "M4 13l2.5-8h11L20 13v6H4v-6Zm0 0h5l1.5 2.5h3L15 13h5",
  open: "M4 6h16v12H4V6Zm0 .5 8 6.5 8-6.5",
  waiting: "M6 4h12M6 20h12M7.5 4v3.5L12 12l4.5-4.5V4M7.5 20v-3.5L12 12l4.5 4.5V20",
  snoozed: "M12 20a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15Zm0-11.500V13l2.500 1.500M4.500 5.500 7 3.500M19.500 5.500 17 3.500",
  following: "M12 4.500l2.300 4.800 5.200.7-3.800 3.600.9 5.200L12 16.300l-4.600 2.500.9-5.200L4.500 10l5.200-.7L12 4.500Z",
  all: "M4 6h16M4 12h16M4 18h16",
  saved: "M7 4h10v16l-5-4-5 4V4Z",
  team: "M7 4h10v16l-5-4-5 4V4Zm2.500 5h5",
  file: "M7 4h7l4 4v12H7V4Zm7 0v4h4",
  tag: "M4 4.500h7.500L20 13l-6.500 6.500L4 11.500v-7Zm3.700 3.700v.1",
  closed: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Zm-3.5-8 2.5 2.5 4.5-5",
  sent: "M20 4 10.5 13.5M20 4l-6 16-3.5-6.5L4 10l16-6Z",
  spam: "M12 4 3.5 19h17L12 4Zm0 6v4m0 2.5v.1",
  trash: "M5 7h14M10 7V4.5h4V7m-7.5 0 1 13h9l1-13",
  mailboxes: "M5 4h14v16H5V4Zm0 10h4l1 2h4l1-2h4",
  notifications: "M6 17V11a6 6 0 1 1 12 0v6l1.5 2h-15L6 17Zm4 2a2 2 0 0 0 4 0",
  contacts: "M6 4h13v16H6V4Zm-2 4h3m-3 4h3m-3 4h3m5.5-4a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm-3.5 4c.4-1.7 1.8-2.5 3.5-2.5s3.1.8 3.5 2.5",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 8c.6-3 2.9-4.5 6-4.5s5.4 1.5 6 4.5M15.5 4.3a3.5 3.5 0 0 1 0 6.4M17.5 14.8c2 .7 3.2 2 3.5 4.2",
  templates: "M5 4h14v16H5V4Zm3.5 4.500h7M8.500 12h7M8.500 15.500h4",
  stopped: "M8.5 4h7L20 8.5v7L15.5 20h-7L4 15.5v-7L8.5 4Zm0 8h7",
  calendars: "M4 6h16v14H4V6Zm0 4.5h16M8 3.500v4m8-4v4m-4 7v-2.500m0 2.500 2 1.500",
  insight: "M4 20h16M6.500 16.500v-5M11 16.500v-9M15.500 16.500v-6.500M20 16.500V5",
  health: "M3.5 12h4l2.5-6 4 12 2.5-6h4",
};

const icon = (name) => {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name] || "M5 5h14v14H5Z");
  picture.append(path);
  return picture;
};

const entry = (item, go) => {
  const button = press(`entry${item.chosen ? " chosen" : ""}`, null, () => go(item));
  if (item.chosen) button.setAttribute("aria-current", "page");
  if (item.icon) button.append(icon(item.icon));
  button.append(make("bdi", "label", item.label));
  if (item.title) button.title = upright(item.title);
  if (item.count) {
    const count = make("span", item.loud ? "count loud" : "count", item.count.toLocaleString());
    button.append(count);
  }
  return button;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const rail = parentElement.querySelector(".rail");
  const go = (item) => {
    setTriggerValue("go", item.go);
    if (window.innerWidth < 768) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  const brand = make("div", "brand");
  brand.append(parentElement.querySelector("template.mark").content.cloneNode(true), make("bdi", "label", data.name));
  const parts = [brand];
  if (data.demo) {
    const demo = make("div", "demo");
    const real = make("a", "", data.words.real);
    real.href = "/start-for-real";
    demo.append(make("span", "", data.demo), real);
    parts.push(demo);
  }
  const group = (section) => {
    const box = make("nav", `section ${section.kind || ""}`);
    if (section.title) box.append(make("h2", "", section.title));
    box.append(...section.items.map((item) => entry(item, go)));
    return box;
  };
  // As it was left; the first time, open where one is inside it.
  const fold = (section) => {
    const box = make("details", "fold");
    const left = sessionStorage.getItem("delad:more");
    if (section.open && !left) sessionStorage.setItem("delad:more", "open");
    box.open = left ? left === "open" : section.open;
    const more = make("summary", "entry more", null);
    more.append(make("span", "label", section.fold));
    box.append(more, ...section.sections.map(group));
    more.onclick = () => sessionStorage.setItem("delad:more", box.open ? "shut" : "open");
    return box;
  };
  for (const section of data.sections) parts.push(section.fold ? fold(section) : group(section));
  const own = make("div", "own");
  const account = press("account", null, () => setTriggerValue("go", "page:account"));
  account.title = data.words.account;
  account.append(avatar(data.me.name, 28), make("bdi", "label", data.me.name));
  const stance = press(`stance${data.me.here ? " here" : ""}`, null, () => setTriggerValue("go", "switch:"));
  stance.title = data.words.switch;
  stance.setAttribute("aria-label", `${data.me.said}. ${data.words.switch}`);
  stance.append(make("span", "light"), make("span", "said", data.me.said));
  const out = make("form", "out");
  out.method = "post";
  out.action = "/signout";
  const leave = make("button", "leave", data.words.signout);
  out.append(leave);
  own.append(account, out, stance);
  calmly(() => fill(rail, ...parts, make("div", "space"), allowance(data.told), own));
  tellOutside(data.told);
}
