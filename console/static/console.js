// Keys and small conveniences. Every page works without this script.
"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  // Kept for the tab: the addresses of the list last seen, and the findings to go back to in it, best first.
  const NEIGHBOURS = "neighbours";
  const RETURN = "return-to";
  const kept = (name) => JSON.parse(sessionStorage.getItem(name) ?? "[]");
  const keep = (name, values) => sessionStorage.setItem(name, JSON.stringify(values));
  const idOf = (address) => address.split("?")[0].split("/").pop();

  const links = () => [...document.querySelectorAll("table.list a.open")];
  const addresses = () => links().map((link) => link.getAttribute("href"));
  const currentRow = () => document.activeElement?.closest("tr[data-finding]") ?? null;
  const opened = () => document.querySelector(".finding")?.dataset.finding;

  // A decided finding may leave the list, so those after it and then those before it are kept as well.
  function returnTo(id, list) {
    const ids = list.map(idOf);
    const at = ids.indexOf(id);
    keep(RETURN, at < 0 ? [id] : [...ids.slice(at), ...ids.slice(0, at).reverse()]);
  }

  function focusReturned() {
    const found = kept(RETURN).map((id) => by(`f-${id}`)).find(Boolean);
    found?.querySelector("a.open").focus();
    sessionStorage.removeItem(RETURN);
  }

  // The list: the finding whose link has the focus is the current one.
  function move(step) {
    const all = links();
    if (!all.length) return;
    const at = all.indexOf(currentRow()?.querySelector("a.open"));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].focus();
  }

  function askInList(key) {
    const row = currentRow();
    if (!row) return;
    const form = by("decide-form");
    form.reset();
    form.action = `/findings/${row.dataset.finding}/decisions`;
    form.elements.seen.value = row.dataset.state;
    const subject = [row.querySelector("a.open"), row.querySelector(".place b")].map((part) => part.textContent);
    form.querySelector(".subject").textContent = subject.join(" · ");
    by("decide").showModal();
    choose(form, key);
    form.onsubmit = () => returnTo(row.dataset.finding, addresses());
  }

  function choose(form, key) {
    form.querySelector(`input[data-key="${key}"]`).checked = true;
    form.elements.reason.focus();
  }

  // The finding's page: its neighbours are those it had in the list it was opened from.
  function showNeighbours() {
    const list = kept(NEIGHBOURS);
    const at = list.findIndex((address) => idOf(address) === opened());
    for (const [id, address] of [["previous", list[at - 1]], ["next", list[at + 1]]]) {
      if (at >= 0 && address) {
        by(id).href = address;
        by(id).hidden = false;
      }
    }
  }

  const follow = (link) => link && !link.hidden && link.click();
  const undo = () => by("undo-form")?.requestSubmit();
  const inList = {
    j: () => move(1),
    k: () => move(-1),
    c: () => askInList("c"),
    d: () => askInList("d"),
    l: () => askInList("l"),
    u: undo,
    "/": () => {
      by("q").focus();
      by("q").select();
    },
  };
  const onFinding = {
    j: () => follow(by("next")),
    k: () => follow(by("previous")),
    b: () => follow(by("to-list")),
    c: () => choose(by("decide-form"), "c"),
    d: () => choose(by("decide-form"), "d"),
    l: () => choose(by("decide-form"), "l"),
    u: undo,
  };

  function onKey(event) {
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.name === "reason") {
      target.form.requestSubmit();
      return;
    }
    const typing = target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
    if (typing && event.key === "Escape") target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const keys = by("browse") ? inList : opened() ? onFinding : {};
    const act = event.key === "?" ? () => by("keys")?.showModal() : keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  // What is searched for is sent once, when it is entered, and a day not before its year is complete.
  function onChange(event) {
    if (event.target.id === "q" || !event.target.validity.valid) event.stopPropagation();
  }

  function onSubmit(event) {
    const form = event.target;
    // The keys work again once the search was sent.
    if (form.id === "browse") document.activeElement?.blur();
    if (form.method !== "post") return;
    // The list may show something else by now than when it was loaded.
    if (by("browse") && form.elements.back) form.elements.back.value = location.pathname + location.search;
    // Sent twice, a decision would be refused as a change made by someone else.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }

  function onLeave() {
    if (by("browse")) keep(NEIGHBOURS, addresses());
    if (opened()) returnTo(opened(), kept(NEIGHBOURS));
  }

  function start() {
    document.addEventListener("keydown", onKey);
    document.addEventListener("submit", onSubmit);
    document.addEventListener("change", onChange, { capture: true });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-opens], [data-closes]");
      if (button?.dataset.opens) by(button.dataset.opens).showModal();
      if (button?.dataset.closes) by(button.dataset.closes).close();
    });
    window.addEventListener("pagehide", onLeave);
    document.querySelectorAll(".needs-script").forEach((element) => (element.hidden = false));
    if (opened()) showNeighbours();
    if (by("browse")) focusReturned();
    // On a narrow screen the filters would hide the list.
    if (matchMedia("(max-width: 50rem)").matches) document.querySelector("details.filters")?.removeAttribute("open");
  }
  start();
})();
