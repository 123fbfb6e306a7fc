/** What every page loads: the style sheet, and the few behaviours of the site outside the map. */
import "../styles/site.css";
