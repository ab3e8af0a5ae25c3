//! Asking a payment provider what became of an attempt, where its call was lost.

use futures::{StreamExt, stream};
use pay::{Attempt, Channel, way::sign};

use crate::{App, state::Order};

/// Asks the provider behind the attempt and takes in what it says; whether it answered. What goes wrong on the way is only
/// logged: the provider is asked again later.
pub async fn enquire(app: &App, attempt: &Attempt) -> bool {
    let Ok(way) = app.cases.payments().way(&attempt.way) else { return false };
    let Some(page) = way.hosted() else { return false };
    let url = page.enquiry(&attempt.id, app.now());
    let fetched = match (app.edge.fetch)(url).await {
        Ok(fetched) => fetched,
        Err(error) => {
            tracing::warn!(%error, attempt = attempt.id, "the payment provider could not be asked");
            return false;
        }
    };
    match page.read(&fetched.seconds, &fetched.signature, &fetched.body, app.now()) {
        Ok(report) => {
            if let Err(error) = app.cases.reported(app.by(way.name(), "enquiry"), report).await {
                tracing::error!(%error, attempt = attempt.id, "what the payment provider says could not be taken in");
            }
        }
        Err(refused) => {
            let by = app.by(way.name(), "enquiry");
            if let Err(error) = app.cases.disbelieved(by, way.name(), refused.as_str(), &fetched.body).await {
                tracing::error!(%error, "an answer that was not believed could not be noted");
            }
        }
    }
    true
}

/// Lets the money of an approved refund leave: by its provider, which is told so and has to say that it has given it
/// back, or by the bank. `false` where the provider does not answer, or is not believed: then nothing is booked, and it
/// can be tried again, because a provider gives back what has the same name once. That it is told is written down before
/// it is: where its answer is lost, the money is not sent by the bank as well.
pub async fn pay_back(app: &App, by: store::By, id: &str) -> Result<bool, service::ServiceError> {
    let (refund, told) = app.cases.refund_sets_out(by.clone(), id).await?;
    let mut channel = Channel::Bank;
    if let Some(told) = told {
        channel = Channel::Provider;
        let way = app.cases.payments().way(&refund.way)?;
        let (Some(page), Ok(body)) = (way.hosted(), serde_json::to_string(&told)) else { return Ok(false) };
        let seconds = app.now().as_second();
        let order = Order { url: page.refunds(), seconds, signature: sign(&page.secret, seconds, &body), body };
        match (app.edge.order)(order).await {
            Ok(said) if page.has_paid_back(&told, &said.seconds, &said.signature, &said.body, app.now()) => {}
            Ok(_) => return Ok(false),
            Err(error) => {
                tracing::warn!(%error, refund = id, "the payment provider did not pay back");
                return Ok(false);
            }
        }
    }
    app.cases.refund_left(by, id, channel).await?;
    Ok(true)
}

/// Asks a provider what it took on a day, and closes the day with it; `None` where the provider could not be asked or
/// was not believed.
pub async fn close_day(app: &App, by: store::By, way: &str, day: jiff::civil::Date) -> Option<pay::Closed> {
    let page_of = app.cases.payments().way(way).ok()?;
    let page = page_of.hosted()?;
    let fetched = (app.edge.fetch)(page.settlement(&day.to_string(), app.now())).await.ok()?;
    if page.believes(&fetched.seconds, &fetched.signature, &fetched.body, app.now()).is_err() {
        return None;
    }
    let (taken, unread) = pay::read_settlement(&fetched.body);
    if unread > 0 {
        tracing::warn!(unread, way, %day, "lines of a settlement could not be read");
    }
    match app.cases.close_day(by, way, day, taken).await {
        Ok(closed) => Some(closed),
        Err(error) => {
            tracing::error!(%error, way, %day, "a day could not be closed");
            None
        }
    }
}

/// So many attempts are asked after before the next ones are looked for.
const ENQUIRIES_AT_ONCE: i64 = 64;
/// So many questions are under way at a time.
const QUESTIONS_AT_A_TIME: usize = 8;
/// So many attempts of a way are asked after in a round at most; what is left comes in the next.
const ENQUIRIES_MAX: usize = 2_000;

/// Asks after the attempts that are due. Where a provider answers nothing at all, the rest waits for the next round.
pub async fn enquire_after_all(app: &App) {
    let ways: Vec<String> =
        app.cases.payments().ways().filter(|way| way.hosted().is_some()).map(|way| way.name().to_owned()).collect();
    for way in ways {
        let mut asked = 0;
        while asked < ENQUIRIES_MAX {
            let attempts = match app.cases.to_ask_after(app.by("system", "enquiry"), &way, ENQUIRIES_AT_ONCE).await {
                Ok(attempts) if attempts.is_empty() => break,
                Ok(attempts) => attempts,
                Err(error) => {
                    tracing::error!(%error, "open attempts could not be read");
                    break;
                }
            };
            asked += attempts.len();
            let questions = stream::iter(attempts).map(async |attempt| enquire(app, &attempt).await);
            let answered = questions.buffer_unordered(QUESTIONS_AT_A_TIME);
            if !answered.fold(false, async |any, answered| any | answered).await {
                break;
            }
        }
    }
}
