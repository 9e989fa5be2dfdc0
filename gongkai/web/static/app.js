/* 页面脚本: only improves what works without it. Listens on the document, so that parts swapped in by
   htmx need no setup beyond `ready`. Baseline Chromium 86; nothing is evaluated, nothing leaves the host. */
const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
const one = (selector, root) => (root || document).querySelector(selector);
const on = (kind, act) => document.addEventListener(kind, act);
const words = () => one("#words").dataset;
const store = {
  get(key) { try { return localStorage.getItem(key); } catch (e) { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* private mode */ } },
};
document.documentElement.classList.add("js");

// -- toasts

function button(name, text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = text;
  made.onclick = act;
  return made;
}

function dress(toast) {
  if (one(".toast-close", toast)) return;
  const close = button("toast-close", "×", () => toast.remove());
  close.setAttribute("aria-label", words().close);
  toast.append(close);
  if (!toast.classList.contains("success") || one("form", toast)) return;
  const leave = () => (toast.matches(":hover") || toast.contains(document.activeElement)
    ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, 8000);
}

function toast(tone, text, label, act) {
  const made = document.createElement("div");
  made.className = "toast " + tone;
  const p = document.createElement("p");
  p.textContent = text;
  made.append(p);
  if (label) made.append(button("link", label, () => { made.remove(); act(); }));
  one("#toasts").append(made);
  dress(made);
  return made;
}

// -- menus and the dialog of keys

function closeMenus(but) {
  all("details.menu[open]").forEach((m) => { if (m !== but) m.open = false; });
}
on("click", (e) => {
  closeMenus(e.target.closest("details.menu"));
  if (e.target.closest("[data-keys]")) openKeys();
  if (e.target.closest("[data-print]")) window.print();
});

function openKeys() {
  const box = one("#keys");
  if (!box || box.open || !box.showModal) return;
  one("[data-keys-on]", box).checked = keysOn();
  box.showModal();
}
const keysOn = () => store.get("gongkai.keys") !== "off";

// -- keyboard: single keys can be switched off in the dialog

let prefix = 0;
on("keydown", (e) => {
  const at = e.target;
  if (at.hasAttribute("data-picker") && choose(e, at)) return;
  if (at.closest(".grid") && grid(e, at)) return;
  const open = one("details.menu[open]");
  if (e.key === "Escape" && open) { open.open = false; one("summary", open).focus(); }
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox") return;
  if (one("dialog[open]") || !keysOn()) return;
  if (prefix && Date.now() - prefix < 1500) {
    const link = all("[data-go]").find((a) => a.dataset.go === e.key);
    prefix = 0;
    if (link) { e.preventDefault(); link.click(); }
    return;
  }
  const search = one("[data-search]");
  if (e.key === "g") prefix = Date.now();
  else if (e.key === "?") { e.preventDefault(); openKeys(); }
  else if (e.key === "/" && search) { e.preventDefault(); search.focus(); search.select(); }
  else if (e.key === "j" || e.key === "k") step(e.key === "j" ? 1 : -1);
  else if (e.key === "x") {
    const box = one("input[name=key]", at.closest("tr") || undefined);
    if (at.closest("tr") && box && at !== box) { box.checked = !box.checked; count(box.form); }
  }
});

function step(by) {
  const rows = all(".table tbody tr").filter((r) => one("a, input", r));
  const here = rows.indexOf(document.activeElement.closest("tr"));
  const row = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  if (row) (one("a", row) || one("input", row)).focus();
}

// -- ticking rows

function count(form) {
  const boxes = all("input[name=key]", form);
  const ticked = boxes.filter((b) => b.checked).length;
  const head = one("[data-all]", form);
  const bar = one("[data-bulk]", form);
  boxes.forEach((b) => b.closest("tr").classList.toggle("ticked", b.checked));
  if (head) { head.checked = ticked > 0 && ticked === boxes.length; head.indeterminate = ticked > 0 && ticked < boxes.length; }
  if (!bar) return;
  const every = one("[data-all-matching]", bar).checked;
  bar.classList.toggle("idle", !ticked && !every);
  one("[data-count]", bar).textContent = words().ticked.replace("0", ticked);
  all("button", bar).forEach((b) => { b.disabled = !ticked && !every; });
}
on("change", (e) => {
  const at = e.target;
  if (at.hasAttribute("data-all")) all("input[name=key]", at.form).forEach((b) => { b.checked = at.checked; });
  if (at.matches("[data-all], [data-all-matching], input[name=key]")) count(at.form);
  if (at.hasAttribute("data-submit")) at.form.requestSubmit();
  if (at.hasAttribute("data-keys-on")) store.set("gongkai.keys", at.checked ? "on" : "off");
  if (at.type === "file") weigh(at);
});

// -- forms: sent once, not left by accident

