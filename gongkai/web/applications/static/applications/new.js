/* 登记申请: reveals one block more without asking the service, hides what a channel does not need,
   asks for the days and hints a moment after something was typed. The page works without it. */
(function () {
  "use strict";
  var form = document.getElementById("intake");
  var told = document.getElementById("told");
  if (!form) return;
  var channel = form.elements.channel;

  function blocks(kind) {
    return Array.from(form.querySelectorAll('[data-block="' + kind + '"]'));
  }
  function fit(kind) {
    var all = blocks(kind);
    var shown = all.filter(function (b) { return !b.hidden; }).length;
    form.elements[kind + "s"].value = shown;
    form.querySelector('[data-more="' + kind + '"]').hidden = shown === all.length;
    if (kind === "asker") whose(shown);
  }
  function whose(shown) {
    var field = form.elements.helped_asker;
    Array.from(field.options).forEach(function (o) {
      o.hidden = o.disabled = Number(o.value) > shown;
    });
    field.closest(".field").hidden = shown < 2;
  }
  function more(kind) {
    var next = blocks(kind).find(function (b) { return b.hidden; });
    if (!next) return;
    next.hidden = false;
    fit(kind);
    next.querySelector("input, select, textarea").focus();
  }
  function confirms() {
    var kind = channel.value.split("|")[0];
    var asks = kind !== "in_person" && kind !== "signed_mail";
    form.querySelector("[data-confirmed]").hidden = !asks && !form.elements.misdirected.checked;
    form.elements.automatic.closest(".field").hidden = kind !== "online" && kind !== "fax";
  }
  var timer = 0;
  function ask() {
    clearTimeout(timer);
    timer = setTimeout(function () {
      if (window.htmx) window.htmx.trigger(told, "told");
    }, 400);
  }
  form.addEventListener("click", function (e) {
    var kind = e.target.getAttribute && e.target.getAttribute("data-more");
    if (!kind) return;
    e.preventDefault();
    more(kind);
  });
  form.addEventListener("input", ask);
  form.addEventListener("change", function () { confirms(); ask(); });
  form.addEventListener("keydown", function (e) {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      form.requestSubmit(form.querySelector("[data-main]"));
    }
  });
  form.addEventListener("submit", function () { clearTimeout(timer); });
  form.querySelector(".keys-help").hidden = false;
  confirms();
  fit("asker");
  fit("matter");
})();
