/** MapLibre's worker as a module to import: it starts itself where it finds itself in a worker. */
declare module "maplibre-gl/worker";
