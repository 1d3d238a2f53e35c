//! Trees of agencies and units stay trees.

use diwan_kernel::FieldError;

use crate::{Fields, Outcome};

/// How deep they are at most.
const DEPTH_MAX: usize = 30;

/// Notes on `parent_id` when the parent does not exist (`unknown`), or is the node `id` itself, below it, or too deep
/// (`tree_loop`). `above` answers the parent of a node, if there is such a node.
pub(super) fn check(
    fields: &mut Fields,
    id: Option<i64>,
    parent_id: Option<i64>,
    mut above: impl FnMut(i64) -> Outcome<Option<Option<i64>>>,
) -> Outcome<()> {
    let mut next = parent_id;
    for _ in 0..DEPTH_MAX {
        let Some(step) = next else { return Ok(()) };
        if Some(step) == id {
            break;
        }
        let Some(parent) = above(step)? else {
            fields.push(FieldError::new("parent_id", "unknown"));
            return Ok(());
        };
        next = parent;
    }
    fields.push(FieldError::new("parent_id", "tree_loop"));
    Ok(())
}
