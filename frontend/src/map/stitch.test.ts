import { describe, expect, it } from "vitest";

import { distanceToStroke, stitchImage } from "./stitch";

describe("stitch", () => {
  it("is measured from its stroke", () => {
    expect(distanceToStroke(0, 0, 5, 0)).toBe(0);
    expect(distanceToStroke(8, 0, 5, 0)).toBeCloseTo(3);
    expect(distanceToStroke(0, 4, 5, 0)).toBeCloseTo(4);
  });

  it("is inside its edge in the middle, outside at the rim, and the same upside down", () => {
    const { width, height, data } = stitchImage();
    const opacity = (x: number, y: number): number => data[(y * width + x) * 4 + 3] ?? -1;
    expect(opacity(width / 2, height / 2)).toBeGreaterThan(0.75 * 255);
    for (let at = 0; at < width; at += 1) expect(opacity(at, 0)).toBeLessThan(0.75 * 255);
    for (let at = 0; at < width; at += 1) expect(opacity(at, 3)).toBe(opacity(width - 1 - at, height - 4));
  });
});
