const DATA = JSON.parse(byId("data").textContent);
const CHANGES = DATA.changes;
const COUNT = CHANGES.id.length;
const ILLEGAL = 0, DOUBTFUL = 1;
const AREA = { area: 0, farmland: 1, permanent: 2, illegal: 3, doubtful: 4, legal: 5, other: 6, outside: 7, illegalFarm: 8, illegalPermanent: 9 };
const PIECE = { no: 0, town: 1, landClass: 2, farm: 3, permanent: 4, zone: 5, approval: 6, area: 7, farmland: 8, verdict: 9, why: 10, countedIn: 11 };
const WHY = { rule: 0, proposed: 1, ruled: 2, act: 3, basis: 4, missing: 5, reason: 6 };

const text = (number) => (number < 0 ? "" : DATA.texts[number]);
const townName = (number) => (number < 0 ? word("outside") : DATA.towns[number].name);
const verdictName = (number) => (number < 0 ? "—" : say(DATA.verdicts[number]));

/** A verdict that a person signed: illegal, no longer suspected. */
const ruledName = (number) => say(DATA.verdicts[number].ruled);

/** The verdict used for a change: as its last ruling says it, where that is the verdict used. */
function usedName(i) {
  const verdict = CHANGES.verdict[i];
  const last = CHANGES.rulings[i].at(-1);
  return last && last[0] === verdict ? ruledName(verdict) : verdictName(verdict);
}

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

/** The acts of each change, one number an act. */
const ACTS = CHANGES.pieces.map((pieces) => [
  ...new Set(pieces.map((piece) => DATA.whys[piece[PIECE.why]][WHY.act]).filter((act) => act >= 0)),
]);

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
    const town = DATA.towns[CHANGES.town[i]];
    const papers = CHANGES.coverage[i].map(([approval]) => APPROVALS[approval].no);
    haystacks[i] = [CHANGES.id[i], town ? town.name : "", town ? town.code : "", ...papers].join("\n").toLowerCase();
  }
  return haystacks[i];
}
