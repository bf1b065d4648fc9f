/** Sends the request that a form of the API page describes, and shows the answer. */

const SHOWN = 200_000; // characters of a body
const element = document.getElementById("docs-words");
const words = JSON.parse(element?.textContent ?? "{}");

/** @typedef {{url: string, options: RequestInit & {headers: Record<string, string>}}} Asked */

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form.try"))) {
  part(form, ".send").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

/** The element of the form that the page is known to have. @param {HTMLElement} form @param {string} selector */
function part(form, selector) {
  const found = form.querySelector(selector);
  if (!found) throw new Error(`The form has no ${selector}.`);
  return /** @type {HTMLElement} */ (found);
}

/** What a field of the form holds. @param {Element | null} field */
function valueOf(field) {
  return /** @type {HTMLInputElement | null} */ (field)?.value;
}

/**
 * What the form asks for; a parameter left empty is not sent.
 *
 * @param {HTMLFormElement} form
 * @returns {Asked}
 */
function request(form) {
  let path = form.dataset.path ?? "";
  const query = new URLSearchParams();
  /** @type {Record<string, string>} */
  const headers = {};
  const token = valueOf(document.getElementById("token"))?.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-place]"))) {
    const value = field.value;
    const { place } = field.dataset;
    if (place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (value === "") continue;
    else if (place === "query") query.set(field.name, value);
    else if (place === "header") headers[field.name] = value;
  }
  const body = valueOf(form.querySelector("[data-place=body]"));
  if (body !== undefined) headers["Content-Type"] = valueOf(form.querySelector("[data-place=type]")) ?? "";
  const method = form.dataset.method;
  const forgery = method === "GET" ? null : /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (forgery) headers["X-CSRFToken"] = forgery[1];
  const url = `${path}${query.size ? `?${query}` : ""}`;
  return { url, options: { method, headers, body } };
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const { url, options } = request(form);
  const result = part(form, ".result");
  const say = (/** @type {string} */ what, /** @type {string} */ text) => { part(result, `.result-${what}`).textContent = text; };
  result.hidden = false;
  say("status", words.sending);
  say("curl", curl(url, options));
  say("headers", "");
  say("body", "");
  try {
    const begun = performance.now();
    const response = await fetch(url, options);
    const data = await response.blob();
    say("status", `${response.status} ${response.statusText} · ${Math.round(performance.now() - begun)} ms`);
    say("headers", [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"));
    say("body", await shown(data));
  } catch {
    say("status", words.failed);
  }
}

/** The body as text, indented when it is JSON. @param {Blob} data */
async function shown(data) {
  if (!/json|text|xml|svg/.test(data.type)) return data.size ? words.binary.replace("{size}", String(data.size)) : "";
  let text = await data.text();
  if (/[/+]json(;|$)/.test(data.type)) text = indented(text);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}\n${words.cut.replace("{size}", String(text.length))}` : text;
}

/** JSON indented; what is none after all, such as an answer cut short, as it is. @param {string} text */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The same request for a terminal; the token is left for the reader to put in. @param {string} url @param {Asked["options"]} options */
function curl(url, { method, headers, body }) {
  const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method]), quoted(new URL(url, location.href).href)];
  for (const [name, value] of Object.entries(headers)) {
    if (name === "Authorization") parts.push("-H", '"Authorization: Bearer $TOKEN"');
    else if (name !== "X-CSRFToken") parts.push("-H", quoted(`${name}: ${value}`));
  }
  if (body) parts.push("--data-binary", quoted(String(body)));
  return parts.join(" ");
}
