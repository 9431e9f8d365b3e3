// What a new mail has besides an answer: from where it leaves, and what it is about.
const paintFrom = (box, { desk, data }) => {
  const { draft } = desk;
  box.hidden = !data.is_new;
  keep(box, [desk.conversation, draft.key, draft.id, data.is_new, data.senders, data.mailbox], () => {
    if (!data.is_new) return [];
    const row = make("label", "line");
    const select = make("select", "");
    for (const [number, address] of data.senders) {
      const option = make("option", "", address);
      option.value = number;
      option.selected = number === data.mailbox;
      select.append(option);
    }
    select.disabled = data.senders.length < 2 || !draft.id;
    select.onchange = async () => {
      const mailbox = Number(select.value);
      if (await save(draft)) tell(desk, "move", { draft: draft.id, mailbox }, draft);
    };
    row.append(make("span", "label wide", data.words.from), select);
    return [row];
  });
};

// An answer keeps the subject of what it answers.
const paintSubject = (box, { desk, data }) => {
  const { draft } = desk;
  box.hidden = !data.is_new;
  keep(box, [desk.conversation, draft.key, data.is_new], () => {
    if (!data.is_new) return [];
    const row = make("label", "line");
    const input = make("input", "subject");
    input.dir = "auto";
    input.maxLength = 900;
    input.autocomplete = "off";
    input.oninput = () => {
      draft.subject = input.value;
      changed(desk, draft);
    };
    input.onkeydown = (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      part("text").focus();
    };
    row.append(make("span", "label wide", data.words.subject), input);
    return [row];
  });
  const input = box.querySelector(".subject");
  if (input && input.value !== draft.subject) input.value = draft.subject;
};

// What keeps this from being sent, in words; nothing else is asked of the server first.
const lacking = ({ desk: { draft }, data }) => {
  if (!data.is_new || draft.kind === "note") return "";
  if (!draft.to.length) return data.words.no_recipient;
  return draft.subject.trim() ? "" : data.words.no_subject;
};
