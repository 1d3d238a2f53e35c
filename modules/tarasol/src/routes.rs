//! The routes of letters.

use actix_web::{HttpResponse, web};
use diwan_http::{
    ApiResult, IdempotencyKey, IfMatch, InLang, Input, Require, Routes, SignedIn, Versioned, created, download,
    no_content, read, rights, show_pdf, stepped, write,
};
use diwan_kernel::Page;
use diwan_platform::{
    Platform,
    audit::export_noted,
    records::{
        self, state,
        views::{self, Seen},
    },
    sheet,
    work::once::once,
};
use diwan_platform_api::access::ViewWay;
use diwan_print::Press;
use diwan_tarasol_api::{
    DayCount, Direction, Letter, LetterInput, LetterQuery, LetterRow, LetterStep, Letterhead, ReferInput,
    RegisterInput, StepNote, Template, ThreadItem, ViewCounts,
};
use serde::Deserialize;

use crate::{letter, letterhead, print, template};

type Json<T> = web::Json<T>;
type Id = web::Path<i64>;
type App = web::Data<Platform>;
type Stepped = ApiResult<Versioned<LetterStep>>;

/// Adds the routes.
pub fn routes(routes: &mut Routes) {
    let r = routes.group("letters");
    r.get("/letters", list, "A list of letters: view, filters, sort, page").answers::<Page<LetterRow>>();
    r.get("/letters/counts", counts, "How many letters each view has").answers::<ViewCounts>();
    r.get("/letters/per-day", per_day, "Letters in and out per day").answers::<Vec<DayCount>>();
    r.get("/letters/export", export, "A list of letters as XLSX: the list's filters and sort, and ?lang=ar or en");
    r.post("/letters", create, "Writes a draft").takes::<LetterInput>().answers::<LetterStep>();
    r.get("/letters/{id}", get, "A letter with everything its page shows").answers::<Letter>();
    r.put("/letters/{id}", update, "Changes a draft").takes::<LetterInput>().answers::<LetterStep>();
    r.get("/letters/{id}/pdf", pdf, "The letter as PDF; a draft has neither number nor QR");
    r.get("/letters/{id}/thread", thread, "The thread across agencies").answers::<Vec<ThreadItem>>();
    r.get("/letters/{id}/reply", reply, "The draft an answer starts from").answers::<LetterInput>();
    r.post("/letters/{id}/submit", submit, "Sends a draft on its approval route").answers::<LetterStep>();
    r.post("/letters/{id}/approve", approve, "Agrees and passes it up").takes::<StepNote>().answers::<LetterStep>();
    r.post("/letters/{id}/return", send_back, "Returns it for correction").takes::<StepNote>().answers::<LetterStep>();
    r.post("/letters/{id}/withdraw", withdraw, "Takes it back from its route").answers::<LetterStep>();
    r.post("/letters/{id}/sign", sign, "Signs: number, seal, delivery").takes::<StepNote>().answers::<LetterStep>();
    r.post("/letters/{id}/opened", opened, "Notes that the reader opened it");
    r.post("/letters/{id}/register", register, "Registers an incoming letter")
        .takes::<RegisterInput>()
        .answers::<LetterStep>();
    r.post("/letters/{id}/refuse", refuse, "Sends an incoming letter back").takes::<StepNote>().answers::<LetterStep>();
    r.post("/letters/{id}/refer", refer, "Refers an incoming letter").takes::<ReferInput>().answers::<LetterStep>();
    r.post("/letters/{id}/close", close, "Closes a letter").takes::<StepNote>().answers::<LetterStep>();
    r.post("/letters/{id}/reopen", reopen, "Opens a closed letter again").takes::<StepNote>().answers::<LetterStep>();
    r.post("/letters/{id}/recall", recall, "Recalls it where it is not registered")
        .takes::<StepNote>()
        .answers::<LetterStep>();
    r.post("/letters/{id}/void", void, "Voids a draft or an issued letter").takes::<StepNote>().answers::<LetterStep>();
    r.get("/letter-templates", templates, "The templates of one's agency").answers::<Vec<Template>>();
    r.put("/letter-templates", put_template, "Adds or changes a template").takes::<Template>();
    r.get("/letterheads", letterheads, "The letterheads of one's agency").answers::<Vec<Letterhead>>();
    r.put("/letterheads", put_letterhead, "Puts a letterhead in place").takes::<Letterhead>();
}

