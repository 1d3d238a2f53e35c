//! Agencies, people, rights, the record spine, audit chain, outbox and jobs.
