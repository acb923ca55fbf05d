// Comfort at the workbench; every step works without it. The source follows the candidate looked at, keys act on it,
// and the marks of the source follow what was decided. Keys can be switched off, and none acts while typing.
(() => {
  "use strict";

  const bench = document.getElementById("ban-lam-viec");
  if (!bench) return;
  const KEYS_OFF = "tiendo.keys.off";
  const WORDS = { used: "đã dùng", open: "chưa dùng", aside: "không phải nhiệm vụ" };
  const attempt = (action) => { try { return action(); } catch { return null; } };
  const cards = () => [...bench.querySelectorAll(".candidate")].filter((card) => card.offsetParent);
  const current = () => document.activeElement?.closest?.(".candidate");
  const isDesk = () => matchMedia("(min-width: 1024px)").matches;

  // --- the source follows

  function showClause(key) {
    const clause = key && document.getElementById(key);
    if (!clause || !clause.closest(".source")) return;
    bench.querySelectorAll(".is-shown").forEach((old) => old.classList.remove("is-shown"));
    clause.classList.add("is-shown");
    if (!isDesk()) return;
    const pane = clause.closest(".source"), box = clause.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    if (box.top < frame.top + 60 || box.bottom > frame.bottom - 20)
      pane.scrollTo({ top: pane.scrollTop + box.top - frame.top - frame.height / 3, behavior: "auto" });
  }

  function look(card) {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  bench.addEventListener("focusin", ({ target }) => showClause(target.closest(".candidate")?.dataset.clause));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-source]");
    if (!link || !isDesk()) return;
    event.preventDefault();
    showClause(link.hash.slice(1));
  });

  // --- keys

  const isTyping = (place) => place.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const press = (card, key) => card?.querySelector(`[data-key="${key}"]`)?.click();

  function move(by) {
    const all = cards(), at = all.indexOf(current());
    look(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  function nextOpen() {
    const open = [...bench.querySelectorAll('.source [data-mark="open"]')];
    if (!open.length) return;
    const at = open.findIndex((clause) => clause.classList.contains("is-shown"));
    showClause(open[(at + 1) % open.length].id);
  }

  const ACTS = {
    j: () => move(1), k: () => move(-1), n: nextOpen,
    x: () => current()?.querySelector('[name="chon"]')?.click(),
    z: () => document.querySelector('#tinh-hinh [data-key="z"]')?.click(),
    "?": () => { const help = bench.querySelector(".help"); help.open = !help.open; },
  };
  for (const key of ["a", "e", "r", "u", "s"]) ACTS[key] = () => press(current(), key);

  document.addEventListener("keydown", (event) => {
    const place = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      const help = bench.querySelector(".help");
      if (help?.open) help.open = false;
      else if (isTyping(place)) look(place.closest(".candidate"));
      return;
    }
    if (isTyping(place) || attempt(() => localStorage.getItem(KEYS_OFF))) return;
    const arrow = { ArrowDown: "j", ArrowUp: "k" }[event.key];
    if (arrow && !(place.matches(".candidate") || place.closest(".candidate__actions"))) return;
    const act = ACTS[arrow ?? (event.key.length === 1 ? event.key.toLowerCase() : "")];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const keysBox = bench.querySelector("[data-keys]");
  if (keysBox) {
    keysBox.checked = !attempt(() => localStorage.getItem(KEYS_OFF));
    keysBox.addEventListener("change", () => attempt(() =>
      keysBox.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "yes")));
  }

  bench.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next-open]") || !isDesk()) return;
    event.preventDefault();
    event.stopPropagation();
    nextOpen();
  });

  // --- what is ticked

  function countTicked() {
    const count = bench.querySelectorAll('[name="chon"]:checked').length;
    const line = bench.querySelector("[data-count]");
    if (line) line.textContent = count ? `Đã chọn ${count} đề xuất:` : "Với các đề xuất đã đánh dấu:";
  }
  bench.addEventListener("change", (event) => { if (event.target.name === "chon") countTicked(); });
  bench.addEventListener("reset", () => setTimeout(countTicked));

  // --- after a decision: on to the next that waits, and the marks of the source follow

  let deciding = null;
  bench.addEventListener("submit", ({ target, submitter }) => {
    const card = target.closest(".candidate");
    if (!card || !submitter?.dataset.key) return;
    const all = cards(), at = all.indexOf(card);
    const waits = (one) => one.dataset.state === "pending";
    const next = submitter.dataset.key === "u" ? null : all.slice(at + 1).find(waits);
    deciding = { own: card.id, next: next?.id ?? null };
  }, true);

  document.addEventListener("htmx:after:swap", () => {
    countTicked();
    followMarks();
    const opened = bench.querySelector(".candidate--open:not([data-seen])");
    if (opened) {
      opened.dataset.seen = "yes";
      (opened.querySelector("textarea, input:not([type=hidden]), select") ?? opened).focus();
    }
    if (!deciding || !document.getElementById(deciding.own)) return;
    const refused = document.getElementById(deciding.own).querySelector("[role=alert]");
    look(document.getElementById(refused ? deciding.own : deciding.next ?? deciding.own));
    deciding = null;
  });

  function followMarks() {
    const status = document.getElementById("tinh-hinh");
    if (!status || status.dataset.followed) return;
    status.dataset.followed = "yes";
    const marks = new Map();
    for (const mark of ["used", "open", "aside"])
      for (const key of status.dataset[mark].split(" ")) if (key) marks.set(key, mark);
    bench.querySelectorAll(".source [data-mark]").forEach((clause) => remark(clause, marks.get(clause.id) ?? ""));
    const next = bench.querySelector("[data-next-open]");
    if (next) next.textContent = `Câu còn mở (${status.dataset.open.split(" ").filter(Boolean).length})`;
  }

  function remark(clause, mark) {
    const before = clause.dataset.mark;
    if (before === mark) return;
    clause.dataset.mark = mark;
    const word = clause.querySelector("[data-mark-word]");
    if (word && mark) word.textContent = WORDS[mark];
    if (clause.dataset.line && [before, mark].includes("aside"))
      htmx.ajax("GET", `/doan/${clause.dataset.line}`, { target: `#${clause.id}`, swap: "outerHTML" });
  }

  countTicked();
  const asked = location.hash.length > 1 && attempt(() => document.getElementById(location.hash.slice(1)));
  if (asked && asked.matches(".candidate")) look(asked);
})();
