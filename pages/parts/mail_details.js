// Behind a mail: who says that its sender is genuine, how it came, and its head.
const pairs = (rows) => {
  const list = make("dl", "");
  for (const row of rows) {
    const text = make("dd", "", row.text);
    text.dir = "auto";
    list.append(make("dt", "", row.label), text);
  }
  return list;
};

const headerFields = (details, words) => {
  const box = make("div", "fields");
  const top = make("div", "fields-top");
  const raw = make("pre", "", details.raw);
  const rows = pairs(details.fields);
  const flip = press("link", words.as_it_came, () => {
    raw.hidden = !raw.hidden;
    rows.hidden = !raw.hidden;
    flip.textContent = raw.hidden ? words.as_it_came : words.decoded;
  });
  raw.hidden = true;
  top.append(make("h3", "", words.headers), flip);
  box.append(top, rows, raw);
  return box;
};

const detailsPanel = (details, words) => {
  const panel = make("section", "details");
  panel.setAttribute("aria-label", words.details);
  if (details.checks) {
    const checks = make("div", "checks");
    for (const one of details.checks.each) checks.append(make("span", `check ${one.verdict}`, one.text));
    checks.append(make("span", "quiet", details.checks.by));
    panel.append(checks);
  }
  panel.append(pairs(details.facts));
  if (details.fields.length) panel.append(headerFields(details, words));
  return panel;
};

// Puts the panel where it belongs, without touching the rest of the mail.
const paintDetails = (card, details, words) => {
  const slot = card.querySelector(".details-slot");
  const print = details ? JSON.stringify(details) : "";
  if (!slot || slot.print === print) return;
  slot.print = print;
  fill(slot, details && detailsPanel(details, words));
  const button = card.querySelector(".details-way");
  button.textContent = details ? words.details_close : words.details;
  button.setAttribute("aria-expanded", !!details);
};
