// What the list gains where scripts run; without them every action is a form and a new page.
//   the buttons of the row under the pointer, or with the focus
//   keys, while the focus is in a row: j k next and previous, x pick, e archive, i move to inbox, # delete,
//     u read or unread
//   after the list has been swapped: what was picked stays picked, the focus stays where it was
//   an action without an answer says so

const rows = () => [...document.querySelectorAll(".mail .row")];
const boxOf = (row) => row.querySelector(".row-pick input");
const rowOf = (event) => event.target.closest?.(".mail .row");

// --- the row's own buttons: they stand once in the page, and are copied where they are wanted ---
function equip(row) {
  const buttons = document.getElementById("row-acts");
  if (!buttons || row.querySelector(".row-acts")) return;
  const copy = buttons.content.cloneNode(true);
  copy.querySelector(row.classList.contains("unread") ? "[name=unread]" : "[name=read]")?.remove();
  for (const button of copy.querySelectorAll("button")) button.value = boxOf(row).value;
  row.append(copy);
}
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const row = rowOf(event);
    if (row) equip(row);
  });
}

// --- keys ---
const KEYS = { e: "archive", i: "inbox", "#": "trash", Delete: "trash" };

function step(row, by) {
  const all = rows();
  all[all.indexOf(row) + by]?.querySelector(".row-link").focus();
}

document.addEventListener("keydown", (event) => {
  const row = rowOf(event);
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

// --- after a swap ---
let picked = [];
document.addEventListener("submit", (event) => {
  const onAll = event.submitter?.name === "do"; // what the toolbar has dealt with is picked no longer
  picked = onAll ? [] : rows().map(boxOf).filter((box) => box?.checked).map((box) => box.value);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "mail" && event.detail.elt.id !== "mail") return;
  for (const box of rows().map(boxOf)) {
    if (!box || !picked.includes(box.value)) continue;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  // Undo has brought a row back: the focus goes there. A toolbar's button is hidden now: to the box beside it.
  const back = document.getElementById("mail")?.dataset.focus;
  if (back) rows().find((row) => boxOf(row).value === back)?.querySelector(".row-link").focus();
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
