// Everything that speaks for and against the selected change.

const MOST_PIECES = 40;

function showEvidence() {
  const panel = byId("evidence");
  const i = state.change;
  panel.hidden = i < 0;
  byId("board").classList.toggle("open", i >= 0);
  if (i < 0) return panel.replaceChildren();
  panel.replaceChildren(...[
    evidenceHead(i), verdictLine(i), swipe(i),
    make("p", { className: "reason" }, reasonOf(i)),
    sheetLink(i), areaBar(i), areaTable(i), whys(i), rulings(i), approvals(i), pieces(i), constraints(i), rectifications(i),
  ].filter(Boolean));
  panel.scrollTop = 0;
  return undefined;
}

function evidenceHead(i) {
  const button = (key, sign, act) => {
    const made = make("button", { type: "button", className: "plain", title: word(key), "aria-label": word(key) }, sign);
    made.addEventListener("click", act);
    return made;
  };
  const walk = (step) => () => {
    const at = shownChanges.indexOf(i) + step;
    if (at >= 0 && at < shownChanges.length) choose({ change: shownChanges[at], go: true });
  };
  const [type, before, after] = CHANGES.facts[i].map(text);
  const towns = TOWNS[i].length ? TOWNS[i] : [CHANGES.town[i]];
  const facts = [towns.map(townName).join(state.language === "zh" ? "、" : ", "), type && `${word("type")} ${type}`].filter(Boolean).join(" · ");
  return make("div", { className: "evidence-head" },
    make("div", {}, make("h2", {}, CHANGES.id[i]), make("p", {}, facts), make("p", {}, `${before || "?"} → ${after || "?"}`)),
    make("div", { className: "walk" }, button("previous", "‹", walk(-1)), button("next", "›", walk(1)),
      button("close", "×", () => choose({ change: -1 }))));
}

/** The machine's opinion and the person's ruling, side by side, never mixed. */
function verdictLine(i) {
  const proposed = [...new Set(CHANGES.pieces[i].map((piece) => DATA.whys[piece[PIECE.why]][WHY.proposed]).filter((v) => v >= 0))].sort();
  const cell = (head, verdict, more, name = verdictName) => make("div", {}, make("span", { className: "what" }, head),
    make("strong", {}, verdict >= 0 ? dot(verdict) : null, verdict >= 0 ? name(verdict) : "—"), make("span", { className: "who" }, more));
  const last = CHANGES.rulings[i].at(-1);
  return make("div", { className: "opinions" },
    cell(word("proposed"), proposed.length ? proposed[0] : -1, actNames(ACTS[i])),
    last ? cell(word("ruled"), last[0], [text(last[1]), text(last[2])].filter(Boolean).join(" "), ruledName)
      : cell(word("ruled"), -1, word("notRuled")));
}

/** The printed evidence sheets of the township, a file beside the page. */
function sheetLink(i) {
  const code = CHANGES.town[i] < 0 ? "" : DATA.towns[CHANGES.town[i]].code;
  const href = (DATA.links.sheets || {})[code];
  const isGrave = areaOf(i, "illegal") > 0 || areaOf(i, "doubtful") > 0;
  return href && isGrave ? make("p", { className: "sheet" }, make("a", { href }, word("sheet", townName(CHANGES.town[i])))) : null;
}

function areaBar(i) {
  const parts = ["illegal", "doubtful", "legal", "other"].map((name, n) => [areaOf(i, name), DATA.verdicts[n].color]);
  return make("div", { className: "stack", "aria-hidden": "true" },
    ...parts.filter(([size]) => size > 0).map(([size, color]) => make("i", { style: { flexGrow: String(size), background: color } })));
}

function areaTable(i) {
  const rows = [
    ["area", "area"], ["farmland", "farmland"], ["permanent", "permanent"], ["illegalArea", "illegal"], ["illegalFarm", "illegalFarm"],
    ["illegalPermanent", "illegalPermanent"], ["doubtfulArea", "doubtful"], ["legalArea", "legal"], ["otherArea", "other"], ["outsideArea", "outside"],
  ].filter(([, name], n) => n === 0 || areaOf(i, name) > 0);
  return part("areas", table(["", word("squareMetres"), word("mu")],
    rows.map(([head, name]) => [head === "illegalArea" ? illegalWord(i) : word(head), squareMetres(areaOf(i, name)), mu(areaOf(i, name))]), [1, 2]));
}

/** Illegal ground: suspected, ruled so by people, or some of either. */
const illegalWord = (i) => word(["illegalArea", "illegalMixed", "illegalRuled"][ruledOf(i, ILLEGAL)]);

/** The reason as the tables have it; in English put together from the pieces. */
function reasonOf(i) {
  if (state.language === "zh") return text(CHANGES.reason[i]);
  const parts = new Map();
  for (const piece of CHANGES.pieces[i]) {
    const key = `${piece[PIECE.verdict]} ${piece[PIECE.why]}`;
    const known = parts.get(key) || { piece, area: 0, farmland: 0, papers: new Set() };
    known.area += piece[PIECE.area];
    known.farmland += piece[PIECE.farmland];
    if (piece[PIECE.approval] >= 0) known.papers.add(text(piece[PIECE.approval]));
    parts.set(key, known);
  }
  const told = [...parts.values()].sort((a, b) => a.piece[PIECE.verdict] - b.piece[PIECE.verdict] || b.area - a.area);
  return `${told.map(clause).join("; ")}.`;
}

