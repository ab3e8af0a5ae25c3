//! What a payment provider remembers: who was to pay what, and what became of it.

use std::{collections::HashMap, sync::Mutex};

use pay::{Event, way::PayBack};

/// A provider of the demo forgets the oldest when there are so many.
const MOST: usize = 100_000;

/// What somebody was sent here to pay.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub attempt: String,
    pub amount: String,
    pub currency: String,
    pub portal: String,
    pub back: String,
    pub became: Option<Event>,
    /// What it says it took, a decimal in major units.
    pub settled: String,
    pub day: String,
}

/// What it gave back, and for which order of ours.
#[derive(Debug, Clone)]
pub(super) struct GivenBack {
    pub told: PayBack,
    pub day: String,
}

/// All orders.
#[derive(Default)]
pub(super) struct Orders {
    orders: Mutex<HashMap<String, Order>>,
    given_back: Mutex<Vec<GivenBack>>,
}

impl Orders {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Order>> {
        self.orders.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Remembers an order; one that was here before stays as it is.
    pub fn take(&self, order: Order) {
        let mut all = self.all();
        if all.len() < MOST {
            all.entry(order.attempt.clone()).or_insert(order);
        }
    }

    pub fn get(&self, attempt: &str) -> Option<Order> {
        self.all().get(attempt).cloned()
    }

    pub fn became(&self, attempt: &str, event: Event, settled: String) {
        if let Some(order) = self.all().get_mut(attempt) {
            order.became = Some(event);
            order.settled = settled;
        }
    }

    /// Gives money back, once for each name; whether it could. An order that this provider has forgotten is believed.
    pub fn give_back(&self, told: &PayBack, day: &str) -> bool {
        let known = self.get(&told.attempt);
        let mut given = self.given_back.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(before) = given.iter().find(|given| given.told.refund == told.refund) {
            return before.told == *told;
        }
        let is_wrong = known.is_some_and(|order| order.currency != told.currency || order.became.is_none());
        if is_wrong || given.len() >= MOST {
            return false;
        }
        given.push(GivenBack { told: told.clone(), day: day.to_owned() });
        true
    }

    /// What was given back on a day.
    pub fn given_back_on(&self, day: &str) -> Vec<PayBack> {
        let given = self.given_back.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        given.iter().filter(|given| given.day == day).map(|given| given.told.clone()).collect()
    }

    /// What was taken on a day.
    pub fn on(&self, day: &str) -> Vec<Order> {
        let mut taken: Vec<Order> =
            self.all().values().filter(|o| o.day == day && o.became == Some(Event::Succeed)).cloned().collect();
        taken.sort_by(|a, b| a.attempt.cmp(&b.attempt));
        taken
    }
}
