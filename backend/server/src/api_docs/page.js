// Draws the description of the API: groups, routes, and the bodies they take and answer.
"use strict";

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

// A schema as a readable sketch: names, types, what may be left out.
const sketch = (schema, all, depth = 0, open = []) => {
  const pad = "  ".repeat(depth + 1);
  if (!schema) return "any";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return open.includes(name) || depth > 4 ? name : sketch(all[name], all, depth, [...open, name]);
  }
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const either = schema.oneOf || schema.anyOf || schema.allOf;
  if (either) return either.map((one) => sketch(one, all, depth, open)).join(" | ");
  if (schema.type === "array") return `[${sketch(schema.items, all, depth, open)}]`;
  if (schema.properties) {
    const required = schema.required || [];
    const lines = Object.entries(schema.properties).map(([name, value]) => {
      const note = value.description ? `  // ${value.description.split("\n")[0]}` : "";
      return `${pad}${name}${required.includes(name) ? "" : "?"}: ${sketch(value, all, depth + 1, open)}${note}`;
    });
    return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
  }
  return [].concat(schema.type || "any").join(" | ") + (schema.format ? ` (${schema.format})` : "");
};

const body = (title, content, all) => {
  const schema = content?.["application/json"]?.schema;
  if (!schema) return [];
  return [element("strong", "", title), element("pre", "", sketch(schema, all))];
};

const route = (method, path, operation, all) => {
  const box = element("details");
  const summary = element("summary");
  summary.append(element("span", `method ${method}`, method), element("code", "", path), ` – ${operation.summary || ""}`);
  box.append(summary, element("p", "", operation.description || ""));
  box.append(...body("Takes", operation.requestBody?.content, all));
  box.append(...body("Answers", operation.responses?.["200"]?.content, all));
  box.dataset.text = `${method} ${path} ${operation.summary} ${operation.description}`.toLowerCase();
  return box;
};

const draw = (api) => {
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!operation || !operation.responses) continue;
      const tag = operation.tags?.[0] || "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(route(method.toUpperCase(), path, operation, api.components?.schemas || {}));
    }
  }
  const main = document.getElementById("routes");
  main.replaceChildren();
  for (const [tag, boxes] of groups) {
    const section = element("section");
    section.append(element("h2", "", tag), ...boxes);
    main.append(section);
  }
};

const filter = () => {
  const words = document.getElementById("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const box of document.querySelectorAll("details")) {
    box.classList.toggle("hidden", !words.every((word) => box.dataset.text.includes(word)));
  }
  for (const section of document.querySelectorAll("section")) {
    section.classList.toggle("hidden", !section.querySelector("details:not(.hidden)"));
  }
};

document.getElementById("filter").addEventListener("input", filter);
fetch("/api/openapi.json")
  .then((answer) => answer.json())
  .then(draw)
  .catch((error) => {
    document.getElementById("routes").textContent = `The description could not be loaded: ${error}`;
  });
