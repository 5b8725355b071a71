/**
 * What a self-test says in a browser that cannot run it: plain old script, for whatever comes along.
 */
(function () {
  // A module that runs says so at once; one that this engine cannot read never does.
  var WAIT_MS = 8000;
  var html = document.documentElement;
  var hasModules = "noModule" in document.createElement("script");
  function tell() {
    if (html.getAttribute("data-started") !== null) return;
    var body = document.body;
    var word = document.getElementById("verdict");
    var help = document.getElementById("verdict-help");
    body.setAttribute("data-verdict", "unfit");
    if (word) word.innerHTML = body.getAttribute("data-unfit") || "";
    if (help) help.innerHTML = body.getAttribute("data-old") || "";
  }
  if (hasModules) window.setTimeout(tell, WAIT_MS);
  else tell();
})();
