// Templates: a picker with search and folders (T), and what came with the one that was put in.
const MOST_TEMPLATES = 200;
const PLACEHOLDER = /\{\{[^{}\n]{0,200}\}\}/g;
const NO_EFFECTS = { tag: "", assign: "", closes: false };

const fetched = async (url, options) => {
  const answer = await fetch(url, options);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok || !(said.templates || typeof said.text === "string")) throw new Error(said.error || "");
  return said;
};

const effectsOf = (effects, { words, people }) => [
  effects.tag && ["tag", words.does_tag.replace("{tag}", () => effects.tag)],
  effects.assign && ["assign",
    effects.assign === "me" ? words.does_assign_me
      : effects.assign === "nobody" ? words.does_release
        : words.does_assign.replace("{name}", () => people[effects.assign] || words.a_colleague)],
  effects.closes && ["closes", words.does_close],
].filter(Boolean);

const templateMatches = (template, words) => {
  const all = `${template.name}\n${template.folder}\n${template.body}`.toLocaleLowerCase();
  return words.every((word) => all.includes(word));
};

// The most used first, as they come; those whose name says it before those whose text does.
const templatesFor = (templates, typed, folder) => {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = templates.filter((t) => (folder === null || t.folder === folder) && templateMatches(t, words));
  const isNamed = (t) => words.every((word) => t.name.toLocaleLowerCase().includes(word));
  return [...found.filter(isNamed), ...found.filter((t) => !isNamed(t))].slice(0, MOST_TEMPLATES);
};

const templateRow = (template, n, at, data, pick) => {
  const row = press("template", null, () => pick(template));
  row.id = `template-${n}`;
  row.tabIndex = -1;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", n === at);
  const top = make("span", "template-top");
  top.append(make("bdi", "template-name", template.name));
  if (template.folder) top.append(make("bdi", "template-folder", template.folder));
  const uses = make("span", "template-uses", template.uses ? `${template.uses} ×` : "");
  uses.title = data.words.uses.replace("{n}", template.uses);
  top.append(uses);
  row.append(top, make("bdi", "template-text", template.body.trim().replace(/\s+/g, " ").slice(0, 160)));
  return row;
};

const templatePreview = (template, data) => {
  if (!template) return [];
  const body = make("div", "preview-text", template.body);
  body.dir = "auto";
  const chips = make("div", "preview-effects");
  chips.append(...effectsOf(template.effects, data).map(([, label]) => make("span", "chip", label)));
  return [make("bdi", "preview-name", template.name), chips, body];
};

