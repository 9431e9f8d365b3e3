// What one is told, outside the page: a number before the tab's title, a notification on the desktop.
const NUMBER = /^\(\d+\) /;
// The newest when the page came up is old news.
let rung = null;

const tellOutside = (told) => {
  const title = document.title.replace(NUMBER, "");
  document.title = told.count ? `(${told.count}) ${title}` : title;
  const newest = told.newest?.id ?? 0;
  const isNews = rung !== null && newest > rung;
  rung = Math.max(rung ?? 0, newest);
  if (!isNews || document.hasFocus() || window.Notification?.permission !== "granted") return;
  // All tabs of one browser say it once.
  const note = new Notification(upright(told.newest.title), { body: upright(told.newest.text), tag: `delad-${newest}` });
  note.onclick = () => { window.focus(); note.close(); };
};

// Browsers ask only when a hand asked for it.
const allowance = (told) => {
  if (!told.rings || window.Notification?.permission !== "default") return null;
  const ask = press("allow", told.allow, async () => {
    await Notification.requestPermission();
    ask.remove();
  });
  return ask;
};
