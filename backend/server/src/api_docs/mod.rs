//! The description of the API at `/api/openapi.json`, and a page to browse it at `/api/docs`.

use std::sync::Arc;

use actix_web::{HttpResponse, http::header, web};

/// The page's files; they load nothing from elsewhere and have no inline script.
const FILES: [(&str, &str, &str); 3] = [
    ("/api/docs", "text/html; charset=utf-8", include_str!("page.html")),
    ("/api/docs/page.js", "text/javascript; charset=utf-8", include_str!("page.js")),
    ("/api/docs/page.css", "text/css; charset=utf-8", include_str!("page.css")),
];

pub(crate) fn mount(config: &mut web::ServiceConfig, description: Arc<str>) {
    let json = move || {
        let body = description.to_string();
        async move { answer("application/json", body) }
    };
    config.service(web::resource("/api/openapi.json").route(web::get().to(json)));
    for (path, media_type, text) in FILES {
        config.service(web::resource(path).route(web::get().to(async move || answer(media_type, text.to_owned()))));
    }
}

fn answer(media_type: &str, body: String) -> HttpResponse {
    HttpResponse::Ok().content_type(media_type).insert_header((header::CACHE_CONTROL, "no-cache")).body(body)
}
