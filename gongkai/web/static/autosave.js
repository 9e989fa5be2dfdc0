/* 自动保存: a form with data-autosave sends what is typed to be kept, three seconds after a change. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.FormData || !window.fetch) return;
  var status = form.querySelector("[data-autosave-status]");
  var timer = 0;
  var last = "";
  function content() {
    var data = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string") data.append(name, value);
    });
    data.append("_draft_of", location.pathname);
    return data;
  }
  function say(words) {
    if (status && words) status.textContent = words;
  }
  function send() {
    timer = 0;
    var data = content();
    if (data.toString() === last) return;
    fetch(form.getAttribute("data-autosave"), {
      method: "POST",
      body: data,
      credentials: "same-origin",
      headers: { "X-Requested-With": "fetch" }
    }).then(function (answer) {
      if (answer.redirected || !/json/.test(answer.headers.get("Content-Type") || "")) throw 0;
      if (answer.ok) last = data.toString();
      return answer.json();
    }).then(function (answer) {
      say(answer.said);
    }).catch(function () {
      say(form.getAttribute("data-autosave-failed"));
    });
  }
  function soon() {
    if (timer) clearTimeout(timer);
    timer = setTimeout(send, 3000);
  }
  last = content().toString();
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", function () {
    if (timer) clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && timer) {
      clearTimeout(timer);
      send();
    }
  });
})();
