// The mail as it will leave, below the text: made by the server with what makes the mail.
const LOOK_AFTER = 250;
let looking = { key: "", timer: 0 };

const asLetter = async (draft) => {
  const answer = await fetch(`/draft/${draft.id}/letter`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ body: draft.text }),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok || typeof said.own !== "string") throw new Error(said.error || "");
  return said;
};

// The old one stays until the new one has found its height: nothing flickers while one types.
const swap = (box, data, letter) => {
  const frame = mailFrame(`${letter.own}<div class="below">${letter.below}</div>`, data.policy, data.words.preview_title, isDark(box));
  frame.classList.add("fresh");
  frame.addEventListener("fitted", () => {
    const at = box.scrollTop;
    frame.classList.remove("fresh");
    for (const old of [...box.children]) if (old !== frame) old.remove();
    box.scrollTop = at;
  }, { once: true });
  box.append(frame);
};

const paintPreview = (box, { desk, data }) => {
  const { draft } = desk;
  const { words, policy } = data;
  const isShown = liking.isPreviewed && draft.kind !== "note";
  box.hidden = !isShown;
  box.ariaLabel = words.preview_title;
  const key = isShown ? JSON.stringify([desk.conversation, draft.key, draft.id, draft.text]) : "";
  if (looking.key === key) return;
  clearTimeout(looking.timer);
  const mine = looking = { key, timer: 0 };
  if (!isShown) return fill(box);
  if (!draft.id || !draft.text.trim()) return fill(box, make("p", "quiet", words.preview_later));
  mine.timer = setTimeout(async () => {
    let letter = null;
    let fault = "";
    try { letter = await asLetter(draft); } catch (error) { fault = error.message || words.preview_failed; }
    if (looking !== mine) return;
    if (letter) swap(box, { words, policy }, letter);
    else fill(box, make("p", "quiet", fault));
  }, LOOK_AFTER);
};
