// The one push socket. Presence is painted without a rerun; changes ask Python to redraw.
const REDRAW_EVERY = 350;
// A tab behind others still counts what is new in its title, but nobody waits for it.
const REDRAW_HIDDEN_EVERY = 5000;
// What is being drawn would be broken off by news and begun again: it waits for the end, and so long.
const HELD_AT_MOST = 2000;
const LOOK_AGAIN_AFTER = 30;
// A tab behind others for so long shows nobody anything. Its clock stands still, too: what it says
// every ten seconds would come once a minute.
const AWAY_AFTER = 60000;

export default function ({ data, setTriggerValue }) {
  let socket, timer, stopped = false, wait = 1000, last = 0;
  let looking = data.conversation, typedAt = 0, all = false, leaving = 0, isAway = document.hidden;
  let heldUntil = 0;
  const marks = presenceMarks(data.words);
  const pending = new Map();
  // Streamlit says “en” whoever looks; screen readers go by it.
  document.documentElement.lang = data.language;
  const say = (state) => {
    if (socket?.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify({ viewing: isAway ? null : looking ?? null, replying: state === "replying" }));
  };
  const isDrawing = () => {
    const app = document.querySelector("[data-test-script-state]");
    return app !== null && app.dataset.testScriptState !== "notRunning";
  };
  const flush = () => {
    if (!heldUntil) heldUntil = Date.now() + HELD_AT_MOST;
    if (isDrawing() && Date.now() < heldUntil) {
      timer = setTimeout(flush, LOOK_AGAIN_AFTER);
      return;
    }
    timer = heldUntil = 0;
    last = Date.now();
    setTriggerValue("changed", { conversations: [...pending.keys()], all, at: last });
    pending.clear();
    all = false;
  };
  const changed = (news) => {
    for (const conversation of news.conversations) pending.set(conversation, true);
    const every = document.hidden ? REDRAW_HIDDEN_EVERY : REDRAW_EVERY;
    if (!timer) timer = setTimeout(flush, Math.max(60, every - (Date.now() - last)));
  };
  const open = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    socket.onopen = () => {
      if (wait > 1000) changed({ conversations: looking ? [looking] : [] });
      wait = 1000;
      document.documentElement.classList.remove("delad-offline");
      say("viewing");
    };
    socket.onmessage = (event) => {
      const news = JSON.parse(event.data);
      if (news.kind === "changed") changed(news);
      if (news.kind === "rights") {
        marks.forget();
        all = true;
        changed({ conversations: [] });
      }
      if (news.kind === "presence") marks.tell(news.conversation_id, news.people);
    };
    socket.onclose = (event) => {
      if (stopped) return;
      // Whoever hears nothing knows of nobody.
      marks.forget();
      if (event.code === 4401) return location.reload();
      document.documentElement.classList.add("delad-offline");
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 30000);
    };
  };
  const onLooking = (event) => {
    looking = event.detail.conversation;
    typedAt = 0;
    say("viewing");
  };
  const onTyping = () => {
    if (Date.now() - typedAt > 2000) say("replying");
    typedAt = Date.now();
  };
  const onSent = () => {
    typedAt = 0;
    say("viewing");
  };
  const onSight = () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(() => { isAway = true; say("viewing"); }, AWAY_AFTER);
    else {
      isAway = false;
      say("viewing");
      if (timer) {
        clearTimeout(timer);
        flush();
      }
    }
  };
  const calm = setInterval(() => {
    if (looking && !isAway) say(Date.now() - typedAt < 8000 ? "replying" : "viewing");
  }, 10000);
  const onLeave = () => { stopped = true; };
  window.addEventListener("beforeunload", onLeave);
  document.addEventListener("visibilitychange", onSight);
  window.addEventListener("delad:looking", onLooking);
  window.addEventListener("delad:typing", onTyping);
  window.addEventListener("delad:sent", onSent);
  open();
  return () => {
    stopped = true;
    clearInterval(calm);
    clearTimeout(timer);
    clearTimeout(leaving);
    marks.stop();
    document.removeEventListener("visibilitychange", onSight);
    window.removeEventListener("beforeunload", onLeave);
    window.removeEventListener("delad:looking", onLooking);
    window.removeEventListener("delad:typing", onTyping);
    window.removeEventListener("delad:sent", onSent);
    socket.close();
  };
}
