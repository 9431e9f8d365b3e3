// The one push socket. Presence is painted without a rerun; changes ask Python to redraw.
const REDRAW_EVERY = 350;

export default function ({ data, setTriggerValue }) {
  let socket, timer, stopped = false, wait = 1000, last = 0;
  let looking = data.conversation, typedAt = 0, all = false;
  const pending = new Map();
  // Streamlit says “en” whoever looks; screen readers go by it.
  document.documentElement.lang = data.language;
  const say = (state) => {
    if (socket?.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify({ viewing: looking ?? null, replying: state === "replying" }));
  };
  const flush = () => {
    timer = 0;
    last = Date.now();
    setTriggerValue("changed", { conversations: [...pending.keys()], all, at: last });
    pending.clear();
    all = false;
  };
  const changed = (news) => {
    for (const conversation of news.conversations) pending.set(conversation, true);
    if (!timer) timer = setTimeout(flush, Math.max(60, REDRAW_EVERY - (Date.now() - last)));
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
        all = true;
        changed({ conversations: [] });
      }
      if (news.kind === "presence")
        window.dispatchEvent(new CustomEvent("delad:presence", { detail: { conversation: news.conversation_id, people: news.people } }));
    };
    socket.onclose = (event) => {
      if (stopped) return;
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
  const calm = setInterval(() => {
    if (looking) say(Date.now() - typedAt < 8000 ? "replying" : "viewing");
  }, 10000);
  const onLeave = () => { stopped = true; };
  window.addEventListener("beforeunload", onLeave);
  window.addEventListener("delad:looking", onLooking);
  window.addEventListener("delad:typing", onTyping);
  open();
  return () => {
    stopped = true;
    clearInterval(calm);
    clearTimeout(timer);
    window.removeEventListener("beforeunload", onLeave);
    window.removeEventListener("delad:looking", onLooking);
    window.removeEventListener("delad:typing", onTyping);
    socket.close();
  };
}
