//! The pages, one file for each room.

mod account;
pub(crate) mod atlas;
mod budget;
mod case;
mod certificate;
mod clusters;
mod desk;
mod document;
mod finance;
mod form;
mod indicator;
mod jobs;
mod loans;
mod messages;
mod my_data;
mod payment;
mod plan;
mod portal;
mod question;
mod receipt;
mod record;
mod register;
mod shown;
mod sign_in;
mod stories;
mod tariff;
mod till;
mod verify;

pub(crate) use account::{confirm, confirm_form, forgotten, forgotten_form, reset, reset_form, sign_up, sign_up_form};
pub(crate) use budget::{budget, decide, lines, propose};
pub(crate) use case::{act, case, my_cases};
pub(crate) use certificate::certificate;
pub(crate) use clusters::{cluster, clusters};
pub(crate) use desk::{assign, desk};
pub(crate) use document::document;
pub(crate) use finance::{
    close, differences, finance, import, make_order, order, payments_csv, payments_xlsx, payments_xml, refunds,
    refunds_csv, statements, tills,
};
pub(crate) use form::{answer, check, delete, form, send, start, tasks};
pub(crate) use indicator::indicator;
pub(crate) use jobs::{again, jobs};
pub(crate) use loans::{agree, loan, loan_step, loans};
pub(crate) use messages::messages;
pub(crate) use my_data::my_data;
pub(crate) use payment::{my_payments, payment, start_payment};
pub(crate) use plan::{objective, plan};
pub(crate) use portal::{error, fits, home, service, services};
pub(crate) use receipt::receipt;
pub(crate) use record::record;
pub(crate) use register::{register, register_csv, register_json, registers};
pub(crate) use sign_in::{sign_in, sign_in_form, sign_out};
pub(crate) use stories::{stories, story};
pub(crate) use till::{hand_in, take, till};
pub(crate) use verify::{verify, verify_typed};
