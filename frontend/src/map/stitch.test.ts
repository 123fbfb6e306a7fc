import { describe, expect, it } from "vitest";

import { distanceToStroke, hatchImage, stitchImage } from "./stitch";

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

describe("hatching", () => {
  it.each(["#9a3b1c", "rgb(154, 59, 28)"])("is in the colour %j and continues over its edges", (colour) => {
    const { width, height, data } = hatchImage(colour);
    expect([...data.slice(0, 3)]).toEqual([154, 59, 28]);
    const drawn = (x: number, y: number): boolean => (data[((y % height) * width + (x % width)) * 4 + 3] ?? 0) > 0;
    for (let x = 0; x < width; x += 1) expect(drawn(x + 1, height - 1)).toBe(drawn(x, height));
    expect([...Array(width).keys()].filter((x) => drawn(x, 0))).toHaveLength(2);
  });
});
