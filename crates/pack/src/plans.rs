//! The files of the folder `plan`: road maps, held against the entities, clusters and indicators that they name.

use std::collections::{BTreeMap, BTreeSet};

use base::{Finding, Step};
use jiff::civil::Date;
use plan::PlanDefinition;

use crate::{
    Settings,
    check::{Names, complete, key, known},
    locate::Source,
    questions::currency_is_listed,
    read::Reader,
};

impl Reader<'_> {
    pub(crate) fn plans(
        &mut self,
        read: Vec<(Source, PlanDefinition)>,
        names: &Names,
        settings: &Settings,
    ) -> Vec<PlanDefinition> {
        let mut plans = Vec::new();
        for (source, plan) in read {
            let mut findings = Vec::new();
            known(&mut findings, "cluster", &names.clusters, &plan.cluster, vec![key("cluster")]);
            complete(&mut findings, &settings.languages, &plan.title, vec![key("title")]);
            currency_is_listed(&mut findings, settings, &plan.currency, vec![key("currency")]);
            for (i, objective) in plan.objectives.iter().enumerate() {
                let at =
                    |tail: Vec<Step>| [key("objectives"), Step::Index(i)].into_iter().chain(tail).collect::<Vec<_>>();
                complete(&mut findings, &settings.languages, &objective.title, at(vec![key("title")]));
                for (j, used) in objective.indicators.iter().enumerate() {
                    let path = at(vec![key("indicators"), Step::Index(j), key("indicator")]);
                    known(&mut findings, "indicator", &names.indicators, &used.indicator, path);
                }
                for (j, intervention) in objective.interventions.iter().enumerate() {
                    let at =
                        |tail: Vec<Step>| at([key("interventions"), Step::Index(j)].into_iter().chain(tail).collect());
                    complete(&mut findings, &settings.languages, &intervention.title, at(vec![key("title")]));
                    known(
                        &mut findings,
                        "entity",
                        &names.entities,
                        &intervention.responsible,
                        at(vec![key("responsible")]),
                    );
                    for (k, partner) in intervention.partners.iter().enumerate() {
                        known(
                            &mut findings,
                            "entity",
                            &names.entities,
                            partner,
                            at(vec![key("partners"), Step::Index(k)]),
                        );
                    }
                    let within = || objective.interventions.iter().flat_map(|i| &i.activities);
                    let activities: BTreeSet<String> = within().map(|a| a.activity.to_string()).collect();
                    let ends: BTreeMap<&str, Date> = within().map(|a| (a.activity.as_ref(), a.to)).collect();
                    for (k, activity) in intervention.activities.iter().enumerate() {
                        let at =
                            |tail: Vec<Step>| at([key("activities"), Step::Index(k)].into_iter().chain(tail).collect());
                        complete(&mut findings, &settings.languages, &activity.title, at(vec![key("title")]));
                        if activity.to < activity.from {
                            findings.push(Finding::at(at(vec![key("to")]), "the activity ends before it begins"));
                        }
                        for (l, before) in activity.after.iter().enumerate() {
                            known(
                                &mut findings,
                                "activity",
                                &activities,
                                before,
                                at(vec![key("after"), Step::Index(l)]),
                            );
                            // Nothing can wait for itself then either, however long the chain.
                            if let Some(end) =
                                ends.get(AsRef::<str>::as_ref(before)).filter(|end| **end >= activity.from)
                            {
                                let path = at(vec![key("from")]);
                                let message = format!("it begins before «{before}», which comes first, ends on {end}");
                                let help = "let it begin on a later day, or take it out of `after`";
                                findings.push(Finding::at(path, message).help(help));
                            }
                        }
                    }
                }
            }
            self.add(&source, findings);
            plans.push(plan);
        }
        plans
    }
}
