// A mail's files: pictures small, the rest by kind; each is looked at, taken along or kept for few.
const fileName = (file) => {
  const name = make("span", "about-file");
  name.append(make("bdi", "name", file.name), make("span", "quiet", file.size));
  return name;
};

const fileFace = (file) => {
  if (!file.small) return make("span", `icon of-${file.locked || file.restricted ? "lock" : file.kind}`);
  const picture = make("img", "small");
  picture.loading = "lazy";
  picture.alt = "";
  picture.src = `/thumbnail/${file.id}`;
  picture.onerror = () => picture.replaceWith(make("span", "icon of-picture"));
  return picture;
};

const fileLink = (file, words, look) => {
  if (file.locked) {
    const still = make("span", "face");
    still.title = words.locked;
    still.append(fileFace(file), fileName(file));
    return still;
  }
  if (file.view === "picture") {
    const button = press("face", "", () => look(file, button));
    button.title = words.view;
    button.append(fileFace(file), fileName(file));
    return button;
  }
  const link = make("a", "face");
  link.href = `/${file.view ? "preview" : "attachment"}/${file.id}`;
  link.title = file.view ? words.open : words.download;
  if (file.view) {
    link.target = "_blank";
    link.rel = "noopener";
  } else link.setAttribute("download", "");
  link.append(fileFace(file), fileName(file));
  return link;
};

const fileRow = (file, words, act, look) => {
  const row = make("div", "file");
  row.append(fileLink(file, words, look));
  if (file.restricted) row.append(make("span", "chip", words.restricted));
  const ways = [
    !file.locked && [words.download, `/attachment/${file.id}`],
    file.deed && [words[file.deed], () => act(file.deed, file.id)],
  ].filter(Boolean);
  if (ways.length) row.append(menuOf(`${words.more_file} ${upright(file.name)}`, ways));
  return row;
};

const filesOf = (entry, words, act, show) => {
  const box = make("div", "files");
  const pictures = entry.files.filter((file) => file.view === "picture" && !file.locked);
  const look = (file, button) => show.open(pictures, file.id, button);
  box.append(...entry.files.map((file) => fileRow(file, words, act, look)));
  if (entry.all_files) {
    const all = make("a", "link all-files", words.all_files);
    all.href = entry.all_files;
    all.setAttribute("download", "");
    box.append(all);
  }
  return box;
};
