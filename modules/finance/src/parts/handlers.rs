//! The handlers of every list of the setup.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{PartQuery, PartRow};
use diwan_http::{ApiResult, IfMatch, Input, Require, created, download, read, rights, write};
use diwan_kernel::{Lang, Page, Permission};
use diwan_platform::{Platform, Refusal, sheet::TableForm};
use diwan_platform_api::people::ImportReport;
use serde::Deserialize;

use super::{
    import,
    part::{self, Part},
};

/// Adds the routes of a list, below a path and with a word for what is in it.
macro_rules! part_routes {
    ($routes:expr, $part:ty, $path:literal, $what:literal) => {{
        use $crate::parts::handlers::{change, create, list};
        $routes
            .get(concat!("/finance/", $path), list::<$part>, concat!("The ", $what, " of one's agency, by page"))
            .answers::<diwan_kernel::Page<diwan_finance_api::PartRow<$part>>>();
        $routes
            .post(concat!("/finance/", $path), create::<$part>, concat!("Adds to the ", $what))
            .takes::<$part>()
            .answers::<diwan_finance_api::PartRow<$part>>();
        $routes
            .put(concat!("/finance/", $path, "/{id}"), change::<$part>, concat!("Changes one of the ", $what))
            .takes::<$part>()
            .answers::<diwan_finance_api::PartRow<$part>>();
        $crate::parts::handlers::table_routes!($routes, $part, $path, $what);
    }};
}

/// Adds the routes that take a list along and bring it back.
macro_rules! table_routes {
    ($routes:expr, $part:ty, $path:literal, $what:literal) => {{
        use $crate::parts::handlers::{export, import};
        $routes.get(
            concat!("/finance/", $path, "/export"),
            export::<$part>,
            concat!("The ", $what, " as XLSX, or as CSV with csv=1; ?lang=ar or en, with the filters of the list"),
        );
        $routes
            .post(
                concat!("/finance/", $path, "/import"),
                import::<$part>,
                concat!(
                    "What a file (XLSX or CSV) does to the ",
                    $what,
                    ": ?preview=true, or ?hash= of what was looked at"
                ),
            )
            .answers::<diwan_platform_api::people::ImportReport>();
    }};
}

pub(crate) use {part_routes, table_routes};

pub(crate) async fn list<P: Part>(
    actor: Require<rights::FinanceRead>,
    platform: web::Data<Platform>,
    query: web::Query<PartQuery>,
) -> ApiResult<web::Json<Page<PartRow<P>>>> {
    let page = read(&platform, actor.0, move |tx, actor| P::list(tx, actor.agency_id, &query, query.rows()));
    Ok(web::Json(page.await?))
}

pub(crate) async fn create<P: Part>(
    actor: Require<rights::FinanceStructure>,
    platform: web::Data<Platform>,
    body: Input<P>,
) -> ApiResult<HttpResponse> {
    let [op, ..] = P::ABOUT.ops;
    Ok(created(write(&platform, actor.0, op, move |tx, actor| part::create(tx, actor, &*body)).await?))
}

pub(crate) async fn change<P: Part>(
    actor: Require<rights::FinanceStructure>,
    id: web::Path<i64>,
    version: IfMatch,
    platform: web::Data<Platform>,
    body: Input<P>,
) -> ApiResult<web::Json<PartRow<P>>> {
    let (id, [_, op, ..]) = (*id, P::ABOUT.ops);
    let changed = write(&platform, actor.0, op, move |tx, actor| part::change(tx, actor, (id, version.0), &*body));
    Ok(web::Json(changed.await?))
}

/// How a list is taken along: in Arabic and as XLSX unless told.
#[derive(Deserialize)]
pub(crate) struct ExportAsk {
    lang: Option<Lang>,
    csv: Option<u8>,
}

pub(crate) async fn export<P: Part>(
    actor: Require<rights::Export>,
    platform: web::Data<Platform>,
    query: web::Query<PartQuery>,
    ask: web::Query<ExportAsk>,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let form = if ask.csv == Some(1) { TableForm::Csv } else { TableForm::Xlsx };
    let (lang, [_, _, op, _]) = (ask.lang.unwrap_or(Lang::Ar), P::ABOUT.ops);
    let file = write(&platform, actor.0, op, move |tx, actor| part::export::<P>(tx, actor, &query, (lang, form)));
    Ok(download(file.await?, form.media_type(), &form.file_name(P::ABOUT.file)))
}

/// How a file is imported.
#[derive(Deserialize)]
pub(crate) struct ImportAsk {
    #[serde(default)]
    preview: bool,
    hash: Option<String>,
}

pub(crate) async fn import<P: Part>(
    actor: Require<rights::FinanceStructure>,
    platform: web::Data<Platform>,
    query: web::Query<ImportAsk>,
    body: web::Payload,
) -> ApiResult<web::Json<ImportReport>> {
    let ImportAsk { preview, hash } = query.into_inner();
    let wanted = if preview { None } else { Some(hash.ok_or_else(|| Refusal::field("hash", "required"))?) };
    let file = import::body(body).await?;
    Ok(web::Json(import::run::<P>(&platform, actor.0, file, wanted).await?))
}
