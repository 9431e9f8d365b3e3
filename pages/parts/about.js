// Below the subject: the conversation's state, its contact, its mailbox, and who is replying now.
let writer = null;

export default function ({ data, parentElement }) {
  const head = parentElement.querySelector(".head");
  const banner = make("div", "replying-banner");
  banner.setAttribute("role", "status");
  const paint = () => {
    banner.textContent = writer ? upright(data.words.replying.replace("{name}", () => writer.name)) : "";
    banner.hidden = !writer;
  };
  const about = make("div", "about");
  about.append(
    ...data.chips.map((chip) => make("span", `chip ${chip.tone}`, chip.label)),
    make("bdi", "who", data.who),
    make("span", "quiet", data.address),
    make("span", "quiet where", data.where),
  );
  fill(head, about, banner);
  const onPresence = (event) => {
    if (event.detail.conversation !== data.id) return;
    writer = event.detail.people.find((person) => person.replying);
    paint();
  };
  writer = (window.deladPresence?.get(data.id) || []).find((person) => person.replying);
  paint();
  window.addEventListener("delad:presence", onPresence);
  return () => window.removeEventListener("delad:presence", onPresence);
}
