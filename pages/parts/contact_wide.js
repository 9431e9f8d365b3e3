// Says once that there is room for a third pane, where nobody has said whether they want it.
const ROOM = 1400;

export default function ({ setTriggerValue }) {
  if (window.innerWidth >= ROOM) setTriggerValue("wide", Date.now());
}
