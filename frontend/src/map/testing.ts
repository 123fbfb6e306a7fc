/** What tests of the map share. */

import { COLOURS } from "./colours";
import { spans, tileFacts, type TileFacts } from "./levels";
import type { StyleOptions } from "./style";

export const FACTS: TileFacts = tileFacts({
  nahtstelle: {
    edition: "de-vg250-2016-01-01",
    attribution: "© GeoBasis-DE / BKG 2016",
    date: "2016-01-01",
    levels: {
      land: { people_bounds: [100_000, 300_000, 700_000, 2_000_000], min_zoom: 4 },
      district: { people_bounds: [7_000, 30_000, 200_000, 700_000], min_zoom: 5 },
      union: { people_bounds: [1_000, 5_000, 20_000, 100_000], min_zoom: 8 },
      municipality: { people_bounds: [200, 2_000, 30_000, 300_000], min_zoom: 9 },
    },
  },
});

export function styleOptions(changed: Partial<StyleOptions> = {}): StyleOptions {
  return {
    archive: { url: "https://example.org/karte/kacheln/a.pmtiles", minZoom: 4, maxZoom: 10, bounds: [5.8, 47.2, 15.1, 55.1] },
    facts: FACTS,
    spans: spans("auto", FACTS),
    colours: COLOURS,
    layer: "seams",
    place: null,
    seam: null,
    names: [],
    level: "auto",
    states: {},
    belonging: {},
    chosen: null,
    background: null,
    ...changed,
  };
}
