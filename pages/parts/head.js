// The head of a conversation: its subject, and the faces of whoever looks at it now.
let present = [];

export default function ({ data, parentElement }) {
  const head = parentElement.querySelector(".head");
  const faces = make("span", "faces");
  const paint = () =>
    fill(
      faces,
      ...present.map((person) => {
        const face = avatar(person.name, 26);
        face.removeAttribute("aria-hidden");
        face.setAttribute("role", "img");
        const says = upright((person.replying ? data.words.replying : data.words.here).replace("{name}", () => person.name));
        face.title = says;
        face.setAttribute("aria-label", says);
        if (person.replying) face.classList.add("replying");
        return face;
      }),
    );
  const subject = make("h1", "", null);
  subject.append(make("bdi", "", data.subject || data.words.no_subject));
  subject.title = upright(data.subject);
  const top = make("div", "top");
  top.append(subject, faces);
  fill(head, top);
  const onPresence = (event) => {
    if (event.detail.conversation !== data.id) return;
    present = event.detail.people;
    paint();
  };
  present = window.deladPresence?.get(data.id) || [];
  if (head.dataset.id !== String(data.id)) {
    head.dataset.id = data.id;
    window.dispatchEvent(new CustomEvent("delad:looking", { detail: { conversation: data.id } }));
  }
  paint();
  window.addEventListener("delad:presence", onPresence);
  return () => window.removeEventListener("delad:presence", onPresence);
}
