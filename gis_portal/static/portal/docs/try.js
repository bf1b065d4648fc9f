/** Sends the request that a form of the API page describes, and shows the answer. */

const SHOWN = 200_000; // characters of a body
const element = document.getElementById("docs-words");
const words = JSON.parse(element?.textContent ?? "{}");

for (const form of document.querySelectorAll("form.try")) {
  form.querySelector(".send").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

/**
 * What the form asks for; a parameter left empty is not sent.
 *
 * @param {HTMLFormElement} form
 * @returns {{url: string, options: RequestInit & {headers: Record<string, string>}}}
 */
function request(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = {};
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  for (const field of form.querySelectorAll("[data-place]")) {
    const value = field.value;
    const { place } = field.dataset;
    if (place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (value === "") continue;
    else if (place === "query") query.set(field.name, value);
    else if (place === "header") headers[field.name] = value;
  }
  const body = form.querySelector("[data-place=body]")?.value;
  if (body !== undefined) headers["Content-Type"] = form.querySelector("[data-place=type]").value;
  const method = form.dataset.method;
  const forgery = method === "GET" ? null : /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (forgery) headers["X-CSRFToken"] = forgery[1];
  const url = `${path}${query.size ? `?${query}` : ""}`;
  return { url, options: { method, headers, body } };
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const { url, options } = request(form);
  const result = form.querySelector(".result");
  const say = (part, text) => { result.querySelector(`.result-${part}`).textContent = text; };
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

/** JSON indented; what is none after all, such as an answer cut short, as it is. */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The same request for a terminal; the token is left for the reader to put in. */
function curl(url, { method, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method]), quoted(new URL(url, location.href).href)];
  for (const [name, value] of Object.entries(headers)) {
    if (name === "Authorization") parts.push("-H", '"Authorization: Bearer $TOKEN"');
    else if (name !== "X-CSRFToken") parts.push("-H", quoted(`${name}: ${value}`));
  }
  if (body) parts.push("--data-binary", quoted(body));
  return parts.join(" ");
}
