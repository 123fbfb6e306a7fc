/** What the editing screens of the register load beside Wagtail's own: choosing records by typing. */
import "../styles/editor.css";
import { offerChoices } from "./editor.choose";

offerChoices(document);
