// Reply and Note. What is typed lives here, by conversation, and is kept by PUT within seconds;
// data that arrives from the server never replaces it while it is newer.
const desks = new Map();
const SAVE_AFTER = 900;
const SAY_AGAIN_AFTER = 5000;

const freshDesk = () => ({
  id: null, revision: 0, kind: "reply", text: "", to: [], cc: [], bcc: [], subject: "",
  files: [], dirty: false, saving: null, savedAt: 0, wanted: false, trouble: "", timer: 0,
  queue: [], sending: false, wide: false, uploads: 0,
});

const deskOf = (conversation) => {
  if (!desks.has(conversation)) desks.set(conversation, freshDesk());
  return desks.get(conversation);
};

const adopt = (desk, draft, takesText) => {
  desk.id = draft.id;
  desk.revision = draft.revision;
  desk.files = draft.files;
  if (!desk.touched || takesText) Object.assign(desk, { to: draft.to, cc: draft.cc, bcc: draft.bcc, subject: draft.subject });
  if (takesText) Object.assign(desk, { text: draft.body, kind: draft.kind, savedAt: 0, touched: false });
};

// What the server says against what lies on the desk.
const reconcile = (desk, data) => {
  const { draft } = data;
  if (desk.sending && (!draft || draft.id !== desk.id || data.guard || data.refused !== desk.refused)) {
    const isGone = !draft || draft.id !== desk.id;
    if (isGone) Object.assign(desk, freshDesk(), { kind: desk.kind === "note" ? "reply" : desk.kind });
    desk.sending = false;
  }
  desk.refused = data.refused;
  if (!draft) {
    if (desk.id && !desk.dirty) Object.assign(desk, freshDesk());
    return;
  }
  if (desk.id === draft.id) {
    if (draft.revision > desk.revision && !desk.dirty && !desk.saving) adopt(desk, draft, true);
    else desk.files = draft.files;
    return;
  }
  adopt(desk, draft, !desk.dirty);
};

const save = async (desk) => {
  clearTimeout(desk.timer);
  while (desk.saving) await desk.saving;
  if (!desk.id || !desk.dirty) return !desk.trouble;
  desk.dirty = false;
  desk.saving = fetch(`/draft/${desk.id}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      revision: desk.revision, kind: desk.kind, body: desk.text, subject: desk.subject,
      to: desk.to, cc: desk.cc, bcc: desk.bcc,
    }),
  }).then(async (answer) => {
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(said.error || answer.statusText), { status: answer.status });
    desk.revision = said.revision;
    desk.savedAt = Date.now();
    desk.trouble = "";
  }).catch((error) => {
    desk.dirty = true;
    desk.trouble = error.status === 409 ? "moved" : error.status ? "refused" : "offline";
    if (desk.trouble === "offline") desk.timer = setTimeout(() => save(desk).then(desk.repaint), 3000);
  });
  await desk.saving;
  desk.saving = null;
  desk.repaint?.();
  return !desk.trouble;
};

// A file that comes or goes makes a new revision of the draft: in turn with the text, and counted.
const inTurn = async (desk, work) => {
  while (desk.saving) await desk.saving;
  desk.saving = work();
  await desk.saving;
  desk.saving = null;
};

const upload = async (desk, files, words) => {
  for (const file of files) {
    desk.uploads += 1;
    desk.repaint?.();
    const form = new FormData();
    form.append("file", file);
    await inTurn(desk, async () => {
      try {
        const answer = await fetch(`/draft/${desk.id}/attachment`, { method: "POST", body: form });
        const said = await answer.json().catch(() => ({}));
        if (!answer.ok) {
          desk.fault = said.error || words.upload_failed;
          return;
        }
        desk.revision += 1;
        desk.files = [...desk.files.filter((f) => f.id !== said.id), { id: said.id, name: said.filename, size: sizeOf(said.size_bytes) }];
      } catch {
        desk.fault = words.upload_failed;
      }
    });
    desk.uploads -= 1;
    desk.repaint?.();
  }
};

const detach = (desk, id) =>
  inTurn(desk, async () => {
    const answer = await fetch(`/draft/${desk.id}/attachment/${id}`, { method: "DELETE" }).catch(() => null);
    if (answer?.ok) desk.revision += 1;
  });

const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const ago = (moment, words) => {
  const seconds = Math.round((Date.now() - moment) / 1000);
  return words.saved.replace("{n}", seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`);
};

const savedLine = (desk, words) => {
  if (desk.trouble === "offline") return words.offline;
  if (desk.trouble === "moved") return words.moved;
  if (desk.trouble) return words.not_saved;
  if (desk.uploads) return words.uploading;
  if (desk.dirty || desk.saving) return words.saving;
  return desk.savedAt ? ago(desk.savedAt, words) : desk.id && desk.text ? words.kept : "";
};

