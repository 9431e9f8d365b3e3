// Above the list: what waits for anyone, the order, the filters and the way out. Quiet while nothing
// is set. The panels are popovers: they lie above everything, and close when one presses elsewhere.
const values = (data, name) => (data.query[name] || "").split(name === "tag" ? "\n" : ",").filter(Boolean);
const joined = (name, list) => list.join(name === "tag" ? "\n" : ",");

const option = ([value, label]) => {
  const found = make("option", "", label);
  found.value = value;
  return found;
};

const choice = (options, chosen, label, onChosen) => {
  const found = make("select", "");
  found.setAttribute("aria-label", label);
  found.append(...options.map(option));
  found.value = chosen;
  found.onchange = () => onChosen(found.value);
  return found;
};

const labelled = (label, ...inputs) => {
  const box = make("div", "field");
  box.append(make("span", "label", label), ...inputs);
  return box;
};

// Shows a panel below what opened it, inside the window.
const openBelow = (panel, opener) => {
  panel.showPopover();
  const at = opener.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - panel.offsetWidth, window.innerWidth - panel.offsetWidth - 8));
  panel.style.left = `${left}px`;
  panel.style.top = `${Math.min(at.bottom + 6, window.innerHeight - panel.offsetHeight - 8)}px`;
};

const panelOf = (box, name) => {
  let panel = box.querySelector(`.panel.${name}`);
  if (!panel) {
    panel = make("div", `panel ${name}`);
    panel.popover = "auto";
    box.append(panel);
  }
  return panel;
};

const isOpen = (panel) => panel.matches(":popover-open");

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".filters");
  const { words } = data;
  const say = (what, more) => setTriggerValue("said", { what, ...more, at: Date.now() });
  // As the panel knows them: it may be ahead of what comes back.
  const now = { ...data.query };
  const set = (name, value) => {
    now[name] = value;
    say("narrow", { set: { [name]: value } });
  };
  const drop = (name, value) => set(name, joined(name, values({ query: now }, name).filter((v) => v !== value)));

  const toggles = (name) => {
    const row = make("div", "toggles");
    for (const [value, label] of data.fields[name]) {
      const toggle = press("toggle", label, () => {
        const is = values({ query: now }, name).includes(value);
        toggle.setAttribute("aria-pressed", !is);
        is ? drop(name, value) : set(name, joined(name, [...values({ query: now }, name), value]));
      });
      toggle.setAttribute("aria-pressed", values(data, name).includes(value));
      row.append(toggle);
    }
    return labelled(words[name], row);
  };
  const several = (name) => {
    const row = make("div", "toggles");
    const paint = () => {
      const on = values({ query: now }, name);
      const known = new Map(data.fields[name].map(([value, label]) => [value, label]));
      const off = data.fields[name].filter(([value]) => !on.includes(value));
      const add = choice([["", words.add], ...off], "", words[name], (value) => {
        if (value) set(name, joined(name, [...on, value]));
        paint();
      });
      fill(row, ...on.map((value) => {
        const chip = press("toggle", known.get(value) || value, () => { drop(name, value); paint(); });
        chip.setAttribute("aria-pressed", true);
        return chip;
      }), off.length ? add : null);
    };
    paint();
    return labelled(words[name], row);
  };
  const field = (name, type) => {
    const input = make("input", "");
    input.type = type;
    input.value = data.query[name] || "";
    input.setAttribute("aria-label", words[name]);
    input.onchange = () => set(name, input.value);
    return input;
  };
  // `isOn` is what the address says while the box is checked.
  const check = (name, isOn) => {
    const label = make("label", "check");
    const input = make("input", "");
    input.type = "checkbox";
    input.checked = (data.query[name] || "") === isOn;
    input.onchange = () => set(name, input.checked === (isOn === "1") ? "1" : "");
    label.append(input, make("span", "", words[name]));
    return label;
  };

  const narrowing = panelOf(box, "narrow");
  const fillNarrowing = () => {
    const days = make("div", "days");
    days.append(labelled(words.since, field("since", "date")), labelled(words.until, field("until", "date")));
    fill(
      narrowing,
      toggles("status"),
      several("who"),
      data.fields.tag.length ? several("tag") : null,
      toggles("channel"),
      labelled(words.contact, field("contact", "search")),
      days,
      check("files", "1"),
      check("asked", "1"),
      check("bin", ""),
      press("done", words.done, () => narrowing.hidePopover()),
    );
  };
  const naming = panelOf(box, "naming");
  const fillNaming = (title, done) => {
    const input = make("input", "");
    input.maxLength = 60;
    input.value = title;
    input.setAttribute("aria-label", words.name);
    const who = choice([["", words.only_me], ...data.teams], "", words.for, () => {});
    const keep = () => {
      if (!input.value.trim()) return;
      naming.hidePopover();
      done(input.value, who.value);
    };
    input.onkeydown = (event) => { if (event.key === "Enter") keep(); };
    fill(
      naming,
      labelled(words.name, input),
      title || !data.teams.length ? null : labelled(words.for, who),
      press("done", words.keep, keep),
    );
  };

  const bar = make("div", "bar");
  const beside = data.beside.go
    ? press("beside link", data.beside.text, () => say("go", { view: data.beside.go }))
    : make("span", "beside", data.beside.text);
  const filter = press("open", words.filter, () => {
    if (isOpen(narrowing)) return narrowing.hidePopover();
    fillNarrowing();
    openBelow(narrowing, filter);
  });
  filter.setAttribute("aria-haspopup", "dialog");
  if (data.chips.length) filter.append(make("span", "number", data.chips.length));
  bar.append(
    beside,
    choice(data.fields.sort, data.sort, words.sort, (value) => set("sort", value)),
    filter,
  );

  const set_ = make("div", "set");
  for (const [name, value, label] of data.chips) {
    const chip = press("chip on", null, () => drop(name, value));
    chip.title = words.drop.replace("{name}", label);
    chip.setAttribute("aria-label", chip.title);
    chip.append(make("bdi", "", label), make("span", "x", "×"));
    set_.append(chip);
  }
  const ways = make("span", "ways");
  if (data.is_searched && !data.is_all) ways.append(press("link", words.everywhere, () => say("go", { view: "all" })));
  if (data.current) {
    const { id, title, may_change: mayChange } = data.current;
    if (mayChange) {
      const rename = press("link", words.rename, () => {
        fillNaming(title, (name) => say("rename", { id, title: name }));
        openBelow(naming, rename);
        naming.querySelector("input").select();
      });
      const remove = press("link", words.remove, () => {
        if (remove.dataset.sure) say("remove", { id });
        remove.dataset.sure = "yes";
        remove.textContent = words.sure;
      });
      ways.append(rename, remove);
    }
  } else if (data.chips.length || data.is_searched) {
    const save = press("link", words.save, () => {
      fillNaming("", (title, team) => say("save", { title, team }));
      openBelow(naming, save);
      naming.querySelector("input").focus();
    });
    ways.append(save);
  }
  if (data.chips.length || data.is_searched) ways.append(press("link", words.clear, () => say("clear", {})));
  if (ways.childElementCount) set_.append(ways);

  calmly(() => {
    box.querySelectorAll(":scope > .bar, :scope > .set").forEach((part) => part.remove());
    box.prepend(bar);
    if (set_.childElementCount) bar.after(set_);
  });
}
