// Keys on a desk for the office's queue; everything works without them, and none acts while typing.
(() => {
  "use strict";

  const form = document.getElementById("hang-doi");
  if (!form) return;
  const KEYS_OFF = "tiendo.keys.off";
  const attempt = (action) => { try { return action(); } catch { return null; } };
  const lines = [...form.querySelectorAll(".queue-line")];
  const current = () => document.activeElement?.closest?.(".queue-line");
  const isTyping = (place) => place.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  function move(by) {
    const at = lines.indexOf(current());
    const line = lines[at < 0 ? 0 : Math.min(Math.max(at + by, 0), lines.length - 1)];
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  function countTicked() {
    const count = form.querySelectorAll('[name="chon"]:checked').length;
    form.querySelector("[data-count]").textContent = count ? `Đã đánh dấu ${count} mục:` : "Với các mục đã đánh dấu:";
  }

  const ACTS = {
    j: () => move(1), k: () => move(-1),
    x: () => current()?.querySelector('[name="chon"]').click(),
    c: () => { if (form.querySelector('[name="chon"]:checked')) form.querySelector('[value="take"]').click(); },
    r: () => { form.querySelector("[data-return]").open = true; form.querySelector('[name="reason"]').focus(); },
    "?": () => { const help = document.querySelector("[data-help]"); help.open = !help.open; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || attempt(() => localStorage.getItem(KEYS_OFF))) return;
    const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : ""];
    if (!act) return;
    event.preventDefault();
    act();
  });
  form.addEventListener("change", countTicked);
  countTicked();
})();
