// Shows openapi.json, and sends requests from it. Everything comes from this node.
const documentOfNode = await (await fetch("openapi.json")).json();
const base = location.pathname.replace(/\/docs\/?$/, "");
const list = document.getElementById("operations");
const token = document.getElementById("token");
document.getElementById("version").textContent = documentOfNode.info.version;

/** A schema with its references in place, as far as a reader wants to see. */
function shown(schema, depth = 0) {
  if (!schema || typeof schema !== "object") return schema;
  if (Array.isArray(schema)) return schema.map((each) => shown(each, depth));
  if (schema.$ref) {
    const target = schema.$ref.slice(2).split("/").reduce((at, key) => at?.[key], documentOfNode);
    return depth > 3 ? { $ref: schema.$ref } : shown(target, depth + 1);
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, shown(value, depth)]));
}

function content(part) {
  return Object.values(part?.content ?? {})[0]?.schema;
}

function field(parameter) {
  const row = document.createElement("tr");
  const name = row.insertCell();
  name.textContent = parameter.name + (parameter.required ? " *" : "");
  const input = document.createElement("input");
  input.dataset.name = parameter.name;
  input.dataset.in = parameter.in;
  input.setAttribute("aria-label", parameter.name);
  row.insertCell().append(input);
  row.insertCell().textContent = `${parameter.in} ${parameter.description ?? parameter.schema?.description ?? ""}`;
  return row;
}

async function send(verb, path, form, hasBody) {
  const headers = {};
  const query = new URLSearchParams();
  let place = path;
  for (const input of form.querySelectorAll("input[data-in]")) {
    const { name, in: where } = input.dataset;
    if (where === "path") place = place.replace(`{${name}}`, encodeURIComponent(input.value));
    else if (input.value !== "" && where === "query") query.append(name, input.value);
    else if (input.value !== "" && where === "header") headers[name] = input.value;
  }
  if (token.value) headers.Authorization = `Bearer ${token.value}`;
  const options = { method: verb.toUpperCase(), headers };
  if (hasBody) options.body = form.querySelector("textarea").value;
  const answer = await fetch(base + place + (query.size ? `?${query}` : ""), options);
  const text = await answer.text();
  let body = text;
  try { body = JSON.stringify(JSON.parse(text), null, 2); } catch { /* Not JSON: as it is. */ }
  return `${answer.status} ${answer.headers.get("X-Correlation-Id") ?? ""}\n${body}`;
}

function operation(path, verb, meaning) {
  const part = document.getElementById("operation").content.cloneNode(true);
  const element = part.querySelector("details");
  part.querySelector(".verb").textContent = verb.toUpperCase();
  part.querySelector(".path").textContent = path;
  part.querySelector(".summary").textContent = meaning.summary;
  part.querySelector(".scope").textContent = `${meaning.operationId}, scope ${meaning["x-scope"]}`;
  part.querySelector(".parameters").append(...(meaning.parameters ?? []).map(field));
  const request = content(meaning.requestBody);
  if (!meaning.requestBody) part.querySelector(".body").remove();
  element.addEventListener("toggle", () => {
    element.querySelector(".request").textContent = request ? `Request\n${JSON.stringify(shown(request), null, 2)}` : "";
    element.querySelector(".response").textContent = Object.entries(meaning.responses)
      .map(([status, answer]) => `${status}\n${JSON.stringify(shown(content(answer)), null, 2)}`).join("\n\n");
  }, { once: true });
  const form = part.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output");
    output.textContent = "...";
    output.textContent = await send(verb, path, form, Boolean(meaning.requestBody)).catch(String);
  });
  element.dataset.words = `${verb} ${path} ${meaning.operationId} ${meaning.summary}`.toLowerCase();
  return element;
}

const groups = new Map();
for (const [path, verbs] of Object.entries(documentOfNode.paths)) {
  for (const [verb, meaning] of Object.entries(verbs)) {
    const tag = meaning.tags[0];
    if (!groups.has(tag)) groups.set(tag, []);
    groups.get(tag).push(operation(path, verb, meaning));
  }
}
list.replaceChildren(...[...groups].sort().map(([tag, operations]) => {
  const section = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = tag;
  section.append(title, ...operations);
  return section;
}));

document.getElementById("find").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase();
  for (const element of list.querySelectorAll("section > details")) {
    element.hidden = !element.dataset.words.includes(words);
  }
  for (const section of list.querySelectorAll("section")) {
    section.hidden = !section.querySelector("details:not([hidden])");
  }
});
