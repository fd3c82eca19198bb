use super::PageKind;

/// What the name of an event says when it is named as the destination names pages and screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageName<'a> {
    /// Page or screen.
    pub(crate) kind: PageKind,
    /// None for `Loaded a …`.
    pub(crate) name: Option<&'a str>,
}

/// Reads `Viewed <name> Page`, `Loaded a Page` and the same with `Screen`; anything else names a track.
pub(crate) fn page_name(event: &str) -> Option<PageName<'_>> {
    match event {
        "Loaded a Page" => {
            return Some(PageName {
                kind: PageKind::Page,
                name: None,
            });
        }
        "Loaded a Screen" => {
            return Some(PageName {
                kind: PageKind::Screen,
                name: None,
            });
        }
        _ => {}
    }
    let rest = event.strip_prefix("Viewed ")?;
    let (kind, name) = match rest.strip_suffix(" Page") {
        Some(name) => (PageKind::Page, name),
        None => (PageKind::Screen, rest.strip_suffix(" Screen")?),
    };
    // The destination says `Loaded a Page` for a page without a name, so no page is called nothing.
    (!name.is_empty()).then_some(PageName { kind, name: Some(name) })
}

#[cfg(test)]
mod tests {
    use super::super::PageKind::{Page, Screen};
    use super::{PageName, page_name};

    #[test]
    fn a_page_is_named_by_its_event() {
        for (event, kind, name) in [
            ("Loaded a Page", Page, None),
            ("Loaded a Screen", Screen, None),
            ("Viewed Pricing Page", Page, Some("Pricing")),
            ("Viewed Home Screen", Screen, Some("Home")),
            ("Viewed   Page", Page, Some(" ")),
            ("Viewed Landing Page Page", Page, Some("Landing Page")),
            ("Viewed Sign Up Page Screen", Screen, Some("Sign Up Page")),
        ] {
            assert_eq!(page_name(event), Some(PageName { kind, name }), "{event}");
        }
    }

    #[test]
    fn any_other_event_is_a_track() {
        for event in [
            "Viewed Page",
            "Viewed  Page",
            "viewed Home Page",
            "Loaded a page",
            "Viewed Home",
            "Page",
            "",
        ] {
            assert_eq!(page_name(event), None, "{event}");
        }
    }
}
