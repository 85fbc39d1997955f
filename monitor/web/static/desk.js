"use strict";
// What the desk does beyond links and forms: keys. Everything works without it.
//
// A page says what a key does by aria-keyshortcuts on the link, button, field or summary that does it. Inside an entry
// of a list a key means that of the current entry; while entries are selected, that of the bar for them.

(() => {
  const KEYS = [
    ["j k", "Next, previous"], ["o", "Open"], ["c", "Confirm; in a change choose it, then Enter"], ["n", "Not applicable"], ["a", "Assign"],
    ["s", "Put off"], ["u", "Undo the last, or show what you decided last"], ["x", "Select, to decide several at once"], ["/", "Search"],
    ["g i", "Inbox; p procedures, s sources, c calendar, n numbers"], ["Esc", "Close, or leave a field"],
    ["?", "These keys"],
  ];
  const OFF = "desk-keys-off";
  const GO_MS = 1500;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const first = (selector, within = document) => within.querySelector(selector);
  const said = () => document.getElementById("said");
  let going = 0;  // when g was pressed
  let isLate = false;  // whether it was g, and then nothing for a while
  let current = null;

  // The list: one entry is in the order of Tab, and j and k go from one to the next

  const entries = () => all("[data-entry]");
  const left = () => entries().filter((each) => !each.hasAttribute("aria-busy"));

  function choose(entry, focus = true) {
    for (const each of entries()) {
      each.tabIndex = each === entry ? 0 : -1;
      each.toggleAttribute("data-current", each === entry);
    }
    current = entry;
    if (entry && focus) {
      entry.focus({preventScroll: true});
      entry.scrollIntoView({block: "nearest"});
    }
  }

  function move(step) {
    const list = left();
    const at = list.indexOf(current);
    const next = at < 0 ? list[0] : list[at + step];
    if (next) choose(next);
    else first(step > 0 ? ".pages [rel=next]" : ".pages [rel=prev]")?.focus();
  }

  function afterThis(entry) {
    const list = entries();
    const at = list.indexOf(entry);
    const open = (each) => !each.hasAttribute("aria-busy") && each !== entry;
    return list.slice(at + 1).find(open) || list.slice(0, at).reverse().find(open) || null;
  }

  // Keys

  function scope() {
    const bar = first("form.together");
    return bar && first(".pick :checked") ? [bar, current] : [current, document];
  }

  function find(key) {
    for (const within of scope()) {
      const found = within && first(`[aria-keyshortcuts~="${CSS.escape(key)}"]`, within);
      if (found) return found;
    }
    return null;
  }

  function press(element) {
    if (element.tagName === "SUMMARY") {
      const details = element.parentElement;
      details.open = !details.open;
      (details.open ? first("input:not([type=hidden]), select, button", details) : element).focus();
      first(".answer", details)?.scrollIntoView({block: "nearest"});
    } else if (element.matches("input, select, textarea")) {
      element.focus();
      if (element.matches("[type=checkbox], [type=radio]")) element.click();
      if (element.matches("[type=checkbox]")) current?.focus();
    } else {
      element.click();
    }
  }

  function takeBack() {
    const found = first('[aria-keyshortcuts~="u"]', said()) || find("u");
    const last = first("[data-last]")?.dataset.last;
    if (!found) return last ? location.assign(last) : false;
    return found.closest("[data-entry]") && !current ? choose(left()[0]) : found.click();
  }

  function go(letter) {
    all(".places a").find((each) => each.textContent.trim().toLowerCase().startsWith(letter))?.click();
  }

  function isTyping(element) {
    const free = "[type=checkbox], [type=radio], [type=submit], [type=button]";
    return element.isContentEditable || (element.matches("input, select, textarea") && !element.matches(free));
  }

  function leave(event) {
    const details = event.target.closest("details[open]");
    if (details) {
      details.open = false;
      first("summary", details).focus();
    } else if (isTyping(event.target)) {
      event.target.blur();
      current?.focus();
    } else {
      said().replaceChildren();
    }
  }

  function handle(event) {
    const key = event.key;
    if (key === "j" || key === "k") {
      const link = first(`[aria-keyshortcuts~="${key}"]`);
      return entries().length ? move(key === "j" ? 1 : -1) : link?.click();
    }
    if (key === "/") return first("#q")?.focus();
    if (key === "g") return (going = event.timeStamp);
    if (key === "u") return takeBack();
    if (key === "Enter" && event.target !== current) return false;
    const found = key.length === 1 || key === "Enter" ? find(key) : null;
    if (found?.closest("[data-entry]") && (isLate || !current)) return choose(current || left()[0]);
    return found ? press(found) : false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (first("dialog[open]")) return;
    if (event.key === "Escape") return void leave(event);
    if (isTyping(event.target)) return;
    if (event.key === "?") return void showKeys();
    if (isOff()) return;
    const waited = going ? event.timeStamp - going : 0;
    going = 0;
    isLate = waited >= GO_MS;
    if (waited && !isLate) {
      event.preventDefault();
      return void go(event.key.toLowerCase());
    }
    if (handle(event) !== false) event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const entry = event.target.closest("[data-entry]");
    if (entry && entry !== current) choose(entry, false);
  });

  // What the keys are, and switching them off: somebody who speaks to the browser would set them off

  function isOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  }

  function make(name, facts = {}, ...children) {
    const element = Object.assign(document.createElement(name), facts);
    element.append(...children);
    return element;
  }

  function showKeys() {
    const box = make("input", {type: "checkbox", checked: !isOff()});
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "0" : "1"));
    const rows = KEYS.flatMap(([keys, what]) => {
      const names = keys.split(" ").flatMap((each) => [make("kbd", {}, each), " "]);
      return [make("dt", {}, ...names), make("dd", {}, what)];
    });
    const close = make("form", {method: "dialog"}, make("button", {}, "Close"));
    const title = make("h2", {id: "keys"}, "Keys");
    const dialog = make(
      "dialog", {className: "keys"}, title, make("dl", {}, ...rows),
      make("p", {}, make("label", {}, box, "Use single keys (? always works)")), close,
    );
    dialog.setAttribute("aria-labelledby", "keys");
    dialog.addEventListener("close", () => {
      dialog.remove();
      current?.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  // Deciding with htmx: the next entry is current at once, whatever the server still has to do

  const entryOf = (event) => event.target.closest?.("[data-entry]");

  document.addEventListener("htmx:beforeRequest", (event) => {
    const entry = entryOf(event);
    if (!entry) return;
    const next = afterThis(entry);
    entry.setAttribute("aria-busy", "true");
    if (next) choose(next);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const {xhr, target} = event.detail;  // `elt` is another one where the form went with its entry
    const entry = target?.closest?.("[data-entry]");
    const done = xhr.status === 200 && !xhr.getResponseHeader("HX-Retarget");
    if (entry && !done) {
      entry.removeAttribute("aria-busy");
      choose(entry);
      first("details[open] input:not([type=hidden])", entry)?.focus();
    }
    if (xhr.status !== 200 && xhr.status !== 204) {
      said().textContent = "It may not have been decided. Load the page again and look.";
    }
    if (entry && done && !entries().some((each) => each !== entry)) location.reload();
  });

  // The line at the foot leaves by itself, sooner where nothing can be done there, unless somebody is at it; and at once
  // where a form opens. It stays in the order of Tab, where it shows again, and so u takes back what it says.

  const STAYS_MS = 20000;
  const SEEN_MS = 6000;
  let leaving = 0;

  function stay() {
    clearTimeout(leaving);
    said().removeAttribute("data-left");
  }

  function leaveSoon() {
    stay();
    if (said().matches(":hover, :focus-within")) return;
    leaving = setTimeout(leaveNow, first("button", said()) ? STAYS_MS : SEEN_MS);
  }

  function leaveNow() {
    said().setAttribute("data-left", "");
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.open && first(".answer", event.target)) leaveNow();
  }, true);

  new MutationObserver(leaveSoon).observe(said(), {childList: true});
  for (const name of ["pointerenter", "focusin"]) said().addEventListener(name, stay);
  for (const name of ["pointerleave", "focusout"]) said().addEventListener(name, () => setTimeout(leaveSoon));
  leaveSoon();

  // Selected: how many, said beside the buttons for them

  document.addEventListener("change", (event) => {
    if (!event.target.closest(".pick")) return;
    const number = all(".pick :checked").length;
    const words = first("[data-selected]");
    if (words) words.textContent = `${number} selected`;
  });

  // Where somebody comes back to an entry they were sent to

  const sent = document.getElementById(location.hash.slice(1));
  if (sent?.matches("[data-entry]")) choose(sent);
  else if (entries().length) entries()[0].tabIndex = 0;
})();
