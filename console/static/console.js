// Keys and small conveniences. Every page works without this script.
"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const NEIGHBOURS = "findings-in-list";

  const links = () => [...document.querySelectorAll("table.list a.open")];
  const currentRow = () => document.activeElement?.closest("tr[data-finding]") ?? null;

  // The list: the finding whose link has the focus is the current one.
  function move(step) {
    const all = links();
    if (!all.length) return;
    const at = all.indexOf(currentRow()?.querySelector("a.open"));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].focus();
  }

  function comeBackTo(form, row) {
    form.elements.back.value = location.pathname + location.search + "#" + row.id;
  }

  function askInList(key) {
    const row = currentRow();
    if (!row) return;
    const form = by("decide-form");
    form.reset();
    form.action = `/findings/${row.dataset.finding}/decisions`;
    comeBackTo(form, row);
    form.querySelector(".subject").textContent = row.querySelector("a.open").textContent;
    by("decide").showModal();
    choose(form, key);
  }

  function undoInList() {
    const row = currentRow();
    if (!row || !["confirmed", "dismissed", "licensed"].includes(row.dataset.state)) return;
    const form = by("undo-form");
    form.action = `/findings/${row.dataset.finding}/undo`;
    comeBackTo(form, row);
    form.requestSubmit();
  }

  function choose(form, key) {
    form.querySelector(`input[data-key="${key}"]`).checked = true;
    form.elements.reason.focus();
  }

  // The finding's page: its neighbours are those it had in the list it was opened from.
  function showNeighbours() {
    const list = JSON.parse(sessionStorage.getItem(NEIGHBOURS) ?? "[]");
    const at = list.findIndex((href) => href.split("?")[0] === location.pathname);
    for (const [id, href] of [["previous", list[at - 1]], ["next", list[at + 1]]]) {
      const link = by(id);
      if (at >= 0 && href) {
        link.href = href;
        link.hidden = false;
      }
    }
  }

  const inList = {
    j: () => move(1),
    k: () => move(-1),
    c: () => askInList("c"),
    d: () => askInList("d"),
    l: () => askInList("l"),
    u: undoInList,
    "/": () => by("q").select(),
  };
  const onFinding = {
    j: () => !by("next").hidden && by("next").click(),
    k: () => !by("previous").hidden && by("previous").click(),
    c: () => choose(by("decide-form"), "c"),
    d: () => choose(by("decide-form"), "d"),
    l: () => choose(by("decide-form"), "l"),
    u: () => by("undo-form")?.requestSubmit(),
  };

  function onKey(event) {
    const target = event.target;
    if (event.key === "Enter" && event.ctrlKey && target.name === "reason") {
      target.form.requestSubmit();
      return;
    }
    const typing = target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const keys = by("browse") ? inList : document.querySelector(".finding") ? onFinding : {};
    const act = event.key === "?" ? () => by("keys")?.showModal() : keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  function start() {
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-opens], [data-closes]");
      if (button?.dataset.opens) by(button.dataset.opens).showModal();
      if (button?.dataset.closes) by(button.dataset.closes).close();
    });
    window.addEventListener("pagehide", () => {
      if (by("browse")) sessionStorage.setItem(NEIGHBOURS, JSON.stringify(links().map((a) => a.getAttribute("href"))));
    });
    document.querySelectorAll(".needs-script").forEach((element) => (element.hidden = false));
    if (document.querySelector(".finding")) showNeighbours();
    // Back from a decision: the row it was about is the current one again.
    if (location.hash.startsWith("#f-")) by(location.hash.slice(1))?.querySelector("a.open").focus();
    // On a narrow screen the filters would hide the list.
    if (matchMedia("(max-width: 50rem)").matches) document.querySelector("details.filters")?.removeAttribute("open");
  }
  start();
})();
