//! What a payment provider remembers: who was to pay what, and what became of it.

use std::{collections::HashMap, sync::Mutex};

use pay::Event;

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
    pub day: String,
}

/// All orders.
#[derive(Default)]
pub(super) struct Orders(Mutex<HashMap<String, Order>>);

impl Orders {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Order>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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

    pub fn became(&self, attempt: &str, event: Event) {
        if let Some(order) = self.all().get_mut(attempt) {
            order.became = Some(event);
        }
    }

    /// What was taken on a day.
    pub fn on(&self, day: &str) -> Vec<Order> {
        let mut taken: Vec<Order> =
            self.all().values().filter(|o| o.day == day && o.became == Some(Event::Succeed)).cloned().collect();
        taken.sort_by(|a, b| a.attempt.cmp(&b.attempt));
        taken
    }
}
