import { describe, expect, it } from "vitest";

import { exportedNames } from "./lean.ts";

describe("exportedNames", () => {
  it("finds what a module hands out, but not its types", () => {
    const source = [
      "export class One {}",
      "export abstract class Two {}",
      "export function three() {}",
      "export const four = 4;",
      "export type Five = 5;",
      "export interface Six {}",
      "export default seven;",
      "export {eight, nine as ten, type Eleven};",
    ].join("\n");
    expect(exportedNames(source)).toEqual(["One", "Two", "three", "four", "eight", "ten"]);
  });
});
