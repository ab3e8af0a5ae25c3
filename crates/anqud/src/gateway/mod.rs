//! `anqud gateway`: a small payment provider of its own, for demonstrations and tests. It shows a page, takes no money,
//! calls back over HTTP with a signature, answers enquiries, and can be told to misbehave in every way that real
//! providers do.

mod conduct;
mod orders;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Path, Query, RawForm, State},
    http::{HeaderMap, StatusCode, header::CONTENT_SECURITY_POLICY},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base::{Currency, Money};
use jiff::Timestamp;
use pay::{
    Event,
    way::{Callback, Order as Signed, PayBack, WINDOW_SECONDS, is_signed, sign},
};
use serde::Deserialize;

use self::{
    conduct::{CONDUCTS, Conduct, Fault, Message, Settles, conduct},
    orders::{Order, Orders},
};
use crate::{edge, options::GatewayOptions, system::Failure};

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The provider.
#[derive(Clone)]
struct Gateway(Arc<Parts>);

struct Parts {
    orders: Orders,
    secret: String,
    now: Clock,
}

/// `anqud gateway`.
pub(crate) async fn gateway(options: GatewayOptions) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    println!("The payment provider is at http://{}/", listener.local_addr()?);
    let clock: Clock = Arc::new(|| edge::now(jiff::SignedDuration::ZERO));
    Ok(axum::serve(listener, router(options.secret, clock)).await?)
}

/// Starts a provider beside a portal, with the portal's clock and secret; where it is.
pub(crate) async fn beside(secret: String, now: Clock) -> Result<SocketAddr, Failure> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router(secret, now)).await {
            tracing::error!(%error, "the payment provider has ended");
        }
    });
    Ok(address)
}

fn router(secret: String, now: Clock) -> Router {
    Router::new()
        .route("/pay", get(page))
        .route("/pay/{attempt}", post(choose))
        .route("/attempts/{attempt}", get(enquiry))
        .route("/settlements/{day}", get(settlement))
        .route("/refunds", post(give_back))
        .with_state(Gateway(Arc::new(Parts { orders: Orders::default(), secret, now })))
}

/// What the payer brings along.
#[derive(Deserialize)]
struct Brought {
    attempt: String,
    amount: String,
    currency: String,
    portal: String,
    back: String,
    at: i64,
    signature: String,
}

/// A time and a signature.
#[derive(Deserialize)]
struct Stamp {
    at: i64,
    signature: String,
}

impl Gateway {
    fn is_fresh(&self, at: i64) -> bool {
        at.saturating_sub((self.0.now)().as_second()).saturating_abs() <= WINDOW_SECONDS
    }

    fn callback(&self, order: &Order, message: &Message) -> Callback {
        let amount = match message.fault {
            Fault::HalfTheAmount => part(order, 50),
            _ => order.amount.clone(),
        };
        Callback {
            id: format!("{}-{}", order.attempt, message.name),
            attempt: order.attempt.clone(),
            kind: message.event,
            amount: (message.event == Event::Succeed).then_some(amount),
            currency: (message.event == Event::Succeed).then(|| order.currency.clone()),
        }
    }

    /// Sends a message, and again where nobody answers.
    async fn send(&self, order: &Order, message: &Message) {
        tokio::time::sleep(Duration::from_secs(message.after)).await;
        let Ok(body) = serde_json::to_string(&self.callback(order, message)) else { return };
        let mut seconds = (self.0.now)().as_second();
        if message.fault == Fault::AnHourOld {
            seconds -= 3_600;
        }
        let secret = if message.fault == Fault::WrongSignature { "guessed" } else { self.0.secret.as_str() };
        let signature = sign(secret, seconds, &body);
        let url = format!("{}/api/v1/payments/callbacks/card", order.portal);
        for wait in [1, 5, 0] {
            let (url, body, signature) = (url.clone(), body.clone(), signature.clone());
            let sent = tokio::task::spawn_blocking(move || edge::call(&url, seconds, &signature, &body)).await;
            match sent {
                Ok(Ok(())) => return,
                other => tracing::warn!(?other, attempt = order.attempt, "a callback did not arrive"),
            }
            tokio::time::sleep(Duration::from_secs(wait)).await;
        }
    }

    /// A text with its signature.
    fn signed(&self, body: String) -> Response {
        let seconds = (self.0.now)().as_second();
        let signature = sign(&self.0.secret, seconds, &body);
        ([("x-anqud-timestamp", seconds.to_string()), ("x-anqud-signature", signature)], body).into_response()
    }
}

/// So many percent of what somebody was to pay.
fn part(order: &Order, percent: i64) -> String {
    let whole = Currency::of(&order.currency).and_then(|currency| Money::exact(&order.amount, currency).ok());
    whole.map_or_else(String::new, |money| Money { minor: money.minor * percent / 100, ..money }.major().to_string())
}

fn html(body: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    ([(CONTENT_SECURITY_POLICY, policy)], Html(body)).into_response()
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, html(format!("<!doctype html><title>Test bank</title><p>{why}</p>"))).into_response()
}

fn escaped(text: &str) -> String {
    web::picture::escape(text)
}

/// The page on which a payer would type the number of a card.
async fn page(State(gateway): State<Gateway>, Query(b): Query<Brought>) -> Response {
    let order =
        Signed { attempt: &b.attempt, amount: &b.amount, currency: &b.currency, portal: &b.portal, back: &b.back };
    if !is_signed(&gateway.0.secret, b.at, &order.text(), &b.signature) || !gateway.is_fresh(b.at) {
        return refused(
            StatusCode::BAD_REQUEST,
            "This order was not signed by its sender, or is too old. Go back and start again.",
        );
    }
    let arabic = b.back.contains("/ar/");
    let day = (gateway.0.now)().to_string().get(..10).unwrap_or("").to_owned();
    let shown = sheet(&b, arabic);
    gateway.0.orders.take(Order {
        attempt: b.attempt,
        amount: b.amount,
        currency: b.currency,
        portal: b.portal,
        back: b.back,
        became: None,
        settled: String::new(),
        day,
    });
    html(shown)
}

