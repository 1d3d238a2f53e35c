//! The routes of the platform: people, organisation, the record spine, machinery.

use crate::Routes;

/// Adds the platform's routes.
pub fn routes(_routes: &mut Routes) {}
