//! Files that are broken, or meant to break something: archived with a reason, and downloadable as they came.

use actix_web::http::Method;
use diwan_archive_api::Document;
use diwan_db::Backend;
use diwan_platform_api::files::ContentState;
use diwan_testkit::{TestDb, on};
use diwan_tests::{Form, TestApp, document, shared_data};

fn run(test: impl AsyncFn(TestApp)) {
    on(Backend::Sqlite, |db: TestDb| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tokio::task::LocalSet::new().block_on(&runtime, async { test(TestApp::new(db)).await });
    });
}

#[test]
fn every_bad_file_ends_archived_with_a_reason() {
    run(async |app: TestApp| {
        let clerk = app.world.modee.users["clerk"];
        let mut files: Vec<_> = std::fs::read_dir(shared_data("documents/bad-input")).unwrap().flatten().collect();
        files.sort_by_key(|file| file.file_name());
        assert!(files.len() >= 40, "{} files", files.len());
        let form = Form::default().text("document", &serde_json::to_string(&document("ملفات معطوبة")).unwrap());
        let form = files.iter().fold(form, |form, file| {
            form.file(&file.file_name().to_string_lossy(), &std::fs::read(file.path()).unwrap())
        });
        let filed: Document = app.upload(clerk, Method::POST, "/api/documents", form).await.created();
        assert_eq!(filed.attachments.len(), files.len());
        app.extract().await;
        let read: Document = app.get(clerk, &format!("/api/documents/{}", filed.head.id)).await.ok();
        for (file, attachment) in files.iter().zip(&read.attachments) {
            assert_eq!(attachment.file_name, file.file_name().to_string_lossy());
            let told = attachment.content == ContentState::Text || attachment.content_reason.is_some();
            assert!(told && attachment.content != ContentState::Pending, "{attachment:?}");
            let content = app.get(clerk, &format!("/api/attachments/{}/content", attachment.id)).await;
            assert!(content.body == std::fs::read(file.path()).unwrap(), "{} came back changed", attachment.file_name);
        }
        let refused = read.attachments.iter().filter(|file| file.content == ContentState::Refused).count();
        assert!(refused >= 10, "only {refused} of {} were refused", files.len());
    });
}

#[test]
fn a_zip_bomb_is_kept_and_named() {
    run(async |app: TestApp| {
        let clerk = app.world.modee.users["clerk"];
        let bomb = std::fs::read(shared_data("documents/bad-input").join("droste.zip")).unwrap();
        let xml = std::fs::read(shared_data("documents/bad-input").join("poc-xmlbomb.xlsx")).unwrap();
        let filed = app.file(clerk, &document("قنبلة"), &[("droste.zip", &bomb), ("bomb.xlsx", &xml)]).await;
        app.extract().await;
        let read: Document = app.get(clerk, &format!("/api/documents/{}", filed.head.id)).await.ok();
        let reasons: Vec<_> =
            read.attachments.iter().map(|file| file.content_reason.as_deref().unwrap_or("text")).collect();
        assert!(
            reasons
                .iter()
                .all(|reason| ["loops", "zip_bomb", "corrupt", "too_large", "empty", "unsupported"].contains(reason)),
            "{reasons:?}"
        );
    });
}
