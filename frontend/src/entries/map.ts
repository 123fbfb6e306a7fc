/** Defines `<nt-map>`. */
import { MapElement } from "../map/element";

customElements.define("nt-map", MapElement);