let leaving = false;
on("input", (e) => {
  const form = e.target.form;
  if (form && form.hasAttribute("data-guard")) form.dataset.dirty = "1";
});
window.addEventListener("beforeunload", (e) => {
  if (leaving || !one("form[data-dirty]")) return;
  e.preventDefault();
  e.returnValue = words().leave;
});
on("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || !form.hasAttribute("data-once")) return;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = "1";
  leaving = true;
  const pressed = e.submitter || one("button", form);
  setTimeout(() => { // after the browser has taken down which button it was
    pressed.dataset.said = pressed.textContent;
    pressed.textContent = words().busy;
    all("button", form).forEach((b) => b.setAttribute("aria-disabled", "true"));
  });
  if (form.hasAttribute("data-upload") && all("input[type=file]", form).some((f) => f.files.length)) {
    e.preventDefault();
    upload(form, pressed);
  }
});
function again(form) {
  delete form.dataset.sent;
  leaving = false;
  all("button", form).forEach((b) => {
    b.removeAttribute("aria-disabled");
    if (b.dataset.said) b.textContent = b.dataset.said;
  });
}
window.addEventListener("pageshow", (e) => { if (e.persisted) all("form[data-sent]").forEach(again); });

// -- uploading: the same POST with its progress shown; the answer takes the page's place

function weigh(input) {
  const most = Number(input.form && input.form.dataset.upload);
  if (!most || !Array.from(input.files).some((f) => f.size > most)) return;
  input.value = "";
  toast("error", words().large);
}
function upload(form, pressed) {
  const shown = one(".upload-progress", form);
  const bar = shown && one("progress", shown);
  const said = shown && one("span", shown);
  const data = new FormData(form);
  if (pressed.name) data.append(pressed.name, pressed.value);
  const request = new XMLHttpRequest();
  if (shown) {
    shown.hidden = false;
    request.upload.onprogress = (e) => {
      if (!e.lengthComputable) return;
      const part = Math.round((e.loaded / e.total) * 100);
      bar.value = part;
      said.textContent = part < 100 ? words().upload + " " + part + "%" : words().checking;
    };
  }
  request.onerror = () => {
    again(form);
    if (shown) shown.hidden = true;
    toast("error", words().offline);
  };
  request.onload = () => {
    if (!/html/.test(request.getResponseHeader("Content-Type") || "")) { request.onerror(); return; }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.title = page.title;
    document.body.replaceWith(page.body);
    history.replaceState(null, "", request.responseURL);
    leaving = false;
    window.scrollTo(0, 0);
    if (window.htmx) window.htmx.process(document.body);
    ready(document.body);
  };
  request.open("POST", form.getAttribute("action") || location.href);
  request.send(data);
}

// -- grid: a table of inputs with arrow keys, Enter, and paste from a spreadsheet

const cells = (row) => all("input, select", row);
function grid(e, at) {
  const row = at.closest("tr");
  const here = cells(row).indexOf(at);
  const go = (to) => {
    if (to) { e.preventDefault(); to.focus(); if (to.select) to.select(); }
    return Boolean(to);
  };
  const other = (by) => {
    const rows = all("tr", row.parentNode).filter((r) => cells(r).length);
    const next = rows[rows.indexOf(row) + by];
    return next && cells(next)[here];
  };
  if (e.key === "Enter") { e.preventDefault(); go(other(e.shiftKey ? -1 : 1)); return true; }
  if (at.tagName === "SELECT") return false;
  if (e.key === "ArrowDown") return go(other(1));
  if (e.key === "ArrowUp") return go(other(-1));
  // sideways only from the text's edge, or where all of it is selected
  const end = at.value.length;
  const whole = at.selectionStart === 0 && at.selectionEnd === end;
  if (e.key === "ArrowLeft" && (whole || at.selectionEnd === 0)) return go(cells(row)[here - 1]);
  if (e.key === "ArrowRight" && (whole || at.selectionStart === end)) return go(cells(row)[here + 1]);
  return false;
}
on("paste", (e) => {
  const at = e.target.closest && e.target.closest(".grid input");
  const text = at && e.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!at || !/[\t\n]/.test(text)) return;
  e.preventDefault();
  const rows = all("tr", at.closest("tbody")).filter((r) => cells(r).length);
  const top = rows.indexOf(at.closest("tr"));
  const left = cells(at.closest("tr")).indexOf(at);
  text.split("\n").forEach((line, i) => line.split("\t").forEach((value, j) => {
    const cell = rows[top + i] && cells(rows[top + i])[left + j];
    if (!cell || cell.readOnly || cell.disabled || cell.tagName !== "INPUT") return;
    cell.value = value.trim();
    cell.classList.add("pasted");
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }));
});

// -- picker: matches offered while one types (shell.widgets.Picker); htmx fetches them

