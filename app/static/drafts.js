// Saves what is typed to the server, row by row, after a pause; every page with a draft works without it.
//  <form data-draft="address" data-keep="key"> holds [data-draft-row]s; what the server answers is one element a row, put
//  in the place of the one with the same id. A row the server has not got yet is [data-dirty]: only those are kept in
//  this browser besides (app.js), so that nothing old comes back over what was typed elsewhere. A row that somebody else
//  wrote into meanwhile ([data-overtaken] in its line) waits until a person has chosen.
(() => {
  "use strict";

  const PAUSE_MS = 1500;
  const GIVE_UP_MS = 10000;
  const timers = new WeakMap();
  const saving = new WeakMap();

  const rowsOf = (form) => [...form.querySelectorAll("[data-draft-row]")];
  const rowOf = (field) => field.closest("[data-draft-row]");
  const dirtyRows = (form) => rowsOf(form).filter((row) => row.dataset.dirty && !row.querySelector("[data-overtaken]"));
  const typed = (row) => [...row.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((field) => field.name && !field.name.endsWith("reason") && field.type !== "file");
  const isBlank = (row) => typed(row).every((field) => (/^(radio|checkbox)$/.test(field.type) ? !field.checked : !field.value.trim()));

  function say(form, text) {
    const line = form.querySelector("#nhap-chung");
    if (line) line.textContent = text;
  }

  function count(form) {
    const line = form.querySelector("[data-begun]"), rows = rowsOf(form);
    if (line) line.textContent = `Đã điền ${rows.filter((row) => !isBlank(row)).length} trên ${rows.length} mục.`;
  }

  function touch(form, row) {
    row.dataset.dirty = String(Number(row.dataset.dirty ?? 0) + 1);
    count(form);
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(save, PAUSE_MS, form));
  }

  function bodyOf(form, rows) {
    const body = new URLSearchParams();
    for (const row of rows)
      for (const field of row.querySelectorAll("input, textarea, select")) {
        const off = /^(radio|checkbox)$/.test(field.type) && !field.checked;
        if (field.name && field.type !== "file" && !off) body.append(field.name, field.value);
      }
    return body;
  }

  // Lines of rows that were typed in again meanwhile stay marked: their next saving follows.
  function take(form, text, stamps) {
    const parsed = document.createElement("template");
    parsed.innerHTML = text;
    for (const line of [...parsed.content.querySelectorAll("[id^=nhap-]")]) {
      const old = document.getElementById(line.id);
      if (line.id === "nhap-chung") { say(form, line.textContent); continue; }
      const row = old && rowOf(old);
      if (!row) continue;
      old.replaceWith(line);
      if (!line.matches("[data-overtaken]") && row.dataset.dirty === stamps.get(row)) delete row.dataset.dirty;
    }
    form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
  }

  async function send(form, rows, keepalive) {
    const stamps = new Map(rows.map((row) => [row, row.dataset.dirty]));
    say(form, "Đang lưu nháp…");
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: bodyOf(form, rows), headers: { "HX-Request": "true" }, keepalive,
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      take(form, await answer.text(), stamps);
      if (answer.status === 207) say(form, "Có mục người khác vừa ghi: xem dòng ngay dưới mục ấy.");
    } catch {
      say(form, "Chưa lưu được nháp lên máy chủ. Chữ vẫn giữ trên máy này.");
    }
  }

  function save(form, keepalive = false) {
    clearTimeout(timers.get(form));
    const rows = dirtyRows(form);
    if (!rows.length || form.dataset.busy) return;
    if (saving.has(form)) { timers.set(form, setTimeout(save, PAUSE_MS, form)); return; }
    saving.set(form, send(form, rows, keepalive).finally(() => saving.delete(form)));
  }

  // "Nothing has changed": the last period's words into what is still blank, to be read and sent by a person.
  function carry(form, rows) {
    for (const row of rows) {
      const before = [...row.querySelectorAll("[data-before]")];
      if (!before.length || !isBlank(row)) continue;
      for (const part of before)
        for (const field of form.querySelectorAll(`[name="${part.dataset.before}"]`)) {
          if (field.type === "radio") field.checked = field.value === part.textContent.trim();
          else field.value = part.textContent;
          const fold = field.closest("details");
          if (fold) fold.open = true;
        }
      touch(form, row);
    }
    say(form, "Đã điền câu trả lời kỳ trước vào chỗ còn trống. Đọc lại rồi bấm Gửi phiếu.");
  }

  document.addEventListener("input", ({ target }) => {
    const row = target.form?.dataset.draft && rowOf(target);
    if (row && target.type !== "file" && !target.name.endsWith("reason")) touch(target.form, row);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('form[data-draft] button[value^="carry"]');
    if (!button) return;
    event.preventDefault();
    const all = button.value === "carry-all";
    const rows = rowsOf(button.form).filter((row) => (all ? row.querySelector("textarea[name$='.result']") : row === rowOf(button)));
    carry(button.form, rows);
  });
  // What is being saved arrives before what is sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.draft) return;
    clearTimeout(timers.get(form));
    const running = saving.get(form);
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    running.finally(() => setTimeout(() => form.requestSubmit(submitter)));
  }, true);
  // A phone that is put away may never come back to this page.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") document.querySelectorAll("form[data-draft]").forEach((form) => save(form, true));
  });
})();