async fn list(actor: SignedIn, query: web::Query<LetterQuery>, app: App) -> ApiResult<Json<Page<LetterRow>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| letter::list::run(tx, actor, &query)).await?))
}

async fn export(
    actor: Require<rights::Export>,
    query: web::Query<LetterQuery>,
    in_lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), in_lang.lang());
    let minutes = app.db.config().utc_offset_minutes;
    let (direction, view) = (query.direction, query.view);
    let file = read(&app, actor.0.clone(), move |tx, actor| letter::export::run(tx, actor, &query, lang, minutes));
    let (file, rows) = file.await?;
    let detail = serde_json::json!({ "list": direction.code(), "view": view, "rows": rows });
    write(&app, actor.0, "tarasol.letter.export", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, &format!("letters-{}.xlsx", direction.code())))
}

/// Which list is counted.
#[derive(Deserialize)]
struct CountQuery {
    direction: Direction,
}

async fn counts(actor: SignedIn, query: web::Query<CountQuery>, app: App) -> ApiResult<Json<ViewCounts>> {
    let direction = query.direction;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| letter::list::counts(tx, actor, direction)).await?))
}

/// How many days back.
#[derive(Deserialize)]
struct DaysQuery {
    days: Option<i64>,
}

async fn per_day(actor: SignedIn, query: web::Query<DaysQuery>, app: App) -> ApiResult<Json<Vec<DayCount>>> {
    let days = query.days.unwrap_or(30);
    Ok(web::Json(read(&app, actor.0, move |tx, actor| letter::list::per_day(tx, actor, days)).await?))
}

async fn create(actor: SignedIn, key: IdempotencyKey, input: Input<LetterInput>, app: App) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let step = write(&app, actor.0, "tarasol.letter.create", move |tx, actor| {
        let asked = input.clone();
        let id =
            once(tx, key.0.as_deref(), "tarasol.letter.create", &asked, |tx| letter::create::run(tx, actor, input))?;
        state::step(tx, id)
    });
    Ok(created(step.await?))
}

async fn get(actor: SignedIn, id: Id, app: App) -> ApiResult<Versioned<Letter>> {
    let id = *id;
    let letter = read(&app, actor.0.clone(), move |tx, actor| letter::view::run(tx, actor, id)).await?;
    views::note(&app, &actor, (&letter.head).into(), ViewWay::Open, "").await?;
    Ok(Versioned(letter.head.version, letter))
}

async fn pdf(actor: SignedIn, id: Id, app: App, press: web::Data<Press>) -> ApiResult<HttpResponse> {
    let id = *id;
    let setting = press.clone();
    let loading = read(&app, actor.0.clone(), move |tx, actor| {
        let record = records::load_visible(tx, actor, id)?;
        Ok((record, print::document(&setting, tx, id)?))
    });
    let (record, document) = loading.await?;
    let shown = show_pdf(&app, &format!("letter-{id}.pdf"), move || press.pdf(&document)).await?;
    views::note(&app, &actor, Seen::try_from(&record)?, ViewWay::Print, "").await?;
    Ok(shown)
}

async fn thread(actor: SignedIn, id: Id, app: App) -> ApiResult<Json<Vec<ThreadItem>>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| letter::thread::run(tx, actor, id)).await?))
}

async fn reply(actor: SignedIn, id: Id, app: App) -> ApiResult<Json<LetterInput>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| letter::reply::run(tx, actor, id)).await?))
}

async fn update(actor: SignedIn, id: Id, version: IfMatch, input: Input<LetterInput>, app: App) -> Stepped {
    let (id, input) = (*id, input.into_inner());
    stepped(&app, actor.0, "tarasol.letter.update", id, move |tx, actor| {
        letter::update::run(tx, actor, id, version.0, input)
    })
    .await
}

