//! The money of the demo's year: people pay what they owe in one way or another, agents hand in their tills, the
//! finance desk counts, and some things go wrong, as they do.

use jiff::civil::{Date, Weekday};
use pay::{
    Event, RefundState, Report,
    budget::{BudgetKind, NewBudgetChange},
    loan::{Kind, NewLoan, Terms},
};
use rand::Rng;
use service::{Actor, Case, ServiceError};

use super::{History, Turn};
use crate::system::Failure;

/// One card in so many is declined at first.
const DECLINED: f64 = 0.05;
/// One transfer in so many has another amount than was owed.
const MISTYPED: f64 = 0.02;

impl History {
    /// Where a fee has fallen due, somebody pays it some days later, or never does.
    pub(super) async fn owe(&mut self, flow: usize, case: &Case, applicant: &Actor, day: Date) -> Result<(), Failure> {
        let Some(payment) = self.app.cases.payment_of(case).await? else { return Ok(()) };
        if payment.state != pay::State::Quoted {
            return Ok(());
        }
        let ways = self.demo.payments.clone();
        let Some(way) = self.weighted(&ways, true) else { return Ok(()) };
        let wait = self.chance.random_range(0..=5);
        self.plan_payment(day, wait, flow, case.reference.clone(), applicant.clone(), (payment.id, way));
        Ok(())
    }

    fn plan_payment(
        &mut self,
        day: Date,
        wait: u32,
        flow: usize,
        reference: String,
        applicant: Actor,
        payment: (String, String),
    ) {
        let day = self.app.pack.calendar.add_working_days(day, wait);
        let turn = Turn { reference, flow, applicant, state: String::new(), payment: Some(payment) };
        self.agenda.entry(day).or_default().push(turn);
    }

    /// Somebody sets out to pay.
    pub(super) async fn pay(&mut self, turn: Turn, day: Date) -> Result<(), Failure> {
        let Some((id, way)) = turn.payment.clone() else { return Ok(()) };
        let by = store::By::new(turn.applicant.account.clone(), "demo", self.at(day)?);
        let started = self.app.cases.start_payment(by.clone(), &turn.applicant, &id, &way, "").await;
        let payment = match started {
            Ok((payment, _)) => payment,
            // The time to pay was over.
            Err(ServiceError::Payment(pay::PaymentError::NotPayable(_))) => return Ok(()),
            Err(other) => return Err(other.into()),
        };
        let attempt = format!("{id}-{}", payment.attempts);
        let mut report = Report {
            way: way.clone(),
            event: format!("{attempt}-demo"),
            attempt,
            kind: Event::Succeed,
            money: Some(payment.amount),
            holder: String::new(),
            signature: String::new(),
        };
        match way.as_str() {
            "cash" => {
                let agent = self.account_with("cashier")?;
                let by = store::By::new(agent.clone(), "demo", by.at);
                self.app.cases.cash_taken(by, &agent, &id).await?;
            }
            "card" if self.chance.random_bool(DECLINED) => {
                report.kind = Event::Fail;
                report.money = None;
                self.app.cases.reported(by, report).await?;
                self.plan_payment(day, 1, turn.flow, turn.reference, turn.applicant, (id, way));
                return Ok(());
            }
            "transfer" if self.chance.random_bool(MISTYPED) => {
                let minor = payment.amount.minor * 9 / 10;
                report.money = Some(base::Money { minor, ..payment.amount });
                self.app.cases.reported(by, report).await?;
                return Ok(());
            }
            _ => {
                self.app.cases.reported(by, report).await?;
            }
        }
        if let Some(case) = self.app.cases.any_case(&turn.reference).await? {
            let flow = self.demo.flows[turn.flow].clone();
            self.plan_turn(&flow, turn.flow, case.reference, case.state, turn.applicant, day);
        }
        Ok(())
    }

    /// On Thursdays the finance desk counts what agents handed in a week ago, refunds leave, and the tills are emptied.
    pub(super) async fn close_week(&mut self, day: Date) -> Result<(), Failure> {
        if day.weekday() != Weekday::Thursday || self.demo.payments.is_empty() {
            return Ok(());
        }
        let (officer, agent, at) =
            (self.account_with("finance-officer")?, self.account_with("cashier")?, self.at(day)?);
        let (officer, agent) = (store::By::new(officer, "demo", at), store::By::new(agent, "demo", at));
        let day = day.to_string();
        let books = self.app.cases.books(&day, &day).await?;
        for settlement in books.handed_in {
            self.app.cases.decide_hand_in(officer.clone(), &settlement.id, true).await?;
        }
        for refund in self.app.cases.refunds(RefundState::Approved).await? {
            let (refund, told) = self.app.cases.refund_sets_out(officer.clone(), &refund.id).await?;
            let channel = if told.is_some() { pay::Channel::Provider } else { pay::Channel::Bank };
            self.app.cases.refund_left(officer.clone(), &refund.id, channel).await?;
        }
        for held in self.app.cases.till(&agent.actor).await? {
            let free = base::Money { minor: held.free(), currency: held.account.currency };
            if free.minor > 0 {
                self.app.cases.hand_in(agent.clone(), free).await?;
            }
        }
        Ok(())
    }

    /// On the last day some refunds wait for a second person.
    pub(super) async fn ask_for_refunds(&mut self) -> Result<(), Failure> {
        if self.demo.payments.is_empty() {
            return Ok(());
        }
        let officer = self.account_with("finance-officer")?;
        let last = self.app.today().saturating_sub(jiff::Span::new().days(14));
        let (from, to) = (last.to_string(), self.app.today().to_string());
        let movements = self.app.cases.movements(&from, &to, 100_000).await?;
        for payment in movements.iter().flat_map(|all| &all.paid).filter(|payment| was_paid(payment)).take(2) {
            let by = self.app.by(&officer, "demo");
            let reason = "دفع مقدم الطلب الرسم قبل أن يُعفى منه";
            self.app.cases.ask_refund(by, &payment.id, payment.amount.minor, reason, 0).await?;
        }
        Ok(())
    }

