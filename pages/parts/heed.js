// Recipients to look at twice: a calm line beside them, and one question at Send.
const together = (names) => names.map((name) => upright(name)).join(", ");

const strangers = (draft) => {
  const people = [...draft.to, ...draft.cc, ...draft.bcc];
  return draft.strange.flatMap(([address, why, mention]) => {
    const person = people.find((p) => p[1].toLowerCase() === address);
    return person ? [{ name: mention || person[0] || address, address, why, mention }] : [];
  });
};

const HEEDS = [["new", "is_new", "are_new"], ["colleague", "is_ours", "are_ours"], ["mailbox", "is_mailbox", "are_mailboxes"]];

// The colleague leaves the mail, and the text becomes a note that speaks to them.
const asNote = (desk, draft, found) => {
  const theirs = new Set(found.map((one) => one.address));
  for (const name of ["to", "cc", "bcc"]) draft[name] = draft[name].filter((p) => !theirs.has(p[1].toLowerCase()));
  const named = found.map((one) => `@${one.mention}`).filter((name) => !draft.text.includes(name)).join(" ");
  draft.kind = "note";
  draft.text = named ? `${named} ${draft.text}` : draft.text;
  changed(desk, draft);
  part("text").focus();
};

const paintHeed = (box, { desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const found = draft.kind === "reply" ? strangers(draft) : [];
  box.hidden = !found.length;
  keep(box, [draft.key, draft.kind, found], () => {
    const says = make("span", "says");
    for (const [why, one, more] of HEEDS) {
      const names = found.filter((each) => each.why === why).map((each) => each.name);
      if (names.length) says.append(make("span", "", words[names.length > 1 ? more : one].replace("{names}", () => together(names))), " ");
    }
    const mentioned = found.filter((one) => one.mention);
    return [says, data.may.note && mentioned.length && press("undo", words.note_instead, () => asNote(desk, draft, mentioned))];
  });
};

// The server has refused until somebody says that they are meant.
const askMeant = (box, { desk, data }) => {
  const { draft } = desk;
  const { words } = data;
  const open = box.querySelector("dialog.sure");
  if (open && open.moment === draft.asked?.at) return;
  open?.remove();
  if (!draft.asked) return;
  const { people, closes, at } = draft.asked;
  const dialog = Object.assign(make("dialog", "guard sure"), { moment: at });
  dialog.setAttribute("aria-labelledby", "sure-title");
  dialog.onclose = () => {
    if (draft.asked?.at === at) draft.asked = null;
    dialog.remove();
  };
  const title = make("h2", "", words.sure_title);
  title.id = "sure-title";
  const came = make("div", "came");
  for (const [name, address, why] of people) {
    const row = make("div", "item stranger");
    const who = make("div", "who");
    who.append(make("bdi", "name", name || address));
    if (name) who.append(make("span", "quiet", address));
    row.append(avatar(name || address, 30), who, make("span", "chip", words[`sure_${why}`]));
    came.append(row);
  }
  const close = (act) => () => {
    dialog.close();
    dialog.onclose();
    act();
  };
  const back = press("primary", words.keep_editing, close(() => {
    desk.isWide = true;
    repaint();
  }));
  back.autofocus = true;
  const meant = people.map((person) => person[1]);
  const ways = make("div", "ways");
  ways.append(back, press("second yes", words.sure_yes, close(() => send(desk, draft, { closes, meant }))));
  dialog.append(title, make("p", "quiet", words.sure_text), came, ways);
  box.append(dialog);
  dialog.showModal();
};
