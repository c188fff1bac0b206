const DATA = JSON.parse(byId("data").textContent);
const CHANGES = DATA.changes;
const COUNT = CHANGES.id.length;
const ILLEGAL = 0, DOUBTFUL = 1;
const AREA = { area: 0, farmland: 1, permanent: 2, illegal: 3, doubtful: 4, legal: 5, other: 6, outside: 7, illegalFarm: 8, illegalPermanent: 9 };
const PIECE = { no: 0, town: 1, landClass: 2, farm: 3, permanent: 4, zone: 5, approval: 6, area: 7, farmland: 8, verdict: 9, why: 10, countedIn: 11 };
const WHY = { rule: 0, proposed: 1, ruled: 2, act: 3, basis: 4, missing: 5 };

/** A text of the data; in English where it is one of the fixed words. */
function text(number) {
  if (number < 0) return "";
  return (state.language === "en" && DATA.english[number]) || DATA.texts[number];
}
const townName = (number) => (number < 0 ? word("outside") : DATA.towns[number].name);
const verdictName = (number) => (number < 0 ? "—" : say(DATA.verdicts[number]));

/** A verdict that a person signed: illegal, no longer suspected. */
const ruledName = (number) => say(DATA.verdicts[number].ruled);

/** A verdict used for a change: no longer suspected where people ruled all the ground that bears it. */
const usedName = (i, verdict = CHANGES.verdict[i]) => (ruledOf(i, verdict) === RULED.all ? ruledName : verdictName)(verdict);

/** Rings as absolute coordinates in decimetres, out of first place and steps. */
function unrolled(rings) {
  return rings.map((steps) => {
    const ring = new Float64Array(steps.length);
    let x = 0, y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      ring[i] = x += steps[i];
      ring[i + 1] = y += steps[i + 1];
    }
    return ring;
  });
}

const EMPTY_BOX = () => [Infinity, Infinity, -Infinity, -Infinity];

function grow(box, rings) {
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      if (ring[i] < box[0]) box[0] = ring[i];
      if (ring[i] > box[2]) box[2] = ring[i];
      if (ring[i + 1] < box[1]) box[1] = ring[i + 1];
      if (ring[i + 1] > box[3]) box[3] = ring[i + 1];
    }
  }
  return box;
}

const SHAPES = CHANGES.rings.map(unrolled);
const BOXES = new Float64Array(COUNT * 4);  // west, south, east, north of each change
SHAPES.forEach((rings, i) => BOXES.set(grow(EMPTY_BOX(), rings), i * 4));
const TOWN_SHAPES = DATA.towns.map((town) => unrolled(town.rings));
const TOWN_BOXES = TOWN_SHAPES.map((rings) => grow(EMPTY_BOX(), rings));
const APPROVALS = DATA.approvals.map(([kind, no, on, until, rings]) => {
  const shape = unrolled(rings);
  return { kind, no, on, until, shape, box: grow(EMPTY_BOX(), shape) };
});
const drawn = TOWN_SHAPES.concat(SHAPES).reduce(grow, EMPTY_BOX());
const WHOLE = drawn[0] <= drawn[2] ? drawn : [0, 0, 1, 1];

const distinct = (list) => [...new Set(list)].filter((number) => number >= 0);
const actsOf = (pieces) => distinct(pieces.map((piece) => DATA.whys[piece[PIECE.why]][WHY.act]));

/** The acts of each change and the townships it has ground in, one number each. */
const ACTS = CHANGES.pieces.map(actsOf);
const TOWNS = CHANGES.pieces.map((pieces) => distinct(pieces.map((piece) => piece[PIECE.town])));
const CROSSES = CHANGES.pieces.map((pieces) => pieces.some((piece) => piece[PIECE.town] !== pieces[0][PIECE.town]));

/** What counts of a change in the list: all of it, or its part in the chosen township. */
function seen(i) {
  if (state.town < 0 || !CROSSES[i]) {
    return { verdict: CHANGES.verdict[i], acts: ACTS[i], area: areaOf(i, "area"), illegalFarm: areaOf(i, "illegalFarm") };
  }
  const here = CHANGES.pieces[i].filter((piece) => piece[PIECE.town] === state.town);
  const sum = (pieces, name) => pieces.reduce((total, piece) => total + piece[PIECE[name]], 0);
  const verdicts = distinct(here.map((piece) => piece[PIECE.verdict]));
  return {
    verdict: verdicts.length ? Math.min(...verdicts) : -1,
    acts: actsOf(here),
    area: sum(here, "area"),
    illegalFarm: sum(here.filter((piece) => piece[PIECE.verdict] === ILLEGAL), "farmland"),
  };
}

const RULED = { none: 0, some: 1, all: 2 };
/** Whether people ruled the pieces that bear a verdict: none of them, some, all. */
function ruledOf(i, verdict) {
  const own = CHANGES.pieces[i].filter((piece) => piece[PIECE.verdict] === verdict);
  const ruled = own.filter((piece) => DATA.whys[piece[PIECE.why]][WHY.ruled] >= 0);
  return ruled.length === 0 ? RULED.none : ruled.length < own.length ? RULED.some : RULED.all;
}
const SIGNED = CHANGES.verdict.map((verdict, i) => ruledOf(i, verdict) === RULED.all);

function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      if (ring[i + 1] > y !== ring[j + 1] > y
        && x < (ring[j] - ring[i]) * (y - ring[i + 1]) / (ring[j + 1] - ring[i + 1]) + ring[i]) odd = !odd;
    }
  }
  return odd;
}

/** What can be searched for in a change, made when it is first asked for. */
const haystacks = [];
function haystack(i) {
  if (haystacks[i] === undefined) {
    const towns = TOWNS[i].flatMap((n) => [DATA.towns[n].name, DATA.towns[n].code]);
    const papers = CHANGES.coverage[i].map(([approval]) => APPROVALS[approval].no);
    haystacks[i] = [CHANGES.id[i], ...towns, ...papers].join("\n").toLowerCase();
  }
  return haystacks[i];
}
