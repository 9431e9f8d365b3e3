// The contact: who it is, what is known, what they wrote; and the forms to change it. A form that
// stands open is never built anew, and comes back with its contact.
const forms = new Map();
let open = null;
let waiting = null;

const icon = (path) => {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
};
const STAR = "M12 3.5l2.6 5.3 5.9.9-4.2 4.1 1 5.8-5.3-2.8-5.3 2.8 1-5.8-4.2-4.1 5.9-.9Z";

const fact = (label, ...parts) => {
  const line = make("div", "fact");
  const value = make("div", "value");
  value.append(...parts);
  line.append(make("bdi", "label", label), value);
  return line;
};

const link = (text, href) => {
  const way = make("a", "link", text);
  way.href = href;
  if (href.startsWith("http")) way.target = "_blank";
  way.rel = "noopener noreferrer";
  way.dir = "auto";
  return way;
};

const phoneLink = (phone) => link(phone, `tel:${phone.replace(/[^+0-9]/g, "")}`);

const past = (row, words, act) => {
  const line = press(`past${row.waiting ? " waiting" : ""}`, null, () => act(row.id));
  const top = make("span", "top");
  const when = make("time", "when", row.when);
  when.title = row.exact;
  const state = make("span", "state");
  state.title = row.waiting ? words.waiting : row.open ? words.open : "";
  if (row.open) line.classList.add("open");
  top.append(state, make("bdi", "subject", row.subject || words.no_subject), when);
  line.append(top);
  if (row.join) line.title = words.join;
  if (row.about) line.append(make("bdi", "about", row.about));
  return line;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const pane = parentElement.querySelector(".pane");
  const { words } = data;
  // A contact that nobody is linked to is known by its conversation.
  const key = data.id || -data.conversation;
  const say = (verb, more) => {
    waiting = { token: `${Date.now()}.${Math.random()}`, key };
    setTriggerValue("act", { verb, token: waiting.token, ...more });
  };
  const close = (focus) => {
    forms.delete(key);
    paint();
    (pane.querySelector(focus) || pane.querySelector(".close"))?.focus();
  };
  const begin = (kind, form) => {
    forms.set(key, { kind, form });
    paint();
    form.first?.focus();
  };

  // A line to type one thing into, an address or whom to look for.
  const asking = (kind, label, word, verb) => {
    const form = make("form", "asking");
    const input = typed("input", kind, "");
    const why = make("span", "why");
    why.setAttribute("role", "alert");
    const found = make("div", "found");
    const box = make("label", "field");
    box.append(make("span", "label", label), input, why);
    const foot = make("div", "foot");
    if (word) {
      const go = make("button", "primary", word);
      go.type = "submit";
      foot.append(go);
    }
    foot.append(press("second", words.cancel, () => close(".more")));
    form.append(box, found, foot);
    let timer = 0;
    if (!word)
      input.oninput = () => {
        clearTimeout(timer);
        timer = setTimeout(() => setTriggerValue("find", input.value.trim()), 250);
      };
    form.onsubmit = (event) => {
      event.preventDefault();
      if (word) say(verb, { address: input.value });
    };
    form.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close(".more");
      const at = [...found.children].indexOf(parentElement.getRootNode().activeElement);
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by && found.children.length) {
        event.preventDefault();
        (found.children[at + by] || (by < 0 ? input : found.children[0])).focus();
      }
    };
    form.refuse = (name, text) => {
      why.textContent = upright(text);
      if (text) input.focus();
    };
    form.show = (suggestions) => {
      if (word || suggestions.words !== input.value.trim()) return;
      const had = suggestions.words && !suggestions.rows.length ? make("span", "quiet", words.nothing_found) : null;
      fill(
        found,
        ...suggestions.rows.map((row) => {
          const one = press("one", null, () => say(verb, { id: row.id }));
          one.append(make("bdi", "who", row.who), make("bdi", "about", row.address === row.who ? "" : row.address));
          return one;
        }),
        had,
      );
    };
    form.first = input;
    begin(kind, form);
  };

  const menu = () => {
    const box = make("div", "menu");
    const ways = [
      [words.add_address, () => asking("address", words.address, words.add, "add_address")],
      [words.merge, () => asking("merge", words.merge_find, "", "merge")],
      ...(data.conversation
        ? [
            [words.relink, () => asking("relink", words.relink_find, "", "relink")],
            [words.unlink, () => say("unlink")],
          ]
        : []),
    ];
    const list = make("div", "ways");
    list.setAttribute("role", "menu");
    list.hidden = true;
    const more = press("tool more", "⋯", () => {
      list.hidden = !list.hidden;
      more.setAttribute("aria-expanded", String(!list.hidden));
      if (!list.hidden) list.firstChild.focus();
    });
    more.setAttribute("aria-label", words.more);
    more.setAttribute("aria-haspopup", "menu");
    more.setAttribute("aria-expanded", "false");
    list.append(
      ...ways.map(([label, act]) => {
        const way = press("way", label, () => {
          list.hidden = true;
          act();
        });
        way.setAttribute("role", "menuitem");
        return way;
      }),
    );
    box.onkeydown = (event) => {
      const at = [...list.children].indexOf(parentElement.getRootNode().activeElement);
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        list.hidden = true;
        more.focus();
      } else if (by && !list.hidden) {
        event.preventDefault();
        list.children[(at + by + list.children.length) % list.children.length].focus();
      }
    };
    box.onfocusout = (event) => {
      if (!box.contains(event.relatedTarget)) list.hidden = true;
    };
    box.append(more, list);
    return box;
  };

  const head = () => {
    const box = make("header", "head");
    const shut = press("tool close", "×", () => setTriggerValue("closed", Date.now()));
    shut.setAttribute("aria-label", words.close);
    shut.title = words.close;
    const tools = make("div", "tools");
    tools.append(make("span", "title", words.contact));
    if (data.id && data.may_edit) {
      const vip = press(`tool star${data.vip ? " is" : ""}`, null, () => say(data.vip ? "unmark_vip" : "mark_vip"));
      vip.append(icon(STAR));
      vip.title = data.vip ? words.unmark_vip : words.mark_vip;
      vip.setAttribute("aria-label", words.vip);
      vip.setAttribute("aria-pressed", String(Boolean(data.vip)));
      const edit = press("tool edit", words.edit, () =>
        begin("edit", contactForm(data, (facts) => say("edit", { facts }), () => close(".edit"))));
      tools.append(edit, vip, menu());
    }
    tools.append(shut);
    const name = make("h2", "");
    name.append(make("bdi", "", data.who));
    name.title = upright(data.who);
    const about = make("div", "whom");
    about.append(name);
    const under = make("div", "under");
    if (data.vip) under.append(make("span", "chip vip", words.vip));
    if (data.company) under.append(make("bdi", "", data.company));
    if (data.writer && data.writer !== data.who) under.append(make("bdi", "", data.writer));
    about.append(under);
    const who = make("div", "person");
    who.append(avatar(data.who, 44), about);
    box.append(tools, who);
    return box;
  };

  const addresses = () =>
    data.addresses.map((one, at) => {
      const line = make("span", "address");
      const text = link(one.address, `mailto:${encodeURIComponent(one.address).replace("%40", "@")}`);
      text.title = upright(one.address);
      line.append(text);
      if (at && data.may_edit) {
        const away = press("away", "×", () => say("part", { id: one.id }));
        away.setAttribute("aria-label", words.part.replace("{name}", one.address));
        away.title = words.part.replace("{name}", upright(one.address));
        line.append(away);
      }
      return line;
    });

  const property = (one) => {
    const value = one.href ? link(one.value.replace(/^(https?:\/\/|mailto:|tel:)/, ""), one.href) : make("bdi", one.kind, one.value);
    value.title = upright(one.value);
    return fact(one.name, value);
  };

  const facts = () => {
    const box = make("div", "facts");
    box.append(
      fact(data.addresses.length > 1 ? words.addresses : words.address, ...addresses()),
      ...(data.phone ? [fact(words.phone, phoneLink(data.phone))] : []),
      ...data.properties.map(property),
      ...data.facts.map(([label, text]) => fact(label, make("span", "", text))),
    );
    return box;
  };

  const section = (one) => {
    const box = make("section", "section");
    const title = make("h3", "");
    title.append(make("bdi", "", one.title), make("span", "count", String(one.count)));
    box.append(title, ...one.rows.map((row) => past(row, words, (id) => setTriggerValue(row.join ? "joined" : "opened", id))));
    return box;
  };

  const nobody = () => {
    const box = make("div", "nobody");
    box.append(make("p", "quiet", words.nobody));
    if (data.may_edit) {
      if (data.writer) box.append(press("primary", words.link_writer.replace("{name}", upright(data.who)), () => say("link_writer")));
      box.append(press("second more", words.relink, () => asking("relink", words.relink_find, "", "relink")));
    }
    return box;
  };

  const paint = () => {
    const kept = forms.get(key);
    const top = head();
    const refusal = make("p", "why all");
    refusal.setAttribute("role", "alert");
    if (!kept && open?.why) refusal.textContent = upright(open.why);
    const note = make("div", "note", data.note);
    note.dir = "auto";
    const scrolled = pane.dataset.key === String(key) ? pane.scrollTop : 0;
    const parts = kept?.kind === "edit"
      ? [kept.form]
      : [kept?.form, data.id ? facts() : nobody(), data.note ? note : null, ...(data.sections || []).map(section)];
    // A form keeps its focus only if it is not taken out of the page.
    if (kept && kept.form.parentElement === pane) {
      for (const other of [...pane.children]) if (other !== kept.form) other.remove();
      const at = parts.indexOf(kept.form);
      kept.form.before(top, refusal, ...parts.slice(0, at).filter(Boolean));
      kept.form.after(...parts.slice(at + 1).filter(Boolean));
    } else fill(pane, top, refusal, ...parts);
    pane.dataset.key = key;
    pane.scrollTop = scrolled;
  };

  const { answer } = data;
  open = null;
  if (waiting && answer.token === waiting.token) {
    const kept = forms.get(waiting.key);
    if (!answer.why) forms.delete(waiting.key);
    else if (kept) kept.form.refuse(answer.field, answer.why);
    else open = answer;
    waiting = { ...waiting, token: "", was: answer.why ? "" : kept?.kind };
  }
  const focus = waiting?.was;
  if (waiting) waiting.was = "";
  const hadFocus = pane.contains(parentElement.getRootNode().activeElement);
  const label = parentElement.getRootNode().activeElement?.className;
  calmly(() => {
    paint();
    forms.get(key)?.form.show?.(data.found);
    if (focus) pane.querySelector(focus === "edit" ? ".edit" : ".more")?.focus();
    else if (hadFocus && !forms.has(key) && label) pane.querySelector(`.${label.trim().split(/\s+/).slice(0, 2).join(".")}`)?.focus();
  });
}
