//! The description of the API (OpenAPI 3.1), made from the table of routes.

use actix_web::http::Method;
use utoipa::openapi::{
    Components, ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, RefOr,
    Required, ResponseBuilder, Schema,
    path::{OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
};

use crate::{Needs, RouteDoc};

/// The description as served at `/api/openapi.json`.
#[derive(Clone)]
pub struct Documentation(OpenApi);

impl Documentation {
    /// Describes these routes.
    pub fn of(routes: &[RouteDoc]) -> Self {
        let mut components = Components::new();
        let mut paths = PathsBuilder::new();
        for route in routes {
            for (name, schema) in &route.schemas {
                components.schemas.insert(name.clone(), schema.clone());
            }
            paths =
                paths.path(format!("/api{}", route.path), PathItem::new(http_method(&route.method), operation(route)));
        }
        let info = InfoBuilder::new().title("Diwan").version(env!("CARGO_PKG_VERSION")).build();
        Self(OpenApiBuilder::new().info(info).paths(paths.build()).components(Some(components)).build())
    }

    /// The description as JSON.
    pub fn json(&self) -> String {
        self.0.to_json().unwrap_or_default()
    }
}

fn operation(route: &RouteDoc) -> utoipa::openapi::path::Operation {
    let right = match route.needs {
        Needs::Nothing => "Anybody may call this.".to_owned(),
        Needs::SignIn => "For everybody signed in, within their scope.".to_owned(),
        Needs::Right(right) => format!("Takes the right `{}`.", right.code()),
    };
    let ok = match &route.answers {
        Some(schema) => {
            ResponseBuilder::new().description("Done.").content("application/json", content(schema)).build()
        }
        None => ResponseBuilder::new().description("Done.").build(),
    };
    let mut operation = OperationBuilder::new()
        .tag(route.tag)
        .summary(Some(route.summary))
        .description(Some(right))
        .response("200", ok)
        .response("default", ResponseBuilder::new().description("A problem (RFC 9457).").build());
    for name in route.path.split(['{', '}']).skip(1).step_by(2) {
        let name = name.split(':').next().unwrap_or(name);
        operation = operation.parameter(
            ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True).build(),
        );
    }
    if let Some(schema) = &route.takes {
        operation = operation
            .request_body(Some(RequestBodyBuilder::new().content("application/json", content(schema)).build()));
    }
    operation.build()
}

fn content(schema: &RefOr<Schema>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(schema.clone())).build()
}

fn http_method(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        "PATCH" => HttpMethod::Patch,
        _ => HttpMethod::Get,
    }
}
