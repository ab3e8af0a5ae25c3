//! What goes wrong on the way to a page, mapped to a status in one place. The page itself is dressed by the guard,
//! which knows the reader's language.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use identity::IdentityError;
use measure::MeasureError;
use register::RegisterError;
use service::ServiceError;

/// Why there is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    NotFound,
    Forbidden,
    BadForm,
    BadAddress,
    BadHost,
    TooLarge,
    TooLong,
    TooSlow,
    Unavailable,
    /// The form was sent before, and what was answered is not at hand.
    SentBefore,
    Internal,
}

impl Failure {
    pub fn status(self) -> StatusCode {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::Forbidden => StatusCode::FORBIDDEN,
            Failure::BadForm | Failure::BadAddress | Failure::BadHost => StatusCode::BAD_REQUEST,
            Failure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::TooLong => StatusCode::URI_TOO_LONG,
            Failure::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Failure::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Failure::SentBefore => StatusCode::CONFLICT,
            Failure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The failure that a bare status stands for.
    pub fn of(status: StatusCode) -> Option<Failure> {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Failure::NotFound),
            StatusCode::FORBIDDEN => Some(Failure::Forbidden),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Some(Failure::BadForm)
            }
            StatusCode::PAYLOAD_TOO_LARGE => Some(Failure::TooLarge),
            StatusCode::SERVICE_UNAVAILABLE => Some(Failure::Unavailable),
            StatusCode::CONFLICT => Some(Failure::SentBefore),
            StatusCode::INTERNAL_SERVER_ERROR => Some(Failure::Internal),
            _ => None,
        }
    }

    /// The names of the words that say it and what to do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Failure::NotFound => ("error-404", "error-404-help"),
            Failure::Forbidden => ("error-403", "error-403-help"),
            Failure::BadForm => ("error-400", "error-400-help"),
            Failure::BadAddress => ("error-address", "error-address-help"),
            Failure::BadHost => ("error-host", "error-host-help"),
            Failure::TooLarge => ("error-413", "error-413-help"),
            Failure::TooLong => ("error-414", "error-414-help"),
            Failure::TooSlow => ("error-408", "error-408-help"),
            Failure::Unavailable => ("error-503", "error-503-help"),
            Failure::SentBefore => ("error-409", "error-409-help"),
            Failure::Internal => ("error-title", "error-500-help"),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        // Several failures share a status; the guard reads from here which it was.
        response.extensions_mut().insert(self);
        response
    }
}

fn internal(error: &(dyn std::error::Error + 'static)) -> Failure {
    tracing::error!(%error, "a request failed");
    if store::is_unavailable(error) { Failure::Unavailable } else { Failure::Internal }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Failure {
        internal(&error)
    }
}
impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Failure {
        internal(&error)
    }
}
impl From<MeasureError> for Failure {
    fn from(error: MeasureError) -> Failure {
        match error {
            MeasureError::NoIndicator(_) => Failure::NotFound,
            other => internal(&other),
        }
    }
}
impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Failure {
        match error {
            RegisterError::NoRegister(_) => Failure::NotFound,
            other => internal(&other),
        }
    }
}
impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Failure {
        match error {
            ServiceError::NoCase(_)
            | ServiceError::NoService(_)
            | ServiceError::Payment(pay::PaymentError::NoPayment(_)) => Failure::NotFound,
            other => internal(&other),
        }
    }
}
impl From<pay::budget::BudgetError> for Failure {
    fn from(error: pay::budget::BudgetError) -> Failure {
        internal(&error)
    }
}
impl From<pay::loan::LoanError> for Failure {
    fn from(error: pay::loan::LoanError) -> Failure {
        internal(&error)
    }
}
impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Failure {
        internal(&error)
    }
}
