//! The description of the API as it is given out: what the types of the handlers do not say of themselves is written here
//! once, from the table of the endpoints: names, who may call, which problems there are, what parameters look like.

use std::collections::BTreeMap;

use identity::Rule;
use serde_json::{Map, Value, json};

use super::{BODY_BYTES_MAX, Endpoint};
use crate::{Twice, once::KEY_BYTES_MAX};

/// What is true of every parameter of a name: what it is, and the schema of its values.
fn parameter(name: &str) -> Option<(&'static str, Value)> {
    let word = || json!({"type": "string", "minLength": 1, "maxLength": 200});
    let moment = json!({"type": "string", "oneOf": [{"format": "date", "pattern": DAY}, {"format": "date-time", "pattern": MOMENT}]});
    Some(match name {
        "id" => ("Names it, as its list does", word()),
        "reference" => ("The reference of the case", word()),
        "record" => ("The id of the record", word()),
        "question" => ("The name of the question", word()),
        "action" => ("One of the actions that the case offers", word()),
        "way" => ("The way to pay", word()),
        "Idempotency-Key" => (
            "A text of your choice: the same key with the same request is done once and answered alike for seven days",
            json!({"type": "string", "minLength": 1, "maxLength": KEY_BYTES_MAX, "pattern": "^[!-~]+$"}),
        ),
        "from" | "to" => return Some((if name == "from" { "The first day" } else { "The last day" }, day())),
        "as_of" => ("As it stood at the end of that day, or at that instant (RFC 3339)", moment),
        _ => return None,
    })
}

/// A day as it is written (ISO 8601), of the years that calendars reach.
const DAY: &str = "^(1[0-9]{3}|2[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$";
const MOMENT: &str = "^(1[0-9]{3}|2[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z$";

fn day() -> Value {
    json!({"type": "string", "format": "date", "pattern": DAY})
}

/// What comes where all is well, by its status.
fn answer(status: &str) -> &'static str {
    match status {
        "201" => "It was made; this is how it stands",
        "204" => "It was done; nothing is sent back",
        _ => "This is how it stands",
    }
}

/// Problems by their status.
fn problem(status: u16) -> &'static str {
    match status {
        400 => "The request cannot be read: `malformed`, `query`, `cursor`, `key`",
        401 => "Nobody is signed in (`sign-in`), or the token is of no session (`token`)",
        403 => "Not for this caller (`forbidden`), or sent by another site (`foreign`)",
        404 => "There is nothing here that the caller may know of (`not-found`)",
        405 => "Nothing can be done here with this method (`method`)",
        409 => "It does not fit what there is now: who changed it and how it stands",
        412 => "It changed since the caller saw it (`changed`)",
        413 => "The body is too long (`too-large`, `file-too-large`)",
        415 => "The body is not of the type that is read here (`media-type`)",
        422 => {
            "The body can be read and is refused: `errors` says which field and why; or the key was used for another request (`key-reused`)"
        }
        428 => "The request has to say with If-Match which version it changes (`if-match`)",
        429 => "Too often; the problem says until when (`throttled`)",
        _ => "The database does not answer; try again later",
    }
}

fn statuses(endpoint: &Endpoint, operation: &Map<String, Value>) -> Vec<u16> {
    let mut all = vec![400, 401, 405, 429, 503];
    let changes = endpoint.method != "GET";
    let named = |name: &str| {
        operation
            .get("parameters")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|parameter| parameter["name"] == name))
    };
    if !matches!(endpoint.rule, Rule::Public) || changes || endpoint.path.contains("{id}") {
        all.push(403);
    }
    if endpoint.path.contains('{') || endpoint.path.ends_with("checkpoint") {
        all.push(404);
    }
    if changes || endpoint.path.ends_with("/records") {
        all.push(409);
    }
    if operation.contains_key("requestBody") {
        all.extend([413, 415, 422]);
    }
    if named("If-Match") {
        all.extend([412, 428]);
    }
    all.sort_unstable();
    all
}

/// The description with everything said.
pub(super) fn described(openapi: &utoipa::openapi::OpenApi, endpoints: &[Endpoint]) -> serde_json::Result<Value> {
    let mut all = serde_json::to_value(openapi)?;
    let known: BTreeMap<(&str, String), &Endpoint> =
        endpoints.iter().map(|e| ((e.path.as_str(), e.method.to_lowercase()), e)).collect();
    if let Some(paths) = all.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if let (Some(endpoint), Some(operation)) =
                    (known.get(&(path, method.clone())), operation.as_object_mut())
                {
                    describe(endpoint, operation);
                }
            }
        }
    }
    if let Some(components) = all.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("responses".into(), responses());
        if let Some(schemas) = components.get_mut("schemas") {
            strict(schemas);
        }
    }
    all["tags"] = tags();
    Ok(all)
}

