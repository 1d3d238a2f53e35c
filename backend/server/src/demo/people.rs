//! Sets the demonstration's agencies, units, posts and people up.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, Db, WriteTx};
use diwan_kernel::{Caveat, Lang, Named, Secrecy, Who};
use diwan_platform::{Outcome, Platform, Refusal, people, people::seed, records, records::seals};
use diwan_platform_api::people::{AgencyInput, PositionInput, UnitInput};
use diwan_schema::{finance::authority_limits, platform::holidays};
use diwan_tarasol::template;
use diwan_tarasol_api::{Body, Form, Template};

use super::government::{AGENCIES, Agency, COMMITTEE, HOLIDAYS, Post, UNITS, everybody};

/// The password of every demonstration user; it is printed at start and shown on the login page.
pub(super) const PASSWORD: &str = "diwan-demo-2026";

/// An agency as it was set up.
pub(super) struct Office {
    pub(super) id: i64,
    pub(super) weight: u64,
    pub(super) addressee: String,
    pub(super) units: BTreeMap<&'static str, i64>,
    pub(super) positions: BTreeMap<&'static str, i64>,
    pub(super) users: BTreeMap<&'static str, i64>,
}

/// Makes everybody, in one transaction.
pub(super) fn set_up(platform: &Platform, db: &Db) -> anyhow::Result<Vec<Office>> {
    let hash = platform.passwords.hash_now(PASSWORD).context("hashing the password")?;
    let offices = db.write_now(Who::system(), "server.demo.people", |tx| {
        people::roles::ensure_builtin(tx)?;
        for (day, ar, en) in HOLIDAYS {
            let day: NaiveDate = day.parse().map_err(|_| Refusal::Internal("a holiday's date".to_owned()))?;
            diesel::insert_into(holidays::table)
                .values((holidays::day.eq(day), holidays::name_ar.eq(ar), holidays::name_en.eq(en)))
                .execute(tx.conn())?;
        }
        templates(tx)?;
        let mut offices: Vec<Office> = Vec::new();
        for agency in &AGENCIES {
            let mut office = office(tx, agency)?;
            for (_, post, name) in everybody().filter(|(of, ..)| of.code == agency.code) {
                appoint(tx, agency, &mut office, post, name, &hash)?;
            }
            if let Some(manager) = office.users.get("finance") {
                authority(tx, office.id, *manager)?;
            }
            seals::ensure_key(tx, &platform.secrets, office.id)?;
            offices.push(office);
        }
        Ok::<_, Refusal>(offices)
    })?;
    Ok(offices)
}

/// Up to which amount the finance manager authorises, in fils: nobody sets their own limit, so it is there from the start.
const AUTHORITY: i64 = 5_000_000_000;

fn authority(tx: &mut WriteTx<'_>, agency_id: i64, user_id: i64) -> Outcome<()> {
    let today = tx.today();
    diesel::insert_into(authority_limits::table)
        .values((
            (authority_limits::agency_id.eq(agency_id), authority_limits::user_id.eq(user_id)),
            (authority_limits::kind.eq(""), authority_limits::amount.eq(AUTHORITY)),
            (authority_limits::active_from.eq(today), authority_limits::reference.eq("كتاب تفويض الصلاحيات المالية")),
            authority_limits::version.eq(1_i64),
        ))
        .execute(tx.conn())?;
    tx.audit(Audit::of("agency", agency_id))?;
    Ok(())
}

fn office(tx: &mut WriteTx<'_>, of: &Agency) -> Outcome<Office> {
    let id = seed::create_agency(
        tx,
        &AgencyInput {
            parent_id: None,
            kind: of.kind.parse()?,
            code: of.code.to_owned(),
            name: named(of.ar, of.en),
            addressee: named(of.addressee_ar, of.addressee_en),
            email: Some(format!("diwan@{}.example.gov.jo", of.code.to_lowercase())),
            active: true,
        },
    )?;
    records::numbers::ensure_registers(tx, id, of.code)?;
    let mut office = Office {
        id,
        weight: of.weight,
        addressee: of.addressee_ar.to_owned(),
        units: BTreeMap::new(),
        positions: BTreeMap::new(),
        users: BTreeMap::new(),
    };
    for (code, parent, kind, ar, en) in UNITS {
        let (ar, en) = if ar.is_empty() { of.directorate } else { (ar, en) };
        let unit = UnitInput {
            agency_id: Some(id),
            parent_id: parent.and_then(|parent| office.units.get(parent)).copied(),
            kind: kind.parse()?,
            code: code.to_owned(),
            name: named(ar, en),
            active: true,
        };
        office.units.insert(code, seed::create_unit(tx, id, &unit)?);
    }
    Ok(office)
}

