//! The table of operations, made from the OpenAPI document: which path, which methods, which
//! `operationId`. The gate routes by it, so what is not documented is not reachable.

use poem::http::Method;
use serde_json::Value;

/// Writes of v1 and the desk that take no `Idempotency-Key`: signing in and its like (their answers
/// are keys themselves, or they are good once by their code), and what only looks.
const WITHOUT_KEY: [&str; 18] = [
    "register_v1",
    "activate_account",
    "resend_activation_code",
    "login_v1",
    "verify_login_code",
    "resend_login_code",
    "refresh_token_v1",
    "verify_token",
    "logout_v1",
    "forget_password",
    "send_reset_code",
    "resend_reset_code",
    "confirm_reset",
    "change_password",
    "ask_email_change",
    "confirm_email_change",
    "desk_possible_duplicates",
    "desk_check_booking",
];

/// Whether an operation takes an `Idempotency-Key` (API.md §7): every write of v1 and the desk.
pub(super) fn takes_key(path: &str, method: &Method, operation: &str) -> bool {
    let writes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    writes && path.starts_with("/v1/") && !WITHOUT_KEY.contains(&operation)
}

/// One path of the document with its methods.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Segment>,
    operations: Vec<(Method, String)>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter,
}

/// All paths, those with fewer parameters first, so that `/me/` wins over `/{id}/`.
#[derive(Debug)]
pub(super) struct Operations(Vec<Template>);

impl Operations {
    /// Reads the document.
    pub(super) fn of(document: &Value) -> Self {
        let mut templates: Vec<_> = document
            .get("paths")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(path, item)| Template::read(path, item))
            .collect();
        templates.sort_by_key(Template::parameters);
        Self(templates)
    }

    /// The path that a request means; a slash more or less at the end does not matter.
    pub(super) fn find(&self, path: &str) -> Option<&Template> {
        let given: Vec<&str> = split(path).collect();
        self.0.iter().find(|template| template.matches(&given))
    }
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    routed(path.strip_prefix('/').unwrap_or(path)).split('/')
}

impl Template {
    fn read(path: &str, item: &Value) -> Self {
        let segments = split(path).map(|segment| match segment.starts_with('{') {
            true => Segment::Parameter,
            false => Segment::Literal(segment.to_owned()),
        });
        let operations =
            item.as_object()
                .into_iter()
                .flatten()
                .filter_map(|(method, operation)| {
                    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?;
                    let id = operation.get("operationId")?.as_str()?;
                    Some((method, id.to_owned()))
                });
        Self {
            segments: segments.collect(),
            operations: operations.collect(),
        }
    }

    fn parameters(&self) -> usize {
        self.segments
            .iter()
            .filter(|segment| matches!(segment, Segment::Parameter))
            .count()
    }

    fn matches(&self, given: &[&str]) -> bool {
        self.segments.len() == given.len()
            && self
                .segments
                .iter()
                .zip(given)
                .all(|(segment, given)| match segment {
                    Segment::Literal(literal) => literal == given,
                    Segment::Parameter => !given.is_empty(),
                })
    }

    /// The operation of a method; HEAD is GET without the body.
    pub(super) fn operation(&self, method: &Method) -> Option<&str> {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let found = self.operations.iter().find(|(known, _)| known == method);
        found.map(|(_, operation)| operation.as_str())
    }

    /// The `Allow` header.
    pub(super) fn allow(&self) -> String {
        let mut methods: Vec<&str> = self
            .operations
            .iter()
            .map(|(method, _)| method.as_str())
            .collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        methods.join(", ")
    }
}

/// A path as the framework's router knows it: without the slash at the end.
pub(super) fn routed(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn operations() -> Operations {
        Operations::of(&json!({"paths": {
            "/patients/{id}/": {"get": {"operationId": "get"}, "delete": {"operationId": "delete"}},
            "/patients/me/": {"get": {"operationId": "me"}},
            "/profile/{email}": {"get": {"operationId": "profile"}},
        }}))
    }

    fn found(path: &str, method: &Method) -> Option<String> {
        operations()
            .find(path)?
            .operation(method)
            .map(str::to_owned)
    }

    #[test]
    fn a_slash_more_or_less_and_literals_first() {
        assert_eq!(found("/patients/7", &Method::GET).as_deref(), Some("get"));
        assert_eq!(found("/patients/7/", &Method::HEAD).as_deref(), Some("get"));
        assert_eq!(found("/patients/me", &Method::GET).as_deref(), Some("me"));
        assert_eq!(
            found("/profile/a@b/", &Method::GET).as_deref(),
            Some("profile")
        );
        assert_eq!(found("/patients//", &Method::GET), None);
        assert_eq!(found("/patients/7/8/", &Method::GET), None);
        assert_eq!(found("/patients/7/", &Method::POST), None);
    }

    #[test]
    fn what_takes_no_key_is_there() {
        let document = super::super::document().to_string();
        for operation in WITHOUT_KEY {
            assert!(
                document.contains(&format!("\"operationId\":\"{operation}\"")),
                "{operation}"
            );
        }
    }

    #[test]
    fn the_methods_of_a_path_are_named() {
        let operations = operations();
        assert_eq!(
            operations.find("/patients/7").unwrap().allow(),
            "DELETE, GET, HEAD, OPTIONS"
        );
    }
}
