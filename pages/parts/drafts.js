// One draft as it lies in this browser, and how it is kept. A draft gets its id once and never
// another: whatever is typed into it can only ever be saved over itself.
const SAVE_AFTER = 900;
const TRY_AGAIN_AFTER = 3000;
// Browsers let 64 kB go out after their page has gone; a letter is up to three bytes.
const MOST_LAST_WORDS = 20000;
let begun = 0;

const newDraft = () => ({
  key: (begun += 1), id: null, revision: 0, seen: 0, kind: "reply", text: "", subject: "",
  to: [], cc: [], bcc: [], strange: [], effects: NO_EFFECTS,
  author: 0, shared: false, reviewer: null, isTouched: false, files: [], waiting: [], uploads: 0,
  isDirty: false, isAsked: false, saving: null, savedAt: 0, timer: 0, trouble: "", fault: "", wish: null,
});

const isBlank = (draft) => !draft.text.trim() && !draft.files.length && !draft.waiting.length;

// All of it as the server has it.
const take = (draft, stored) => {
  const { id, revision, seen, kind, body, subject, to, cc, bcc, strange, effects, files, author, shared, reviewer } = stored;
  Object.assign(draft, {
    id, revision, seen, kind, text: body, subject, to, cc, bcc, strange, effects, files, author, shared, reviewer,
    isTouched: false, isDirty: false, savedAt: 0, trouble: "",
  });
};

// The server's beginning for a text that was begun here: the words and the kind are ours.
const root = (draft, stored) => {
  const { id, revision, seen, subject, author } = stored;
  Object.assign(draft, { id, revision, seen, subject, author, isDirty: true });
  if (!draft.isTouched) Object.assign(draft, { to: stored.to, cc: stored.cc, bcc: stored.bcc });
};

// News of a draft that is known here: what is typed is never replaced while it is newer.
const catchUp = (draft, stored) => {
  draft.seen = Math.max(draft.seen, stored.seen);
  if (stored.revision === draft.revision && !draft.isDirty) draft.strange = stored.strange;
  Object.assign(draft, { shared: stored.shared, reviewer: stored.reviewer });
  if (draft.saving || draft.uploads || draft.wish || stored.revision <= draft.revision) return;
  if (!draft.isDirty) take(draft, stored);
};

const ask = async (url, options) => {
  const answer = await fetch(url, options);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok || typeof said.revision !== "number")
    throw Object.assign(new Error(said.error || ""), { status: answer.ok ? 401 : answer.status });
  return said;
};

// Text and files of one draft go one after the other, as each makes its next revision.
const inTurn = async (draft, work) => {
  while (draft.saving) await draft.saving;
  draft.saving = work();
  await draft.saving;
  draft.saving = null;
};

const asSaved = (draft) => JSON.stringify({
  revision: draft.revision, kind: draft.kind, body: draft.text, subject: draft.subject,
  to: draft.to, cc: draft.cc, bcc: draft.bcc, effects: draft.effects,
});

const save = async (draft, isLeaving = false) => {
  clearTimeout(draft.timer);
  await inTurn(draft, async () => {
    if (!draft.id || !draft.isDirty) return;
    draft.isDirty = false;
    const body = asSaved(draft);
    try {
      const said = await ask(`/draft/${draft.id}`, {
        method: "PUT", headers: { "content-type": "application/json" }, body, keepalive: isLeaving && body.length < MOST_LAST_WORDS,
      });
      Object.assign(draft, { revision: said.revision, savedAt: Date.now(), strange: said.strange, trouble: "" });
    } catch (error) {
      draft.isDirty = true;
      draft.trouble = error.status === 409 ? "moved" : error.status ? "refused" : "offline";
      draft.fault = error.message && error.status ? error.message : "";
      if (draft.trouble === "offline") draft.timer = setTimeout(() => save(draft), TRY_AGAIN_AFTER);
    }
  });
  repaint();
  return !draft.trouble;
};

const saveSoon = (draft) => {
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => save(draft), SAVE_AFTER);
};

// One revision further is our own doing; more, and somebody else has written to this draft: then
// the next save is refused and says so.
const count = (draft, said) => {
  if (said.revision === draft.revision + 1) draft.revision = said.revision;
};

const sizeOf = (bytes) => {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
};

const upload = async (draft, file, failed) => {
  draft.uploads += 1;
  repaint();
  const form = new FormData();
  form.append("file", file);
  await inTurn(draft, async () => {
    try {
      const said = await ask(`/draft/${draft.id}/attachment`, { method: "POST", body: form });
      count(draft, said);
      draft.files = [...draft.files.filter((f) => f.id !== said.id), { id: said.id, name: said.filename, size: sizeOf(said.size_bytes) }];
    } catch (error) {
      // Nothing leaves without a file that was meant to be in it.
      Object.assign(draft, { fault: error.message || failed, wish: null });
    }
  });
  draft.uploads -= 1;
  repaint();
};

const detach = async (draft, file, failed) => {
  draft.files = draft.files.filter((f) => f.id !== file.id);
  draft.uploads += 1;
  repaint();
  await inTurn(draft, async () => {
    try {
      count(draft, await ask(`/draft/${draft.id}/attachment/${file.id}`, { method: "DELETE" }));
    } catch (error) {
      draft.files = [...draft.files, file];
      Object.assign(draft, { fault: error.message || failed, wish: null });
    }
  });
  draft.uploads -= 1;
  repaint();
};