fn appoint(
    tx: &mut WriteTx<'_>,
    of: &Agency,
    office: &mut Office,
    post: &Post,
    name: Named,
    hash: &str,
) -> Outcome<()> {
    let position = PositionInput {
        unit_id: office.units.get(post.unit).copied().unwrap_or_default(),
        title: named(post.ar, post.en),
        is_head: post.is_head,
        can_sign: post.can_sign,
        active: true,
    };
    let position_id = seed::create_position(tx, office.id, &position)?;
    let username = of.username(post);
    let user_id = seed::create_user(
        tx,
        &seed::NewUser {
            agency_id: office.id,
            username: &username,
            name,
            email: Some(format!("{username}@example.gov.jo")),
            lang: Lang::Ar,
            clearance: if post.can_sign || post.is_head { Secrecy::TopSecret } else { Secrecy::Secret },
            caveats: if post.can_sign { &[Caveat::Personal, Caveat::SealedEnvelope] } else { &[] },
            password_hash: hash,
            must_change: false,
        },
    )?;
    let since = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    seed::assign(tx, user_id, position_id, since, None)?;
    seed::grant_role(tx, user_id, post.role)?;
    if post.role == "agency_admin" {
        seed::grant_role(tx, user_id, "system_admin")?;
    }
    if COMMITTEE.contains(&(of.code, post.login)) {
        seed::grant_role(tx, user_id, "disposal_committee")?;
    }
    office.positions.insert(post.login, position_id);
    office.users.insert(post.login, user_id);
    Ok(())
}

/// Templates that every agency has.
fn templates(tx: &mut WriteTx<'_>) -> Outcome<()> {
    let all = [
        (
            Form::Letter,
            Lang::Ar,
            ("كتاب رسمي", "Official letter"),
            "طلب …",
            "تحية طيبة وبعد،\n\nأرجو التكرم بالموافقة على …\n\nوتفضلوا بقبول فائق الاحترام،",
        ),
        (
            Form::Letter,
            Lang::Ar,
            ("كتاب تأكيد", "Reminder letter"),
            "تأكيد على كتابنا رقم (…)",
            "تحية طيبة وبعد،\nلاحقًا لكتابنا رقم (…) تاريخ …، وحيث لم يردنا ردكم حتى تاريخه،\nأرجو التكرم بالإيعاز لمن يلزم لسرعة موافاتنا بالرد.\nوتفضلوا بقبول فائق الاحترام،",
        ),
        (
            Form::Circular,
            Lang::Ar,
            ("تعميم", "Circular"),
            "تعميم بشأن …",
            "تحية طيبة وبعد،\n\nأرجو التعميم على جميع المديريات والأقسام التابعة لكم بضرورة …\n\nوتفضلوا بقبول فائق الاحترام،",
        ),
        (
            Form::InternalMemo,
            Lang::Ar,
            ("مذكرة داخلية", "Internal memo"),
            "بشأن …",
            "تحية طيبة وبعد،\n\nيرجى …\n\nواقبلوا الاحترام،",
        ),
        (
            Form::Letter,
            Lang::En,
            ("كتاب باللغة الإنجليزية", "Letter in English"),
            "Request for …",
            "Greetings,\n\nWe kindly request …\n\nYours faithfully,",
        ),
    ];
    for (form, lang, (ar, en), subject, body) in all {
        let template = Template {
            id: 0,
            shared: true,
            form,
            name: named(ar, en),
            lang,
            subject: subject.to_owned(),
            body: Body::from_text(body),
            active: true,
            version: 0,
        };
        template::store(tx, None, &template)?;
    }
    Ok(())
}

fn named(ar: &str, en: &str) -> Named {
    Named { ar: ar.to_owned(), en: en.to_owned() }
}
