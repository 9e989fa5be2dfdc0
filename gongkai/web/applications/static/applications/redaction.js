/* 遮盖脚本: boxes drawn on the page by mouse, finger or keyboard; each is a row of numbers beside it,
   and the rows are what is sent. Without it the numbers are typed. */
(() => {
  const form = document.querySelector(".marking");
  if (!form) return;
  const sheet = form.querySelector(".sheet"), layer = sheet.querySelector("g"), rows = form.querySelector("[data-rows]");
  const total = form.querySelector("[name$='TOTAL_FORMS']"), blank = form.querySelector("template[data-row]");
  const WIDE = Number(sheet.dataset.width), HIGH = Number(sheet.dataset.height), LEAST = Math.max(WIDE, HIGH) / 300;
  const EDGES = ["left", "top", "right", "bottom"];
  const field = (row, name) => row.querySelector("[name$='-" + name + "']");
  const round = (n) => String(Math.round(n * 100) / 100);
  const rects = new Map(); // by row
  let chosen = null, drawn = null;

  layer.textContent = "";
  sheet.classList.add("ready");
  form.querySelectorAll("[data-add], [data-draw], [data-solid], [data-keys-help]").forEach((e) => { e.hidden = false; });
  form.querySelector("[data-without-script]").hidden = true;

  function edges(row) {
    const found = EDGES.map((name) => field(row, name).value.trim());
    return found.every((v) => v !== "" && isFinite(v)) ? found.map(Number) : null;
  }
  function paint(row) {
    const box = edges(row), gone = field(row, "DELETE").checked;
    let rect = rects.get(row);
    row.classList.toggle("dropped", gone);
    if (!box || gone) { if (rect) rect.remove(); rects.delete(row); return; }
    if (!rect) {
      rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("tabindex", "0");
      rect.setAttribute("role", "button");
      rect.setAttribute("aria-label", row.querySelector("legend").textContent);
      rect.addEventListener("focus", () => choose(row));
      layer.appendChild(rect);
      rects.set(row, rect);
    }
    const [left, top, right, bottom] = box;
    rect.setAttribute("x", left);
    rect.setAttribute("y", top);
    rect.setAttribute("width", Math.max(0, right - left));
    rect.setAttribute("height", Math.max(0, bottom - top));
    rect.classList.toggle("chosen", row === chosen);
  }
  function put(row, box) {
    const held = [Math.max(0, Math.min(box[0], box[2])), Math.max(0, Math.min(box[1], box[3])),
      Math.min(WIDE, Math.max(box[0], box[2])), Math.min(HIGH, Math.max(box[1], box[3]))];
    EDGES.forEach((name, i) => { field(row, name).value = round(held[i]); });
    paint(row);
  }
  function choose(row) {
    if (chosen === row) return;
    const before = chosen;
    chosen = row;
    [before, row].filter(Boolean).forEach((one) => {
      one.classList.toggle("chosen", one === chosen);
      if (rects.has(one)) rects.get(one).classList.toggle("chosen", one === chosen);
    });
  }
  function fresh() {
    const free = Array.from(rows.children).find((row) => EDGES.every((name) => field(row, name).value === "") && !field(row, "DELETE").checked);
    if (free) return free;
    const number = Number(total.value), row = blank.content.firstElementChild.cloneNode(true);
    [row].concat(Array.from(row.querySelectorAll("*"))).forEach((part) => {
      Array.from(part.attributes).forEach((held) => { held.value = held.value.replace(/__prefix__/g, String(number)); });
    });
    row.querySelector("legend").textContent = sheet.dataset.box + " " + (number + 1);
    const like = chosen || rows.lastElementChild;
    if (like) field(row, "ground").value = field(like, "ground").value;
    total.value = String(number + 1);
    rows.appendChild(row);
    watch(row);
    return row;
  }
  function watch(row) {
    row.addEventListener("input", () => paint(row));
    row.addEventListener("change", () => paint(row));
    row.addEventListener("focusin", () => choose(row));
  }
  function drop(row) {
    field(row, "DELETE").checked = true;
    if (chosen === row) chosen = null;
    row.classList.remove("chosen");
    paint(row);
  }
  function at(e) {
    const box = sheet.getBoundingClientRect();
    return [(e.clientX - box.left) / box.width * WIDE, (e.clientY - box.top) / box.height * HIGH];
  }
  function rowAt(target) {
    for (const [row, rect] of rects) if (rect === target) return row;
    return null;
  }

  sheet.addEventListener("pointerdown", (e) => {
    if (e.button || (e.pointerType === "touch" && !sheet.classList.contains("drawing"))) return;
    const on = rowAt(e.target), from = at(e);
    e.preventDefault();
    try { sheet.setPointerCapture(e.pointerId); } catch (gone) { /* the pointer is up again */ }
    if (on) { rects.get(on).focus(); drawn = { row: on, from, box: edges(on), moves: true }; return; }
    drawn = { row: null, from };
  });
  sheet.addEventListener("pointermove", (e) => {
    if (!drawn) return;
    const now = at(e), by = [now[0] - drawn.from[0], now[1] - drawn.from[1]];
    if (drawn.moves) {
      const [l, t, r, b] = drawn.box;
      const dx = Math.max(-l, Math.min(WIDE - r, by[0])), dy = Math.max(-t, Math.min(HIGH - b, by[1]));
      put(drawn.row, [l + dx, t + dy, r + dx, b + dy]);
      return;
    }
    if (!drawn.row && Math.abs(by[0]) > LEAST && Math.abs(by[1]) > LEAST) { drawn.row = fresh(); }
    if (drawn.row) { put(drawn.row, [...drawn.from, ...now]); choose(drawn.row); }
  });
  const up = () => {
    if (drawn && drawn.row && rects.has(drawn.row)) rects.get(drawn.row).focus();
    drawn = null;
  };
  sheet.addEventListener("pointerup", up);
  sheet.addEventListener("pointercancel", up);

  layer.addEventListener("keydown", (e) => {
    const row = rowAt(e.target), box = row && edges(row);
    if (!box || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Delete" || e.key === "Backspace") {
      e.preventDefault();
      drop(row);
      const next = rects.values().next().value;
      if (next) next.focus(); else form.querySelector("[data-add]").focus();
      return;
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (!step) return;
    e.preventDefault();
    const by = Math.max(1, LEAST), dx = step[0] * by, dy = step[1] * by;
    const [l, t, r, b] = box;
    if (e.shiftKey) put(row, [l, t, Math.max(l + by, r + dx), Math.max(t + by, b + dy)]);
    else if (l + dx >= 0 && t + dy >= 0 && r + dx <= WIDE && b + dy <= HIGH) put(row, [l + dx, t + dy, r + dx, b + dy]);
  });

  form.querySelector("[data-add]").addEventListener("click", () => {
    const row = fresh();
    put(row, [WIDE * .4, HIGH * .4, WIDE * .6, HIGH * .43]);
    rects.get(row).focus();
  });
  const toggle = (button, name) => button.addEventListener("click", () => {
    const on = sheet.classList.toggle(name);
    button.setAttribute("aria-pressed", String(on));
  });
  toggle(form.querySelector("[data-draw]"), "drawing");
  toggle(form.querySelector("[data-solid]"), "solid");

  Array.from(rows.children).forEach((row) => { watch(row); paint(row); });
})();
