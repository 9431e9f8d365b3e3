// A mail's pictures one by one, over everything: arrows move, Escape or a press beside closes.
const lightbox = (words, host) => {
  const dialog = make("dialog", "lightbox");
  const picture = make("img", "");
  const said = make("p", "no-picture", words.no_picture);
  const name = make("bdi", "name");
  const about = make("span", "quiet");
  const download = make("a", "way", words.download);
  const close = press("way", words.close, () => dialog.close());
  const bar = make("div", "lightbox-bar");
  const before = press("turn before", "‹", () => turn(-1));
  const after = press("turn after", "›", () => turn(1));
  let files = [];
  let at = 0;
  let from = null;

  before.ariaLabel = before.title = words.previous;
  after.ariaLabel = after.title = words.next;
  download.setAttribute("download", "");
  picture.onerror = () => dialog.classList.add("broken");
  picture.onload = () => dialog.classList.remove("broken");
  bar.append(name, about, download, close);
  fill(dialog, bar, before, picture, said, after);
  host.append(dialog);

  const show = () => {
    const file = files[at];
    dialog.classList.remove("broken");
    picture.src = `/preview/${file.id}`;
    picture.alt = upright(file.name);
    name.textContent = upright(file.name);
    about.textContent = files.length > 1 ? `${file.size} · ${at + 1}/${files.length}` : file.size;
    download.href = `/attachment/${file.id}`;
    dialog.ariaLabel = upright(file.name);
    before.hidden = after.hidden = files.length < 2;
  };
  const turn = (step) => {
    at = (at + step + files.length) % files.length;
    show();
  };
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  // No key that is pressed here acts on the conversation behind it.
  dialog.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "ArrowRight") turn(1);
    else return;
    event.preventDefault();
  };
  dialog.onclose = () => {
    picture.removeAttribute("src");
    from?.focus();
  };
  return {
    open: (shown, id, opener) => {
      files = shown;
      from = opener;
      at = Math.max(0, files.findIndex((file) => file.id === id));
      show();
      dialog.showModal();
    },
  };
};
