// Below the subject: the conversation's state, its tags, its contact, its mailbox, and who is
// replying now.
let writer = null;

export default function ({ data, parentElement, setTriggerValue }) {
  const head = parentElement.querySelector(".head");
  const banner = make("div", "replying-banner");
  banner.setAttribute("role", "status");
  const paint = () => {
    banner.textContent = writer ? upright(data.words.replying.replace("{name}", () => writer.name)) : "";
    banner.hidden = !writer;
  };
  const about = make("div", data.tagging.tags.length > 2 ? "about many" : "about");
  const act = (verb, name) => setTriggerValue("tag", { verb, name, at: Date.now() });
  about.append(
    ...data.chips.map((chip) => make("span", `chip ${chip.tone}`, chip.label)),
    ...tagRow(data.tagging, parentElement, act),
    make("bdi", "who", data.who),
    make("span", "quiet", data.address),
    make("span", "quiet where", data.where),
  );
  calmly(() => fill(head, about, banner));
  const onPresence = (event) => {
    if (event.detail.conversation !== data.id) return;
    writer = event.detail.people.find((person) => person.replying);
    paint();
  };
  writer = (window.deladPresence?.get(data.id) || []).find((person) => person.replying);
  if (head.dataset.id !== String(data.id)) {
    writer = null;
    tagBox?.hide();
  }
  head.dataset.id = data.id;
  paint();
  const onTag = () => about.querySelector(".add-tag")?.click();
  window.addEventListener("delad:presence", onPresence);
  window.addEventListener("delad:tag", onTag);
  return () => {
    window.removeEventListener("delad:presence", onPresence);
    window.removeEventListener("delad:tag", onTag);
  };
}