export default function ({ data, parentElement, setTriggerValue }) {
  const { words } = data;
  const box = parentElement.querySelector(".composer");
  const desk = deskOf(data.id);
  reconcile(desk, data);
  // A word to Python is said again until it was heard: a rerun that is cut short may lose it.
  const say = () => {
    clearTimeout(desk.again);
    if (!desk.said) return;
    setTriggerValue(desk.said.name, desk.said.value);
    desk.again = setTimeout(say, SAY_AGAIN_AFTER);
  };
  const tell = (name, value) => {
    desk.said = { name, value: { ...value, at: Date.now() } };
    say();
  };
  if (desk.said && data.heard === desk.said.value.at) {
    desk.said = null;
    clearTimeout(desk.again);
  }
  const start = () => {
    if (desk.id || desk.wanted) return;
    desk.wanted = true;
    tell("start", { kind: desk.kind });
  };
  if (desk.id) desk.wanted = false;

  const changed = () => {
    desk.dirty = true;
    desk.fault = "";
    clearTimeout(desk.timer);
    if (desk.id) desk.timer = setTimeout(() => save(desk), SAVE_AFTER);
    else start();
    window.dispatchEvent(new CustomEvent("delad:typing", { detail: { conversation: data.id } }));
    paintFoot();
  };
  const text = box.querySelector("textarea");
  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${Math.min(Math.max(text.scrollHeight, 64), window.innerHeight * 0.4)}px`;
  };
  const send = async (closes, anyway) => {
    if (desk.sending || (!desk.text.trim() && !desk.files.length)) return text.focus();
    if (!desk.id || desk.uploads) return;
    desk.sending = true;
    paintFoot();
    if (!(await save(desk))) {
      desk.sending = false;
      return paintFoot();
    }
    tell("send", { draft: desk.id, revision: desk.revision, kind: desk.kind, closes, anyway: !!anyway });
  };
  const attach = (files) => {
    if (!files.length || desk.kind === "note") return;
    if (desk.id) upload(desk, files, words);
    else {
      desk.queue.push(...files);
      start();
    }
  };

  const tabs = box.querySelector(".tabs");
  const lines = box.querySelector(".lines");
  const files = box.querySelector(".files");
  const foot = box.querySelector(".foot");
  const bar = box.querySelector(".bar");
  const notice = box.querySelector(".notice");

  const paintTabs = () => {
    const tab = (kind, label) => {
      const button = press(`tab${desk.kind === kind ? " chosen" : ""}`, label, () => {
        if (desk.kind === kind) return;
        desk.kind = kind;
        if (desk.id) changed();
        paint();
        text.focus();
      });
      button.setAttribute("role", "tab");
      button.setAttribute("aria-selected", desk.kind === kind);
      return button;
    };
    const summary = make("span", "summary");
    if (desk.kind === "reply") {
      const people = desk.id ? [...desk.to, ...desk.cc, ...desk.bcc] : data.answers;
      const names = people.map((p) => p[0] || p[1]).join(", ");
      const edit = press("to", null, () => {
        desk.wide = !desk.wide;
        start();
        paint();
      });
      edit.append(make("span", "quiet", words.to), make("bdi", "", ` ${names || words.nobody}`));
      edit.title = people.map((p) => p[1]).join(", ");
      edit.setAttribute("aria-expanded", desk.wide);
      summary.append(edit);
      if (data.others.length && !(desk.id && data.others.every((o) => people.some((p) => p[1] === o[1])))) {
        summary.append(press("all", words.reply_all, () => {
          desk.wide = true;
          desk.touched = true;
          const known = new Set([...desk.to, ...desk.cc].map((p) => p[1]));
          if (!desk.to.length) desk.to = data.answers;
          desk.cc = [...desk.cc, ...data.others.filter((p) => !known.has(p[1]))];
          changed();
          paint();
        }));
      }
    }
    fill(tabs, data.may.reply && tab("reply", words.reply), data.may.note && tab("note", words.note), summary);
  };
  const paintLines = () => {
    const line = (name) => recipientLine(words[name], desk[name], (people) => {
      desk[name] = people;
      desk.touched = true;
      changed();
      paintLines();
      paintTabs();
      lines.querySelector(`.line:nth-child(${["to", "cc", "bcc"].indexOf(name) + 1}) input`)?.focus();
    }, words);
    fill(lines, ...(desk.wide && desk.id && desk.kind === "reply" ? ["to", "cc", "bcc"].map(line) : []));
  };
  const paintFiles = () => fill(files, ...(desk.kind === "note" ? [] : desk.files).map((file) => {
    const chip = make("span", "person file");
    chip.append(make("bdi", "", file.name), make("span", "quiet", file.size));
    const remove = press("remove", "×", () => {
      desk.files = desk.files.filter((f) => f.id !== file.id);
      paintFiles();
      detach(desk, file.id);
    });
    remove.setAttribute("aria-label", words.remove.replace("{name}", file.name));
    chip.append(remove);
    return chip;
  }));
  const paintFoot = () => {
    const isNote = desk.kind === "note";
    const isIdle = desk.sending || (!desk.text.trim() && !desk.files.length);
    const primary = press("primary", null, () => send(false));
    primary.append(make("span", "", isNote ? words.add_note : words.send), make("span", "hint", "Ctrl ↵"));
    primary.disabled = isIdle;
    primary.classList.toggle("calm", !data.leads);
    const second = isNote ? null : press("second", words.send_close, () => send(true));
    if (second) second.disabled = isIdle;
    const picker = make("input", "picker");
    picker.type = "file";
    picker.multiple = true;
    picker.onchange = () => attach([...picker.files]);
    const clip = isNote ? null : press("tool clip", null, () => picker.click());
    if (clip) clip.title = clip.ariaLabel = words.attach;
    const state = make("span", `saved${desk.trouble || desk.fault ? " bad" : ""}`, desk.fault || savedLine(desk, words));
    state.setAttribute("role", "status");
    const mend = desk.trouble === "moved"
      ? press("tool", words.keep_mine, () => { desk.trouble = ""; tell("refresh", {}); desk.claims = true; }) : null;
    const away = desk.id && (desk.text || desk.files.length)
      ? press("tool", words.discard, () => { Object.assign(desk, { dirty: false, sending: true }); tell("discard", { draft: desk.id }); }) : null;
    fill(foot, primary, second, clip, state, mend, away);
  };
  const paintBar = () => {
    clearInterval(desk.ticker);
    fill(bar);
    bar.hidden = true;
    if (!data.queued) return;
    const end = Date.now() + data.queued.seconds * 1000;
    const says = make("span", "says");
    const undo = press("undo", words.undo, () => { bar.hidden = true; tell("undo", { outbox: data.queued.outbox }); });
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      bar.hidden = left <= 0;
      says.textContent = words.sending_in.replace("{n}", left);
      if (left <= 0) clearInterval(desk.ticker);
    };
    bar.append(says, undo);
    tick();
    desk.ticker = setInterval(tick, 500);
  };
  const paintNotice = () => {
    const says = data.newer && desk.id && data.newer.text;
    notice.hidden = !says;
    if (says) fill(notice, make("span", "says", says), press("undo", words.seen, () => { notice.hidden = true; tell("acknowledge", { draft: desk.id, event: data.newer.event }); }));
  };
  const paint = () => {
    box.classList.toggle("is-note", desk.kind === "note");
    if (!data.may.reply) desk.kind = "note";
    paintTabs();
    paintLines();
    paintFiles();
    paintFoot();
    paintBar();
    paintNotice();
    text.placeholder = desk.kind === "note" ? words.note_hint : data.placeholder;
    if (text.value !== desk.text) text.value = desk.text;
    grow();
  };
  desk.repaint = () => { paintFiles(); paintFoot(); };
  paint();
  guard(box, data, words, { again: () => send(data.guard.closes, true), tell, desk });

  if (desk.claims && data.draft) {
    Object.assign(desk, { claims: false, revision: data.draft.revision, dirty: true });
    save(desk);
  }
  if (desk.id && desk.dirty) desk.timer = setTimeout(() => save(desk), SAVE_AFTER);
  if (desk.id && desk.queue.length) upload(desk, desk.queue.splice(0), words);

  text.oninput = () => {
    desk.text = text.value;
    changed();
    grow();
  };
  text.onpaste = (event) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length) {
      event.preventDefault();
      attach(pasted);
    }
  };
  box.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      send(event.shiftKey);
    } else if (event.key === "Escape") text.blur();
  };
  box.ondragover = (event) => { event.preventDefault(); box.classList.add("dropping"); };
  box.ondragleave = () => box.classList.remove("dropping");
  box.ondrop = (event) => {
    event.preventDefault();
    box.classList.remove("dropping");
    attach([...event.dataTransfer.files]);
  };
  const focus = () => text.focus();
  const leave = () => { if (desk.dirty && desk.id) save(desk); };
  const clock = setInterval(() => {
    const state = foot.querySelector(".saved");
    if (state && !desk.fault) state.textContent = savedLine(desk, words);
  }, 1000);
  window.addEventListener("delad:answer", focus);
  window.addEventListener("pagehide", leave);
  return () => {
    clearInterval(clock);
    clearInterval(desk.ticker);
    clearTimeout(desk.again);
    leave();
    window.removeEventListener("delad:answer", focus);
    window.removeEventListener("pagehide", leave);
  };
}
