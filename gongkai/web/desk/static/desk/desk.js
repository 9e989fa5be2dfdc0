/* 报告台脚本: a cell and its place in the original light up together; the work list goes by keys; files
   are sent one by one. Everything also works by links and forms without it. */
(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const one = (selector, root) => (root || document).querySelector(selector);

  // -- a cell and its place

  const bench = () => one("#bench");
  function unlit() { all(".lit, .chosen", bench()).forEach((e) => e.classList.remove("lit", "chosen")); }

  function show(ids, scroll) {
    ids.map((id) => document.getElementById(id)).filter(Boolean).forEach((e, i) => {
      e.classList.add("lit");
      if (!i && scroll) bring(e);
    });
  }
  function bring(e) {
    const pane = e.closest(".scroll");
    if (!pane) return;
    const box = e.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    const panel = pane.closest("#read") && one(".cell-panel", pane);
    const top = frame.top + (panel ? panel.offsetHeight : 0);
    if (pane.scrollHeight > pane.clientHeight + 1) {
      if (box.top >= top + 8 && box.bottom <= frame.bottom - 8) return;
      pane.scrollBy({ top: box.top - top - (frame.bottom - top) / 3, behavior: calm() });
      if (box.left < frame.left || box.right > frame.right) e.scrollIntoView({ block: "nearest", inline: "center" });
    } else e.scrollIntoView({ block: "center", behavior: calm() });
  }
  const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

  function cellOf(address) { return document.getElementById("c-" + address); }

  function choose(address, from) {
    const cell = cellOf(address);
    unlit();
    if (cell) {
      cell.classList.add("chosen");
      show((cell.dataset.at || "").split(" ").filter(Boolean), from !== "original");
      if (from === "original") { side("second"); bring(cell); }
    }
    const url = new URL(location.href);
    url.searchParams.set("cell", address);
    url.hash = "";
    history.replaceState(null, "", url);
    const read = one("#read");
    if (!read.dataset.cell || !window.htmx) return;
    window.htmx.ajax("GET", read.dataset.cell + "?cell=" + encodeURIComponent(address), { target: "#cell", swap: "outerHTML" })
      .then(() => { const still = cellOf(address); if (still) bring(still); });
  }

  document.addEventListener("click", (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    const at = e.target.closest && e.target.closest("#bench [data-cell], #bench [data-show]");
    if (!at || e.target.closest("form, summary")) return;
    if (at.id === "read") return;
    e.preventDefault();
    const from = at.closest("#original") ? "original" : "read";
    if (at.dataset.cell && cellOf(at.dataset.cell)) { choose(at.dataset.cell, from); return; }
    unlit();
    const ids = (at.dataset.show || "").split(" ").filter(Boolean);
    const named = document.getElementById("n-" + at.dataset.cell);
    if (named) { named.classList.add("lit"); side("second"); bring(named); }
    const cells = ids.filter((id) => id.startsWith("c-")).map((id) => document.getElementById(id)).filter(Boolean);
    const places = cells.map((c) => c.dataset.at || "").concat(ids.filter((id) => !id.startsWith("c-"))).filter(Boolean);
    cells.forEach((c) => c.classList.add("lit"));
    if (cells.length && !at.closest("table")) at.closest("li") && at.closest("li").classList.add("lit");
    show(places.join(" ").split(" ").filter(Boolean), true);
  });

  // -- the telephone's switch between original and reading

  function side(name) {
    const b = bench();
    if (!b) return;
    b.classList.remove("first", "second");
    b.classList.add(name);
    all(".switch a").forEach((a) => {
      if (a.dataset.side === name) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    });
    const lit = one(name === "first" ? "#original .lit" : "#read .chosen", b);
    if (lit && one(".switch").offsetParent) bring(lit);
  }
  document.addEventListener("click", (e) => {
    const to = e.target.closest && e.target.closest(".switch a[data-side]");
    if (!to) return;
    e.preventDefault();
    side(to.dataset.side);
  });

  // -- keys of the work list: j k, Enter confirms, e corrects, u takes back

  const keysOn = () => { try { return localStorage.getItem("gongkai.keys") !== "off"; } catch (x) { return true; } };
  const items = () => all(".work > li[data-item]");
  const now = () => items().find((li) => li.contains(document.activeElement)) || one(".work > li.here");

  function go(li) {
    if (!li) return;
    all(".work > li.here").forEach((o) => o.classList.remove("here"));
    li.classList.add("here");
    li.focus({ preventScroll: true });
    bring(li);
    unlit();
    const cell = cellOf(li.dataset.item);
    if (cell) { cell.classList.add("chosen"); show((cell.dataset.at || "").split(" ").filter(Boolean), true); }
  }
  document.addEventListener("keydown", (e) => {
    if (!bench() || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || !keysOn()) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) {
      if (e.key === "Escape" && e.target.closest(".work > li")) e.target.closest("li").focus();
      return;
    }
    if (one("dialog[open]")) return;
    const list = items(), li = now(), at = list.indexOf(li);
    if (e.key === "j" || e.key === "k") {
      const next = list[li ? at + (e.key === "j" ? 1 : -1) : 0];
      if (next) { e.preventDefault(); e.stopPropagation(); go(next); }
    } else if (e.key === "Enter" && li && e.target === li) {
      const confirm = one("button[name=act][value=confirm]", li);
      if (confirm) { e.preventDefault(); confirm.click(); }
    } else if (e.key === "e") {
      const typed = one(".cell-panel input[name=typed]");
      const field = (li && one("input[name=typed]", li)) || typed;
      if (field) { e.preventDefault(); field.focus(); field.select(); }
    } else if (e.key === "u") {
      const undo = one("button[data-undo]");
      if (undo) { e.preventDefault(); undo.click(); }
    } else if (e.key === "s" && li) {
      e.preventDefault();
      go(list[at + 1] || list[0]);
    }
  }, true);

  let place = -1;
  document.addEventListener("htmx:beforeRequest", (e) => {
    const li = e.detail.elt.closest && e.detail.elt.closest(".work > li");
    place = li ? items().indexOf(li) : -1;
  });
  document.addEventListener("htmx:afterSettle", () => {
    all("#original [data-cell]").forEach((box) => {
      const cell = cellOf(box.dataset.cell);
      if (!cell) return;
      const mark = one("rect", box) || box;
      mark.classList.toggle("doubt", cell.classList.contains("doubt"));
    });
    if (place >= 0) {
      const list = items();
      if (list.length) go(list[Math.min(place, list.length - 1)]);
      else { const done = one("#work"); if (done) done.focus(); }
      place = -1;
    }
  });

  // -- files sent one by one, at most two at once

  const AT_ONCE = 2;
  const form = one("form[data-hand-in]");
  if (!form) { start(); return; }
  const said = form.dataset;
  const line = [];
  let running = 0, batch = null, opening = null, left = false;

  function row(file) {
    const li = document.createElement("li");
    const name = document.createElement("span"), bar = document.createElement("progress"), how = document.createElement("span");
    name.className = "name";
    bar.max = 100;
    bar.value = 0;
    how.className = "how";
    [name, bar, how].forEach((part) => li.appendChild(part));
    one(".name", li).textContent = file.webkitRelativePath || file.name;
    one(".name", li).title = one(".name", li).textContent;
    one("progress", li).setAttribute("aria-label", file.name);
    one(".how", li).textContent = said.waiting;
    one(".sent").append(li);
    return li;
  }
  function add(files) {
    const list = Array.from(files).filter((f) => f.size || f.name);
    if (!list.length) return;
    one(".sending").hidden = false;
    list.forEach((file) => {
      const job = { file, li: row(file), state: "waiting", part: 0, key: token() };
      line.push(job);
      if (file.size > Number(said.most)) fail(job, said.large, false);
    });
    next();
  }
  function token() {
    const bytes = new Uint8Array(32);
    crypto.getRandomValues(bytes);
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function opened() {
    if (batch) return Promise.resolve(batch);
    if (opening) return opening;
    const data = new FormData();
    data.append("csrfmiddlewaretoken", one("input[name=csrfmiddlewaretoken]", form).value);
    data.append("_once", token());
    opening = fetch(said.open, { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => { if (!answer.ok || answer.redirected) throw new Error("refused"); return answer.json(); })
      .then((told) => { batch = told; return told; });
    opening.catch(() => { opening = null; });
    return opening;
  }
  function next() {
    total();
    while (running < AT_ONCE) {
      const job = line.find((j) => j.state === "waiting");
      if (!job) break;
      running += 1;
      job.state = "sending";
      one(".how", job.li).textContent = said.sending;
      opened().then((to) => send(job, to.add), () => { fail(job, said.offline, true); running -= 1; next(); });
    }
    const open = line.some((j) => j.state === "waiting" || j.state === "sending");
    const failed = line.filter((j) => j.state === "failed");
    if (!open && batch && line.some((j) => j.state === "sent") && !failed.length && !left) {
      left = true;
      location.href = batch.page;
    } else if (!open && batch) {
      const on = one("[data-onward]");
      on.href = batch.page;
      on.hidden = false;
    }
  }
  function send(job, to) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", one("input[name=csrfmiddlewaretoken]", form).value);
    data.append("_once", job.key);
    data.append("files", job.file, job.file.name);
    const request = new XMLHttpRequest();
    request.upload.onprogress = (e) => {
      if (!e.lengthComputable) return;
      job.part = e.loaded / e.total;
      one("progress", job.li).value = Math.round(job.part * 100);
      total();
    };
    const ended = () => { running -= 1; next(); };
    request.onerror = () => { fail(job, said.offline, true); ended(); };
    request.ontimeout = request.onerror;
    request.onload = () => {
      let told = null;
      try { told = JSON.parse(request.responseText); } catch (x) { /* a page: signed out, or a fault */ }
      if (request.status === 200 && told && told.ok) {
        job.state = "sent";
        job.part = 1;
        one("progress", job.li).value = 100;
        one(".how", job.li).className = "how ok";
        one(".how", job.li).textContent = said.sent;
      } else if (told) fail(job, told.why, false, told);
      else fail(job, request.status === 413 ? said.large : said.failed, request.status !== 413);
      ended();
    };
    request.open("POST", to);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  }
  function fail(job, why, again, told) {
    const before = told && told.before;
    job.state = again ? "failed" : "refused";
    job.part = 0;
    const how = one(".how", job.li);
    how.className = before ? "how" : "how bad";
    how.textContent = before ? said.before : said.not;
    let words = one(".why", job.li);
    if (!words) { words = document.createElement("span"); job.li.append(words); }
    words.className = before ? "why calm" : "why";
    words.textContent = why + " ";
    if (before && told.href) {
      const link = document.createElement("a");
      link.href = told.href;
      link.textContent = told.label;
      words.append(link);
    }
    if (again) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = said.again;
      button.onclick = () => retry([job]);
      words.append(button);
    }
    total();
  }
  function retry(jobs) {
    jobs.forEach((job) => {
      const told = one(".why", job.li);
      if (told) told.remove();
      one(".how", job.li).className = "how";
      one(".how", job.li).textContent = said.waiting;
      job.state = "waiting";
    });
    next();
  }
  function total() {
    const bar = one(".sending .total progress");
    const done = line.filter((j) => j.state === "sent").length;
    bar.max = line.length || 1;
    bar.value = line.reduce((sum, j) => sum + (j.state === "refused" ? 1 : j.part), 0);
    one("[data-sum]").textContent = said.total.replace("{done}", done).replace("{all}", line.length);
    const failed = line.filter((j) => j.state === "failed");
    one("[data-retry]").hidden = failed.length < 2;
  }
  window.addEventListener("beforeunload", (e) => {
    if (!line.some((j) => j.state === "sending" || j.state === "waiting")) return;
    e.preventDefault();
    e.returnValue = said.leave;
  });

  // a folder dropped: all files in it, in their order
  function files(entry) {
    if (entry.isFile) return new Promise((yes) => entry.file((f) => yes([f]), () => yes([])));
    const reader = entry.createReader();
    const found = [];
    const more = () => new Promise((yes) => reader.readEntries((some) => {
      if (!some.length) { yes(found); return; }
      found.push(...some);
      more().then(yes);
    }, () => yes(found)));
    return more().then((entries) => Promise.all(entries.map(files))).then((lists) => [].concat(...lists));
  }
  const hidden = (file) => /^(\.|~\$)|^(thumbs\.db|desktop\.ini)$/i.test(file.name);
  const drop = one(".drop", form);
  ["dragenter", "dragover"].forEach((kind) => form.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.add("over"); }));
  ["dragleave", "drop"].forEach((kind) => form.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.remove("over"); }));
  ["dragover", "drop"].forEach((kind) => window.addEventListener(kind, (e) => e.preventDefault()));
  form.addEventListener("drop", (e) => {
    const entries = Array.from(e.dataTransfer.items || []).map((i) => i.webkitGetAsEntry && i.webkitGetAsEntry()).filter(Boolean);
    if (!entries.length) { add(e.dataTransfer.files); return; }
    Promise.all(entries.map(files)).then((lists) => add([].concat(...lists).filter((f) => !hidden(f))));
  });
  form.addEventListener("change", (e) => {
    if (e.target.type !== "file") return;
    add(Array.from(e.target.files).filter((f) => !hidden(f)));
    e.target.value = "";
  });
  all("[data-folder], [data-drop-words]", form).forEach((e) => { e.hidden = false; });
  all("[data-plain]", form).forEach((e) => { e.hidden = true; });
  all("[data-pick]").forEach((b) => { b.onclick = () => one(b.dataset.pick).click(); });
  one("[data-retry]").onclick = () => retry(line.filter((j) => j.state === "failed"));

  function start() {
    if (!bench()) return;
    side(one(".bench[data-start=second]") ? "second" : "first");
    const lit = all("#original .lit")[0], chosen = one("#read .chosen") || one("#read .lit");
    if (lit) bring(lit);
    if (chosen) bring(chosen);
  }
})();
