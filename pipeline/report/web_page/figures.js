// Areas come as whole units of 0.0001 m², so every sum is exact; rounding is half up, once.

function hundredths(value) {
  const whole = Math.floor(value / 100);
  return whole.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",")
    + "." + String(value - whole * 100).padStart(2, "0");
}

function squareMetres(units) {
  return hundredths(Math.floor((units + 50) / 100));
}

/** 1 mu is 2000/3 m²: units × 0.0001 × 0.0015, in hundredths. */
function mu(units) {
  return hundredths(Math.floor((units * 15 + 500000) / 1000000));
}

function count(value) {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
