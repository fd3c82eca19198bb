/// A text with `*` for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    /// As written.
    pub(super) written: Box<str>,
    /// The pieces between the stars; in small letters, unless the case counts.
    pieces: Box<[Box<str>]>,
}

impl Glob {
    /// One that is compared with texts in small letters.
    pub(super) fn new(written: &str) -> Self {
        Self {
            written: written.into(),
            pieces: written.to_lowercase().split('*').map(Box::from).collect(),
        }
    }

    /// One that is compared letter by letter, as a Google click id is.
    pub(super) fn with_case(written: &str) -> Self {
        Self {
            written: written.into(),
            pieces: written.split('*').map(Box::from).collect(),
        }
    }

    /// The only text of this form, where there is just one.
    pub(super) fn whole(&self) -> Option<&str> {
        match &*self.pieces {
            [whole] => Some(whole),
            _ => None,
        }
    }

    /// Whether a text is of this form.
    pub(super) fn matches(&self, text: &str) -> bool {
        match &*self.pieces {
            [] => text.is_empty(),
            [whole] => **whole == *text,
            // To compare with nothing, which stands nowhere in memory, takes a processor longer than with anything else.
            [start, middle @ .., end] => {
                let rest = match &**start {
                    "" => Some(text),
                    start => text.strip_prefix(start),
                };
                let rest = rest.and_then(|rest| match &**end {
                    "" => Some(rest),
                    end => rest.strip_suffix(end),
                });
                let Some(mut rest) = rest else { return false };
                for piece in middle {
                    let Some(found) = rest.find(&**piece) else { return false };
                    rest = &rest[found + piece.len()..];
                }
                true
            }
        }
    }
}

/// A domain that a referrer can have: `google.com` with all below it, `google.*` in every country, `*` for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Domain {
    /// As written.
    pub(super) written: Box<str>,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Any,
    Exactly(Box<str>),
    InEveryCountry(Box<str>),
}

impl Domain {
    /// None for what is no domain: one with a scheme, a path or a star elsewhere.
    pub(super) fn new(written: &str) -> Option<Self> {
        let name = written.to_lowercase();
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .split('.')
                    .all(|label| !label.is_empty() && !label.contains(['/', ':', '*', '?', '#', '@', ' ']))
        };
        let form = match name.strip_suffix(".*") {
            _ if name == "*" => Form::Any,
            Some(name) if is_name(name) => Form::InEveryCountry(name.into()),
            None if is_name(&name) => Form::Exactly(name.as_str().into()),
            _ => return None,
        };
        Some(Self {
            written: written.into(),
            form,
        })
    }

    /// Whether a host in small letters is this domain or below it.
    pub(super) fn matches(&self, host: &str) -> bool {
        match &self.form {
            Form::Any => true,
            Form::Exactly(name) => is_or_below(host, name),
            Form::InEveryCountry(name) => without_ending(host).is_some_and(|host| is_or_below(host, name)),
        }
    }
}

fn is_or_below(host: &str, name: &str) -> bool {
    let above = host.strip_suffix(name);
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

/// A host without its ending: `com`, `de`, or two as in `co.uk` and `com.br`.
fn without_ending(host: &str) -> Option<&str> {
    let (rest, ending) = host.rsplit_once('.')?;
    match rest.rsplit_once('.') {
        Some((above, second)) if ending.len() == 2 && second.len() <= 3 => Some(above),
        _ => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (glob, text, is) in [
            ("cpc", "cpc", true),
            ("CPC", "cpc", true),
            ("cpc", "cpcs", false),
            ("*", "", true),
            ("*", "anything", true),
            ("paid*", "paid-social", true),
            ("paid*", "unpaid", false),
            ("*paid*", "unpaid-social", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("/lp/*", "/lp/spring", true),
        ] {
            assert_eq!(Glob::new(glob).matches(text), is, "{glob} {text}");
        }
    }

    #[test]
    fn a_domain_is_itself_and_all_below_it() {
        for (domain, host, is) in [
            ("google.com", "google.com", true),
            ("google.com", "www.google.com", true),
            ("google.com", "notgoogle.com", false),
            ("google.com", "google.com.evil.example", false),
            ("google.*", "www.google.de", true),
            ("google.*", "google.co.uk", true),
            ("google.*", "google.com.br", true),
            ("google.*", "google.example.com", false),
            ("google.*", "mygoogle.de", false),
            ("t.co", "t.co", true),
            ("*", "anywhere.example", true),
        ] {
            assert_eq!(Domain::new(domain).unwrap().matches(host), is, "{domain} {host}");
        }
    }

    #[test]
    fn what_is_no_domain_is_none() {
        for text in [
            "",
            "https://google.com",
            "google.com/search",
            "*.google.com",
            "google..com",
            "a b.com",
        ] {
            assert_eq!(Domain::new(text), None, "{text}");
        }
    }
}
