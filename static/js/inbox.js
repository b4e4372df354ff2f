// What the list gains where scripts run; without them every action is a form and a new page.
//   keys, while the focus is in a row: j k next and previous, x pick, e archive, i move to inbox, # delete, u read or unread
//   focus: back where it was after the list has been swapped (app.js knows the row; this, the rest)
//   an action without an answer says so

const KEYS = { e: "archive", i: "inbox", "#": "trash", Delete: "trash" };
const rows = () => [...document.querySelectorAll(".mail .row")];

function step(row, by) {
  const all = rows();
  all[all.indexOf(row) + by]?.querySelector(".row-link").focus();
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".mail .row");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const press = (selector) => row.querySelector(selector)?.click();
  if (event.key === "j") step(row, 1);
  else if (event.key === "k") step(row, -1);
  else if (event.key === "x") press(".row-pick input");
  else if (event.key === "u") press(".row-acts [name=read], .row-acts [name=unread]");
  else if (KEYS[event.key]) press(`.row-acts [name=${KEYS[event.key]}]`);
  else return;
  event.preventDefault();
});

// A button of the toolbar, or Undo, is gone or hidden after the swap: the focus goes to the row that came
// back, else to the box that picks all, else to the page.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "mail" && event.detail.elt.id !== "mail") return;
  const back = document.querySelector(".row[data-focus] .row-link");
  if (back) back.focus();
  else if (document.activeElement === document.body) {
    (document.querySelector("[data-select-all]:enabled") ?? document.getElementById("content")).focus();
  }
});

function sayFailed() {
  const toasts = document.getElementById("toasts");
  toasts.replaceChildren(document.getElementById("action-failed").content.cloneNode(true));
}
for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, sayFailed);
}
