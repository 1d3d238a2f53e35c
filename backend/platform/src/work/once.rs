//! Repeated requests (Idempotency-Key): a client that got no answer sends again and gets the first answer; nothing is done
//! twice.

use diesel::prelude::*;
use diwan_db::{Audit, WriteTx, digest, each_backend};
use diwan_schema::platform::idempotency;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Outcome, Refusal};

/// Runs `work` once for a key of this person, inside the open transaction that holds its effect; a repetition answers what
/// the first run answered. Without a key (or without a person) it simply runs. Two requests with one key at the same time
/// wait for each other.
///
/// # Errors
/// `idempotency_mismatch`: the key was used for something else. And those of `work`, after which the key is free again.
pub fn once<'a, T: Serialize + DeserializeOwned>(
    tx: &mut WriteTx<'a>,
    key: Option<&str>,
    op: &str,
    request: &impl Serialize,
    work: impl FnOnce(&mut WriteTx<'a>) -> Outcome<T>,
) -> Outcome<T> {
    let (Some(key), Some(user_id)) = (key, tx.who().user_id) else { return work(tx) };
    let request_hash = digest(request)?;
    let now = tx.now();
    let row = (
        idempotency::user_id.eq(user_id),
        idempotency::key.eq(key),
        idempotency::op.eq(op),
        idempotency::request_hash.eq(&request_hash),
        // Seen by nobody: it is replaced before the transaction ends.
        idempotency::result.eq(""),
        idempotency::created_at.eq(now),
    );
    // On PostgreSQL this waits for a transaction that has the same key, and then sees what it left.
    let first = each_backend!(tx.conn(), c => diesel::insert_into(idempotency::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?
        == 1;
    if !first {
        return earlier(tx, user_id, key, op, &request_hash);
    }
    let result = work(tx)?;
    diesel::update(idempotency::table.find((user_id, key)))
        .set(idempotency::result.eq(serde_json::to_string(&result)?))
        .execute(tx.conn())?;
    Ok(result)
}

/// What the first request with the key answered.
fn earlier<T: DeserializeOwned>(
    tx: &mut WriteTx<'_>,
    user_id: i64,
    key: &str,
    op: &str,
    request_hash: &str,
) -> Outcome<T> {
    let (known_op, known_hash, result): (String, String, String) = idempotency::table
        .find((user_id, key))
        .select((idempotency::op, idempotency::request_hash, idempotency::result))
        .first(tx.conn())?;
    if known_op != op || known_hash != request_hash {
        return Err(Refusal::rule("idempotency_mismatch", [("key", key.to_owned())]));
    }
    // A write leaves a trace, even one that changed nothing.
    tx.audit(Audit::of("request", 0).detail(serde_json::json!({ "repeated": key })))?;
    Ok(serde_json::from_str(&result)?)
}
