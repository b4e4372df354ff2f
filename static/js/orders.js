// What the order pages gain where scripts run; every one of them works without.
//   data-print       prints the page, with everything that is folded
//   data-counter=id  shows how much has been typed into that text field, and how much it takes
//   data-once        a form that a double click sends once (the server would open one claim anyway)

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  for (const details of folded) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});

const number = new Intl.NumberFormat(document.documentElement.lang);
for (const counter of document.querySelectorAll("[data-counter]")) {
  const field = document.getElementById(counter.dataset.counter);
  const show = () => {
    counter.textContent = `${number.format(field.value.length)} / ${number.format(field.maxLength)}`;
  };
  field.addEventListener("input", show);
  show();
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent); // back from the browser's cache
}