async fn submit(actor: SignedIn, id: Id, version: IfMatch, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.submit", id, move |tx, actor| letter::submit::run(tx, actor, id, version.0))
        .await
}

async fn approve(actor: SignedIn, id: Id, input: Input<StepNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.approve", id, move |tx, actor| letter::approve::run(tx, actor, id, &input))
        .await
}

async fn send_back(actor: SignedIn, id: Id, input: Input<StepNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.return", id, move |tx, actor| letter::send_back::run(tx, actor, id, &input))
        .await
}

async fn withdraw(actor: SignedIn, id: Id, version: IfMatch, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.withdraw", id, move |tx, actor| {
        letter::withdraw::run(tx, actor, id, version.0)
    })
    .await
}

async fn sign(actor: SignedIn, id: Id, input: Input<StepNote>, app: App) -> Stepped {
    let (id, secrets) = (*id, app.secrets.clone());
    stepped(&app, actor.0, "tarasol.letter.sign", id, move |tx, actor| {
        letter::sign::run(tx, actor, &secrets, id, &input).map(|_| ())
    })
    .await
}

async fn opened(actor: SignedIn, id: Id, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "tarasol.letter.open", move |tx, actor| letter::opened::run(tx, actor, id)).await?;
    Ok(no_content())
}

async fn register(
    actor: Require<rights::LettersRegister>,
    id: Id,
    version: IfMatch,
    input: Input<RegisterInput>,
    app: App,
) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.register", id, move |tx, actor| {
        letter::register::run(tx, actor, id, version.0, &input).map(|_| ())
    })
    .await
}

async fn refuse(
    actor: Require<rights::LettersRegister>,
    id: Id,
    version: IfMatch,
    input: Input<StepNote>,
    app: App,
) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.refuse", id, move |tx, actor| {
        letter::refuse::run(tx, actor, id, version.0, &input)
    })
    .await
}

async fn refer(actor: SignedIn, id: Id, input: Input<ReferInput>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.refer", id, move |tx, actor| letter::refer::run(tx, actor, id, &input)).await
}

async fn close(
    actor: Require<rights::LettersRegister>,
    id: Id,
    version: IfMatch,
    input: Input<StepNote>,
    app: App,
) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.close", id, move |tx, actor| {
        letter::close::run(tx, actor, id, version.0, &input)
    })
    .await
}

async fn reopen(
    actor: Require<rights::LettersRegister>,
    id: Id,
    version: IfMatch,
    input: Input<StepNote>,
    app: App,
) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.reopen", id, move |tx, actor| {
        letter::close::reopen(tx, actor, id, version.0, &input)
    })
    .await
}

async fn recall(
    actor: Require<rights::LettersRegister>,
    id: Id,
    version: IfMatch,
    input: Input<StepNote>,
    app: App,
) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.recall", id, move |tx, actor| {
        letter::recall::run(tx, actor, id, version.0, &input)
    })
    .await
}

async fn void(actor: SignedIn, id: Id, version: IfMatch, input: Input<StepNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "tarasol.letter.void", id, move |tx, actor| {
        letter::void::run(tx, actor, id, version.0, &input)
    })
    .await
}

async fn templates(actor: SignedIn, app: App) -> ApiResult<Json<Vec<Template>>> {
    Ok(web::Json(read(&app, actor.0, template::list).await?))
}

async fn put_template(
    actor: Require<rights::SettingsManage>,
    input: Input<Template>,
    app: App,
) -> ApiResult<HttpResponse> {
    write(&app, actor.0, "tarasol.template.put", move |tx, actor| template::put(tx, actor, &input)).await?;
    Ok(no_content())
}

async fn letterheads(actor: SignedIn, app: App) -> ApiResult<Json<Vec<Letterhead>>> {
    Ok(web::Json(read(&app, actor.0, letterhead::list).await?))
}

async fn put_letterhead(
    actor: Require<rights::SettingsManage>,
    input: Input<Letterhead>,
    app: App,
) -> ApiResult<HttpResponse> {
    write(&app, actor.0, "tarasol.letterhead.put", move |tx, actor| letterhead::put(tx, actor, &input)).await?;
    Ok(no_content())
}
