// Ink on paper, and the image that a network sees of it, prepared as those of MNIST were: see handwriting.py, which does the same.

export const PAD = 140; // the paper has so many points along a side
const PEN = 6; // radius of the pen, in points
export const IMAGE_SIDE = 28;
const BOX = 20; // pixels along a side of the box that holds the digit

export function blankPaper() {
  return new Float64Array(PAD * PAD);
}

/** Draw a straight line with the round pen, its edge one point wide. Places in points, x to the right, y down. */
export function strokeInk(ink, x0, y0, x1, y1) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - PEN - 1));
  const last = (a, b) => Math.min(PAD - 1, Math.ceil(Math.max(a, b) + PEN + 1));
  for (let row = first(y0, y1); row <= last(y0, y1); row++) {
    for (let column = first(x0, x1); column <= last(x0, x1); column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      const along = length > 0 ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length)) : 0;
      const [offX, offY] = [x - x0 - along * dx, y - y0 - along * dy];
      const value = Math.min(1, PEN + 0.5 - Math.sqrt(offX * offX + offY * offY));
      if (value > ink[row * PAD + column]) ink[row * PAD + column] = value;
    }
  }
}

/** Ink that looks like an image: each pixel a square of points. */
export function enlargedImage(image) {
  const size = PAD / IMAGE_SIDE;
  return Float64Array.from({ length: PAD * PAD }, (_, i) => {
    const [row, column] = [Math.floor(i / PAD / size), Math.floor((i % PAD) / size)];
    return image[row * IMAGE_SIDE + column];
  });
}

/** The image of the ink, from 0 to 1 row by row: fitted into the box, its centre of mass in the middle. */
export function asMnist(ink) {
  const image = new Float64Array(IMAGE_SIDE * IMAGE_SIDE);
  const [rows, columns] = [new Float64Array(PAD), new Float64Array(PAD)];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] > 0) rows[Math.floor(i / PAD)] = columns[i % PAD] = 1;
  }
  const [top, left] = [rows.indexOf(1), columns.indexOf(1)];
  if (top < 0) return image;
  const [tall, wide] = [rows.lastIndexOf(1) + 1 - top, columns.lastIndexOf(1) + 1 - left];
  const scale = BOX / Math.max(tall, wide);
  const [height, width] = [tall, wide].map((length) => Math.max(1, Math.floor(scale * length + 0.5)));
  // Columns first, then rows: each pixel is the mean of the points that it covers.
  const narrow = new Float64Array(tall * width);
  for (const [pixel, point, share] of sharesOf(width, wide)) {
    for (let row = 0; row < tall; row++) narrow[row * width + pixel] += share * ink[(top + row) * PAD + left + point];
  }
  const small = new Float64Array(height * width);
  for (const [pixel, point, share] of sharesOf(height, tall)) {
    for (let column = 0; column < width; column++) small[pixel * width + column] += share * narrow[point * width + column];
  }
  let [mass, down, across] = [0, 0, 0];
  for (let i = 0; i < small.length; i++) {
    mass += small[i];
    down += small[i] * Math.floor(i / width);
    across += small[i] * (i % width);
  }
  const place = (moment, length) =>
    Math.max(0, Math.min(IMAGE_SIDE - length, Math.floor(IMAGE_SIDE / 2 - moment / mass + 0.5)));
  const [y, x] = [place(down, height), place(across, width)];
  for (let i = 0; i < small.length; i++) {
    image[(y + Math.floor(i / width)) * IMAGE_SIDE + x + (i % width)] = Math.min(small[i], 1); // rounding may have gone beyond
  }
  return image;
}

/** Which share of each of `length` points belongs to which of `count` equal pixels: [pixel, point, share] each. */
function sharesOf(count, length) {
  const shares = [];
  for (let pixel = 0; pixel < count; pixel++) {
    const [from, to] = [pixel, pixel + 1].map((edge) => (edge * length) / count);
    for (let point = Math.floor(from); point < Math.min(length, Math.ceil(to)); point++) {
      const covered = Math.min(to, point + 1) - Math.max(from, point);
      if (covered > 0) shares.push([pixel, point, (covered * count) / length]);
    }
  }
  return shares;
}

/** An image as text, two characters a pixel: what `unpack` in mathematics.js reads, with 0 and 1 as its limits. */
export function imageCode(image) {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-~";
  return Array.from(image, (ink) => {
    const code = Math.round(4094 * ink);
    return digits[code >> 6] + digits[code & 63];
  }).join("");
}
