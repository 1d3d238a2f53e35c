//! The table of routes as the API describes it, for tests that go through all of them.

use actix_web::http::Method;
use serde_json::{Map, Value, json};

/// A route of the product.
#[derive(Debug, Clone)]
pub struct ApiRoute {
    /// GET, POST …
    pub method: Method,
    /// With `{id}` where an id goes.
    pub path: String,
    /// Whether anybody may call it.
    pub public: bool,
    /// The code of the right it takes.
    pub right: Option<String>,
    /// A body it takes, made from its schema; none where it takes none, or takes a form.
    pub body: Option<Value>,
}

impl ApiRoute {
    /// `PUT /api/…`, for messages.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it changes anything.
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// The part of the path that says what the id is of: `letters` of `/api/letters/{id}/pdf`.
    pub fn entity(&self) -> Option<&str> {
        let before = self.path.split_once("/{")?.0;
        before.rsplit('/').next()
    }

    /// The path with this in place of its id; what stands behind it (a page, a mark) is 1.
    pub fn at(&self, id: &str) -> String {
        let mut ids = std::iter::once(id).chain(std::iter::repeat("1"));
        let parts = self.path.split('/');
        let filled: Vec<&str> =
            parts.map(|part| if part.starts_with('{') { ids.next().unwrap_or(part) } else { part }).collect();
        filled.join("/")
    }
}

/// Every route of this build.
pub fn routes() -> Vec<ApiRoute> {
    let description: Value = serde_json::from_str(&diwan_server::documentation().json()).unwrap();
    let schemas = &description["components"]["schemas"];
    let mut routes = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse() else { continue };
            let needs = operation["description"].as_str().unwrap();
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            routes.push(ApiRoute {
                method,
                path: path.clone(),
                public: needs.starts_with("Anybody"),
                right: needs.split('`').nth(1).map(str::to_owned),
                body: (!schema.is_null()).then(|| sample(schema, schemas)),
            });
        }
    }
    assert!(routes.len() > 80, "only {} routes are described", routes.len());
    routes
}

/// A value that fits the schema: everything that is required, the first of every choice.
fn sample(schema: &Value, schemas: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return sample(&schemas[name.rsplit('/').next().unwrap()], schemas);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| sample(part, schemas));
        let fields = parts.filter_map(|part| part.as_object().cloned()).flatten();
        return Value::Object(fields.collect());
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        return choices.iter().map(|choice| sample(choice, schemas)).find(|value| !value.is_null()).unwrap_or_default();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|choices| choices.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_array().and_then(|kinds| kinds.first()).unwrap_or(&schema["type"]);
    match (kind.as_str().unwrap_or_default(), schema["format"].as_str().unwrap_or_default()) {
        ("string", "date") => json!("2026-12-01"),
        ("string", "date-time") => json!("2026-12-01T08:00:00Z"),
        ("string", _) => json!("doc"),
        ("integer" | "number", _) => json!(1),
        ("boolean", _) => json!(false),
        ("array", _) => json!([]),
        ("object", _) => object(schema, schemas),
        _ => Value::Null,
    }
}

fn object(schema: &Value, schemas: &Value) -> Value {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut fields = Map::new();
    for name in required.iter().filter_map(Value::as_str) {
        fields.insert(name.to_owned(), sample(&schema["properties"][name], schemas));
    }
    Value::Object(fields)
}