fn tags() -> Value {
    let tags = [
        ("session", "Signing in and out"),
        ("services", "What can be applied for"),
        ("cases", "Applications, what is done with them, and what is said of them"),
        ("registers", "Records, their history, and who read them"),
        ("plans", "What is promised"),
        ("indicators", "What is achieved, and the records behind it"),
        ("journal", "What changed, for auditors and operators"),
        ("payments", "What is owed, paid and paid back"),
    ];
    tags.iter().map(|(name, description)| json!({"name": name, "description": description})).collect()
}

fn responses() -> Value {
    let content = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    let one = |status: u16| (format!("Problem{status}"), json!({"description": problem(status), "content": content}));
    let all = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 503];
    Value::Object(all.into_iter().map(one).collect())
}

fn describe(endpoint: &Endpoint, operation: &mut Map<String, Value>) {
    let first = endpoint.path.split('/').nth(1).unwrap_or("").to_owned();
    let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let (name, summary) = (text("operationId"), text("summary"));
    operation.insert("operationId".into(), format!("{first}-{}", name.replace('_', "-")).into());
    operation.entry("description").or_insert(summary.into());
    if endpoint.method == "POST" && matches!(endpoint.twice, Twice::Once | Twice::Kept) {
        let key = json!({"name": "Idempotency-Key", "in": "header", "required": false});
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.retain(|parameter| parameter["name"] != "Idempotency-Key");
            parameters.push(key);
        }
    }
    for one in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let said = one["name"].as_str().and_then(parameter);
        if let Some((description, schema)) = said {
            one["schema"] = schema;
            if one.get("description").is_none_or(|told| told.as_str().is_none_or(str::is_empty)) {
                one["description"] = description.into();
            }
        }
    }
    for status in statuses(endpoint, operation) {
        let reference = json!({"$ref": format!("#/components/responses/Problem{status}")});
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            responses.entry(status.to_string()).or_insert(reference);
        }
    }
    for (status, response) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten() {
        let told = response.get("description").and_then(Value::as_str).unwrap_or("");
        if response.get("$ref").is_none() && told.is_empty() {
            response["description"] = answer(status).into();
        }
    }
    let signed = [json!({"bearer": []}), json!({"cookie": []})];
    let security: Vec<Value> = match endpoint.rule {
        Rule::Public => [json!({})].into_iter().chain(signed).collect(),
        _ => signed.into(),
    };
    operation.insert("security".into(), security.into());
    if let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) {
        let told = format!("What is sent, of at most {BODY_BYTES_MAX} bytes");
        body.entry("description").or_insert(told.into());
    }
}

/// What answers hold is described whole: nothing else is in them.
fn strict(schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        let Some(schema) = schema.as_object_mut() else { continue };
        if schema.contains_key("properties") {
            schema.entry("additionalProperties").or_insert(false.into());
        }
        let words = name.chars().fold(String::new(), |mut words, letter| {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.extend(letter.to_lowercase());
            words
        });
        schema.entry("description").or_insert(words.into());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_is_described_and_named_once() {
        let all = crate::api::description_of_all();
        let mut names = BTreeSet::new();
        let (mut operations, mut missing) = (0, Vec::new());
        let said = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
        for (path, item) in all["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                operations += 1;
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name} is said twice");
                if !said(&operation["summary"]) || !said(&operation["description"]) {
                    missing.push(format!("{method} {path}"));
                }
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    if !said(&parameter["description"]) {
                        missing.push(format!("{method} {path} {}", parameter["name"]));
                    }
                }
                for (status, response) in operation["responses"].as_object().unwrap() {
                    if !response.get("$ref").is_some_and(said) && !said(&response["description"]) {
                        missing.push(format!("{method} {path} {status}"));
                    }
                }
            }
        }
        for (name, schema) in all["components"]["schemas"].as_object().unwrap() {
            if !said(&schema["description"]) {
                missing.push(name.clone());
            }
        }
        assert_eq!(operations, crate::endpoints().len());
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
