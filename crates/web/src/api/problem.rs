//! What went wrong, as problem details (RFC 9457), in the reader's language, mapped from the parts in one place.

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use base::Lang;
use identity::IdentityError;
use measure::MeasureError;
use pay::PaymentError;
use register::{Fault, RegisterError};
use serde::Serialize;
use service::ServiceError;
use store::StoreError;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Content, OpenApi, Ref, RefOr, ResponseBuilder},
};

use super::admit::Caller;
use crate::{failure::Failure, words::Words};

/// What went wrong. Boxed, so that every answer is not as large as its longest apology.
#[derive(Debug)]
pub(crate) struct Problem(Box<Details>);

/// Problem details.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
struct Details {
    /// Names the sort of problem, for programs: `urn:anqud:problem:moved-on`.
    #[serde(rename = "type")]
    kind: String,
    /// What it is, for people, in the language that was asked for.
    title: String,
    status: u16,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Where answers do not fit their questions: which and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong>,
    /// Where a case or a record moved on meanwhile: who moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Where a case stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Becomes a header: in how many seconds to try again.
    #[serde(skip)]
    again_seconds: Option<i64>,
}

/// A question or a field, and what is wrong with its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Wrong {
    name: String,
    /// Names the fault, for programs: `fault-required`.
    code: String,
    message: String,
}

impl Problem {
    /// A problem by its name; the words are `problem-NAME` and, where there is one, `problem-NAME-help`.
    pub fn new(status: StatusCode, name: &str, lang: Lang) -> Problem {
        let w = Words(lang);
        let help = format!("problem-{name}-help");
        let said = w.say(&help);
        Problem(Box::new(Details {
            kind: format!("urn:anqud:problem:{name}"),
            title: w.say(&format!("problem-{name}")),
            status: status.as_u16(),
            detail: Some(said).filter(|text| *text != help),
            errors: Vec::new(),
            by: None,
            state: None,
            again_seconds: None,
        }))
    }

    fn again(mut self, seconds: i64) -> Problem {
        self.0.again_seconds = Some(seconds);
        self
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.0.detail = Some(detail.into());
        self
    }

    pub fn moved(mut self, by: Option<String>, state: Option<String>) -> Problem {
        self.0.by = by.filter(|by| !by.is_empty());
        self.0.state = state;
        self
    }

    fn faults(mut self, faults: Vec<(String, Fault)>, lang: Lang) -> Problem {
        let wrong = |(name, fault): (String, Fault)| Wrong {
            name,
            code: fault.message.to_owned(),
            message: Words(lang).fault(&fault),
        };
        self.0.errors = faults.into_iter().map(wrong).collect();
        self
    }

    pub fn not_found(lang: Lang) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", lang)
    }

    fn internal(error: &(dyn std::error::Error + 'static), lang: Lang) -> Problem {
        tracing::error!(%error, "a request failed");
        if store::is_unavailable(error) {
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", lang);
        }
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", lang)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.0.again_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert("www-authenticate", HeaderValue::from_static("Bearer realm=\"anqud\""));
        }
        response
    }
}

/// An error of a part as a problem in a language.
pub(crate) trait Explain {
    fn explain(self, lang: Lang) -> Problem;
}

impl Explain for StoreError {
    fn explain(self, lang: Lang) -> Problem {
        match self {
            StoreError::KeyReused => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", lang),
            StoreError::SentBefore => Problem::new(StatusCode::CONFLICT, "sent-before", lang),
            other => Problem::internal(&other, lang),
        }
    }
}

impl Explain for IdentityError {
    fn explain(self, lang: Lang) -> Problem {
        match self {
            IdentityError::WrongCredentials => Problem::new(StatusCode::UNAUTHORIZED, "wrong-credentials", lang),
            IdentityError::Throttled { until, seconds } => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "throttled", lang)
                    .detail(Words(lang).say1("problem-until", &until.to_string()))
                    .again(seconds)
            }
            IdentityError::Busy { seconds } => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", lang).again(seconds)
            }
            IdentityError::Store(error) => error.explain(lang),
            other => Problem::internal(&other, lang),
        }
    }
}

impl Explain for MeasureError {
    fn explain(self, lang: Lang) -> Problem {
        match self {
            MeasureError::NoIndicator(_) => Problem::not_found(lang),
            MeasureError::Computed(_) => Problem::new(StatusCode::CONFLICT, "computed", lang),
            MeasureError::Store(error) => error.explain(lang),
        }
    }
}

