// The ranking: small bars against the line, one scale for all rows.

const MOST = Math.max(
  DATA.line * 1.3,
  ...DATA.towns.flatMap((town) => [town.ratio, town.gross, town.high].filter((value) => value !== null)),
) * 1.03;
const share = (points) => `${Math.min(Math.max(points / MOST, 0), 1) * 100}%`;

function showRanking() {
  const heads = [word("rank"), word("township"), lineHead(), word("ratio"), flaggedHead()];
  byId("ranking").replaceChildren(
    make("thead", {}, row(heads, [0, 3, 4], "th")),
    make("tbody", {}, ...DATA.towns.map(rankingRow)),
  );
}

function lineHead() {
  return make("div", { className: "bars head" },
    make("span", { className: "line-head", style: { left: share(DATA.line) } }, say(DATA.lineLabel)));
}

function rankingRow(town, n) {
  const name = make("button", { type: "button", className: "link" }, town.name);
  name.addEventListener("click", () => choose({ town: state.town === n ? -1 : n, change: -1, go: true }));
  name.setAttribute("aria-pressed", String(state.town === n));
  const line = row(
    [town.rank === null ? "—" : String(town.rank), name, bar(town), town.ratio === null ? word("noRatio") : town.text, flagged(town)],
    [0, 3, 4],
  );
  line.className = [town.over ? "over" : "", state.town === n ? "chosen" : ""].join(" ");
  line.children[2].className = "bar-cell";
  return line;
}

function bar(town) {
  const parts = [make("i", { className: "line", style: { left: share(DATA.line) } })];
  if (town.ratio !== null) {
    parts.unshift(make("i", {
      className: "bar", style: { width: share(town.ratio), background: DATA.classes[town.level].fill },
    }));
    if (town.high > town.low) {
      parts.push(make("i", {
        className: "whisker",
        style: { left: share(town.low), width: `${(Math.min(town.high, MOST) - town.low) / MOST * 100}%` },
      }));
    }
    if (town.gross !== null && town.gross !== town.ratio) {
      parts.push(make("i", { className: "gross", style: { left: share(town.gross) }, title: town.grossText }));
    }
  }
  return make("div", { className: "bars" }, ...parts);
}

const flaggedHead = () => make("span", {}, word("flagged"), make("span", { className: "of" }, word("flaggedOf")));

function flagged(town) {
  return make("span", {}, make("b", {}, count(town.illegal)), make("span", { className: "of" }, ` / ${count(town.count)}`));
}

