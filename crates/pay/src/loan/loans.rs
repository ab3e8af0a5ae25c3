//! The story of a loan.

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::json;
use store::{Change, Session, StoreError, Tx};

use super::{Instalment, Kind, Terms, TermsError, sql};
use crate::{
    ledger::{self, Account, LedgerError, Posting, Purpose, Transfer},
    persons::{OwnHand, Part, TwoPersons},
};

/// Where a loan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoanState {
    /// Agreed; nothing or not all was paid out.
    Agreed,
    /// Paid out and being paid back.
    Running,
    Repaid,
    /// Somebody has proposed new months; a second person decides.
    ToReschedule,
    /// Somebody has proposed to give it up; a second person decides.
    ToWriteOff,
    WrittenOff,
}

impl LoanState {
    const ALL: [LoanState; 6] = [
        LoanState::Agreed,
        LoanState::Running,
        LoanState::Repaid,
        LoanState::ToReschedule,
        LoanState::ToWriteOff,
        LoanState::WrittenOff,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            LoanState::Agreed => "agreed",
            LoanState::Running => "running",
            LoanState::Repaid => "repaid",
            LoanState::ToReschedule => "to-reschedule",
            LoanState::ToWriteOff => "to-write-off",
            LoanState::WrittenOff => "written-off",
        }
    }

    /// Whether what is left of it is still asked for.
    pub fn is_owed(self) -> bool {
        matches!(self, LoanState::Running | LoanState::ToReschedule | LoanState::ToWriteOff)
    }

    pub fn parse(text: &str) -> Option<LoanState> {
        LoanState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A loan.
#[derive(Debug, Clone, PartialEq)]
pub struct Loan {
    pub id: String,
    /// The bank.
    pub lender: String,
    pub borrower: String,
    pub borrower_name: String,
    /// The case that led to it.
    pub about: String,
    pub currency: Currency,
    pub terms: Terms,
    pub state: LoanState,
    pub opened: String,
    /// Who agreed it.
    pub opened_by: String,
    /// The new months that were proposed.
    pub proposal: Option<Proposal>,
    pub revision: i64,
}

/// New months for what is left of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    pub months: u32,
    pub grace: u32,
}

impl std::fmt::Display for Proposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}+{}", self.months, self.grace)
    }
}

impl Proposal {
    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Proposal> {
        let (months, grace) = text.split_once('+')?;
        Some(Proposal { months: months.parse().ok()?, grace: grace.parse().ok()? })
    }
}

/// A part of a loan that is paid out when something was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tranche {
    pub number: i64,
    pub minor: i64,
    pub milestone: String,
    pub paid_out: Option<String>,
}

/// An instalment and what of it was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    pub number: i64,
    pub due: String,
    pub principal: i64,
    pub profit: i64,
    pub paid_principal: i64,
    pub paid_profit: i64,
}

impl Owed {
    /// An instalment that will be owed when everything is paid out.
    pub fn planned(instalment: &Instalment) -> Owed {
        Owed {
            number: i64::from(instalment.number),
            due: instalment.due.to_string(),
            principal: instalment.principal,
            profit: instalment.profit,
            paid_principal: 0,
            paid_profit: 0,
        }
    }

    pub fn open(&self) -> i64 {
        self.principal + self.profit - self.paid_principal - self.paid_profit
    }
}

/// What is overdue by how long: minor units not due, up to 30 days late, up to 90, up to 180, and longer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    pub not_due: i64,
    pub to_30: i64,
    pub to_90: i64,
    pub to_180: i64,
    pub longer: i64,
}

/// A loan to be agreed.
#[derive(Debug, Clone)]
pub struct NewLoan {
    pub id: String,
    pub lender: String,
    pub borrower: String,
    pub borrower_name: String,
    pub about: String,
    pub currency: Currency,
    pub terms: Terms,
    /// Amount and milestone of each; together they are the principal.
    pub tranches: Vec<(i64, String)>,
}

