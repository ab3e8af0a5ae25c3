//! Money leaves by two persons. Whoever asked for it, entered the account it goes to, agreed it or gains by it stays
//! written down with the payment, the account, the loan or the proposal, and is never the second person. One rule for
//! refunds, suspense, tills, loans and the budget.

mod sql;

use std::fmt;

use store::{Session, StoreError, Tx};

/// What somebody has done, or is, that keeps them from being the second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Asked for it or proposed it.
    Asked,
    /// Entered the account that the money goes to.
    Entered,
    /// Agreed the loan.
    Agreed,
    /// Gets the money.
    Gains,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::Asked, Part::Entered, Part::Agreed, Part::Gains];

    pub fn as_str(self) -> &'static str {
        match self {
            Part::Asked => "asked",
            Part::Entered => "entered",
            Part::Agreed => "agreed",
            Part::Gains => "gains",
        }
    }

    fn parse(text: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.as_str() == text)
    }
}

/// Why a person cannot be the second one: their own hand in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OwnHand {
    pub person: String,
    pub part: Part,
    /// What it was, such as `payment/PY-7K3M-9QX4`.
    pub about: String,
}

impl fmt::Display for OwnHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.part {
            Part::Asked => "asked for",
            Part::Entered => "entered the account of",
            Part::Agreed => "agreed",
            Part::Gains => "gains by",
        };
        write!(f, "{} {what} {}, so somebody else has to approve it", self.person, self.about)
    }
}

/// What a second person is needed for: the things in which nobody may have had a hand, and who gets the money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TwoPersons {
    things: Vec<String>,
    gains: Option<String>,
}

impl TwoPersons {
    /// A rule about one thing; `sort` and `name` together name it for ever.
    pub fn about(sort: &str, name: &str) -> TwoPersons {
        TwoPersons { things: vec![format!("{sort}/{name}")], gains: None }
    }

    /// About an account that money goes to.
    pub(crate) fn payee(iban: &str) -> TwoPersons {
        TwoPersons::about("payee", iban)
    }

    /// And about the things of another rule.
    #[must_use]
    pub(crate) fn and(mut self, other: Option<TwoPersons>) -> TwoPersons {
        self.things.extend(other.into_iter().flat_map(|other| other.things));
        self
    }

    /// And nobody approves what they get themselves.
    #[must_use]
    pub(crate) fn gains(mut self, person: &str) -> TwoPersons {
        self.gains = Some(person.to_owned()).filter(|person| !person.is_empty());
        self
    }

    /// Writes down that whoever writes had a hand in each of the things.
    pub(crate) async fn note(&self, tx: &mut Tx, part: Part) -> Result<(), StoreError> {
        let person = tx.by().actor.clone();
        self.note_of(tx, &person, part).await
    }

    /// Writes down that a person had a hand in each of the things.
    pub(crate) async fn note_of(&self, tx: &mut Tx, person: &str, part: Part) -> Result<(), StoreError> {
        for thing in &self.things {
            sql::insert(tx, thing, person, part.as_str()).await?;
        }
        Ok(())
    }

    /// What keeps a person from being the second one, counting only some parts.
    pub(crate) async fn hand_of(
        &self,
        db: &mut Session,
        person: &str,
        parts: &[Part],
    ) -> Result<Option<OwnHand>, StoreError> {
        let hands = sql::hands_of(db, person, &self.things).await?;
        Ok(self.found(person, &hands, parts))
    }

    fn found(&self, person: &str, hands: &[(String, String)], parts: &[Part]) -> Option<OwnHand> {
        let own = |part, about: &str| OwnHand { person: person.to_owned(), part, about: about.to_owned() };
        if parts.contains(&Part::Gains) && self.gains.as_deref() == Some(person) {
            return self.things.first().map(|thing| own(Part::Gains, thing));
        }
        hands.iter().filter(|(thing, _)| self.things.contains(thing)).find_map(|(thing, part)| {
            let part = Part::parse(part).filter(|part| parts.contains(part))?;
            Some(own(part, thing))
        })
    }

    /// Refuses whoever writes where they had a hand in it.
    pub(crate) async fn approve<E: From<StoreError> + From<OwnHand>>(&self, tx: &mut Tx) -> Result<(), E> {
        let person = tx.by().actor.clone();
        match self.hand_of(tx, &person, &Part::ALL).await? {
            Some(own) => Err(own.into()),
            None => Ok(()),
        }
    }
}

/// So many things are asked about at once.
const THINGS_AT_ONCE: usize = 256;

/// For each rule what keeps the person from being the second one; pages ask before they offer a step.
pub async fn barred(db: &mut Session, person: &str, rules: &[TwoPersons]) -> Result<Vec<Option<OwnHand>>, StoreError> {
    let mut things: Vec<String> = rules.iter().flat_map(|rule| rule.things.iter().cloned()).collect();
    things.sort();
    things.dedup();
    let mut hands = Vec::new();
    for some in things.chunks(THINGS_AT_ONCE) {
        hands.extend(sql::hands_of(db, person, some).await?);
    }
    Ok(rules.iter().map(|rule| rule.found(person, &hands, &Part::ALL)).collect())
}