function picks(input) {
  const list = document.createElement("ul");
  list.className = "picks";
  list.id = input.id + "_picks";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0] ? input.labels[0].textContent : "");
  input.after(list);
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.keys(told).forEach((k) => input.setAttribute(k, told[k]));
  list.onmousedown = (e) => { // before the field loses the focus
    e.preventDefault();
    const option = e.target.closest("[role=option]");
    if (option) take(input, option);
  };
  input.onblur = () => shut(input);
}
const listOf = (input) => one("#" + CSS.escape(input.id + "_picks"));
function shut(input) {
  listOf(input).hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}
function take(input, option) {
  input.value = option.dataset.value;
  shut(input);
}
function choose(e, input) {
  const list = listOf(input);
  const options = list && !list.hidden ? all("[role=option]", list) : [];
  if (!options.length) return false;
  const here = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
  if (e.key === "Escape") { shut(input); return true; }
  if (e.key === "Enter" && here >= 0) { e.preventDefault(); take(input, options[here]); return true; }
  if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return false;
  e.preventDefault();
  if (here >= 0) options[here].setAttribute("aria-selected", "false");
  const to = e.key === "ArrowDown" ? here + 1 : (here < 0 ? 0 : here) - 1;
  const next = options[(to + options.length) % options.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", next.id);
  return true;
}

// -- htmx: a picker asks by its text; what cannot be swapped in is opened or said

on("htmx:configRequest", (e) => {
  const asked = e.detail.parameters;
  if (e.detail.elt.hasAttribute("data-picker")) asked.q = e.detail.elt.value;
  if (e.detail.elt.matches(".filters")) { // short addresses
    Object.keys(asked).forEach((k) => { if (k !== "q" && asked[k] === "") delete asked[k]; });
  }
});
on("htmx:beforeSwap", (e) => {
  const answer = e.detail.xhr;
  if (answer.status >= 400 && answer.getResponseHeader("HX-Retarget")) e.detail.shouldSwap = true;
  else if (e.detail.target && e.detail.target.id === "list" && !/id="list"/.test(answer.responseText)) {
    e.detail.shouldSwap = false; // signed out meanwhile, or another page altogether
    location.href = answer.responseURL || location.href;
  }
});
on("htmx:afterSwap", (e) => {
  const list = e.detail.target;
  if (!list.classList || !list.classList.contains("picks")) return;
  const input = list.previousElementSibling;
  all("[role=option]", list).forEach((o, i) => { o.id = list.id + i; });
  list.hidden = !list.children.length || document.activeElement !== input;
  input.setAttribute("aria-expanded", String(!list.hidden));
});
on("htmx:sendError", () => toast("error", words().offline));
on("htmx:responseError", (e) => {
  if (!e.detail.xhr.getResponseHeader("HX-Retarget")) toast("error", words().failed);
});
on("htmx:load", (e) => ready(e.detail.elt));
on("htmx:afterRequest", () => seen());

// -- the session's end, told two minutes before; another window's use counts too

const seen = () => { if (document.body.dataset.idle) store.set("gongkai.seen", String(Date.now())); };
let warned = null;
function watch() {
  const idle = Number(document.body.dataset.idle);
  if (!idle) return;
  const left = idle - (Date.now() - Number(store.get("gongkai.seen") || Date.now())) / 1000;
  if (left > 120) {
    if (warned) { warned.remove(); warned = null; }
  } else if (left > 0 && !warned) {
    warned = toast("warning", words().idle, words().stay, stay);
  } else if (left <= 0 && !(warned && warned.dataset.ended)) {
    if (warned) warned.remove();
    over();
  }
}
function over() {
  warned = toast("warning", words().ended);
  warned.dataset.ended = "1";
}
function stay() {
  fetch(one(".brand").href, { method: "HEAD", redirect: "manual", credentials: "same-origin" }).then((answer) => {
    warned = null;
    answer.text(); // read to its end, though it is empty
    if (answer.ok) { seen(); toast("success", words().stayed); } else over();
  }, () => toast("error", words().offline));
}

// -- what each piece of a page needs when it appears

function ready(root) {
  all(".toast", root).forEach(dress);
  all("[data-picker]", root).forEach((input) => { if (!listOf(input)) picks(input); });
  all("[data-all], [data-print], .keys-hint", root).forEach((e) => { e.hidden = false; });
  all("form.rows", root).forEach(count);
  all("table.stacked", root).forEach((table) => {
    const heads = all("thead th", table).map((th) => th.textContent.trim());
    all("tbody tr", table).forEach((tr) => Array.from(tr.cells).forEach((td, i) => {
      if (heads[i]) td.dataset.label = heads[i];
    }));
  });
  const wrong = one("[data-focus]", root);
  if (wrong) wrong.focus();
}
ready(document);
seen();
setInterval(watch, 10000);