/// Why a loan is refused.
#[derive(Debug, thiserror::Error)]
pub enum LoanError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Terms(#[from] TermsError),
    #[error("there is no loan «{0}»")]
    NoLoan(String),
    #[error("there is a loan «{0}» already")]
    Twice(String),
    #[error("the tranches sum to {0} minor units and not to the principal")]
    Tranches(i128),
    #[error("the tranche was paid out already, or there is none with this number")]
    NoTranche,
    #[error("the loan is {} and this is not possible", .0.as_str())]
    NotNow(LoanState),
    #[error("an amount above zero and at most {0} minor units is needed")]
    Amount(i64),
    #[error("the months of the loan are over, so that nothing can be paid out before new ones are agreed")]
    Over,
    #[error(transparent)]
    SamePerson(#[from] OwnHand),
    #[error("the receipt of the repayment has to be named")]
    NoReceipt,
}

impl Loan {
    fn account(&self, purpose: Purpose) -> Account {
        Account::of(&self.lender, purpose, &self.id, self.currency)
    }

    fn bank(&self, purpose: Purpose) -> Account {
        Account::new(&self.lender, purpose, self.currency)
    }

    fn money(&self, minor: i64) -> Money {
        Money { minor, currency: self.currency }
    }
}

/// Sets money aside for loans.
pub async fn fund(tx: &mut Tx, lender: &str, money: Money, id: &str, day: Date) -> Result<(), LoanError> {
    let from = Account::new(lender, Purpose::LoanCapital, money.currency);
    let to = Account::new(lender, Purpose::LoanFunds, money.currency);
    Ok(ledger::post(tx, &Transfer::between(id.to_owned(), day, lender, "loans-funded", from, to, money)).await?)
}

impl Loan {
    /// Agrees a loan: its money is held back from the funds until it is paid out. Nothing is owed before that.
    pub async fn agree(tx: &mut Tx, new: NewLoan, day: Date) -> Result<Loan, LoanError> {
        new.terms.schedule()?;
        // Whatever numbers come, their sum does not wrap around to the principal.
        let sum: i128 = new.tranches.iter().map(|(minor, _)| i128::from(*minor)).sum();
        if sum != i128::from(new.terms.principal) || new.tranches.iter().any(|(minor, _)| *minor <= 0) {
            return Err(LoanError::Tranches(sum));
        }
        let loan = Loan {
            id: new.id,
            lender: new.lender,
            borrower: new.borrower,
            borrower_name: new.borrower_name,
            about: new.about,
            currency: new.currency,
            terms: new.terms,
            state: LoanState::Agreed,
            opened: day.to_string(),
            opened_by: tx.by().actor.clone(),
            proposal: None,
            revision: 1,
        };
        // Nobody lends to themselves.
        if loan.borrower == loan.opened_by {
            let (person, about) = (loan.opened_by, format!("loan/{}", loan.id));
            return Err(OwnHand { person, part: Part::Gains, about }.into());
        }
        if !sql::insert(tx, &loan).await? {
            return Err(LoanError::Twice(loan.id));
        }
        for (number, (minor, milestone)) in new.tranches.iter().enumerate() {
            let number = number as i64 + 1;
            sql::insert_tranche(tx, &loan.id, number, *minor, milestone).await?;
            ledger::hold(tx, &loan.hold(number), &loan.bank(Purpose::LoanFunds), *minor).await?;
        }
        loan.second_person().note(tx, Part::Agreed).await?;
        tx.record(loan.change(None, day));
        Ok(loan)
    }

    /// Whoever agreed the loan, or proposed to change it, neither pays it out nor decides what becomes of it, and nobody
    /// does so for themselves.
    pub fn second_person(&self) -> TwoPersons {
        TwoPersons::about("loan", &self.id).gains(&self.borrower)
    }

    fn hold(&self, tranche: i64) -> String {
        format!("{}-tranche-{tranche}", self.id)
    }

    /// The loan, which must be there.
    pub async fn get(db: &mut Session, id: &str) -> Result<Loan, LoanError> {
        sql::get(db, id).await?.ok_or_else(|| LoanError::NoLoan(id.to_owned()))
    }

    /// Loans, the last first, from a place on.
    pub async fn all(db: &mut Session, skip: i64, limit: i64) -> Result<Vec<Loan>, LoanError> {
        Ok(sql::all(db, skip, limit).await?)
    }

    /// How many there are.
    pub async fn count(db: &mut Session) -> Result<i64, LoanError> {
        Ok(sql::count(db).await?)
    }

    /// What is overdue of all loans of a currency on a day.
    pub async fn ageing_of_all(db: &mut Session, currency: Currency, day: Date) -> Result<Ageing, LoanError> {
        let days = [0, 30, 90, 180].map(|days| day.saturating_sub(jiff::Span::new().days(days)).to_string());
        Ok(sql::ageing(db, currency, days).await?)
    }

    pub async fn tranches(&self, db: &mut Session) -> Result<Vec<Tranche>, LoanError> {
        Ok(sql::tranches(db, &self.id).await?)
    }

    pub async fn owed(&self, db: &mut Session) -> Result<Vec<Owed>, LoanError> {
        Ok(sql::owed(db, &self.id).await?)
    }

    /// A milestone was reached, says somebody else than who agreed the loan: the tranche is paid out, and what falls due from then on is worked out anew. The months
    /// are counted from the first tranche; interest is counted by months, and only on what was paid out.
    pub async fn pay_out(tx: &mut Tx, id: &str, tranche: i64, day: Date) -> Result<Loan, LoanError> {
        let mut loan = Loan::get(tx, id).await?;
        if !matches!(loan.state, LoanState::Agreed | LoanState::Running) {
            return Err(LoanError::NotNow(loan.state));
        }
        loan.second_person().approve::<LoanError>(tx).await?;
        if loan.state == LoanState::Agreed {
            loan.terms.start = day;
        }
        let minor = sql::pay_out(tx, id, tranche, day).await?.ok_or(LoanError::NoTranche)?;
        ledger::release(tx, &loan.hold(tranche)).await?;
        let (from, to) = (loan.bank(Purpose::LoanFunds), loan.account(Purpose::LoanPrincipal));
        let mut postings = vec![Posting::debit(to.clone(), minor), Posting::credit(from, minor)];
        let profit = loan.profit_of(tx, tranche, minor).await?;
        if profit > 0 {
            postings.push(Posting::debit(to, profit));
            postings.push(Posting::credit(loan.account(Purpose::LoanDeferredProfit), profit));
        }
        let memo = "loan-paid-out".to_owned();
        let transfer = Transfer { id: loan.hold(tranche), day, about: id.to_owned(), memo, postings };
        ledger::post(tx, &transfer).await?;
        loan.plan_ahead(tx, minor, profit, day).await?;
        loan.moved(tx, LoanState::Running, day).await
    }

    /// The profit of a murabaha that goes with a tranche: owed with it, and earned as it is paid. What rounding leaves
    /// goes with the last tranche.
    async fn profit_of(&self, tx: &mut Tx, tranche: i64, minor: i64) -> Result<i64, LoanError> {
        if self.terms.kind != Kind::Murabaha {
            return Ok(0);
        }
        let tranches = self.tranches(tx).await?;
        let markup = self.terms.markup();
        let share = |minor: i64| (i128::from(markup) * i128::from(minor) / i128::from(self.terms.principal)) as i64;
        let others: i64 = tranches.iter().filter(|t| t.number != tranche).map(|t| share(t.minor)).sum();
        let is_last = tranches.iter().all(|t| t.paid_out.is_some());
        Ok(if is_last { markup - others } else { share(minor) })
    }

    /// Spreads what is not due yet, and what is paid out now, over the months that are left.
    async fn plan_ahead(&self, tx: &mut Tx, minor: i64, profit: i64, day: Date) -> Result<(), LoanError> {
        let owed = self.owed(tx).await?;
        let (today, elapsed) = (day.to_string(), self.terms.elapsed(day));
        let ahead: Vec<&Owed> = owed.iter().filter(|instalment| instalment.due > today).collect();
        let principal = minor + ahead.iter().map(|i| i.principal - i.paid_principal).sum::<i64>();
        let profit = profit + ahead.iter().map(|i| i.profit - i.paid_profit).sum::<i64>();
        let grace = self.terms.grace.saturating_sub(elapsed);
        let months = (self.terms.months + self.terms.grace).saturating_sub(elapsed + grace);
        if months == 0 {
            return Err(LoanError::Over);
        }
        let mut plan = Terms { principal, months, grace, ..self.terms }.schedule_after(elapsed)?;
        if self.terms.kind == Kind::Murabaha {
            spread(&mut plan, profit);
        }
        self.replace(tx, &owed, plan, &today).await
    }

    /// Puts a new plan in the place of what falls due after a day.
    async fn replace(
        &self,
        tx: &mut Tx,
        owed: &[Owed],
        mut plan: Vec<Instalment>,
        after: &str,
    ) -> Result<(), LoanError> {
        let last = owed.iter().map(|i| i.number).max().unwrap_or(0) as u32;
        for (index, instalment) in plan.iter_mut().enumerate() {
            instalment.number = last + index as u32 + 1;
        }
        sql::close_after(tx, &self.id, after).await?;
        sql::insert_schedule(tx, &self.id, &plan).await?;
        Ok(())
    }

    /// A borrower pays: the oldest instalments first, in each the profit before the principal.
    pub async fn repay(tx: &mut Tx, id: &str, minor: i64, receipt: &str, day: Date) -> Result<Loan, LoanError> {
        let before = Loan::get(tx, id).await?;
        if !before.state.is_owed() {
            return Err(LoanError::NotNow(before.state));
        }
        if receipt.trim().is_empty() {
            return Err(LoanError::NoReceipt);
        }
        let owed = before.owed(tx).await?;
        let open: i64 = owed.iter().map(Owed::open).sum();
        if minor <= 0 || minor > open {
            return Err(LoanError::Amount(open));
        }
        let (mut left, mut principal, mut profit) = (minor, 0, 0);
        for instalment in owed.iter().filter(|instalment| instalment.open() > 0) {
            let to_profit = left.min(instalment.profit - instalment.paid_profit);
            let to_principal = (left - to_profit).min(instalment.principal - instalment.paid_principal);
            left -= to_profit + to_principal;
            profit += to_profit;
            principal += to_principal;
            sql::paid(tx, id, instalment.number, to_principal, to_profit).await?;
            if left == 0 {
                break;
            }
        }
        ledger::post(tx, &before.repayment(receipt, day, principal, profit)).await?;
        // What is still to be paid out will be owed, too.
        let is_whole = before.tranches(tx).await?.iter().all(|tranche| tranche.paid_out.is_some());
        let state = if minor == open && is_whole { LoanState::Repaid } else { before.state };
        // Of a loan that is repaid nobody has to decide new months any more.
        let proposal = before.proposal.filter(|_| state != LoanState::Repaid);
        Loan { proposal, ..before }.moved(tx, state, day).await
    }

    fn repayment(&self, receipt: &str, day: Date, principal: i64, profit: i64) -> Transfer {
        let mut postings = vec![Posting::debit(self.bank(Purpose::LoanFunds), principal + profit)];
        if self.terms.kind == Kind::Murabaha {
            postings.push(Posting::credit(self.account(Purpose::LoanPrincipal), principal + profit));
            if profit > 0 {
                postings.push(Posting::debit(self.account(Purpose::LoanDeferredProfit), profit));
                postings.push(Posting::credit(self.bank(Purpose::LoanIncome), profit));
            }
        } else {
            if principal > 0 {
                postings.push(Posting::credit(self.account(Purpose::LoanPrincipal), principal));
            }
            if profit > 0 {
                postings.push(Posting::credit(self.bank(Purpose::LoanIncome), profit));
            }
        }
        let id = format!("{}-repaid-{receipt}", self.id);
        Transfer { id, day, about: self.id.clone(), memo: "loan-repaid".into(), postings }
    }

    /// Proposes new months for what is left of the principal.
    pub async fn propose_months(tx: &mut Tx, id: &str, proposal: Proposal, day: Date) -> Result<Loan, LoanError> {
        let before = Loan::get(tx, id).await?;
        if before.state != LoanState::Running {
            return Err(LoanError::NotNow(before.state));
        }
        let terms = Terms { months: proposal.months, grace: proposal.grace, start: day, ..before.terms };
        terms.schedule()?;
        before.second_person().note(tx, Part::Asked).await?;
        let loan = Loan { proposal: Some(proposal), ..before };
        loan.moved(tx, LoanState::ToReschedule, day).await
    }

    /// A second person agrees the new months, or leaves the loan as it is. What was paid stays paid; for a murabaha the
    /// price stays, and only its days change.
    pub async fn decide_months(tx: &mut Tx, id: &str, approve: bool, day: Date) -> Result<Loan, LoanError> {
        let before = Loan::get(tx, id).await?;
        let Some(Proposal { months, grace }) = before.proposal.filter(|_| before.state == LoanState::ToReschedule)
        else {
            return Err(LoanError::NotNow(before.state));
        };
        before.second_person().approve::<LoanError>(tx).await?;
        let mut loan = Loan { proposal: None, ..before };
        if approve {
            let owed = loan.owed(tx).await?;
            let principal: i64 = owed.iter().map(|i| i.principal - i.paid_principal).sum();
            let profit: i64 = owed.iter().map(|i| i.profit - i.paid_profit).sum();
            loan.terms = Terms { months, grace, start: day, ..loan.terms };
            let mut plan = Terms { principal, ..loan.terms }.schedule()?;
            if loan.terms.kind == Kind::Murabaha {
                spread(&mut plan, profit);
            }
            loan.replace(tx, &owed, plan, "").await?;
        }
        loan.moved(tx, LoanState::Running, day).await
    }

    /// Proposes to give a loan up, or not to pay it out at all.
    pub async fn propose_write_off(tx: &mut Tx, id: &str, day: Date) -> Result<Loan, LoanError> {
        let before = Loan::get(tx, id).await?;
        if !matches!(before.state, LoanState::Agreed | LoanState::Running) {
            return Err(LoanError::NotNow(before.state));
        }
        before.second_person().note(tx, Part::Asked).await?;
        before.moved(tx, LoanState::ToWriteOff, day).await
    }

    /// A second person decides whether it is given up.
    pub async fn decide_write_off(tx: &mut Tx, id: &str, approve: bool, day: Date) -> Result<Loan, LoanError> {
        let before = Loan::get(tx, id).await?;
        if before.state != LoanState::ToWriteOff {
            return Err(LoanError::NotNow(before.state));
        }
        before.second_person().approve::<LoanError>(tx).await?;
        let tranches = before.tranches(tx).await?;
        if !approve {
            let was_paid_out = tranches.iter().any(|tranche| tranche.paid_out.is_some());
            let state = if was_paid_out { LoanState::Running } else { LoanState::Agreed };
            return before.moved(tx, state, day).await;
        }
        // What was promised and not paid out is free for others.
        for tranche in tranches.iter().filter(|tranche| tranche.paid_out.is_none()) {
            ledger::release(tx, &before.hold(tranche.number)).await?;
        }
        let principal = ledger::balance(tx, &before.account(Purpose::LoanPrincipal)).await?.minor;
        let deferred = ledger::balance(tx, &before.account(Purpose::LoanDeferredProfit)).await?.minor;
        if principal == 0 {
            return before.moved(tx, LoanState::WrittenOff, day).await;
        }
        let mut postings = vec![Posting::credit(before.account(Purpose::LoanPrincipal), principal)];
        if principal > deferred {
            postings.push(Posting::debit(before.bank(Purpose::LoanWrittenOff), principal - deferred));
        }
        if deferred > 0 {
            postings.push(Posting::debit(before.account(Purpose::LoanDeferredProfit), deferred));
        }
        let name = format!("{id}-written-off");
        let transfer = Transfer { id: name, day, about: id.to_owned(), memo: "loan-written-off".into(), postings };
        ledger::post(tx, &transfer).await?;
        before.moved(tx, LoanState::WrittenOff, day).await
    }

    /// What is overdue by how long on a day.
    pub fn ageing(owed: &[Owed], day: Date) -> Ageing {
        let mut ageing = Ageing::default();
        for instalment in owed.iter().filter(|instalment| instalment.open() > 0) {
            let due: Date = instalment.due.parse().unwrap_or(day);
            let late = due.until(day).map_or(0, |span| span.get_days());
            let part = match late {
                ..=0 => &mut ageing.not_due,
                1..=30 => &mut ageing.to_30,
                31..=90 => &mut ageing.to_90,
                91..=180 => &mut ageing.to_180,
                _ => &mut ageing.longer,
            };
            *part += instalment.open();
        }
        ageing
    }

    async fn moved(self, tx: &mut Tx, state: LoanState, day: Date) -> Result<Loan, LoanError> {
        let before = sql::get(tx, &self.id).await?;
        let loan = Loan { state, revision: self.revision + 1, ..self };
        if !sql::update(tx, &loan).await? {
            return Err(LoanError::NotNow(before.map_or(loan.state, |before| before.state)));
        }
        tx.record(loan.change(before.as_ref(), day));
        Ok(loan)
    }

    fn document(&self) -> serde_json::Value {
        json!({
            "reference": self.id,
            "case": self.about,
            "lender": self.lender,
            "currency": self.currency.code(),
            "principal": crate::number(self.money(self.terms.principal)),
            "kind": self.terms.kind.as_str(),
            "months": self.terms.months,
            "grace": self.terms.grace,
            "start": self.terms.start,
            "proposal": self.proposal.map(|Proposal { months, grace }| json!({"months": months, "grace": grace})),
            "state": self.state.as_str(),
            "opened": self.opened,
        })
    }

    fn change(&self, before: Option<&Loan>, day: Date) -> Change {
        Change {
            source: "loan",
            kind: self.lender.clone(),
            row: self.id.clone(),
            effective: day,
            before: before.map(Loan::document),
            after: Some(self.document()),
        }
    }
}

/// Spreads a profit that was agreed over the instalments, as evenly as whole units allow.
fn spread(plan: &mut [Instalment], profit: i64) {
    let count = plan.len() as i128;
    let upto = |n: usize| (i128::from(profit) * n as i128 / count.max(1)) as i64;
    for (index, instalment) in plan.iter_mut().enumerate() {
        instalment.profit = upto(index + 1) - upto(index);
    }
}
