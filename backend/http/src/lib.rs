//! What every HTTP handler shares: actor, permissions, errors, paging, ETag.
