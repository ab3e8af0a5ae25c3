//! A register as the pack defines it.

use base::{Finding, Id, Step, Text};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Field, kind};

/// A kind of thing that is known.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RegisterDefinition {
    pub register: Id,
    pub title: Text,
    #[serde(default)]
    pub summary: Text,
    /// The entity that answers for it.
    pub keeper: Id,
    pub fields: IndexMap<String, Field>,
    /// The field that names a record on lists.
    pub label: String,
    /// Who may read which fields: `public`, `holder` or a role.
    #[serde(default)]
    pub read: IndexMap<String, Fields>,
    #[serde(default)]
    pub write: IndexMap<String, Fields>,
    #[serde(default)]
    pub open_data: bool,
    #[serde(default)]
    pub reference: String,
}

/// All fields, or these.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Fields {
    These(Vec<String>),
    All(AllFields),
}

/// The word `all`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AllFields {
    All,
}

impl Fields {
    pub fn covers(&self, field: &str) -> bool {
        match self {
            Fields::All(_) => true,
            Fields::These(list) => list.iter().any(|f| f == field),
        }
    }
}

impl RegisterDefinition {
    /// Whether a reader with these roles may see a field. Personal fields are never public, whatever the pack says.
    pub fn may_read(&self, field: &str, roles: &[String]) -> bool {
        let personal = self.fields.get(field).is_some_and(|f| f.personal);
        let public = !personal && self.read.get("public").is_some_and(|f| f.covers(field));
        public || roles.iter().any(|role| self.read.get(role).is_some_and(|f| f.covers(field)))
    }

    /// Whether somebody with these roles may know of every record: they may see a field of all, or keep the register.
    pub fn is_open_to(&self, roles: &[String]) -> bool {
        self.may_keep(roles) || self.fields.keys().any(|field| self.may_read(field, roles))
    }

    /// Whether whoever the record is about may see a field.
    pub fn holder_may_read(&self, field: &str) -> bool {
        self.read.get("holder").is_some_and(|fields| fields.covers(field))
    }

    /// Whether somebody with these roles may write a field.
    pub fn may_write(&self, field: &str, roles: &[String]) -> bool {
        roles.iter().any(|role| self.write.get(role).is_some_and(|f| f.covers(field)))
    }

    /// Whether somebody with these roles may make, change and remove records at all.
    pub fn may_keep(&self, roles: &[String]) -> bool {
        roles.iter().any(|role| self.write.contains_key(role))
    }

    /// What is wrong with the definition itself. References to other definitions are checked by the pack.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, field) in &self.fields {
            findings.extend(kind::check_field(field, vec![Step::Key("fields".into()), Step::Key(name.clone())]));
        }
        let known = || self.fields.keys().map(String::as_str);
        if !self.fields.contains_key(&self.label) {
            findings.push(base::finding::unknown(vec![Step::Key("label".into())], "field", &self.label, known()));
        }
        for (key, map) in [("read", &self.read), ("write", &self.write)] {
            for (who, fields) in map {
                let Fields::These(list) = fields else { continue };
                for (index, name) in list.iter().enumerate() {
                    let path = vec![Step::Key(key.into()), Step::Key(who.clone()), Step::Index(index)];
                    let Some(field) = self.fields.get(name) else {
                        findings.push(base::finding::unknown(path, "field", name, known()));
                        continue;
                    };
                    if field.personal && key == "read" && who == "public" {
                        let message = format!("«{name}» is personal and cannot be public");
                        findings
                            .push(Finding::at(path, message).help("take it out of `public:`, or `personal: true` off"));
                    }
                }
            }
        }
        for who in ["public", "holder"] {
            if self.write.contains_key(who) {
                let path = vec![Step::Key("write".into()), Step::KeyItself(who.into())];
                let message = format!("«{who}» cannot write to a register");
                findings
                    .push(Finding::at(path, message).help("name a role; people change records by way of a service"));
            }
        }
        findings
    }
}
