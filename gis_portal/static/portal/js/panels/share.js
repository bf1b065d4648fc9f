/** Sharing what is on the screen: its link, the link's QR code, and the text that shows it in another page. */
import { shownAtFirst } from "../config.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { showPanel } from "../panels.js";
import { copy, link } from "../share.js";
import { embedCode, SIZES, viewHash } from "../sharing.js";

/** @typedef {import("../store.js").Store} Store */

const MOST_OF_CODE = 600; // characters of a path that pages/qr.py draws

/** @param {Store} store */
export function start(store) {
  /** @type {keyof typeof SIZES} */
  let size = "medium";

  const show = () => {
    if (store.get().side !== "share") return;
    const hash = viewHash(store.get(), shownAtFirst);
    showPanel(store, "share", t("share_title"), [...linking(hash), ...code(hash), ...embedding(hash)]);
  };

  /** @param {string} hash */
  function embedding(hash) {
    const text = embedCode(link("/embed", hash), size, document.title);
    const sizes = { small: t("embed_small"), medium: t("embed_medium"), wide: t("embed_wide") };
    const choose = (/** @type {any} */ event) => {
      size = event.target.value;
      show();
    };
    return [
      h("h3", {}, t("embed_title")),
      h("p", { class: "side-note" }, t("embed_what")),
      h("label", { class: "share-label", for: "embed-size" }, t("embed_size")),
      h("select", { id: "embed-size", class: "share-field", onchange: choose },
        ...Object.entries(sizes).map(([value, title]) => h("option", { value, selected: value === size }, title))),
      h("label", { class: "share-label", for: "embed-code" }, t("embed_code")),
      h("textarea", { id: "embed-code", class: "share-field", rows: 5, readonly: true, onfocus: select }, text),
      h("p", { class: "actions" },
        h("button", { type: "button", id: "embed-copy", class: "action", onclick: () => copy(text) }, t("embed_copy")),
        h("a", { class: "action", id: "embed-look", href: link("/embed", hash), target: "_blank", rel: "noopener" }, t("embed_look"))),
    ];
  }

  store.subscribe(["side", "view", "layers", "opacity", "feature", "pin", "mode", "target", "year", "drawn", "base", "look", "elder"], show);
  show();
}

/** @param {string} hash */
function linking(hash) {
  const address = link("/", hash);
  const send = () => navigator.share({ title: document.title, url: address }).catch(() => undefined); // the visitor thought better of it
  return [
    h("label", { class: "share-label", for: "share-link" }, t("share_link")),
    h("input", { id: "share-link", class: "share-field", readonly: true, value: address, onfocus: select }),
    h("p", { class: "actions" },
      h("button", { type: "button", id: "share-copy", class: "action", onclick: () => copy(address) }, t("share_copy")),
      "share" in navigator && h("button", { type: "button", id: "share-send", class: "action", onclick: send }, t("share_send"))),
    h("p", { class: "side-note" }, t("share_what")),
  ];
}

/** @param {string} hash */
function code(hash) {
  const path = new URL(link("/", hash));
  const to = `${path.pathname}${path.search}${path.hash}`;
  const title = h("h3", {}, t("share_code"));
  if (to.length > MOST_OF_CODE) return [title, h("p", { class: "side-note" }, t("share_too_long"))];
  const picture = `/qr.svg?to=${encodeURIComponent(to)}`;
  return [
    title,
    h("img", { class: "share-code", src: picture, alt: t("share_code"), width: 160, height: 160 }),
    h("p", {}, h("a", { id: "share-save", href: picture, download: "qr.svg" }, t("share_code_save"))),
  ];
}

/** @param {any} event */
function select(event) {
  event.target.select();
}
