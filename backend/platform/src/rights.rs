//! The rights of those who are signed in, kept between requests as long as nobody's rights have changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;
use diwan_db::ReadTx;

use crate::{Actor, Outcome};

/// When rights were read: the number that every change of rights moves, and the day, which positions and delegations
/// begin and end with.
type Moment = (i64, NaiveDate);

/// The persons behind the last requests. Whoever asks brings the epoch, read from the database for this very request; so
/// a change of rights made on any node, or by direct SQL, is seen by the next request.
#[derive(Debug, Clone, Default)]
pub struct Rights(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    moment: Moment,
    actors: HashMap<i64, Actor>,
}

impl Rights {
    /// The person with today's rights. `epoch` must have been read before this call: rights that change in between are
    /// then read again by the next request.
    ///
    /// # Errors
    /// As [`Actor::load`].
    pub fn of(&self, tx: &mut ReadTx<'_>, user_id: i64, epoch: i64) -> Outcome<Actor> {
        let moment = (epoch, tx.today());
        if let Some(actor) = self.kept(moment, user_id) {
            return Ok(actor);
        }
        let actor = Actor::load(tx, user_id)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.moment < moment {
            *kept = Kept { moment, actors: HashMap::new() };
        }
        if kept.moment == moment {
            kept.actors.insert(user_id, actor.clone());
        }
        Ok(actor)
    }

    fn kept(&self, moment: Moment, user_id: i64) -> Option<Actor> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.moment == moment { kept.actors.get(&user_id).cloned() } else { None }
    }
}
