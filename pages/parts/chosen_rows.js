// Rows that are chosen, and what is done with all of them at once.
const chosenRows = { ids: new Set(), isAll: false, place: "", last: null, asking: null };

const chooseNone = () => {
  chosenRows.ids.clear();
  chosenRows.isAll = false;
  chosenRows.last = null;
  chosenRows.asking = null;
};

// Rows that went away cannot stay chosen, nor does a choice outlive its list.
const stillChosen = (rows, place) => {
  if (place !== chosenRows.place) chooseNone();
  chosenRows.place = place;
  const there = new Set(rows.map((row) => row.id));
  for (const id of chosenRows.ids) if (!there.has(id)) chosenRows.ids.delete(id);
  if (!chosenRows.ids.size) chooseNone();
};

const choose = (rows, id, isRange) => {
  const { ids, last } = chosenRows;
  const at = (wanted) => rows.findIndex((row) => row.id === wanted);
  chosenRows.asking = null;
  if (isRange && last !== null && at(last) >= 0) {
    const [from, to] = [at(last), at(id)].sort((one, other) => one - other);
    for (const row of rows.slice(from, to + 1)) ids.add(row.id);
  } else if (ids.has(id)) ids.delete(id);
  else ids.add(id);
  chosenRows.isAll = false;
  chosenRows.last = id;
  if (!ids.size) chooseNone();
};

const chooseAll = (rows) => {
  for (const row of rows) chosenRows.ids.add(row.id);
  chosenRows.isAll = true;
  chosenRows.asking = null;
};

// The bar above the rows. `act` sends what is to be done; more than one conversation is asked about.
const bulkBar = (box, rows, bulk, words, { act, repaint }) => {
  const count = chosenRows.isAll ? bulk.matching : chosenRows.ids.size;
  const number = count.toLocaleString();
  box.hidden = !count;
  if (!count) return;
  const does = (verb, who) => {
    act({
      verb, who: who ? who[0] : null, all: chosenRows.isAll,
      ids: chosenRows.isAll ? [] : [...chosenRows.ids], at: Date.now(),
    });
    chooseNone();
    repaint();
  };
  const ask = (verb, who) => {
    if (count === 1 || verb === "mark_read" || verb === "mark_unread") return does(verb, who);
    chosenRows.asking = { verb, who };
    repaint();
  };
  const head = make("div", "bulkhead");
  head.append(make("strong", "", words.chosen.replace("{n}", number)));
  if (!chosenRows.isAll && bulk.matching > count)
    head.append(press("link every", words.all.replace("{n}", bulk.matching.toLocaleString()), () => { chooseAll(rows); repaint(); }));
  head.append(press("link none", words.none, () => { chooseNone(); repaint(); }));
  const ways = make("div", "bulkways");
  if (chosenRows.asking) {
    const { verb, who } = chosenRows.asking;
    const sure = words[`sure_${verb}`].replace("{n}", number).replace("{name}", who ? who[1] : "");
    ways.append(
      make("span", "sure", sure),
      press("way first", words[`do_${verb}`] || words[verb], () => does(verb, who)),
      press("way", words.keep, () => { chosenRows.asking = null; repaint(); }),
    );
  } else {
    for (const verb of bulk.verbs) {
      const some = bulk.choices[verb];
      if (!some) {
        ways.append(press("way", words[verb], () => ask(verb, null)));
        continue;
      }
      const box = make("select", "way");
      box.setAttribute("aria-label", words[verb]);
      for (const [id, name] of [["", words[verb]], ...some]) {
        const one = make("option", "", name);
        one.value = id;
        box.append(one);
      }
      box.onchange = () => ask(verb, some.find(([id]) => String(id) === box.value));
      ways.append(box);
    }
  }
  fill(box, head, ways);
};
