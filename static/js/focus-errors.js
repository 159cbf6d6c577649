// After a refused form the summary of errors has the focus, so that it is read first.
import { eachNew } from "./dom.js";

eachNew("[data-focus-first]", (summary) => summary.focus({ preventScroll: false }));
