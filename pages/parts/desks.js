// Per conversation: the draft in hand, the others beside it, and what was said to Python. What is
// said is said again until its answer came, and carries its conversation: by then another one
// may be on screen.
const SAY_AGAIN_AFTER = 5000;
const UNDO_DISCARD = 30000;
const desks = new Map();
let speak = () => {};
let lastMoment = 0;

const deskOf = (conversation) => {
  if (!desks.has(conversation)) {
    const draft = newDraft();
    desks.set(conversation, {
      conversation, draft, drafts: [draft], told: [], again: 0, seen: 0, hasActed: false,
      isWide: false, thrown: null, words: {}, gone: new Map(),
    });
  }
  return desks.get(conversation);
};

const sayAgain = (desk) => {
  clearTimeout(desk.again);
  const [deed] = desk.told;
  if (!deed) return;
  speak(deed.name, deed.value);
  desk.again = setTimeout(() => sayAgain(desk), SAY_AGAIN_AFTER);
};

const tell = (desk, name, value, draft) => {
  lastMoment = Math.max(lastMoment + 1, Date.now());
  desk.told.push({ name, value: { ...value, conversation: desk.conversation, at: lastMoment }, draft });
  if (desk.told.length === 1) sayAgain(desk);
};

const start = (desk, draft) => {
  if (draft.id || draft.isAsked) return;
  draft.isAsked = true;
  tell(desk, "start", { kind: draft.kind, seen: desk.seen }, draft);
};

const changed = (desk, draft) => {
  draft.isDirty = true;
  draft.fault = "";
  if (draft.id) saveSoon(draft);
  else start(desk, draft);
  repaint();
};

const attach = async (desk, draft, files) => {
  draft.fault = "";
  draft.waiting.push(...files);
  if (draft.id) await settle(desk, draft);
  else start(desk, draft);
  repaint();
};

// As far as it can go by now: files that wait, the text, and Send when it was wished for.
const settle = async (desk, draft) => {
  if (!draft.id) return;
  await Promise.all(draft.waiting.splice(0).map((file) => upload(draft, file, desk.words.upload_failed)));
  const { wish } = draft;
  if (!wish || wish.isTold || draft.uploads) return draft.isDirty && saveSoon(draft);
  wish.isTold = true;
  if (!(await save(draft))) draft.wish = null;
  else if (draft.wish === wish)
    tell(desk, "send", { draft: draft.id, revision: draft.revision, kind: draft.kind, ...wish.how }, draft);
  repaint();
};

const send = (desk, draft, how) => {
  if (draft.wish) return;
  draft.fault = "";
  draft.wish = { how };
  start(desk, draft);
  settle(desk, draft);
  repaint();
};

const remove = async (desk, draft, file) => {
  await detach(draft, file, desk.words.remove_failed);
  settle(desk, draft);
};

// The draft was changed or used elsewhere: this text goes on as a draft of its own.
const keepMine = (desk, draft) => {
  const { kind, text, to, cc, bcc, effects, files } = draft;
  const mine = Object.assign(newDraft(), { kind, text, to, cc, bcc, effects, isTouched: true, isDirty: true });
  Object.assign(draft, { isDirty: false, trouble: "", fault: "" });
  desk.drafts = [...desk.drafts.filter((d) => d !== draft), mine];
  hold(desk, mine);
  start(desk, mine);
  if (files.length) mine.fault = desk.words.files_stay;
  repaint();
};

const discard = async (desk, draft) => {
  if (draft.wish || !draft.id) return;
  await save(draft);
  tell(desk, "discard", { draft: draft.id }, draft);
};

// Take this draft in hand; the one that was stays on the desk and keeps itself.
const bring = (desk, stored) => {
  let draft = desk.drafts.find((d) => d.id === stored.id);
  if (!draft) {
    draft = newDraft();
    take(draft, stored);
    desk.drafts.push(draft);
  } else if (draft.isDirty) draft.revision = Math.max(draft.revision, stored.revision);
  else take(draft, stored);
  hold(desk, draft);
};

const hold = (desk, draft) => {
  desk.draft = draft;
  desk.drafts = desk.drafts.filter((d) => d === draft || d.id || !isBlank(d) || d.isAsked);
};

const putAway = (desk, draft) => {
  if (draft.id) desk.gone.set(draft.id, draft.revision);
  desk.drafts = desk.drafts.filter((d) => d !== draft);
  if (desk.draft !== draft) return;
  desk.drafts.push(newDraft());
  hold(desk, desk.drafts[desk.drafts.length - 1]);
};

