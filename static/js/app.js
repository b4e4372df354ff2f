// What pages gain where scripts run; every one of them works without. Hooks are data- attributes:
//   data-menu            a <details> that closes on Escape, outside click and when focus leaves it
//   data-list            a form of rows: data-select-all, boxes in .row-pick, data-selected-count
//   data-toast="10"      leaves after so many seconds; waits while pointed at, focused or out of sight
//   data-dialog-open=id  opens a <dialog>; data-dialog-close inside it closes
//   data-reveal=id       shows a password
//   data-copy=id         copies that element's text
//   data-submit-on-change on a select: sends its form

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- menus ---
function closeMenus(except) {
  for (const menu of all("details[data-menu][open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => {
  const menu = event.target.closest("details[data-menu]");
  closeMenus(menu);
});
document.addEventListener("focusin", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopPropagation();
});

// --- selection ---
const boxesOf = (list) => all(".row-pick input", list);
let lastPicked = null;

function showSelection(list) {
  const boxes = boxesOf(list);
  const picked = boxes.filter((box) => box.checked).length;
  list.dataset.selected = picked;
  const every = list.querySelector("[data-select-all]");
  if (every) {
    every.checked = picked > 0 && picked === boxes.length;
    every.indeterminate = picked > 0 && picked < boxes.length;
    every.disabled = boxes.length === 0;
  }
  for (const count of all("[data-selected-count]", list)) {
    count.textContent = picked ? count.dataset.selectedCount.replace("%s", picked) : "";
  }
}

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-list]");
  if (list && event.target.matches("[data-select-all]")) {
    for (const box of boxesOf(list)) box.checked = event.target.checked;
    showSelection(list);
  } else if (list && event.target.matches(".row-pick input")) {
    showSelection(list);
  } else if (event.target.matches("[data-submit-on-change]")) {
    event.target.form.requestSubmit();
  }
});

// Shift and click picks everything between, as mail programs do.
document.addEventListener("click", (event) => {
  const box = event.target.closest(".row-pick input");
  if (!box) return;
  const list = box.closest("[data-list]");
  const boxes = list ? boxesOf(list) : [];
  const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) {
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    showSelection(list);
  }
  lastPicked = box;
});

// --- toasts ---
function startToast(toast) {
  const seconds = Number(toast.dataset.toast);
  if (toast.dataset.started || !(seconds > 0)) return;
  toast.dataset.started = "1";
  let left = seconds;
  const tick = setInterval(() => {
    if (!toast.isConnected) return clearInterval(tick);
    if (document.hidden || toast.matches(":hover, :focus-within")) return;
    left -= 0.25;
    if (left <= 0) {
      clearInterval(tick);
      toast.remove();
    }
  }, 250);
}
document.addEventListener("click", (event) => {
  const toast = event.target.closest("[data-toast-close]")?.closest("[data-toast]");
  if (!toast) return;
  toast.remove();
  document.getElementById("content")?.focus({ preventScroll: true });
});

// --- dialogs, passwords, copying ---
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog")) event.target.close(); // a click beside it: on its backdrop

  const reveal = event.target.closest("[data-reveal]");
  if (reveal) {
    const input = document.getElementById(reveal.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    reveal.setAttribute("aria-pressed", String(!shown));
  }

  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const text = document.getElementById(copy.dataset.copy).innerText;
    navigator.clipboard?.writeText(text).then(() => {
      const label = copy.querySelector("[data-copied]");
      if (label) label.textContent = label.dataset.copied;
    });
  }
});

// A passkey that was refused or timed out: say so in the page, not in the console.
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-passkey-error]");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
});

// --- after htmx has swapped: timers for new toasts, and the focus where it was ---
let focusedRow = -1;
document.addEventListener("htmx:beforeSwap", () => {
  const row = document.activeElement?.closest(".row");
  focusedRow = row ? all(".row").indexOf(row) : -1;
});
document.addEventListener("htmx:afterSettle", () => {
  prepare();
  if (focusedRow < 0 || document.activeElement !== document.body) return;
  const rows = all(".row");
  const next = rows[Math.min(focusedRow, rows.length - 1)];
  (next?.querySelector(".row-link") ?? document.getElementById("content"))?.focus();
  focusedRow = -1;
});

function prepare() {
  all("[data-list]").forEach(showSelection);
  all("[data-toast]").forEach(startToast);
}
prepare();
// On a phone the strip of tabs may hide where one is.
for (const here of all(".side-nav [aria-current]")) {
  const strip = here.closest(".side-nav");
  strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
}
// A live region speaks only of what is added to it: add what the page came with once more.
for (const toast of all("#toasts > .toast")) toast.parentElement.append(toast);
