//! The pages, one file for each room.

mod case;
mod desk;
mod document;
mod form;
mod indicator;
mod plan;
mod portal;
mod question;
mod record;
mod register;
mod shown;
mod sign_in;

pub(crate) use case::{act, case, my_cases};
pub(crate) use desk::{assign, desk};
pub(crate) use document::document;
pub(crate) use form::{answer, check, form, send, start, tasks};
pub(crate) use indicator::indicator;
pub(crate) use plan::plan;
pub(crate) use portal::{error, fits, home, service, services};
pub(crate) use record::record;
pub(crate) use register::{register, register_csv, register_json, registers};
pub(crate) use sign_in::{sign_in, sign_in_form, sign_out};