const answered = {
  start: (desk, { draft }, { draft: stored }) => {
    draft.isAsked = false;
    const twin = desk.drafts.find((d) => d.id === stored.id);
    // An empty draft was given out twice: whoever has a text keeps it.
    if (twin && !isBlank(twin))
      return save(twin).then((isKept) => (isKept ? start(desk, draft) : Object.assign(draft, { fault: desk.words.offline })));
    if (twin) putAway(desk, twin);
    root(draft, stored);
    return settle(desk, draft);
  },
  send: (desk, { draft, value }) => {
    desk.hasActed = true;
    const detail = { conversation: desk.conversation, closes: value.closes };
    window.dispatchEvent(new CustomEvent("delad:sent", { detail }));
    putAway(desk, draft);
  },
  discard: (desk, { draft }) => {
    desk.thrown = { draft, until: Date.now() + UNDO_DISCARD };
    putAway(desk, draft);
  },
  restore: (desk, { draft }, { draft: stored }) => {
    desk.thrown = null;
    if (draft.isDirty) desk.drafts.push(draft);
    bring(desk, stored);
    if (draft.isDirty) saveSoon(draft);
  },
  move: () => {},
  undo: (desk, _deed, { draft: stored }) => bring(desk, stored),
  ask_review: (_desk, { draft }, { draft: { shared, reviewer } }) => Object.assign(draft, { shared, reviewer }),
  withdraw_review: (_desk, { draft }, { draft: { shared, reviewer } }) => Object.assign(draft, { shared, reviewer }),
  give_back: (desk, { draft }) => putAway(desk, draft),
  acknowledge: (desk, { draft, value }) => { draft.seen = Math.max(draft.seen, value.event); },
};

const refused = (desk, { name, draft, value }, { refused: why, guarded, asked, at }) => {
  const about = draft || desk.draft;
  if (name === "start") about.isAsked = false;
  about.wish = null;
  // It would leave from where its author no longer wanted it to.
  if (name === "move") desk.told = desk.told.filter((deed) => deed.name !== "send" || deed.draft !== about);
  if (asked) about.asked = { people: asked, closes: value.closes, at };
  else if (!guarded) about.fault = why;
};

const hear = (desk, answer) => {
  const [deed] = desk.told;
  if (!deed || !answer || answer.at !== deed.value.at) return;
  desk.told.shift();
  (answer.refused ? refused : answered[deed.name])(desk, deed, answer);
  sayAgain(desk);
};

// What the server says against what lies on the desk.
const reconcile = (desk, data, hasArrived) => {
  for (const one of desks.values()) hear(one, data.heard[one.conversation]);
  const known = new Map(data.drafts.map((stored) => [stored.id, stored]));
  for (const draft of [...desk.drafts]) {
    if (known.has(draft.id)) catchUp(draft, known.get(draft.id));
    else if (draft.id && !draft.isDirty && !draft.saving && !draft.wish) putAway(desk, draft);
  }
  if (desk.hasActed) Object.assign(desk, { hasActed: false, seen: Math.max(desk.seen, data.own) });
  const { draft } = desk;
  const isEmpty = !draft.id && !draft.isAsked && isBlank(draft);
  // A text that came back, as it was not to be sent later after all, lies open where nothing else does.
  const back = data.drafts.find((stored) => hasWords(stored) && desk.gone.get(stored.id) < stored.revision);
  if (!hasArrived && isEmpty && back) bring(desk, back);
  if (!hasArrived) return;
  if (isEmpty) {
    // What is drawn when one comes here has been seen; what is pushed later has not.
    desk.seen = data.newest;
    const own = data.drafts.filter((stored) => !isForeign(stored, data));
    const [newest] = [...own.filter(hasWords), ...data.drafts.filter((stored) => stored.reviewer === data.viewer), ...own];
    if (newest) bring(desk, newest);
  }
  sayAgain(desk);
};

const hasWords = (stored) => stored.body.trim() || stored.files.length;

const glimpse = (text, files) => text.trim() || files.map((f) => f.name).join(", ");

const othersOf = (desk, data) => {
  const here = desk.drafts.filter((d) => d !== desk.draft && !isBlank(d));
  const away = data.drafts.filter((stored) => !desk.drafts.some((d) => d.id === stored.id));
  const gone = desk.thrown?.draft.id;
  return [
    ...here.map((draft) => ({ key: `here ${draft.key}`, author: draft.author, text: glimpse(draft.text, draft.files), open: () => hold(desk, draft) })),
    ...away.filter((stored) => stored.id !== gone && hasWords(stored))
      .map((stored) => ({ key: `away ${stored.id} ${stored.revision}`, author: stored.author, text: glimpse(stored.body, stored.files), open: () => bring(desk, stored) })),
  ];
};
