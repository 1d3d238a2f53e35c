//! The routes of the reports: each as it is shown, as a sheet and on paper.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{Report, ReportQuery};
use diwan_http::{ApiResult, InLang, Require, Routes, download, read, rights, show_pdf, write};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Platform, audit::export_noted, sheet};
use diwan_print::Press;

use super::{What, paper::Paper, run, whole};

type App = web::Data<Platform>;
type Asked = web::Query<ReportQuery>;

/// The most rows that are printed; more than that nobody reads on paper.
const PRINTED: usize = 3_000;

/// Offers a report in its three forms.
macro_rules! offer {
    ($r:ident, $path:literal, $summary:literal, ($($id:ident: $ty:ty)?) => $what:expr) => {
        $r.get(
            $path,
            |actor: Require<rights::FinanceRead>, app: App, query: Asked $(, $id: web::Path<$ty>)?| {
                $(let $id = $id.into_inner();)?
                show(actor.0, app, query, $what)
            },
            $summary,
        )
        .answers::<Report>();
        $r.get(
            concat!($path, "/export"),
            |actor: Require<rights::Export>, app: App, query: Asked, lang: web::Query<InLang> $(, $id: web::Path<$ty>)?| {
                $(let $id = $id.into_inner();)?
                export(actor.0, app, query, lang, $what)
            },
            concat!($summary, ", as XLSX; ?lang=ar or en"),
        );
        $r.get(
            concat!($path, "/pdf"),
            |actor: Require<rights::FinanceRead>, app: App, query: Asked, lang: web::Query<InLang>, press: web::Data<Press> $(, $id: web::Path<$ty>)?| {
                $(let $id = $id.into_inner();)?
                pdf(actor.0, (app, press), query, lang, $what)
            },
            concat!($summary, ", as PDF; ?lang=ar or en"),
        );
    };
}

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let r = routes.group("finance");
    offer!(r, "/finance/position", "The budget position, by key or any part of it", () => What::Position);
    offer!(r, "/finance/position/{id}/moves", "The moves of a budget line", (id: i64) => What::Moves(id));
    offer!(r, "/finance/budget-keys", "The budget keys of a year with their lines", () => What::Keys);
    offer!(r, "/finance/journal", "The journal", () => What::Journal);
    offer!(r, "/finance/entries/{id}", "An entry with its lines", (id: i64) => What::Entry(id));
    offer!(r, "/finance/accounts/{id}/statement", "The statement of an account", (id: i64) => What::Account(id));
    offer!(r, "/finance/trial-balance", "The trial balance, by any two dimensions", () => What::Trial);
    offer!(r, "/finance/statements/{code}", "A statement", (code: String) => What::Statement(code));
    offer!(r, "/finance/open/{code}", "What is open on a day: commitments, arrears, advances, deposits or obligations of coming years", (code: String) => What::Open(code));
    offer!(r, "/finance/periods/{id}/report", "The cockpit of a period as a report", (id: i64) => What::Cockpit(id));
    offer!(r, "/finance/reopenings/{id}/report", "What was posted under a reopening, as a report", (id: i64) => What::Touched(id));
    offer!(r, "/finance/months", "Revenue and expense of the months of a year", () => What::Months);
}

async fn show(actor: Actor, app: App, query: Asked, what: What) -> ApiResult<web::Json<Report>> {
    let query = query.into_inner();
    let limit = query.page.rows();
    Ok(web::Json(read(&app, actor, move |tx, actor| run(tx, actor, &what, &query, limit)).await?))
}

/// The whole report, and what it is put on paper with; that it was taken away is noted.
async fn taken(
    (actor, app): (Actor, &App),
    query: Asked,
    lang: web::Query<InLang>,
    (what, most): (What, usize),
) -> ApiResult<(Report, Paper, String)> {
    actor.require(Permission::FinanceRead)?;
    let (query, lang) = (query.into_inner(), lang.lang());
    let minutes = app.db.config().utc_offset_minutes;
    let name = what.name();
    let detail = serde_json::json!({ "report": name });
    let made = read(app, actor.clone(), move |tx, actor| {
        let agency = diwan_platform::records::store::agency_ref(tx, actor.agency_id)?.name;
        let paper = Paper { agency, lang, minutes, now: tx.now() };
        Ok((whole(tx, actor, &what, &query, most)?, paper))
    });
    let (report, paper) = made.await?;
    write(app, actor, "finance.report.export", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok((report, paper, name))
}

async fn export(actor: Actor, app: App, query: Asked, lang: web::Query<InLang>, what: What) -> ApiResult<HttpResponse> {
    let (report, paper, name) = taken((actor, &app), query, lang, (what, sheet::MAX_LIST)).await?;
    let file = app.db.blocking(move |_db| paper.sheet(&report)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, &format!("{name}.xlsx")))
}

async fn pdf(
    actor: Actor,
    (app, press): (App, web::Data<Press>),
    query: Asked,
    lang: web::Query<InLang>,
    what: What,
) -> ApiResult<HttpResponse> {
    let (report, paper, name) = taken((actor, &app), query, lang, (what, PRINTED)).await?;
    show_pdf(&app, &format!("{name}.pdf"), move || press.pdf(&paper.document(&report))).await
}
