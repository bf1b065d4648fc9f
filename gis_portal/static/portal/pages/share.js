/** Copies the permanent address of a page, and prints it. Without scripts the address can be selected. */
import { byId } from "../js/dom.js";

const address = /** @type {HTMLInputElement} */ (byId("permanent"));
const copy = byId("copy");
const told = byId("copied");

byId("share-actions").hidden = false;
byId("print").addEventListener("click", () => print());
copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(address.value);
    told.textContent = copy.dataset.done ?? "";
  } catch {
    address.select();
    told.textContent = copy.dataset.failed ?? "";
  }
});