impl Explain for RegisterError {
    fn explain(self, lang: Lang) -> Problem {
        let unprocessable = |name| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, name, lang);
        match self {
            RegisterError::NoRegister(_) | RegisterError::NoRecord(_) => Problem::not_found(lang),
            RegisterError::Faults(faults) => unprocessable("faults").faults(faults, lang),
            RegisterError::Taken { field, value, .. } => Problem::new(StatusCode::CONFLICT, "taken", lang)
                .detail(Words(lang).say2("problem-taken-by", &field, &value)),
            RegisterError::Named { register, record } => Problem::new(StatusCode::CONFLICT, "named", lang)
                .detail(Words(lang).say2("problem-named-by", &register, &record)),
            RegisterError::Changed { now } => Problem::new(StatusCode::PRECONDITION_FAILED, "changed", lang)
                .detail(Words(lang).say1("problem-changed-help", &now.to_string())),
            RegisterError::Store(error) => error.explain(lang),
        }
    }
}

impl Explain for ServiceError {
    fn explain(self, lang: Lang) -> Problem {
        let unprocessable = |name| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, name, lang);
        let conflict = |name| Problem::new(StatusCode::CONFLICT, name, lang);
        match self {
            ServiceError::NoCase(_) | ServiceError::NoService(_) => Problem::not_found(lang),
            ServiceError::Faults(faults) => unprocessable("faults").faults(faults, lang),
            ServiceError::NotEligible(_) => unprocessable("not-eligible"),
            ServiceError::NeedsNote(_) => unprocessable("needs-note"),
            ServiceError::Full(choice) => conflict("full").detail(choice),
            ServiceError::NotPossible { state, .. } => conflict("not-possible").moved(None, Some(state)),
            ServiceError::MovedOn { by, state } => conflict("moved-on").moved(Some(by), Some(state)),
            ServiceError::Register(error) => error.explain(lang),
            ServiceError::Store(error) => error.explain(lang),
            ServiceError::Payment(error) => error.explain(lang),
            other => Problem::internal(&other, lang),
        }
    }
}

impl Explain for PaymentError {
    fn explain(self, lang: Lang) -> Problem {
        let unprocessable = |name| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, name, lang);
        let conflict = |name| Problem::new(StatusCode::CONFLICT, name, lang);
        match self {
            PaymentError::NoPayment(_) => Problem::not_found(lang),
            PaymentError::NoWay(_) => unprocessable("no-way"),
            PaymentError::NotPayable(state) => conflict("not-payable").moved(None, Some(state.as_str().to_owned())),
            PaymentError::NotRefundable(state) => conflict("refund").moved(None, Some(state.as_str().to_owned())),
            PaymentError::TooMuch(left) => {
                unprocessable("refund").detail(Words(lang).say1("money-left", &Words(lang).money(&left)))
            }
            PaymentError::NoAmount => unprocessable("refund").detail(Words(lang).say("money-none")),
            PaymentError::NoReason => unprocessable("refund").detail(Words(lang).say("finance-no-reason")),
            PaymentError::SamePerson(_) => conflict("same-person"),
            PaymentError::MovedOn => conflict("not-payable"),
            PaymentError::Store(error) => error.explain(lang),
            other => Problem::internal(&other, lang),
        }
    }
}

/// An answer to a caller, whose language a problem speaks.
pub(crate) type Answer<T> = Result<T, Problem>;

/// What the front refuses before anybody here sees it.
pub(crate) fn refused(failure: Failure, lang: Lang) -> Response {
    let name = match failure {
        Failure::BadAddress => "address",
        Failure::BadHost => "host",
        Failure::TooLong => "address-too-long",
        Failure::TooSlow => "too-slow",
        Failure::Unavailable => "unavailable",
        Failure::NotFound => "not-found",
        Failure::Forbidden => "forbidden",
        Failure::BadForm => "malformed",
        Failure::TooLarge => "too-large",
        Failure::SentBefore => "sent-before",
        Failure::Internal => "internal",
    };
    Problem::new(failure.status(), name, lang).into_response()
}

/// Where nothing is.
pub(crate) async fn nothing_here(caller: Caller) -> Problem {
    Problem::not_found(caller.lang)
}

pub(crate) async fn not_with_this_method(caller: Caller) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", caller.lang)
}

/// Writes the problem into the description: any operation may answer with one.
pub(crate) fn describe(openapi: &mut OpenApi) {
    let components = openapi.components.get_or_insert_default();
    components.schemas.insert("Problem".into(), Details::schema());
    components.schemas.insert("Wrong".into(), Wrong::schema());
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new()
        .description("What went wrong, as problem details (RFC 9457)")
        .content("application/problem+json", content)
        .build();
    for item in openapi.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".into(), RefOr::T(response.clone()));
        }
    }
}
