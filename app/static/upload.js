// Sends files in pieces over a weak network (tus 1.0, the API's /uploads); without it the forms send them as forms do.
//  [data-upload="address that begins one"] holds file inputs and a button: a file chosen is sent at once, and this script
//  puts a line for it there. A cut connection is waited for, and what had arrived is not sent again. What is on its way is
//  noted in this browser under the names app.js forgets at signing out, so that after a reload the same file, chosen
//  again, goes on from where it was. Once it is taken in, every [data-files] is drawn anew from the page itself.
(() => {
  "use strict";

  const TUS = { "Tus-Resumable": "1.0.0" };
  const NOTE = "tiendo.kept.tep|";
  const SMALLEST = 64 * 1024, LARGEST = 4 * 1024 * 1024;
  const QUICK_MS = 4000, PATIENCE_MS = 90000, LONGEST_PAUSE_MS = 30000;
  const MOST_BEGINNINGS = 3;

  const going = new Set();
  let last = Promise.resolve();
  let held = null;

  // What the server will not take, in its own words: trying again would change nothing.
  class Refused extends Error {
    constructor(said, { isPassing = false } = {}) { super(said); this.isPassing = isPassing; }
  }

  const attempt = (action) => { try { return action(); } catch { return null; } };
  const element = (name, more) => Object.assign(document.createElement(name), more);
  const amount = (bytes, of) => (of < 1024 * 1024 ? Math.ceil(bytes / 1024) : (bytes / 1024 / 1024).toLocaleString("vi-VN", { maximumFractionDigits: 1 }));
  const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const nameOf = (file) => file.name || "anh.jpg";

  const noteOf = (job) => `${NOTE}${job.begin}|${job.file.name}|${job.file.size}|${job.file.lastModified}`;
  const note = (job) => attempt(() => localStorage.setItem(noteOf(job), JSON.stringify({ at: Date.now(), address: job.address, name: job.file.name })));
  const forget = (job) => attempt(() => localStorage.removeItem(noteOf(job)));
  const noted = (job) => attempt(() => JSON.parse(localStorage.getItem(noteOf(job))));

  function lineOf(job) {
    const line = element("li", { className: "evidence__line" });
    job.words = element("p");
    job.bar = element("progress", { max: job.file.size, value: 0 });
    job.bar.setAttribute("aria-label", `Đã gửi ${nameOf(job.file)}`);
    job.state = element("p", { role: "status" });
    const stop = element("button", { type: "button", className: "govuk-button govuk-button--secondary button--small", textContent: "Dừng gửi" });
    stop.addEventListener("click", () => drop(job));
    const below = element("div", { className: "evidence__state" });
    below.append(job.state, stop);
    line.append(job.words, job.bar, below);
    return line;
  }

  function show(job, state) {
    const here = job.offset ?? job.bar.value;
    job.bar.value = here;
    const { size } = job.file;
    job.words.textContent = `${nameOf(job.file)}: đã gửi ${amount(here, size)} trên ${amount(size, size)} ${size < 1024 * 1024 ? "KB" : "MB"} (${size ? Math.floor((100 * here) / size) : 100} %)`;
    if (state !== undefined && job.state.textContent !== state) job.state.textContent = state;
  }

  function end(job, text, kind) {
    job.line.replaceChildren(element("p", { className: `evidence__${kind}`, textContent: text, role: kind === "refused" ? "alert" : "status" }));
  }

  async function ask(job, method, address, headers = {}, body = undefined) {
    job.asking = new AbortController();
    const patience = setTimeout(() => job.asking.abort(), PATIENCE_MS);
    const answer = await fetch(address, { method, body, headers: { ...TUS, ...headers }, signal: job.asking.signal }).finally(() => clearTimeout(patience));
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    const isGone = answer.status === 404 && address === job.address;
    if (isGone && job.beginnings < MOST_BEGINNINGS) { forget(job); job.address = null; }
    else if (answer.status < 500 && problem.code !== "upload_offset" && answer.status !== 429) throw new Refused(problem.detail, { isPassing: answer.status === 401 });
    throw new Error(String(answer.status));
  }

  async function begin(job) {
    job.beginnings += 1;
    const answer = await ask(job, "POST", job.begin, {
      "Upload-Length": String(job.file.size), "Upload-Metadata": `filename ${inBase64(nameOf(job.file))}`,
      "Idempotency-Key": `${job.key}-${job.beginnings}`,
    });
    job.address = answer.headers.get("Location");
    job.offset = null;
    note(job);
  }

  async function look(job) {
    job.offset = Number((await ask(job, "HEAD", job.address)).headers.get("Upload-Offset"));
  }

  async function sendPiece(job) {
    const piece = await job.file.slice(job.offset, job.offset + job.size).arrayBuffer()
      .catch(() => { throw new Refused("Không đọc được tệp trên máy này. Hãy chọn lại tệp."); });
    const began = Date.now();
    const answer = await ask(job, "PATCH", job.address, { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(job.offset) }, piece);
    job.offset = Number(answer.headers.get("Upload-Offset"));
    if (Date.now() - began < QUICK_MS) job.size = Math.min(LARGEST, job.size * 2);
  }

  // Until the network says it is back, or a while has passed.
  const pause = (times) => new Promise((go) => {
    const wait = setTimeout(go, Math.min(LONGEST_PAUSE_MS, 500 * 2 ** times));
    addEventListener("online", () => { clearTimeout(wait); go(); }, { once: true });
  });

  async function sendOn(job) {
    for (let failures = 0; !job.dropped && job.offset !== job.file.size;) {
      try {
        if (!job.address) await begin(job);
        else if (job.offset === null) await look(job);
        else await sendPiece(job);
        failures = 0;
        show(job, "Đang gửi…");
      } catch (error) {
        if (error instanceof Refused) throw error;
        if (job.dropped) return;
        if (job.offset !== null) show(job);
        job.offset = null;
        job.size = Math.max(SMALLEST, job.size / 4);
        show(job, "Chưa gửi tiếp được vì mạng yếu hoặc mất mạng. Giữ trang này mở, có mạng sẽ tự gửi tiếp.");
        await pause(failures += 1);
      }
    }
  }

  async function send(job) {
    try {
      show(job, "Đang gửi…");
      await sendOn(job);
      if (job.dropped) return;
      forget(job);
      await drawAnew();
      end(job, `Đã thêm “${nameOf(job.file)}”.`, "added");
    } catch (error) {
      if (!error.isPassing) forget(job);
      if (held) held.refused = true;
      end(job, `Chưa nhận “${nameOf(job.file)}”: ${error.message || "hãy tải lại trang rồi chọn lại tệp."}`, "refused");
    } finally {
      going.delete(job);
    }
    letGo();
  }

  // Nobody waits for the answer: what is not dropped now is swept away by the server in a day.
  function drop(job) {
    job.dropped = true;
    job.asking?.abort();
    if (job.address) fetch(job.address, { method: "DELETE", headers: TUS, keepalive: true }).catch(() => null);
    forget(job);
    going.delete(job);
    job.line.remove();
    letGo();
  }

  async function drawAnew() {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-files]")) {
      const fresh = page.getElementById(old.id);
      if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceWith(document.adoptNode(fresh));
    }
  }

  function take(place, file) {
    const job = {
      file, begin: place.dataset.upload, key: `${Date.now()}-${Math.random()}`,
      address: null, offset: null, size: SMALLEST, beginnings: 0, dropped: false,
    };
    job.address = noted(job)?.address ?? null;
    job.line = lineOf(job);
    place.querySelector(".evidence__lines").append(job.line);
    show(job, "Đang chờ gửi…");
    going.add(job);
    last = last.then(() => send(job));
  }

  // A form is sent once its files are: leaving the page would cut them off.
  function hold(event) {
    if (!going.size || event.target.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target: form, submitter } = event;
    held?.said.remove();
    const said = element("p", { role: "status", className: "muted", textContent: "Còn tệp đang gửi. Gửi xong tệp thì phiếu tự gửi; không muốn chờ thì bấm “Dừng gửi”." });
    (submitter ?? form.lastElementChild).before(said);
    held = { form, submitter, said };
  }

  function letGo() {
    if (!held || going.size) return;
    const { form, submitter, said, refused } = held;
    held = null;
    if (refused) { said.textContent = "Có tệp chưa gửi được, xem dòng báo lỗi ở mục ấy. Bấm lại để gửi không kèm tệp đó."; return; }
    said.remove();
    form.requestSubmit(submitter);
  }

  function enhance(place) {
    place.classList.add("evidence__add--live");
    place.append(element("ul", { className: "evidence__lines" }));
    const begun = attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(`${NOTE}${place.dataset.upload}|`))) ?? [];
    for (const key of begun) {
      const { name } = attempt(() => JSON.parse(localStorage.getItem(key))) ?? {};
      if (name) place.querySelector(".evidence__lines").append(element("li", { textContent: `“${name}” mới gửi được một phần. Chọn lại đúng tệp ấy để gửi tiếp phần còn lại.`, className: "evidence__line" }));
    }
    place.addEventListener("change", ({ target }) => {
      if (target.type !== "file") return;
      place.querySelectorAll(".evidence__lines > li:not(:has(progress))").forEach((old) => old.remove());
      [...target.files].forEach((file) => take(place, file));
      target.value = "";
    });
  }

  document.querySelectorAll("[data-upload]").forEach(enhance);
  addEventListener("submit", hold, true);
  addEventListener("beforeunload", (event) => { if (going.size) event.preventDefault(); });
})();
