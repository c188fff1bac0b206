// Which changes are shown. Each choice counts what it would show, the other choices kept.

const MATCH = new Uint8Array(COUNT);
let shownChanges = [];

/** What keeps a change out: a sum of 1 search, 2 verdict, 4 township, 8 act. */
function against(i, needle, { verdict, acts }) {
  return (needle && !haystack(i).includes(needle) ? 1 : 0)
    + (verdict >= 0 && !state.verdicts[verdict] ? 2 : 0)
    + (state.town >= 0 && !TOWNS[i].includes(state.town) ? 4 : 0)
    + (state.act >= 0 && !acts.includes(state.act) ? 8 : 0);
}

function filter() {
  const needle = state.search.trim().toLowerCase();
  const counts = { verdicts: [0, 0, 0, 0], signed: 0, towns: DATA.towns.map(() => 0), acts: DATA.acts.map(() => 0), allTowns: 0, allActs: 0 };
  shownChanges = [];
  for (let i = 0; i < COUNT; i++) {
    const part = seen(i);
    const no = against(i, needle, part);
    MATCH[i] = no === 0 ? 1 : 0;
    if (no === 0) shownChanges.push(i);
    if ((no & ~2) === 0 && part.verdict >= 0) {
      counts.verdicts[part.verdict]++;
      if (part.verdict === ILLEGAL && SIGNED[i]) counts.signed++;
    }
    if ((no & ~4) === 0) {
      counts.allTowns++;
      for (const town of TOWNS[i]) counts.towns[town]++;
    }
    if ((no & ~8) === 0) {
      counts.allActs++;
      for (const act of part.acts) counts.acts[act]++;
    }
  }
  showCounts(counts);
}

function showCounts(counts) {
  DATA.verdicts.forEach((_, n) => { byId(`verdict-${n}`).textContent = count(counts.verdicts[n]); });
  byId("signed").textContent = counts.signed ? word("signed", count(counts.signed)) : "";
  const numbered = COUNT ? (name, n) => `${name}　${count(n)}` : (name) => name;
  const name = (option, label, n) => { option.textContent = numbered(label, n); };
  const [allTowns, ...towns] = byId("town").options;
  name(allTowns, word("all"), counts.allTowns);
  towns.forEach((option, n) => name(option, DATA.towns[n].name, counts.towns[n]));
  const [allActs, ...acts] = byId("act").options;
  name(allActs, word("all"), counts.allActs);
  acts.forEach((option, n) => name(option, say(DATA.acts[n]), counts.acts[n]));
}

/** Make the boxes to tick and the lists to choose from, once. */
function buildFilters() {
  byId("verdicts").append(...DATA.verdicts.map((verdict, n) => {
    const box = make("input", { type: "checkbox", defaultChecked: true });
    box.addEventListener("change", () => {
      state.verdicts[n] = box.checked;
      refresh();
    });
    return make("label", { className: "chip" }, box, dot(n),
      make("span", { className: "name" }), make("b", { id: `verdict-${n}` }), n === ILLEGAL ? make("small", { id: "signed" }) : null);
  }));
  for (const [id, list] of [["town", DATA.towns], ["act", DATA.acts]]) {
    byId(id).append(make("option", { value: "-1" }), ...list.map((_, n) => make("option", { value: String(n) })));
  }
  byId("town").addEventListener("change", (event) => choose({ town: Number(event.target.value), change: -1 }));
  byId("act").addEventListener("change", (event) => {
    state.act = Number(event.target.value);
    refresh();
  });
  byId("search").addEventListener("input", (event) => {
    state.search = event.target.value;
    refresh();
  });
  byId("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    if (shownChanges.length === 1) choose({ change: shownChanges[0], go: true });
  });
  byId("filters").addEventListener("reset", () => {
    Object.assign(state, { search: "", verdicts: [true, true, true, true], act: -1 });
    choose({ town: -1, change: -1 });
    refresh();
    lookAtAll();
  });
}

function nameFilters() {
  byId("search").placeholder = word("searchHint");
  [...byId("verdicts").children].forEach((chip, n) => {
    chip.querySelector(".name").textContent = n === ILLEGAL ? word("illegalAll") : say(DATA.verdicts[n]);
  });
}
