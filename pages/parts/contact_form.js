// What of a contact can be written: one form, whose half-typed words stay until they are accepted.
const KINDS = ["text", "number", "date", "link"];

const field = (label, input) => {
  const box = make("label", "field");
  box.append(make("span", "label", label), input, make("span", "why"));
  return box;
};

const typed = (tag, name, value, hint) => {
  const input = make(tag, "");
  input.name = name;
  input.value = value;
  input.autocomplete = "off";
  if (hint) input.placeholder = hint;
  input.dir = "auto";
  return input;
};

// One property: its name, its kind, its value, and the way out.
const propertyLine = (property, words) => {
  const line = make("div", "property");
  const name = typed("input", "name", property.name, words.property_name);
  const value = typed("input", "value", property.value, words.property_value);
  name.setAttribute("aria-label", words.property_name);
  value.setAttribute("aria-label", words.property_value);
  const kind = make("select", "");
  kind.setAttribute("aria-label", words.property_kind);
  for (const one of KINDS) {
    const option = make("option", "", words[one]);
    option.value = one;
    kind.append(option);
  }
  kind.value = property.kind;
  const away = press("away", "×", () => line.remove());
  away.setAttribute("aria-label", words.remove.replace("{name}", property.name));
  line.append(name, kind, away, value, make("span", "why"));
  line.read = () => ({ name: name.value, kind: kind.value, value: value.value });
  return line;
};

// `send(facts)` gets what differs from what stood here; `leave()` closes the form.
const contactForm = (data, send, leave) => {
  const { words } = data;
  const form = make("form", "form");
  const inputs = {
    name: typed("input", "name", data.name),
    phone: typed("input", "phone", data.phone),
    company: typed("input", "company", data.company, data.domain),
    note: typed("textarea", "note", data.note),
  };
  inputs.note.rows = 4;
  const forAll = make("input", "");
  forAll.type = "checkbox";
  forAll.checked = true;
  const everyone = make("label", "everyone");
  everyone.append(forAll, make("span", "", words.company_for_all.replace("{domain}", data.domain)));
  const isForAll = () => Boolean(data.domain) && Boolean(inputs.company.value.trim()) && inputs.company.value !== data.company;
  everyone.hidden = true;
  inputs.company.oninput = () => { everyone.hidden = !isForAll(); };
  const properties = make("div", "properties");
  properties.append(...data.properties.map((one) => propertyLine(one, words)));
  const before = JSON.stringify(data.properties.map(({ name, kind, value }) => ({ name, kind, value })));
  const more = press("link", words.add_property, () => {
    const line = propertyLine({ name: "", kind: "text", value: "" }, words);
    properties.append(line);
    line.querySelector("input").focus();
  });
  const facts = () => {
    const changed = {};
    for (const [name, input] of Object.entries(inputs))
      if (input.value !== data[name]) changed[name] = input.value;
    if ("company" in changed && isForAll() && forAll.checked) {
      changed.company_name = changed.company;
      delete changed.company;
    }
    const lines = [...properties.children].map((line) => line.read());
    if (JSON.stringify(lines) !== before) changed.properties = lines;
    return changed;
  };
  const save = make("button", "primary", words.save);
  save.type = "submit";
  const whole = make("p", "why all");
  whole.setAttribute("role", "alert");
  form.append(
    field(words.name, inputs.name),
    field(words.phone, inputs.phone),
    field(words.company, inputs.company),
    everyone,
    field(words.note, inputs.note),
    make("span", "label", words.properties),
    properties,
    more,
    whole,
  );
  const foot = make("div", "foot");
  foot.append(save, press("second", words.cancel, leave));
  form.append(foot);
  form.onsubmit = (event) => {
    event.preventDefault();
    const changed = facts();
    if (!Object.keys(changed).length) return leave();
    save.disabled = true;
    send(changed);
  };
  form.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  };
  // Where it was refused, and why; all that was typed stays.
  form.refuse = (name, why) => {
    save.disabled = false;
    for (const said of form.querySelectorAll(".why")) said.textContent = "";
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    if (!why) return;
    const [first, at, part] = name.split(".");
    const line = first === "properties" ? properties.children[Number(at)] : null;
    const input = line ? line.querySelector(`[name=${part === "name" ? "name" : "value"}]`) : inputs[first];
    const place = line ? line.querySelector(".why") : input?.parentElement.querySelector(".why") || whole;
    place.textContent = upright(why);
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
  };
  form.first = inputs.name;
  return form;
};