fn sheet(b: &Brought, arabic: bool) -> String {
    let (lang, dir, title, lead) = if arabic {
        ("ar", "rtl", "مصرف الاختبار", "هذه صفحة دفع للتجربة: لا تُقبض أموال. اختر كيف يتصرف المصرف.")
    } else {
        ("en", "ltr", "Test bank", "A payment page for demonstrations: no money is taken. Choose how the bank behaves.")
    };
    let button = |each: &Conduct| {
        let (name, text) = (each.name, if arabic { each.ar } else { each.en });
        format!("<p><button name=\"conduct\" value=\"{name}\" class=\"{name}\">{text}</button></p>")
    };
    format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:17px/1.6 system-ui,sans-serif;max-width:28rem;margin:2rem auto;padding:0 1rem}}\
         button{{font:inherit;inline-size:100%;min-height:3rem;padding:.5rem 1rem;text-align:start;border:1.5px solid #767676;border-radius:10px;background:transparent;color:inherit}}\
         .pay{{background:#1d4f91;color:#fff;border-color:#1d4f91;font-weight:700}}.sum{{font-size:2rem;font-weight:700;margin:0}}</style>\
         <main><h1>{title}</h1><p class=\"sum\"><bdi>{} {}</bdi></p><p><bdi>{}</bdi></p><p>{lead}</p>\
         <form method=\"post\" action=\"/pay/{}\">{}</form></main></html>",
        escaped(&b.amount),
        escaped(&b.currency),
        escaped(&b.attempt),
        escaped(&b.attempt),
        CONDUCTS.iter().map(button).collect::<String>()
    )
}

/// The payer has chosen; the messages go out, and the payer goes back.
async fn choose(State(gateway): State<Gateway>, Path(attempt): Path<String>, RawForm(form): RawForm) -> Response {
    let Some(order) = gateway.0.orders.get(&attempt) else {
        return refused(StatusCode::NOT_FOUND, "There is no such order.");
    };
    let form = String::from_utf8_lossy(&form).into_owned();
    let Some(chosen) = form.split('&').find_map(|pair| conduct(pair.strip_prefix("conduct=")?)) else {
        return refused(StatusCode::BAD_REQUEST, "Choose one of the buttons.");
    };
    if let Some(event) = chosen.became {
        let settled = match chosen.settles {
            Settles::All if chosen.messages.iter().any(|m| m.fault == Fault::HalfTheAmount) => part(&order, 50),
            Settles::All => order.amount.clone(),
            Settles::Less => part(&order, 90),
        };
        gateway.0.orders.became(&attempt, event, settled);
    }
    // The first messages are under way before the payer is: mostly the portal knows when the payer comes back.
    let (at_once, later): (Vec<&Message>, Vec<&Message>) = chosen.messages.iter().partition(|m| m.after == 0);
    for message in at_once {
        gateway.send(&order, message).await;
    }
    for message in later {
        let (gateway, order) = (gateway.clone(), order.clone());
        tokio::spawn(async move { gateway.send(&order, message).await });
    }
    Redirect::to(&order.back).into_response()
}

/// What the provider knows of an attempt.
async fn enquiry(State(gateway): State<Gateway>, Path(attempt): Path<String>, Query(s): Query<Stamp>) -> Response {
    if !is_signed(&gateway.0.secret, s.at, &attempt, &s.signature) || !gateway.is_fresh(s.at) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some((order, event)) = gateway.0.orders.get(&attempt).and_then(|order| Some((order.clone(), order.became?)))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let message = Message { after: 0, event, name: "enquiry", fault: Fault::Nothing };
    let order = Order { amount: order.settled.clone(), ..order };
    match serde_json::to_string(&gateway.callback(&order, &message)) {
        Ok(body) => gateway.signed(body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What the provider took on a day: a line of JSON for each attempt.
async fn settlement(State(gateway): State<Gateway>, Path(day): Path<String>, Query(s): Query<Stamp>) -> Response {
    if !is_signed(&gateway.0.secret, s.at, &day, &s.signature) || !gateway.is_fresh(s.at) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let took = gateway.0.orders.on(&day).into_iter().map(|order| {
        serde_json::json!({"attempt": order.attempt, "amount": order.settled, "currency": order.currency}).to_string()
    });
    let gave = gateway.0.orders.given_back_on(&day).into_iter().filter_map(|told| serde_json::to_string(&told).ok());
    gateway.signed(took.chain(gave).collect::<Vec<_>>().join("\n"))
}

/// Gives money back. It takes no money, so there is none to give: it says what a provider says that has.
async fn give_back(State(gateway): State<Gateway>, headers: HeaderMap, body: String) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let at: i64 = text("x-anqud-timestamp").parse().unwrap_or(0);
    if !is_signed(&gateway.0.secret, at, &body, text("x-anqud-signature")) || !gateway.is_fresh(at) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let day = (gateway.0.now)().to_string().get(..10).unwrap_or("").to_owned();
    match serde_json::from_str::<PayBack>(&body) {
        Ok(told) if gateway.0.orders.give_back(&told, &day) => gateway.signed(body),
        Ok(_) => StatusCode::CONFLICT.into_response(),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    }
}
