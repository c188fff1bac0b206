// Approvals and changes on the map. At 20,000 changes this is where the time goes: no arrays, no
// closures inside the loops.

const DOT = 6;  // below so many pixels a change is a dot
const CROWD = 4000;  // more dots than this are squares, which a processor fills faster
const CENTRES = new Float64Array(COUNT * 2);
const SIDES = new Float64Array(COUNT);  // the longer side of each change
for (let i = 0, at = 0; i < COUNT; i++, at += 4) {
  CENTRES[i * 2] = (BOXES[at] + BOXES[at + 2]) / 2;
  CENTRES[i * 2 + 1] = (BOXES[at + 1] + BOXES[at + 3]) / 2;
  SIDES[i] = Math.max(BOXES[at + 2] - BOXES[at], BOXES[at + 3] - BOXES[at + 1]);
}

let frame = [0, 0, 0, 0];  // west, south, east, north of what is drawn, with some room
function frameOfView() {
  const room = 8 / view.k;
  return [groundX(0) - room, groundY(view.height) - room, groundX(view.width) + room, groundY(0) + room];
}

const inView = (box, at) => box[at] <= frame[2] && box[at + 2] >= frame[0] && box[at + 1] <= frame[3] && box[at + 3] >= frame[1];

function trace(rings) {
  pen.beginPath();
  for (const ring of rings) {
    pen.moveTo(toX(ring[0]), toY(ring[1]));
    for (let i = 2; i < ring.length; i += 2) pen.lineTo(toX(ring[i]), toY(ring[i + 1]));
    pen.closePath();
  }
}

/** The approvals: all where they are asked for, else those of the selected change. */
function drawApprovals() {
  const mine = state.change < 0 ? [] : CHANGES.coverage[state.change].map(([n]) => APPROVALS[n]);
  pen.strokeStyle = PAPERWORK;
  pen.lineWidth = 1.3;
  for (const { box, shape } of state.approvals ? APPROVALS : mine) {
    if (!inView(box, 0)) continue;
    const side = Math.max(box[2] - box[0], box[3] - box[1]) * view.k;
    if (side < 2 * DOT) {
      pen.strokeRect(toX(box[0]), toY(box[3]), (box[2] - box[0]) * view.k, (box[3] - box[1]) * view.k);
      continue;
    }
    pen.setLineDash([5, 3]);
    trace(shape);
    pen.stroke();
    pen.setLineDash([]);
  }
}

/** Changes in view, sorted into dots and shapes by verdict; the gravest are drawn last. */
function drawChanges() {
  const dots = [[], [], [], [], []], shapes = [[], [], [], [], []];
  const hidden = onMap.drawn ? state.change : -1;
  let many = 0;
  for (let i = 0; i < COUNT; i++) {
    if (MATCH[i] === 0 || i === hidden || !inView(BOXES, i * 4)) continue;
    const verdict = CHANGES.verdict[i];
    (SIDES[i] * view.k < DOT ? dots : shapes)[verdict < 0 ? 4 : verdict].push(i);
    many++;
  }
  for (const verdict of [4, 3, 2, 1, 0]) {
    const color = verdict === 4 ? PAPER : DATA.verdicts[verdict].color;
    for (const i of shapes[verdict]) drawShape(SHAPES[i], color);
    if (many > CROWD) drawSquares(dots[verdict], color);
    else drawDots(dots[verdict], color, verdict <= DOUBTFUL);
  }
}

function drawShape(rings, color) {
  trace(rings);
  pen.fillStyle = color;
  pen.globalAlpha = 0.72;
  pen.fill("evenodd");
  pen.globalAlpha = 1;
  pen.strokeStyle = color;
  pen.lineWidth = 1.4;
  pen.stroke();
}

function drawSquares(list, color) {
  pen.fillStyle = color;
  for (const i of list) pen.fillRect(Math.round(toX(CENTRES[i * 2])) - 1, Math.round(toY(CENTRES[i * 2 + 1])) - 1, 3, 3);
}

function drawDots(list, color, isGrave) {
  const near = Math.min(Math.max(Math.log2(view.k / view.least), 0), 3) / 3;
  const half = Math.round(((isGrave ? 3.2 : 1.7) + near * 1.4) * 5) / 5;
  const sprite = dotSprite(color, half, isGrave ? 1.3 : 0.6);
  const side = sprite.width / view.sharp;
  for (const i of list) {
    pen.drawImage(sprite, toX(CENTRES[i * 2]) - side / 2, toY(CENTRES[i * 2 + 1]) - side / 2, side, side);
  }
}

const sprites = new Map();
function dotSprite(color, half, ring) {
  const key = `${color} ${half} ${view.sharp}`;
  if (!sprites.has(key)) {
    const side = Math.ceil((2 * half + 4) * view.sharp);
    const sprite = make("canvas", { width: side, height: side });
    const brush = sprite.getContext("2d");
    brush.arc(side / 2, side / 2, half * view.sharp, 0, 7);
    brush.fillStyle = color;
    brush.strokeStyle = PAPER;
    brush.lineWidth = ring * view.sharp;
    brush.fill();
    brush.stroke();
    sprites.set(key, sprite);
  }
  return sprites.get(key);
}
