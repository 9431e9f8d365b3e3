// Reply and Note below a conversation: what is seen of the draft in hand, and what hands do to it.
// A push only repaints what it changed: the text, its selection and every focus stay.
let stage = null;

const painted = new WeakMap();
const keep = (element, state, build) => {
  const key = JSON.stringify(state);
  if (painted.get(element) === key) return;
  painted.set(element, key);
  fill(element, ...build());
};

const part = (name) => stage.box.querySelector(`.${name}`);

const ago = (moment) => {
  const seconds = Math.round((Date.now() - moment) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
};

const stateOf = (draft, words) => {
  if (draft.trouble === "offline") return words.offline;
  if (draft.trouble === "refused") return words.not_saved.replace("{why}", () => draft.fault);
  if (draft.trouble === "moved") return draft.fault || words.moved;
  if (draft.fault) return draft.fault;
  if (draft.uploads || draft.waiting.length) return words.uploading;
  if (draft.wish) return words.sending;
  if (draft.isDirty || draft.saving) return words.saving;
  return draft.savedAt ? words.saved.replace("{n}", ago(draft.savedAt)) : draft.id && draft.text ? words.kept : "";
};

const paintFiles = ({ desk, data }) => {
  const { draft } = desk;
  keep(part("files"), [desk.conversation, draft.key, draft.files], () => draft.files.map((file) => {
    const chip = make("span", "person file");
    const away = press("remove", "×", () => remove(desk, draft, file));
    away.setAttribute("aria-label", data.words.remove.replace("{name}", file.name));
    chip.append(make("bdi", "", file.name), make("span", "quiet", file.size), away);
    return chip;
  }));
};

// What a note is to the others: it asks, or answers what is asked here.
const roles = (draft, { words, asked }) => ["asks", asked && "answers"].filter(Boolean).map((role) => {
  const label = make("label", "role");
  const input = make("input", "");
  input.type = "checkbox";
  input.checked = !!draft[role];
  input.onchange = () => { draft[role] = input.checked; };
  label.append(input, make("span", "", words[role]));
  return label;
});

const paintFoot = ({ desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const isNote = draft.kind === "note";
  const state = [desk.conversation, draft.key, draft.kind, isBlank(draft), !!draft.wish, data.leads, draft.trouble, !!draft.id, footState(stage)];
  keep(part("foot"), state, () => {
    const primary = press(`primary${data.leads ? "" : " calm"}`, null, () => wish({ closes: false }));
    const says = draft.wish ? words.sending : sendSays(stage);
    primary.append(make("span", "", says), make("span", "hint", "Ctrl ↵"));
    const second = isNote ? null : press("second", words.send_close, () => wish({ closes: true }));
    for (const button of [primary, second]) if (button) button.disabled = !!draft.wish || isBlank(draft);
    const picker = make("input", "picker");
    picker.type = "file";
    picker.multiple = true;
    picker.onchange = () => add([...picker.files]);
    const clip = press("tool clip", null, () => picker.click());
    clip.title = clip.ariaLabel = words.attach;
    clip.disabled = !!draft.wish;
    const status = make("span", "saved");
    status.setAttribute("role", "status");
    const mend = draft.trouble === "moved" && press("tool", words.keep_mine, () => keepMine(desk, draft));
    const away = draft.id && !isBlank(draft) && !draft.wish && !isForeign(draft, data) && press("tool", words.discard, () => discard(desk, draft));
    return [primary, second, ...footTools(stage), clip, ...(isNote ? roles(draft, data) : []), status, mend, away];
  });
  paintState();
};

const paintState = () => {
  const { draft } = stage.desk;
  const status = part("saved");
  const says = stateOf(draft, stage.data.words);
  status.classList.toggle("bad", !!(draft.trouble || draft.fault));
  if (status.textContent !== says) status.textContent = says;
};

const paint = () => {
  const { box, desk, data } = stage;
  const { draft } = desk;
  if (!data.may.reply) draft.kind = "note";
  if (data.is_new) draft.kind = "reply";
  box.classList.toggle("is-note", draft.kind === "note");
  box.classList.toggle("is-new", !!data.is_new);
  paintBar(part("bar"), stage);
  paintNews(part("news"), stage);
  paintOthers(part("others"), stage);
  paintReview(part("reviewing"), stage);
  paintTabs(stage);
  paintLines(stage);
  paintFrom(part("from"), stage);
  paintSubject(part("about"), stage);
  paintHeed(part("heed"), stage);
  paintPen(part("pen"), stage);
  paintFiles(stage);
  paintExtras(part("extras"), stage);
  paintFoot(stage);
  for (const name of ["tabs", "from", "lines", "about", "heed", "pen", "files", "extras", "others"]) part(name).inert = !!draft.wish;
  const text = part("text");
  text.placeholder = draft.kind === "note" ? data.words.note_hint : data.placeholder;
  text.readOnly = !!draft.wish;
  if (text.value !== draft.text) text.value = draft.text;
  grow(text, box);
  paintPreview(part("preview"), stage);
  askMeant(box, stage);
};

const repaint = () => { if (stage) paint(); };

const wish = (how) => {
  const { desk, data } = stage;
  const { draft } = desk;
  if (isBlank(draft)) return part("text").focus();
  if ([...part("lines").children].some((line) => !line.take())) {
    draft.fault = data.words.no_address;
    return repaint();
  }
  draft.fault = lacking(stage);
  if (draft.fault) return repaint();
  return send(desk, draft, { ...how, asks: !!draft.asks, answers: !!(draft.answers && data.asked) });
};

const add = (files) => {
  const { desk } = stage;
  if (files.length && !desk.draft.wish) attach(desk, desk.draft, files);
};

const listen = (box, text) => {
  const names = box.querySelector(".names");
  const repaintNames = () => paintNames(names, text, stage.data.members, stage.desk.draft.kind === "note");
  text.onclick = repaintNames;
  text.onblur = () => { names.hidden = true; };
  text.oninput = () => {
    const { desk } = stage;
    desk.draft.text = text.value;
    changed(desk, desk.draft);
    repaintNames();
    window.dispatchEvent(new CustomEvent("delad:typing", { detail: { conversation: desk.conversation } }));
  };
  text.onpaste = (event) => {
    const pasted = [...event.clipboardData.files];
    if (!pasted.length) return;
    event.preventDefault();
    add(pasted);
  };
  box.onkeydown = (event) => {
    if (event.target === text && mentionKey(event, names, text, repaintNames)) return;
    if (event.target === text && stage.desk.draft.kind !== "note" && penKey(event, text)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) wish({ closes: event.shiftKey });
    } else if (event.key === "Escape") text.blur();
  };
  box.ondragover = (event) => { event.preventDefault(); box.classList.add("dropping"); };
  box.ondragleave = () => box.classList.remove("dropping");
  box.ondrop = (event) => {
    event.preventDefault();
    box.classList.remove("dropping");
    add([...event.dataTransfer.files]);
  };
};

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".composer");
  const text = box.querySelector(".text");
  const desk = deskOf(data.id);
  const hasArrived = box.dataset.conversation !== String(data.id);
  box.dataset.conversation = data.id;
  desk.words = data.words;
  speak = setTriggerValue;
  const mine = { box, desk, data };
  stage = mine;
  reconcile(desk, data, hasArrived);
  listen(box, text);
  calmly(repaint);
  const { draft } = desk;
  guard(box, data.guard && data.guard.draft === draft.id ? data.guard : null, data.words, {
    edit: (found) => tell(desk, "acknowledge", { draft: draft.id, event: found.event }, draft),
    again: (found) => send(desk, draft, { closes: found.closes, later: found.later, anyway: true, event: found.event }),
    away: () => discard(desk, draft),
  });

  const focus = () => text.focus();
  const leave = () => {
    for (const one of desks.values()) for (const d of one.drafts) if (d.id && d.isDirty) save(d, true);
  };
  const clock = setInterval(() => {
    if (stage !== mine) return;
    paintBar(part("bar"), stage);
    paintState();
  }, 500);
  window.addEventListener("delad:answer", focus);
  window.addEventListener("delad:template", pickTemplate);
  window.addEventListener("pagehide", leave);
  return () => {
    clearInterval(clock);
    leave();
    if (stage === mine) stage = null;
    window.removeEventListener("delad:answer", focus);
    window.removeEventListener("delad:template", pickTemplate);
    window.removeEventListener("pagehide", leave);
  };
}
