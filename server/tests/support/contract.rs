//! Every JSON answer of every test is held against the document: what it says is returned is what
//! is returned (API.md §1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use clinic_server::api::{Witness, document};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Who holds answers against the document; the same one for all servers of a test program.
pub fn witness() -> Arc<dyn Witness> {
    static CONTRACT: OnceLock<Arc<Contract>> = OnceLock::new();
    CONTRACT.get_or_init(|| Arc::new(Contract::read())).clone()
}

/// What an operation may answer with a status.
enum Promise {
    Body(Box<Validator>),
    NoBody,
    Nothing,
}

struct Contract {
    /// The answers of every operation, by its name.
    answers: BTreeMap<String, Value>,
    schemas: Map<String, Value>,
    promises: Mutex<BTreeMap<(String, u16), Arc<Promise>>>,
}

impl Witness for Contract {
    fn see(&self, operation: &str, status: u16, body: &[u8]) -> Result<(), String> {
        let broken = |what: String| {
            let fault = format!("{operation} answers {status}: {what}");
            // Not every test looks at the body of what it did not expect.
            eprintln!("{fault}");
            fault
        };
        match &*self.promise(operation, status) {
            Promise::Nothing => Err(broken("the document knows no such answer".to_owned())),
            Promise::NoBody if body.is_empty() => Ok(()),
            Promise::NoBody => Err(broken("the document says it has no body".to_owned())),
            Promise::Body(validator) => {
                let body =
                    serde_json::from_slice(body).map_err(|fault| broken(fault.to_string()))?;
                let faults: Vec<String> = validator
                    .iter_errors(&body)
                    .map(|fault| format!("{}: {fault}", fault.instance_path()))
                    .collect();
                match faults.is_empty() {
                    true => Ok(()),
                    false => Err(broken(format!("{} in {body}", faults.join("; ")))),
                }
            }
        }
    }
}

impl Contract {
    fn read() -> Self {
        let document = document();
        let operations = document["paths"].as_object().unwrap().values();
        let answers = operations
            .flat_map(|item| item.as_object().unwrap().values())
            .filter_map(|one| {
                Some((
                    one["operationId"].as_str()?.to_owned(),
                    one["responses"].clone(),
                ))
            })
            .collect();
        let schemas = document["components"]["schemas"]
            .as_object()
            .unwrap()
            .clone();
        Self {
            answers,
            schemas,
            promises: Mutex::default(),
        }
    }

    fn promise(&self, operation: &str, status: u16) -> Arc<Promise> {
        let mut promises = self.promises.lock().unwrap();
        let key = (operation.to_owned(), status);
        let made = promises
            .entry(key)
            .or_insert_with(|| Arc::new(self.make(operation, status)));
        Arc::clone(made)
    }

    fn make(&self, operation: &str, status: u16) -> Promise {
        let answer = &self.answers[operation][status.to_string()];
        if answer.is_null() {
            return Promise::Nothing;
        }
        let content = answer["content"].as_object().into_iter().flatten();
        let mut schemas = content.filter(|(kind, _)| kind.contains("json"));
        let Some((_, media)) = schemas.next() else {
            return Promise::NoBody;
        };
        let schema = media["schema"].clone();
        let mut used = BTreeSet::new();
        self.references(&schema, &mut used);
        let components: Map<String, Value> = used
            .into_iter()
            .map(|name| (name.clone(), self.schemas[&name].clone()))
            .collect();
        let root = json!({"allOf": [schema], "components": {"schemas": components}});
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .build(&root);
        Promise::Body(Box::new(validator.unwrap()))
    }

    fn references(&self, value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let name = reference.rsplit('/').next().unwrap().to_owned();
                    if names.insert(name.clone()) {
                        self.references(&self.schemas[&name], names);
                    }
                }
                map.values().for_each(|value| self.references(value, names));
            }
            Value::Array(values) => values
                .iter()
                .for_each(|value| self.references(value, names)),
            _ => {}
        }
    }
}
