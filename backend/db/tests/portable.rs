//! What both databases do alike, each through its own words.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{prelude::*, sql_types::BigInt, upsert::excluded};
use diwan_db::{Backend, DbError, Keep, arabic_order, each_backend, lower, sum_i64};
use diwan_schema::platform::{agencies, agency_keys, blobs, counters, drafts, registers, users};
use diwan_testkit::{TestDb, both};

use crate::support::{insert, seed, sql, write};

#[test]
fn an_insert_returns_its_id_and_its_row() {
    both(|test| {
        seed(&test.db()).unwrap();
        write(&test.db(), |tx| {
            let register = (
                registers::agency_id.eq(2),
                registers::code.eq("in"),
                registers::name_ar.eq("سجل الوارد"),
                registers::name_en.eq("Incoming"),
                registers::pattern.eq("{n}/{y}"),
            );
            let id: i64 = diesel::insert_into(registers::table)
                .values(register)
                .returning(registers::id)
                .get_result(tx.conn())?;
            assert_eq!(id, 2);
            let changed: (i64, String) = diesel::update(registers::table.find(id))
                .set(registers::name_en.eq("Register"))
                .returning((registers::id, registers::name_en))
                .get_result(tx.conn())?;
            assert_eq!(changed, (2, "Register".to_owned()));
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn many_rows_go_in_at_once_and_meet_the_ones_that_are_there() {
    both(|test| {
        seed(&test.db()).unwrap();
        write(&test.db(), |tx| {
            let row = |year: i32, last: i64| {
                (counters::register_id.eq(1_i64), counters::year.eq(year), counters::last_seq.eq(last))
            };
            let rows: Vec<_> = (2001..=2025).map(|year| row(year, 5)).collect();
            let added = each_backend!(tx.conn(), c => diesel::insert_into(counters::table).values(&rows).execute(c))?;
            assert_eq!(added, 25);

            let upsert = |last| row(2025, last);
            for _ in 0..2 {
                each_backend!(tx.conn(), c => diesel::insert_into(counters::table)
                    .values(upsert(9))
                    .on_conflict((counters::register_id, counters::year))
                    .do_update()
                    .set(counters::last_seq.eq(counters::last_seq + excluded(counters::last_seq)))
                    .execute(c))?;
            }
            let last: i64 = counters::table.find((1, 2025)).select(counters::last_seq).get_result(tx.conn())?;
            assert_eq!(last, 23);
            assert_eq!(counters::table.count().get_result::<i64>(tx.conn())?, 25);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn filters_are_put_together_at_run_time() {
    both(|test| {
        seed(&test.db()).unwrap();
        let found = |kind: Option<&'static str>, codes: Option<Vec<&'static str>>| {
            test.db()
                .read_now(|tx| {
                    let mut query = agencies::table.select(agencies::id).order(agencies::id).into_boxed();
                    if let Some(kind) = kind {
                        query = query.filter(agencies::kind.eq(kind));
                    }
                    if let Some(codes) = codes {
                        query = query.filter(agencies::code.eq_any(codes).or(agencies::parent_id.is_not_null()));
                    }
                    Ok::<Vec<i64>, DbError>(query.load(tx.conn())?)
                })
                .unwrap()
        };
        assert_eq!(found(None, None), [1, 2]);
        assert_eq!(found(Some("department"), None), [2]);
        assert_eq!(found(None, Some(vec!["A1", "A9"])), [1]);
        assert_eq!(found(Some("ministry"), Some(vec!["A2"])), [0_i64; 0]);
        assert_eq!(found(None, Some(vec![])), [0_i64; 0]);
    });
}

#[test]
fn a_sum_is_exact_beyond_what_a_float_holds_and_refuses_to_overflow() {
    both(|test| {
        let sum = || {
            test.db().read_now(|tx| {
                Ok::<Option<i64>, DbError>(blobs::table.select(sum_i64("blobs.size")).get_result(tx.conn())?)
            })
        };
        let add = |hash: char, size: i64| {
            let (hash, size) = (format!("'{}'", hash.to_string().repeat(64)), size.to_string());
            write(&test.db(), |tx| insert(tx, "blobs", &[("hash", &hash), ("size", &size)])).unwrap();
        };
        assert_eq!(sum().unwrap(), None);
        add('a', (1 << 53) + 1);
        add('b', 2);
        assert_eq!(sum().unwrap(), Some((1 << 53) + 3));
        add('c', i64::MAX - (1 << 53) - 3);
        assert_eq!(sum().unwrap(), Some(i64::MAX));
        add('d', 1);
        assert!(matches!(sum(), Err(DbError::Query(_))));
    });
}

/// The order an Arabic reader expects: hamza forms together, alef forms beside each other, taa marbuta before taa.
const ARABIC: [&str; 15] = ["ء", "أ", "ؤ", "إ", "ئ", "ا", "آ", "أحمد", "احمد", "إيمان", "ب", "ة", "ت", "ه", "ي"];

fn in_order(test: &diwan_testkit::TestDb, names: &[&str]) -> Vec<String> {
    write(&test.db(), |tx| {
        for (at, name) in names.iter().enumerate() {
            let (code, name) = (format!("'C{at}'"), format!("'{name}'"));
            insert(tx, "agencies", &[("code", code.as_str()), ("name_ar", name.as_str()), ("kind", "'court'")])?;
        }
        Ok(())
    })
    .unwrap();
    let backend = test.backend();
    test.db()
        .read_now(|tx| {
            let order = arabic_order(backend, "agencies.name_ar");
            Ok::<_, DbError>(
                agencies::table.order((order, agencies::id.asc())).select(agencies::name_ar).load(tx.conn())?,
            )
        })
        .unwrap()
}

#[test]
fn arabic_is_sorted_the_same_on_both() {
    let orders = std::sync::Mutex::new(Vec::new());
    both(|test| {
        let mut mixed = ARABIC.to_vec();
        mixed.extend([
            "ى",
            "وزارة المالية",
            "وزارة  المالية",
            "وِزارة",
            "Zarqa",
            "aqaba",
            "١٢",
            "12",
            "دائرة",
            "دايرة",
            "",
        ]);
        mixed.reverse();
        orders.lock().unwrap().push(in_order(&test, &mixed));
    });
    let orders = orders.into_inner().unwrap();
    assert_eq!(orders[0], orders[1]);
    let arabic: Vec<&str> = orders[0].iter().map(String::as_str).filter(|name| ARABIC.contains(name)).collect();
    assert_eq!(arabic, ARABIC);
}

/// Diesel hands a collation its two sides swapped: comparing them as they come would sort backwards.
#[test]
fn alef_comes_before_baa() {
    both(|test| assert_eq!(in_order(&test, &["ب", "ا", "ت"]), ["ا", "ب", "ت"]));
}

#[test]
fn values_come_back_as_they_went_in() {
    both(|test| {
        seed(&test.db()).unwrap();
        let at: NaiveDateTime =
            NaiveDate::from_ymd_opt(2026, 2, 28).unwrap().and_hms_micro_opt(23, 59, 59, 123_456).unwrap();
        let bytes: Vec<u8> = (0..=255).collect();
        write(&test.db(), |tx| {
            let key = (
                agency_keys::agency_id.eq(1),
                agency_keys::certificate_pem.eq("c"),
                agency_keys::public_key_pem.eq("p"),
                agency_keys::private_key_sealed.eq(&bytes),
                agency_keys::created_at.eq(at),
                agency_keys::retired_at.eq(None::<NaiveDateTime>),
            );
            diesel::insert_into(agency_keys::table).values(key).execute(tx.conn())?;
            let text = "كتابٌ رسميّ: «١٢/٢٠٢٦»\n'\"\\ %_ 😀";
            let draft = (drafts::user_id.eq(1), drafts::key.eq("k"), drafts::body.eq(text), drafts::updated_at.eq(at));
            diesel::insert_into(drafts::table).values(draft).execute(tx.conn())?;
            diesel::update(users::table.find(1))
                .set((users::active.eq(true), users::totp_secret.eq(None::<Vec<u8>>)))
                .execute(tx.conn())?;

            let key: (Vec<u8>, NaiveDateTime, Option<NaiveDateTime>) = agency_keys::table
                .select((agency_keys::private_key_sealed, agency_keys::created_at, agency_keys::retired_at))
                .get_result(tx.conn())?;
            assert_eq!(key, (bytes, at, None));
            assert_eq!(drafts::table.select(drafts::body).get_result::<String>(tx.conn())?, text);
            assert!(users::table.find(1).select(users::active).get_result::<bool>(tx.conn())?);
            let later = agency_keys::table.filter(agency_keys::created_at.gt(at - chrono::Duration::microseconds(1)));
            assert_eq!(later.count().get_result::<i64>(tx.conn())?, 1, "times are compared to the microsecond");
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn sqlite_stores_what_it_is_told_to() {
    let test = diwan_testkit::TestDb::on(Backend::Sqlite);
    seed(&test.db()).unwrap();
    // Foreign keys are on, and a deleted number is not given again.
    assert!(sql(&test.db(), "DELETE FROM agencies WHERE id = 1").is_err());
    sql(&test.db(), "DELETE FROM records WHERE id = 3").unwrap();
    write(&test.db(), |tx| {
        insert(
            tx,
            "records",
            &[("agency_id", "1"), ("kind", "'outgoing'"), ("secrecy", "'normal'"), ("priority", "'normal'")],
        )?;
        let newest: i64 = diwan_schema::platform::records::table
            .select(diesel::dsl::max(diwan_schema::platform::records::id).assume_not_null())
            .get_result(tx.conn())?;
        assert_eq!(newest, 4);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_number_is_found_whatever_its_letters_case() {
    both(|test| {
        seed(&test.db()).unwrap();
        let found = write(&test.db(), |tx| {
            let agencies = agencies::table.filter(lower("agencies.code").like("%a1%"));
            Ok(agencies.count().get_result::<i64>(tx.conn())?)
        });
        assert!(found.unwrap() > 0);
    });
}

#[test]
fn postgres_parses_a_kept_statement_once() {
    let test = TestDb::on(Backend::Postgres);
    seed(&test.db()).unwrap();
    write(&test.db(), |tx| {
        for year in 2001..2004 {
            let one = counters::table.filter(counters::year.eq(year));
            diesel::update(one).set(counters::last_seq.eq(7)).kept().execute(tx.conn())?;
        }
        let kept = "(SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE \"counters\"%')";
        let count: i64 = diesel::select(diesel::dsl::sql::<BigInt>(kept)).get_result(tx.conn())?;
        assert_eq!(count, 1);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_kept_statement_takes_new_values_each_time_and_lists_of_any_length() {
    both(|test| {
        seed(&test.db()).unwrap();
        write(&test.db(), |tx| {
            for (year, last) in [(2001, 1), (2002, 2), (2003, 3)] {
                let row = (counters::register_id.eq(1_i64), counters::year.eq(year), counters::last_seq.eq(last));
                diesel::insert_into(counters::table).values(row).execute(tx.conn())?;
            }
            for (year, add) in [(2001, 10_i64), (2002, 20), (2001, 30), (1999, 40)] {
                let one = counters::table.filter(counters::year.eq(year));
                let changed = diesel::update(one)
                    .set(counters::last_seq.eq(counters::last_seq + add))
                    .kept()
                    .execute(tx.conn())?;
                assert_eq!(changed, usize::from(year != 1999));
            }
            for years in [vec![2001], vec![2001, 2003], vec![2002], vec![2003, 2002, 2001], Vec::new()] {
                let of = counters::table.filter(counters::year.eq_any(years.clone())).order(counters::year);
                let found: Vec<(i32, i64)> = of.select((counters::year, counters::last_seq)).kept().load(tx.conn())?;
                let mut wanted = years;
                wanted.sort_unstable();
                let value = |year| {
                    (
                        year,
                        match year {
                            2001 => 41,
                            2002 => 22,
                            _ => 3,
                        },
                    )
                };
                assert_eq!(found, wanted.into_iter().map(value).collect::<Vec<_>>());
            }
            Ok(())
        })
        .unwrap();
    });
}
