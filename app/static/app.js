// Keeps what a person types safe, and says so. Three things, and every page works without them:
//  1. <form data-keep="key"> is copied to this browser as it is typed in, put back after a reload or a lost
//     session, and forgotten once it was taken in. The key must contain the account's id: phones are shared.
//  2. When the network fails, a message says that nothing was lost.
//  3. A second press of a button within five seconds sends nothing.
(() => {
  "use strict";

  const PREFIX = "tiendo.kept.";
  const KEPT_FOR_MS = 14 * 24 * 3600 * 1000;
  const BUSY_FOR_MS = 5000;
  const OFFLINE = "Mất kết nối. Nội dung vẫn còn nguyên, bấm Gửi lại khi có mạng.";

  // Storage may be full or forbidden; then forms simply behave as forms.
  const attempt = (action) => { try { return action(); } catch { return null; } };
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(PREFIX + key)));
  const write = (key, value) => attempt(() => localStorage.setItem(PREFIX + key, JSON.stringify(value)));
  const forget = (key) => attempt(() => localStorage.removeItem(PREFIX + key));
  const keys = () => attempt(() => Object.keys(localStorage).filter((k) => k.startsWith(PREFIX)).map((k) => k.slice(PREFIX.length))) ?? [];

  const worthKeeping = (field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type);
  const fieldsOf = (form) => [...form.elements].filter(worthKeeping);
  // Of a form with a draft on the server (drafts.js) only what the server has not got, with the version it goes on from:
  // put back over a newer draft it is overtaken, and both are shown.
  const isDraftVersion = (field) => field.type === "hidden" && field.name.endsWith("draft");
  const kept = (form) => (form.dataset.draft
    ? [...form.elements].filter((f) => (worthKeeping(f) || isDraftVersion(f)) && f.closest("[data-dirty]")) : fieldsOf(form));

  // Shown where the person is looking: `place` is the form's row of buttons, the form, or the page's own region.
  function say(text, kind, place = document.getElementById("thong-bao")) {
    place.querySelectorAll(":scope > .notice").forEach((old) => old.remove());
    const line = Object.assign(document.createElement("div"), { className: `notice notice--${kind}`, role: "alert" });
    line.append(Object.assign(document.createElement("p"), { textContent: text }));
    place.prepend(line);
  }
  // Rows of a long form have buttons of their own, folded away: what is said of the whole form stands at its bar.
  const sayOffline = (form) => say(OFFLINE, "error", form?.querySelector(".send-bar") ?? form?.querySelector(".buttons") ?? form ?? undefined);

  function keep(form, sent) {
    const values = kept(form).map((f) => [f.name, f.value, /^(radio|checkbox)$/.test(f.type) ? f.checked : null]);
    write(form.dataset.keep, { at: Date.now(), sent, values });
  }

  function putBack(form) {
    if (form.dataset.keptBack) return;
    form.dataset.keptBack = "yes";
    const before = read(form.dataset.keep);
    // A page that came back with errors already carries what was typed.
    if (!before || document.querySelector(".govuk-error-summary")) return;
    let changed = false;
    for (const [name, value, checked] of before.values) {
      const field = [...form.elements].find((f) => (worthKeeping(f) || isDraftVersion(f)) && f.name === name && (checked === null || f.value === value));
      if (!field) continue;
      changed ||= checked === null ? field.value !== value : field.checked !== checked;
      if (checked === null) field.value = value; else field.checked = checked;
      if (form.dataset.draft) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (changed) say("Đã khôi phục nội dung bạn nhập lần trước. Kiểm tra rồi bấm Gửi.", "info", form);
  }

  // What was sent is forgotten only when the page that follows says it was taken in.
  function settleKept() {
    const taken = document.querySelector("#thong-bao .notice--success");
    for (const key of keys()) {
      const kept = read(key);
      if (!kept || Date.now() - kept.at > KEPT_FOR_MS || (kept.sent && taken)) forget(key);
      else if (kept.sent) write(key, { ...kept, sent: false });
    }
  }

  function release(form) {
    delete form.dataset.busy;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }

  function onSubmit(event) {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.busy || !navigator.onLine) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!form.dataset.busy) sayOffline(form);
      return;
    }
    if (event.submitter?.hasAttribute("data-forget-kept")) keys().forEach(forget);
    if (form.dataset.keep) keep(form, true);
    form.dataset.busy = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(release, BUSY_FOR_MS, form);
  }

  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.keep) keep(form, false);
  });
  document.addEventListener("draft:saved", ({ target: form }) => {
    if (!form.dataset.keep) return;
    if (form.querySelector("[data-dirty]")) keep(form, false); else forget(form.dataset.keep);
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const form = ctx.request.form;
    if (!form || ctx.request.method === "GET") return;
    release(form);
    if (form.dataset.keep && ctx.response.status < 400) forget(form.dataset.keep);
    else if (form.dataset.keep) keep(form, false);
  });
  document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
    if (!ctx || ctx.response || !error) return;
    const form = ctx.request.form;
    if (form) release(form);
    if (form?.dataset.keep) keep(form, false);
    sayOffline(form);
  });
  document.addEventListener("htmx:after:process", () => document.querySelectorAll("form[data-keep]").forEach(putBack));
  addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));

  settleKept();
  document.querySelectorAll("form[data-keep]").forEach(putBack);
  document.querySelector(".govuk-error-summary")?.focus();
})();
