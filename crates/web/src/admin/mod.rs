//! Whoever operates the system: the jobs that are due, and those that failed.

mod jobs;

use axum::routing::get;
use identity::Rule::Role;

use crate::area::{Area, Entry, Route, Texts};

/// Who operates the system.
const ADMIN: &[&str] = &["admin"];

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[Entry::new("nav-admin", "/admin/jobs", &["admin"]).work(Role(ADMIN))],
    routes: &[Route::new("/admin/jobs", Role(ADMIN), || get(jobs::jobs).post(jobs::again)).once()],
};