// The dialog lies beside the composer: what is drawn anew inside it would take it away.
const pickTemplate = async () => {
  const { desk, data, box } = stage;
  const home = box.parentElement;
  if (!data.may.reply || desk.draft.wish || home.querySelector(".templates")) return;
  const dialog = make("dialog", "templates");
  dialog.setAttribute("aria-label", data.words.templates);
  const search = make("input", "template-search");
  Object.assign(search, { type: "search", placeholder: data.words.find_template, autocomplete: "off" });
  search.setAttribute("role", "combobox");
  search.setAttribute("aria-expanded", "true");
  search.setAttribute("aria-controls", "template-list");
  const folders = make("div", "template-folders");
  const list = make("div", "template-list");
  list.id = "template-list";
  list.setAttribute("role", "listbox");
  const preview = make("div", "template-preview");
  const body = make("div", "template-body");
  body.append(list, preview);
  dialog.append(search, folders, body);
  const shown = { templates: null, found: [], at: 0, folder: null, isBusy: false };
  const pick = async (template) => {
    if (shown.isBusy || !template) return;
    shown.isBusy = true;
    const draft = desk.draft;
    const text = part("text");
    const { selectionStart, selectionEnd } = text;
    try {
      const said = await fetched(`/templates/${desk.conversation}/${template.id}`, { method: "POST" });
      putIn(desk, draft, said, selectionStart, selectionEnd);
    } catch (error) {
      draft.fault = error.message || data.words.template_failed;
      repaint();
    }
    dialog.close();
  };
  const paintList = () => {
    shown.found = templatesFor(shown.templates, search.value, shown.folder);
    shown.at = Math.min(shown.at, Math.max(0, shown.found.length - 1));
    const empty = make("div", "template-none", shown.templates.length ? data.words.no_template_found : data.words.no_template);
    fill(list, ...shown.found.map((t, n) => templateRow(t, n, shown.at, data, pick)), !shown.found.length && empty);
    paintAt();
  };
  const paintAt = () => {
    [...list.querySelectorAll(".template")].forEach((row, n) => {
      row.setAttribute("aria-selected", n === shown.at);
      if (n === shown.at) row.scrollIntoView({ block: "nearest" });
    });
    if (shown.found.length) search.setAttribute("aria-activedescendant", `template-${shown.at}`);
    else search.removeAttribute("aria-activedescendant");
    fill(preview, ...templatePreview(shown.found[shown.at], data));
  };
  const paintFolders = () => {
    const names = [...new Set(shown.templates.map((t) => t.folder).filter(Boolean))].sort((a, b) => a.localeCompare(b));
    const tab = (folder, label) => {
      const button = press(`folder${shown.folder === folder ? " chosen" : ""}`, null, () => {
        Object.assign(shown, { folder, at: 0 });
        paintFolders();
        paintList();
        search.focus();
      });
      button.append(make("bdi", "", label));
      button.setAttribute("aria-pressed", shown.folder === folder);
      return button;
    };
    fill(folders, ...(names.length ? [tab(null, data.words.all_folders), ...names.map((name) => tab(name, name))] : []));
  };
  search.oninput = () => {
    if (!shown.templates) return;
    shown.at = 0;
    paintList();
  };
  dialog.onkeydown = (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Whoever is faster than the network has chosen what will stand first.
    if (!shown.templates) return (shown.isChosen = event.key === "Enter" || shown.isChosen);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      shown.at = Math.max(0, Math.min(shown.found.length - 1, shown.at + step));
      paintAt();
    } else if (event.key === "Enter" && event.target === search) pick(shown.found[shown.at]);
    else return;
    event.preventDefault();
  };
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  dialog.onclose = () => {
    dialog.remove();
    if (stage?.desk === desk) part("text").focus();
  };
  home.append(dialog);
  dialog.showModal();
  search.focus();
  try {
    shown.templates = (await fetched(`/templates/${desk.conversation}`)).templates;
    paintFolders();
    paintList();
    if (shown.isChosen) pick(shown.found[0]);
  } catch (error) {
    fill(list, make("div", "template-none", error.message || data.words.template_failed));
  }
};

// At the caret; then the first placeholder that nothing is known for is marked, to be typed over.
const putIn = (desk, draft, said, from, to) => {
  draft.text = draft.text.slice(0, from) + said.text + draft.text.slice(to);
  for (const [name, value] of Object.entries(said.effects)) if (value) draft.effects = { ...draft.effects, [name]: value };
  changed(desk, draft);
  if (stage?.desk !== desk || desk.draft !== draft) return;
  const text = part("text");
  const left = said.text.match(PLACEHOLDER)?.[0];
  const at = left ? from + said.text.indexOf(left) : from + said.text.length;
  text.value = draft.text;
  text.setSelectionRange(at, at + (left ? left.length : 0));
};

const paintExtras = (box, { desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const isReply = draft.kind === "reply";
  const left = isReply ? [...new Set(draft.text.match(PLACEHOLDER) || [])].slice(0, 20) : [];
  const does = isReply ? effectsOf(draft.effects, data) : [];
  keep(box, [draft.key, left, does], () => [
    ...left.map((placeholder) => {
      const chip = press("unfilled", null, () => {
        const text = part("text");
        const at = text.value.indexOf(placeholder);
        text.focus();
        if (at >= 0) text.setSelectionRange(at, at + placeholder.length);
      });
      chip.title = words.unfilled_title;
      chip.append(make("span", "", words.unfilled), make("bdi", "", placeholder));
      return chip;
    }),
    ...does.map(([name, label]) => {
      const chip = make("span", "person effect");
      const away = press("remove", "×", () => {
        draft.effects = { ...draft.effects, [name]: NO_EFFECTS[name] };
        changed(desk, draft);
      });
      away.setAttribute("aria-label", words.remove.replace("{name}", () => label));
      chip.title = words.does_title;
      chip.append(make("bdi", "", label), away);
      return chip;
    }),
  ]);
};

const templateTool = ({ desk, data }) => {
  if (!data.may.reply) return null;
  const tool = press("tool template-tool", null, pickTemplate);
  tool.title = tool.ariaLabel = data.words.template_tool;
  tool.disabled = !!desk.draft.wish;
  return tool;
};
