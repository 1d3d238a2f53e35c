//! What the demonstration consists of.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::{Db, DbError, FixedClock};
use diwan_platform::{Platform, files::NewFile};
use diwan_print::{Block, Document, Fonts, Letterhead, Row, Table};
use diwan_schema::platform::notifications;

use super::{finance::Money, letters::Player, people};

/// Writes the invented government, a year of its letters and the money of a ministry into an empty, migrated database.
pub(crate) fn fill(platform: &Platform, fonts: &Fonts, letters: u64) -> anyhow::Result<()> {
    let now = platform.db.clock().now();
    let since = now - Duration::days(366);
    let clock = Arc::new(FixedClock::at(since));
    let db = Db::open_with_clock(platform.db.config().clone(), clock.clone()).context("opening the database")?;
    let offices = people::set_up(platform, &db)?;
    let files = files(platform, fonts)?;
    let mut money = Money::new(platform, &db, clock.clone(), &offices, (since, now))?;
    Player::new(&db, clock, &platform.secrets, &offices, files, now).play(letters, &mut |until| money.play(until))?;
    read_old_news(&db, now - NEWS)?;
    Ok(())
}

/// Whoever works every day has read what is older than this.
const NEWS: Duration = Duration::days(7);

fn read_old_news(db: &Db, until: NaiveDateTime) -> Result<(), DbError> {
    db.upkeep("server.demo.read", |tx| {
        let old = notifications::table.filter(notifications::created_at.lt(until));
        diesel::update(old).set(notifications::read_at.eq(notifications::created_at.nullable())).execute(tx.conn())?;
        Ok(())
    })
}

/// A few files to attach: tables as offices send them.
fn files(platform: &Platform, fonts: &Fonts) -> anyhow::Result<Vec<NewFile>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut files = Vec::new();
    for (name, title, rows) in [
        (
            "كشف المطالبات.pdf",
            "كشف المطالبات المستحقة",
            [
                ("شركة البناء الحديث", "18,250.000"),
                ("مؤسسة الأفق للتجارة", "7,410.500"),
                ("الشركة الوطنية للصيانة", "41,860.250"),
            ],
        ),
        (
            "كشف الكميات.pdf",
            "كشف الكميات المنفذة",
            [("حفريات", "1,240 م3"), ("طبقة أساس", "860 م3"), ("خلطة إسفلتية", "2,300 م2")],
        ),
        (
            "محضر الاجتماع.pdf",
            "محضر اجتماع اللجنة الفنية",
            [("اعتماد المخططات", "تمت الموافقة"), ("تمديد مدة العطاء", "مؤجل"), ("تسمية ضابط ارتباط", "تمت التسمية")],
        ),
        (
            "جدول المتابعة.pdf",
            "جدول متابعة التوصيات",
            [("تحديث الهيكل التنظيمي", "منجز"), ("بطاقات الوصف الوظيفي", "قيد الإجراء"), ("خطة التدريب", "قيد الدراسة")],
        ),
    ] {
        let document = Document {
            title: title.to_owned(),
            letterhead: Some(Letterhead {
                lines: vec!["المملكة الأردنية الهاشمية".to_owned()],
                ..Letterhead::default()
            }),
            blocks: vec![
                Block::Heading { level: 1, text: title.to_owned(), align: diwan_print::Align::Center },
                Block::Table(Table {
                    columns: vec![diwan_print::Column::default(); 2],
                    header: vec![Row::new(["البند", "القيمة"])],
                    rows: rows.into_iter().map(|(item, value)| Row::new([item, value])).collect(),
                    ..Table::default()
                }),
            ],
            ..Document::default()
        };
        let pdf = diwan_print::render(&document, fonts).context("printing an attachment")?;
        let stored = runtime.block_on(platform.blobs.save(Bytes::from(pdf.bytes), name))?;
        files.push(NewFile { name: name.to_owned(), stored });
    }
    Ok(files)
}
