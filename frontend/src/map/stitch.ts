/** A stitch as a picture of distances, which the map can draw in any colour, with a halo, at any size. */

const SIZE_PX = 24;
const ARM_PX = 5;
/** How far a stitch leans from the line it crosses; the same as in the pictures on pages. */
const SLANT = (61 * Math.PI) / 180;
const HALF_STROKE_PX = 1.1;
/** MapLibre's convention: the edge at three quarters of the range, eight pixels from full to nothing. */
const EDGE = 0.75;
const RADIUS_PX = 8;

/** Distance from a point to a stroke of some length through the origin, at an angle. */
export function distanceToStroke(x: number, y: number, arm: number, angle: number): number {
  const along = x * Math.cos(angle) - y * Math.sin(angle);
  const across = x * Math.sin(angle) + y * Math.cos(angle);
  return Math.hypot(Math.max(0, Math.abs(along) - arm), across);
}

/** The picture: white, with the distance to the edge of the stitch as its opacity. */
export function stitchImage(): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(SIZE_PX * SIZE_PX * 4).fill(255);
  const middle = (SIZE_PX - 1) / 2;
  for (let at = 0; at < SIZE_PX * SIZE_PX; at += 1) {
    const x = (at % SIZE_PX) - middle;
    const y = Math.floor(at / SIZE_PX) - middle;
    const distance = distanceToStroke(x, y, ARM_PX, SLANT) - HALF_STROKE_PX;
    data[at * 4 + 3] = Math.round(255 * (EDGE - distance / RADIUS_PX));
  }
  return { width: SIZE_PX, height: SIZE_PX, data };
}

const HATCH_PX = 8;

/** Slanting lines in a colour, given as `rgb(…)` or `#rrggbb`: a square that continues itself on every side. */
export function hatchImage(colour: string): { width: number; height: number; data: Uint8ClampedArray } {
  const hex = /^#(..)(..)(..)$/.exec(colour)?.slice(1).map((part) => Number.parseInt(part, 16));
  const [red = 0, green = 0, blue = 0] = hex ?? (colour.match(/[\d.]+/g) ?? []).map(Number);
  const data = new Uint8ClampedArray(HATCH_PX * HATCH_PX * 4);
  for (let at = 0; at < HATCH_PX * HATCH_PX; at += 1) {
    const across = ((at % HATCH_PX) + Math.floor(at / HATCH_PX)) % HATCH_PX;
    data.set([red, green, blue, across < 2 ? 190 : 0], at * 4);
  }
  return { width: HATCH_PX, height: HATCH_PX, data };
}
