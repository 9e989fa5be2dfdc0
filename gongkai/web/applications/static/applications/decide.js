/* 拟定答复: an answer chosen asks the next question at once, keeping what was typed. The page works without it. */
(function () {
  "use strict";
  var page = document.querySelector(".content");
  var waiting = null;
  function form() { return document.getElementById("decide"); }
  function step() {
    var one = form();
    var data = new FormData(one);
    data.set("_step", "1");
    if (waiting) waiting.abort();
    waiting = new AbortController();
    fetch(location.href, { method: "POST", body: data, credentials: "same-origin", signal: waiting.signal })
      .then(function (answer) { return answer.text().then(function (text) { return [answer, text]; }); })
      .then(function (got) {
        var made = new DOMParser().parseFromString(got[1], "text/html").getElementById("decide");
        if (!made || got[0].redirected) return;
        var focused = document.activeElement && document.activeElement.id;
        fill(one, made);
        var again = focused && document.getElementById(focused);
        if (again) again.focus();
      })
      .catch(function () { waiting = null; });
  }
  /* Replaces what is in the form, so that what watches the form itself goes on doing so. */
  function fill(one, made) {
    one.textContent = "";
    Array.from(made.childNodes).forEach(function (node) { one.appendChild(document.importNode(node, true)); });
  }
  page.addEventListener("change", function (e) {
    if (e.target.name && e.target.name.indexOf("q_") === 0) step();
  });
})();
