/**
 * The heavy part of the map: MapLibre, PMTiles and what we draw with them. Loaded by the element when it is needed,
 * and once more, from the browser's cache, as MapLibre's own worker: one file for both is a third smaller than two.
 */
import "maplibre-gl/worker";

export { openMap } from "../map/view";
