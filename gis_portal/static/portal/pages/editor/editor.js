/** The editor of a draft. Its page works without this: what is here keeps it while it is written, draws, proposes and finds. */
import { form } from "./about.js";
import { choosers } from "./chooser.js";
import { startMap } from "./drawing.js";
import "./keys.js";
import "./parts.js";
import "./pictures.js";
import "./saving.js";

choosers(form);
form.dataset.ready = "yes";
startMap().catch((error) => console.error(error));
