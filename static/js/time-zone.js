// The browser knows its time zone: it is suggested in the profile and sent along with a sign-up. In the
// profile, words typed under "Find a city" narrow the long list of zones.

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const input of document.querySelectorAll("[data-time-zone-here]")) {
  if (!input.value) input.value = here ?? "";
}

const select = document.querySelector("select[data-time-zones]");
if (select) {
  search(select, document.querySelector("[data-zone-search]"));
  suggest(select, document.querySelector("[data-zone-suggestion]"));
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
}

function search(select, box) {
  const input = box.querySelector("input");
  const found = box.querySelector("[role=status]");
  // Hidden options are still shown by some browsers: what does not match is taken out and put back.
  const groups = [...select.children].map((group) => ({ group, options: [...group.children] }));
  const all = [...select.options];
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const chosen = select.value;
    const matches = (option) => {
      const text = plain(`${option.text} ${option.value} ${option.parentElement?.label ?? ""}`);
      return words.every((word) => text.includes(word));
    };
    for (const { group, options } of groups) group.append(...options);
    const kept = all.filter(matches);
    if (kept.length) for (const option of all) if (!kept.includes(option)) option.remove();
    select.value = kept.some((option) => option.value === chosen) ? chosen : select.options[0].value;
    found.textContent = kept.length ? "" : found.dataset.none;
  });
}

function suggest(select, place) {
  if (!here || select.value === here) return;
  const option = [...select.options].find(({ value }) => value === here);
  const button = place.querySelector("button");
  button.textContent = button.dataset.words.replace("%s", option?.text ?? here.replaceAll("_", " "));
  place.hidden = false;
  button.addEventListener("click", () => {
    if (!option) select.append(new Option(button.textContent, here));
    select.value = here;
    place.hidden = true;
    select.focus();
  });
}
