// The lines above the text: what can be undone, what is new, and the drafts beside this one.
const LONGEST_GLIMPSE = 80;

const offer = (text, label, act) => {
  const row = make("div", "notice other");
  const says = make("span", "says", text);
  says.dir = "auto";
  row.append(says, press("undo", label, act));
  return row;
};

// One bar: a reply that can still be taken back, else a draft that was thrown away.
const undoable = ({ desk, data }) => {
  const { queued, words } = data;
  if (queued && desk.queued?.outbox !== queued.outbox)
    desk.queued = { outbox: queued.outbox, until: Date.now() + queued.seconds * 1000, isAsked: false };
  if (!queued) desk.queued = null;
  if (desk.queued && !desk.queued.isAsked && desk.queued.until > Date.now()) {
    const { outbox, until } = desk.queued;
    return {
      key: `queued ${outbox}`,
      text: words.sending_in.replace("{n}", Math.ceil((until - Date.now()) / 1000)),
      undo: () => { desk.queued.isAsked = true; tell(desk, "undo", { outbox }); repaint(); },
    };
  }
  if (!desk.thrown || desk.thrown.isAsked || desk.thrown.until < Date.now()) return null;
  const { thrown } = desk;
  return {
    key: `thrown ${thrown.draft.key}`,
    text: words.discarded,
    undo: () => { thrown.isAsked = true; tell(desk, "restore", { draft: thrown.draft.id }, thrown.draft); repaint(); },
  };
};

const paintBar = (bar, stage) => {
  const found = undoable(stage);
  bar.hidden = !found;
  if (!found) return;
  keep(bar, found.key, () => [make("span", "says"), press("undo", stage.data.words.undo, found.undo)]);
  const says = bar.querySelector(".says");
  if (says.textContent !== found.text) says.textContent = found.text;
};

const paintNews = (notice, { desk, data }) => {
  const { draft } = desk;
  const { news, words } = data;
  const isNew = news && news.event > (draft.id ? draft.seen : desk.seen) && (draft.id || !isBlank(draft));
  notice.hidden = !isNew;
  if (!isNew) return;
  keep(notice, [news, draft.key, draft.id], () => [
    make("span", "says", news.text),
    press("undo", words.seen, () => {
      if (draft.id) {
        draft.seen = Math.max(draft.seen, news.event);
        tell(desk, "acknowledge", { draft: draft.id, event: news.event }, draft);
      } else desk.seen = Math.max(desk.seen, news.event);
      repaint();
    }),
  ]);
};

const paintOthers = (box, { desk, data }) => {
  const others = othersOf(desk, data);
  keep(box, others.map((other) => [other.key, other.text]), () => others.map((other) => {
    const glimpse = other.text.trim().replace(/\s+/g, " ").slice(0, LONGEST_GLIMPSE);
    const says = isForeign(other, data) ? data.words.their_draft : data.words.other_draft;
    const who = nameOf(other.author, data);
    return offer(says.replace("{text}", () => glimpse).replace("{who}", () => who), data.words.open, () => {
      other.open();
      repaint();
    });
  }));
};
