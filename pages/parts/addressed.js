// Reply or note, and whom it goes to.
const paintTabs = ({ desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const people = draft.id || draft.isTouched ? [...draft.to, ...draft.cc, ...draft.bcc] : data.answers_to;
  const missing = data.others.filter((other) => !people.some((p) => p[1] === other[1]));
  const mayAll = missing.length && draft.kind === "reply";
  const tab = (kind, label) => {
    const button = press(`tab${draft.kind === kind ? " chosen" : ""}`, label, () => {
      if (draft.kind === kind) return;
      if (isForeign(draft, data)) beside(desk, kind);
      else draft.kind = kind;
      if (desk.draft.id) changed(desk, desk.draft);
      repaint();
      part("text").focus();
    });
    button.setAttribute("role", "tab");
    button.setAttribute("aria-selected", draft.kind === kind);
    return button;
  };
  keep(part("tabs"), [desk.conversation, draft.key, draft.kind, data.may, people, missing, desk.isWide, data.is_new], () => {
    const summary = make("span", "summary");
    if (data.is_new) return [];
    if (draft.kind === "reply") {
      const edit = press("to", null, () => {
        desk.isWide = !desk.isWide;
        start(desk, draft);
        repaint();
      });
      const names = people.map((p) => p[0] || p[1]).join(", ");
      edit.append(make("span", "quiet", words.to), make("bdi", "", ` ${names || words.nobody}`));
      edit.title = people.map((p) => p[1]).join(", ");
      edit.setAttribute("aria-expanded", desk.isWide);
      summary.append(edit);
    }
    if (mayAll) summary.append(press("all", words.reply_all, () => {
      if (!draft.id && !draft.isTouched) draft.to = data.answers_to;
      const known = new Set([...draft.to, ...draft.cc].map((p) => p[1]));
      draft.cc = [...draft.cc, ...data.others.filter((p) => !known.has(p[1]))];
      draft.isTouched = desk.isWide = true;
      changed(desk, draft);
    }));
    return [data.may.reply && tab("reply", words.reply), data.may.note && tab("note", words.note), summary];
  });
};

// Whom the mail that is answered went to, besides us; nobody when there is none.
const lastPeople = (data) => (data.is_answer ? [...data.answers_to, ...data.others] : []);

const paintLines = ({ desk, data }) => {
  const { draft } = desk;
  const isOpen = data.is_new || (desk.isWide && draft.kind === "reply" && (draft.id || draft.isTouched));
  const last = lastPeople(data);
  const known = last.map((p) => p[1]);
  const now = [...draft.to, ...draft.cc, ...draft.bcc].map((p) => p[1]);
  const missing = last.filter((p) => !now.includes(p[1]));
  const since = {
    to: { gone: missing.filter((p) => data.answers_to.includes(p)) },
    cc: { gone: missing.filter((p) => !data.answers_to.includes(p)) },
    bcc: { gone: [] },
  };
  recipientLines(part("lines"), (isOpen ? ["to", "cc", "bcc"] : []).map((name) => {
    const { gone } = since[name];
    const fresh = data.is_answer ? draft[name].map((p) => p[1]).filter((address) => !known.includes(address)) : [];
    return {
      state: JSON.stringify([draft.key, name, draft[name], fresh, gone]),
      build: () => Object.assign(recipientLine(data.words[name], draft[name], (people) => {
        draft[name] = people;
        draft.isTouched = true;
        changed(desk, draft);
      }, data.words, { fresh, gone }), { owner: draft.key }),
    };
  }));
};
