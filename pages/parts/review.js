// Shared drafts: asking colleagues to look, and what a colleague does with a draft that is not theirs.
const isForeign = (draft, data) => !!draft.author && draft.author !== data.viewer;

const nameOf = (id, data) => data.people[id] || data.words.a_colleague;

const sendSays = ({ desk, data }) =>
  desk.draft.kind === "note" ? data.words.add_note : isForeign(desk.draft, data) ? data.words.approve : data.words.send;

// A note, or an answer of one's own, beside a colleague's draft: that one stays as it is.
const beside = (desk, kind) => {
  const fresh = Object.assign(newDraft(), { kind });
  desk.drafts.push(fresh);
  hold(desk, fresh);
};

const paintReview = (box, { desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const foreign = isForeign(draft, data);
  const isShown = draft.kind === "reply" && !!draft.id && (foreign || draft.shared);
  keep(box, [draft.key, isShown, foreign, draft.shared, draft.reviewer], () => {
    if (!isShown) return [];
    const row = make("div", "notice other review");
    const text = foreign
      ? words.their_draft_here.replace("{who}", () => nameOf(draft.author, data))
      : draft.reviewer ? words.asked.replace("{who}", () => nameOf(draft.reviewer, data)) : words.asked_any;
    row.append(make("span", "says", text));
    if (!foreign) row.append(press("undo", words.make_private, () => tell(desk, "withdraw_review", { draft: draft.id }, draft)));
    return [row];
  });
};

const askTool = ({ desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const tool = menuOf("review", null, words.ask_review, (away) => {
    const ask = async (reviewer) => {
      away();
      if (await save(draft)) tell(desk, "ask_review", { draft: draft.id, reviewer }, draft);
    };
    return [
      make("div", "menu-title", words.ask_review),
      ...data.colleagues.map(([id, name]) => menuItem(name, draft.shared && draft.reviewer === id ? "✓" : "", () => ask(id))),
      menuItem(words.anybody, draft.shared && !draft.reviewer ? "✓" : "", () => ask(null)),
    ];
  });
  tool.querySelector(".opener").disabled = !!draft.wish || !draft.id || isBlank(draft);
  return tool;
};

const giveBackTool = ({ desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  return menuOf("give-back", words.give_back, words.give_back_title, (away) => {
    const word = make("input", "word");
    Object.assign(word, { placeholder: words.give_back_word, value: draft.word || "" });
    word.oninput = () => { draft.word = word.value; };
    word.setAttribute("aria-label", words.give_back_word);
    const go = press("second", words.give_back, async () => {
      away();
      await save(draft);
      tell(desk, "give_back", { draft: draft.id, words: word.value }, draft);
    });
    word.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      go.click();
    };
    const line = make("div", "menu-word");
    line.append(word, go);
    return [make("div", "menu-title", words.give_back_title), line];
  });
};

const reviewTool = (stage) => {
  const { desk, data } = stage;
  if (desk.draft.kind !== "reply" || !data.may.reply || data.is_new) return null;
  return isForeign(desk.draft, data) ? giveBackTool(stage) : askTool(stage);
};
