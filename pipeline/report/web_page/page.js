// The page as a whole: what is chosen, in which language, and what the address says of it.

/** Choose a township or a change; `go` also takes the map there. */
function choose({ town = state.town, change = state.change, go = false }) {
  const townChanged = town !== state.town;
  const changeChanged = change !== state.change;
  Object.assign(state, { town, change, shown: townChanged ? 50 : state.shown });
  if (townChanged) refresh();
  showEvidence();
  measure();
  showRanking();
  markChosen();
  if (go || (townChanged && change < 0)) {
    if (change >= 0) lookAtChange(change);
    else if (town >= 0) look(TOWN_BOXES[town], 1.15);
    else lookAtAll();
  }
  if (changeChanged && change >= 0) byId("evidence").focus({ preventScroll: window.innerWidth > 1199 });
  byId("town").value = String(town);
  tellAddress();
  redraw();
}

function markChosen() {
  for (const line of byId("list").querySelectorAll("tbody tr[data-change]")) {
    line.classList.toggle("chosen", Number(line.dataset.change) === state.change);
  }
}

function refresh() {
  filter();
  showList();
  redraw();
}

function decoded(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return "";
  }
}

let told = "";
function tellAddress() {
  const what = state.change >= 0 ? `#change=${encodeURIComponent(CHANGES.id[state.change])}`
    : state.town >= 0 ? `#township=${encodeURIComponent(DATA.towns[state.town].code)}` : "";
  if (what === told || (!what && !location.hash)) return;
  told = what;
  location.hash = what;
}

/** Show what the address names; an address that names nothing here changes nothing. */
function followAddress() {
  const [name, wanted = ""] = decoded(location.hash.slice(1)).split(/=(.*)/s);
  if (decoded(told.slice(1)) === decoded(location.hash.slice(1))) return;
  told = location.hash;
  if (name === "change" && CHANGES.id.includes(wanted)) choose({ change: CHANGES.id.indexOf(wanted), go: true });
  const town = DATA.towns.findIndex(({ code }) => code === wanted);
  if (name === "township" && town >= 0) choose({ town, change: -1, go: true });
  if (!name) choose({ town: -1, change: -1 });
}

function showStory() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = word(element.dataset.w);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.title = word(element.dataset.label);
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  canvas.setAttribute("aria-label", word("mapLabel"));
  for (const id of ["kicker", "headline", "deck", "notice"]) byId(id).textContent = say(DATA[id]);
  document.title = `${say(DATA.headline)} · ${say(DATA.kicker)}`;
  byId("language").textContent = word("other");
  byId("language").lang = state.language === "zh" ? "en" : "zh-CN";
  byId("figures").replaceChildren(...DATA.figures.map(({ value, says }) => make("div", {},
    make("dt", {}, say(says)), make("dd", {}, say(value)))));
  byId("basis").replaceChildren(...DATA.basis.flatMap(([name, what]) => [make("dt", {}, say(name)), make("dd", {}, say(what))]));
  byId("remarks").textContent = DATA.chipsLeftOut
    ? word("chipsLeftOut", count(Object.keys(DATA.chips).length), count(DATA.chipsLeftOut)) : "";
  showLegend();
}

function showLegend() {
  const swatch = (fill, name, className = "") => make("span", {}, make("i", { className, style: { background: fill } }), name);
  byId("legend").replaceChildren(make("b", {}, word("ratio")),
    ...DATA.classes.map(({ fill, label, over }) => swatch(fill, say(label), over ? "over" : "")),
    DATA.towns.some((town) => town.level === null) ? swatch("", word("noRatio"), "hatch") : "");
}

function showAll() {
  showStory();
  nameFilters();
  filter();
  showRanking();
  showList();
  showEvidence();
  redraw();
}

byId("language").addEventListener("click", () => {
  state.language = state.language === "zh" ? "en" : "zh";
  showAll();
});
byId("print").addEventListener("click", () => window.print());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.change >= 0) choose({ change: -1 });
});
window.addEventListener("hashchange", followAddress);
window.addEventListener("resize", measure);
window.addEventListener("beforeprint", drawForPaper);
window.addEventListener("afterprint", drawForScreen);

byId("notice").hidden = !DATA.notice.zh;
byId("filters").hidden = Boolean(DATA.links.files);
byId("up").hidden = !DATA.links.up;
if (DATA.links.up) byId("up").href = DATA.links.up;
byId("approvals").parentElement.hidden = !APPROVALS.length;
buildFilters();
showAll();
measure();
if (location.hash) followAddress();
else if (DATA.links.town) choose({ town: DATA.towns.findIndex(({ code }) => code === DATA.links.town) });
requestAnimationFrame(() => setTimeout(() => { document.documentElement.dataset.ready = String(Math.round(performance.now())); }));