    /// What the plan granted for the year is promised and spent month by month, each time by two people.
    pub(super) async fn spend(&mut self, day: Date) -> Result<(), Failure> {
        if self.demo.payments.is_empty() || day.first_of_month() == self.last_spent.first_of_month() {
            return Ok(());
        }
        self.last_spent = day;
        let (secretary, member) = (self.account_with("secretariat")?, self.account_with("committee")?);
        for plan in self.app.pack.plans.clone() {
            let currency = base::Currency::of(&plan.currency).unwrap_or(base::Currency::USD);
            for (line, spending) in self.app.finance.spending(plan.plan.as_ref()).await? {
                if line.year != day.year() {
                    continue;
                }
                // A twelfth or so is promised each month, and most of what is promised is spent. The last proposals of
                // the year wait for the visitor.
                let promised = (spending.granted() / 100 * self.chance.random_range(5..10)).min(spending.available);
                let spent = spending.committed / 100 * self.chance.random_range(55..90);
                let waits = day.month() == 12 && line.source == "treasury";
                for (kind, minor, reason, waits) in [
                    (BudgetKind::Spend, spent, "مستخلص أعمال منجزة", false),
                    (BudgetKind::Commit, promised, "عقد توريد وتنفيذ", waits),
                ] {
                    if minor <= 0 {
                        continue;
                    }
                    let new = NewBudgetChange {
                        id: format!("{:016x}", self.chance.random::<u64>()),
                        kind,
                        plan: plan.plan.to_string(),
                        line: line.clone(),
                        to: None,
                        money: base::Money { minor, currency },
                        reason: reason.into(),
                    };
                    let at = self.at(day)?;
                    let by = |who: &str| store::By::new(who, "demo", at);
                    let change = self.app.finance.propose(by(&secretary), new, day).await?;
                    if !waits {
                        self.app.finance.decide(by(&member), &change.id, true, day).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A bank lends to start-ups: one pays on time, one is late, one has reached its first milestone only.
    pub(super) async fn lend(&mut self) -> Result<(), Failure> {
        let Some(role) = self.app.pack.role("loan-officer") else { return Ok(()) };
        let (lender, officer) = (role.entity.to_string(), self.account_with("loan-officer")?);
        let chief = self.account_with("loan-chief")?;
        let (currency, first) = (base::Currency::USD, self.demo.from);
        let at = self.at(first)?;
        let by = || store::By::new(officer.clone(), "demo", at);
        let finance = self.app.finance.clone();
        let funds = base::Money { minor: 50_000_000, currency };
        finance.fund(by(), &lender, funds, "opening", first).await?;
        let (prototype, customers, contract) = ("نموذج أولي", "أول عشرة زبائن", "توقيع العقد");
        let murabaha =
            Terms { kind: Kind::Murabaha, principal: 2_000_000, basis_points: 800, months: 24, grace: 2, start: first };
        let annuity =
            Terms { kind: Kind::Annuity, principal: 1_500_000, basis_points: 600, months: 36, grace: 0, start: first };
        let equal = Terms {
            kind: Kind::EqualPrincipal,
            principal: 3_000_000,
            basis_points: 500,
            months: 30,
            grace: 6,
            start: first,
        };
        let stories = [
            (murabaha, vec![(800_000, prototype), (1_200_000, customers)], 2, 9),
            (annuity, vec![(1_500_000, contract)], 1, 5),
            (equal, vec![(1_000_000, prototype), (2_000_000, customers)], 1, 0),
        ];
        for (number, (terms, tranches, paid_out, repaid)) in stories.into_iter().enumerate() {
            let known = self.demo.accounts.iter().find(|account| number == 0 && account.email.starts_with("company"));
            let known = known.map(|account| (account.email.clone(), account.name.get(base::Lang::AR).to_owned()));
            let invented = self.applicant();
            let (borrower, borrower_name) = known.unwrap_or((invented.account, invented.name));
            let id = base::Reference::make("LN", self.chance.random())?.to_string();
            let tranches = tranches.into_iter().map(|(minor, milestone)| (minor, milestone.to_owned())).collect();
            let (lender, about) = (lender.clone(), String::new());
            let new = NewLoan { id: id.clone(), lender, borrower, borrower_name, about, currency, terms, tranches };
            finance.agree(by(), new, first).await?;
            for tranche in 1..=paid_out {
                let by = store::By::new(chief.clone(), "demo", at);
                finance.pay_out(by, &id, tranche, first).await?;
            }
            let Some(file) = finance.loan(&id).await? else { continue };
            for owed in file.owed.iter().filter(|owed| owed.open() > 0).take(repaid) {
                let day: Date = owed.due.parse()?;
                let by = store::By::new(officer.clone(), "demo", self.at(day)?);
                finance.repay(by, &id, owed.open(), &format!("R-{}", owed.number), day).await?;
            }
        }
        Ok(())
    }

    fn account_with(&self, role: &str) -> Result<String, Failure> {
        let found = self.demo.accounts.iter().find(|account| account.roles.iter().any(|has| has == role));
        Ok(found.ok_or_else(|| format!("nobody in demo.yaml has the role {role}"))?.email.clone())
    }
}

/// Whether somebody really paid: what was waived cannot go back.
fn was_paid(payment: &pay::Payment) -> bool {
    payment.state == pay::State::Paid && payment.way.as_deref() != Some("waiver")
}
