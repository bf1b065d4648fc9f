/** What is given to others. */
import assert from "node:assert/strict";
import test from "node:test";

import { embedCode, viewHash } from "../../../gis_portal/static/portal/js/sharing.js";
import { AT_FIRST } from "../../../gis_portal/static/portal/js/store.js";

const STATE = { ...AT_FIRST, layers: ["a"], view: { zoom: 11, lat: 30, lon: 120.5 } };

test("the tool by which something is shared is not shared", () => {
  assert.equal(viewHash({ ...STATE, side: "share" }, ["a"]), "#map=11.00/30.00000/120.50000");
});

test("the text for a page is escaped and has the size that was chosen", () => {
  assert.equal(
    embedCode('https://x.cn/embed?lang=en#layers=a&pin=1/2', "wide", 'A "map" & <more>'),
    '<iframe src="https://x.cn/embed?lang=en#layers=a&amp;pin=1/2" title="A &quot;map&quot; &amp; &lt;more>" width="100%" height="480" loading="lazy" referrerpolicy="no-referrer" allowfullscreen></iframe>',
  );
});
