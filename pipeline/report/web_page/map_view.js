// The window on the ground: (x, y) is its middle in decimetres, k how many pixels a decimetre has.

const canvas = byId("canvas");
const pen = canvas.getContext("2d");
const view = { x: 0, y: 0, k: 1, width: 1, height: 1, least: 1 };

const toX = (x) => (x - view.x) * view.k + view.width / 2;
const toY = (y) => view.height / 2 - (y - view.y) * view.k;
const groundX = (px) => (px - view.width / 2) / view.k + view.x;
const groundY = (py) => (view.height / 2 - py) / view.k + view.y;

function boxScale(box, room) {
  return Math.min(
    view.width / Math.max((box[2] - box[0]) * room, 1),
    view.height / Math.max((box[3] - box[1]) * room, 1),
  );
}

function look(box, room = 1.08, most = 0.2) {
  if (!(box[0] <= box[2])) return;
  view.x = (box[0] + box[2]) / 2;
  view.y = (box[1] + box[3]) / 2;
  view.k = Math.min(boxScale(box, room), most);
  redraw();
}

const lookAtAll = () => look(WHOLE);
const boxOf = (i) => BOXES.subarray(i * 4, i * 4 + 4);
const lookAtChange = (i) => look(boxOf(i), 9);

function zoom(factor, px = view.width / 2, py = view.height / 2) {
  const k = Math.min(Math.max(view.k * factor, view.least), 0.5);
  const x = groundX(px), y = groundY(py);
  view.k = k;
  view.x = x - (px - view.width / 2) / k;
  view.y = y + (py - view.height / 2) / k;
  redraw();
}

function pan(dx, dy) {
  view.x = Math.min(Math.max(view.x - dx / view.k, WHOLE[0]), WHOLE[2]);
  view.y = Math.min(Math.max(view.y + dy / view.k, WHOLE[1]), WHOLE[3]);
  redraw();
}

/** Take the size the page gives; the first time, show the whole county. */
function measure() {
  const box = byId("ground").getBoundingClientRect();
  const sharp = Math.min(window.devicePixelRatio || 1, 2);
  const first = view.width === 1;
  const wasWhole = view.k <= view.least * 1.02;
  view.width = Math.max(box.width, 50);
  view.height = Math.max(box.height, 50);
  canvas.width = Math.round(view.width * sharp);
  canvas.height = Math.round(view.height * sharp);
  view.sharp = sharp;
  view.least = boxScale(WHOLE, 1.08);
  if (first || wasWhole) lookAtAll();
  redraw();
}

/** For paper: the whole county in a shape that leaves room for the ranking under it. */
function drawForPaper() {
  view.before = { x: view.x, y: view.y, k: view.k };
  [view.width, view.height, view.sharp] = [920, 350, 2.5];
  canvas.width = view.width * view.sharp;
  canvas.height = view.height * view.sharp;
  view.k = boxScale(WHOLE, 1.04);
  [view.x, view.y] = [(WHOLE[0] + WHOLE[2]) / 2, (WHOLE[1] + WHOLE[3]) / 2];
  drawMap();
}

function drawForScreen() {
  const { x, y, k } = view.before;
  measure();
  Object.assign(view, { x, y, k });
  drawMap();
}

let asked = false;
function redraw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    drawMap();
  });
}