function clause({ piece, area, farmland, papers }) {
  const why = DATA.whys[piece[PIECE.why]];
  const name = piece[PIECE.verdict] < 0 ? word("notCounted") : pieceVerdict(piece);
  const act = why[WHY.act] < 0 ? "" : ` (${say(DATA.acts[why[WHY.act]])})`;
  const farm = farmland ? ` (farmland ${squareMetres(farmland)} m²)` : "";
  const ground = `${say(DATA.rules[why[WHY.rule]])}${act}${papers.size ? `, ${[...papers].join(", ")}` : ""}`;
  const ruled = why[WHY.ruled] < 0 ? ground : `ruled by people; the rules propose: ${verdictName(why[WHY.proposed])}, ${ground}`;
  return `${name} ${squareMetres(area)} m²${farm}: ${ruled}`;
}

const part = (key, ...children) => make("section", { className: "part" }, make("h3", {}, word(key)), ...children);

function whys(i) {
  const areas = new Map();
  for (const piece of CHANGES.pieces[i]) areas.set(piece[PIECE.why], (areas.get(piece[PIECE.why]) || 0) + piece[PIECE.area]);
  const blocks = [...areas].sort((a, b) => b[1] - a[1]).map(([number, area]) => {
    const why = DATA.whys[number];
    const rule = DATA.rules[why[WHY.rule]];
    const lines = [["legalBasis", why[WHY.basis]], ["missing", why[WHY.missing]]].filter(([, n]) => n >= 0)
      .map(([key, n]) => make("p", {}, make("span", { className: "what" }, word(key)), " ", text(n)));
    return make("div", { className: "why" },
      make("p", { className: "rule" }, dot(why[WHY.proposed]), make("b", {}, say(rule)), make("span", { className: "what" }, ` ${rule.id}`),
        make("span", { className: "amount" }, `${squareMetres(area)} ${word("squareMetres")}`)),
      ...lines);
  });
  return part("why", ...blocks);
}

function rulings(i) {
  if (!CHANGES.rulings[i].length) return null;
  return part("rulings", ...CHANGES.rulings[i].map(([verdict, by, on, reason, town]) => make("p", {},
    dot(verdict), make("b", {}, ruledName(verdict)), ` ${[text(by), text(on)].join(" ")}`,
    town >= 0 ? ` (${townName(town)})` : "", make("br"), text(reason))));
}

function approvals(i) {
  const rows = CHANGES.coverage[i].map(([n, area]) => {
    const { kind, no, on, until } = APPROVALS[n];
    return [no, say(kind), (on || word("undated")) + (until ? ` ${word("until", until)}` : ""), squareMetres(area)];
  });
  return part("approvals", rows.length
    ? table([word("approvalNo"), word("kind"), word("date"), word("covered")], rows, [3])
    : make("p", {}, word("noApproval")));
}

function pieces(i) {
  const all = [...CHANGES.pieces[i]].sort((a, b) => b[PIECE.area] - a[PIECE.area]);
  const rows = all.slice(0, MOST_PIECES).map((piece) => [
    text(piece[PIECE.no]),
    pieceGround(piece),
    squareMetres(piece[PIECE.area]), squareMetres(piece[PIECE.farmland]),
    make("span", {}, dot(piece[PIECE.verdict]), pieceVerdict(piece),
      piece[PIECE.countedIn] >= 0 ? make("small", {}, ` ${word("countedIn", text(piece[PIECE.countedIn]))}`) : null),
  ]);
  const sum = (name) => all.reduce((total, piece) => total + piece[PIECE[name]], 0);
  rows.push([word("sum"), "", squareMetres(sum("area")), squareMetres(sum("farmland")), ""]);
  return part("pieces",
    table([word("piece"), word("landClass"), word("squareMetres"), `${word("farm")} ${word("squareMetres")}`, word("verdict")], rows, [2, 3]),
    all.length > MOST_PIECES ? make("p", {}, word("shownPieces", MOST_PIECES, all.length)) : "");
}

function pieceVerdict(piece) {
  const ruled = DATA.whys[piece[PIECE.why]][WHY.ruled] >= 0;
  return (ruled ? ruledName : verdictName)(piece[PIECE.verdict]);
}

/** What ground a piece is: its class, and under it the plan zone and the approval it rests on. */
function pieceGround(piece) {
  const ground = [text(piece[PIECE.landClass]), piece[PIECE.farm] ? word("farm") : "", piece[PIECE.permanent] === 1 ? word("permanentShort") : ""];
  const under = [text(piece[PIECE.zone]), text(piece[PIECE.approval])].filter(Boolean).join(" · ");
  return make("span", {}, ground.filter(Boolean).join(" ") || "—", under ? make("span", { className: "under" }, under) : null);
}

function constraints(i) {
  if (!CHANGES.constraints[i].length) return null;
  return part("constraints", table(["", word("squareMetres")], CHANGES.constraints[i].map(([name, area]) => [text(name), squareMetres(area)]), [1]));
}

function rectifications(i) {
  if (!CHANGES.rectifications[i].length) return null;
  return part("rectifications", table(["", "", `${word("farm")} ${word("squareMetres")}`], CHANGES.rectifications[i].map(([method, farm, on, document_]) => [
    text(method), [word("accepted", text(on) || word("undated")), text(document_)].filter(Boolean).join(" · "), squareMetres(farm),
  ]), [2]));
}
