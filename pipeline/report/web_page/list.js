// The list of the changes that the filters leave, sorted by a click on a head.

const STEP = 100;
const areaOf = (i, name) => CHANGES.areas[i][AREA[name]];
const actNames = (acts) => acts.map((act) => say(DATA.acts[act])).join(state.language === "zh" ? "、" : ", ");

const COLUMNS = [
  { key: "id", head: "changeId", of: (i) => CHANGES.id[i] },
  { key: "town", head: "township", of: (i) => (CHANGES.town[i] < 0 ? DATA.towns.length : CHANGES.town[i]) },
  { key: "verdict", head: "verdict", of: (i) => seen(i).verdict },
  { key: "act", head: "act", of: (i) => actNames(seen(i).acts) },
  { key: "area", head: "areaMu", of: (i) => seen(i).area, number: true },
  { key: "illegalFarm", head: "illegalFarmMu", of: (i) => seen(i).illegalFarm, number: true },
  { key: "after", head: "after", of: (i) => text(CHANGES.facts[i][2]) },
];
const NUMBERS = COLUMNS.flatMap((column, n) => (column.number ? [n] : []));

function sortList() {
  const column = COLUMNS.find((one) => one.key === state.sort.by);
  const keys = new Map(shownChanges.map((i) => [i, column.of(i)]));
  const turn = state.sort.down ? -1 : 1;
  shownChanges.sort((a, b) => {
    const one = keys.get(a), other = keys.get(b);
    return one < other ? -turn : one > other ? turn : a - b;
  });
}

function showList() {
  if (DATA.links.files) return showFiles();
  sortList();
  const shown = shownChanges.slice(0, state.shown);
  byId("list").replaceChildren(
    make("thead", {}, row(COLUMNS.map(headButton), NUMBERS, "th")),
    make("tbody", {}, ...shown.map(listRow)),
  );
  [...byId("list").tHead.rows[0].cells].forEach((cell, n) => {
    if (COLUMNS[n].key === state.sort.by) cell.setAttribute("aria-sort", state.sort.down ? "descending" : "ascending");
  });
  const left = shownChanges.length - shown.length;
  byId("more").hidden = left === 0;
  byId("more").textContent = word("more", Math.min(STEP, left), count(left));
  return showSummary();
}

function showSummary() {
  const sum = (name) => shownChanges.reduce((total, i) => total + seen(i)[name], 0);
  const of = shownChanges.length < COUNT ? word("summaryOf", count(COUNT)) : "";
  byId("summary").textContent = shownChanges.length
    ? word("summary", count(shownChanges.length), mu(sum("area")), mu(sum("illegalFarm"))) + of
    : word("none");
}

function headButton(column) {
  const button = make("button", { type: "button", className: "link" }, word(column.head));
  button.addEventListener("click", () => {
    const down = state.sort.by === column.key ? !state.sort.down : Boolean(column.number);
    state.sort = { by: column.key, down };
    showList();
    byId("list").tHead.querySelectorAll("button")[COLUMNS.indexOf(column)].focus();
  });
  return button;
}

function listRow(i) {
  const id = make("button", { type: "button", className: "link id" }, CHANGES.id[i]);
  const { verdict, acts, area, illegalFarm } = seen(i);
  const line = row([
    id, make("span", {}, townName(state.town < 0 ? CHANGES.town[i] : state.town), crossMark(i)),
    make("span", {}, dot(verdict), usedName(i, verdict), ruledMark(i)),
    actNames(acts), mu(area), illegalFarm ? mu(illegalFarm) : "—",
    text(CHANGES.facts[i][2]),
  ], NUMBERS);
  line.dataset.change = i;
  if (i === state.change) line.className = "chosen";
  line.addEventListener("click", () => choose({ change: i, go: true }));
  return line;
}

function ruledMark(i) {
  return CHANGES.rulings[i].length ? make("small", { className: "ruled" }, word("ruled")) : null;
}

/** A change across a border: with a township chosen, its figures are of its part there. */
function crossMark(i) {
  if (!CROSSES[i]) return null;
  const names = distinct(CHANGES.pieces[i].map((piece) => piece[PIECE.town])).map(townName);
  if (CHANGES.pieces[i].some((piece) => piece[PIECE.town] < 0)) names.push(word("outside"));
  return make("small", { className: "ruled", title: names.join(" · ") }, word("crosses"));
}

/** On the index of a county that fills several pages: where each township's changes are. */
function showFiles() {
  byId("summary").textContent = word("openFiles");
  const names = new Map(DATA.towns.map((town) => [town.code, town.name]));
  const chosen = state.town < 0 ? null : DATA.towns[state.town].code;
  const links = Object.entries(DATA.links.files).filter(([code]) => chosen === null || code === chosen)
    .flatMap(([code, files]) => files.map(([href, number]) => make("a", { href },
      word("openFile", names.get(code) || word("outside"), count(number)))));
  byId("list").replaceChildren(make("caption", { className: "files" }, ...links));
}

byId("more").addEventListener("click", () => {
  state.shown += STEP;
  showList();
});
