// The head of a conversation: subject, who and where, and the faces of whoever looks at it now.
let present = [];

export default function ({ data, parentElement }) {
  const head = parentElement.querySelector(".head");
  const faces = make("span", "faces");
  const paint = () => {
    fill(
      faces,
      ...present.map((person) => {
        const face = avatar(person.name, 26);
        face.removeAttribute("aria-hidden");
        face.setAttribute("role", "img");
        const says = (person.replying ? data.words.replying : data.words.here).replace("{name}", person.name);
        face.title = says;
        face.setAttribute("aria-label", says);
        if (person.replying) face.classList.add("replying");
        return face;
      }),
    );
    const writer = present.find((person) => person.replying);
    banner.textContent = writer ? data.words.replying.replace("{name}", writer.name) : "";
    banner.hidden = !writer;
  };
  const banner = make("div", "replying-banner");
  banner.setAttribute("role", "status");
  const subject = make("h1", "", null);
  subject.append(make("bdi", "", data.subject || data.words.no_subject));
  subject.title = data.subject;
  const about = make("div", "about");
  about.append(
    ...data.chips.map((chip) => make("span", `chip ${chip.tone}`, chip.label)),
    make("bdi", "who", data.who),
    make("span", "quiet", data.address),
    make("span", "quiet", data.where),
  );
  const top = make("div", "top");
  top.append(subject, faces);
  fill(head, top, about, banner);
  const onPresence = (event) => {
    if (event.detail.conversation !== data.id) return;
    present = event.detail.people;
    paint();
  };
  if (head.dataset.id !== String(data.id)) {
    head.dataset.id = data.id;
    present = [];
    window.dispatchEvent(new CustomEvent("delad:looking", { detail: { conversation: data.id } }));
  }
  paint();
  window.addEventListener("delad:presence", onPresence);
  return () => window.removeEventListener("delad:presence", onPresence);
}
