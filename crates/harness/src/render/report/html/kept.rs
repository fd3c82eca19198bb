//! Where a failure is kept.

use std::fmt::Write as _;
use std::path::Path;

use super::escaped;
use crate::commands::asking::encoded;
use crate::render::kept::Kept;

pub(super) fn write(out: &mut String, kept: &Kept<'_>, page: &Path) {
    let (folder, command) = (escaped(&kept.folder), escaped(&kept.command));
    let folder = match address(kept.bundle, page) {
        Some(address) => format!("<a href=\"{address}\">{folder}</a>"),
        None => folder,
    };
    // Writing to a string can't fail.
    let _ = writeln!(out, "<p>Kept in {folder}; again with: <code>{command}</code></p>");
}

/// The address of a folder from a page, where it lies below the page's own folder: both may be moved together.
fn address(folder: &Path, page: &Path) -> Option<String> {
    let top = page.with_file_name(".").canonicalize().ok()?;
    let folder = folder.canonicalize().ok()?;
    let mut address = String::new();
    for part in folder.strip_prefix(top).ok()? {
        // Writing to a string can't fail.
        let _ = write!(address, "{}/", encoded(part.to_str()?));
    }
    (!address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::address;

    #[test]
    fn only_what_lies_below_the_page_has_an_address() {
        let top = std::env::temp_dir().join(format!("harness-kept-{}", std::process::id()));
        let bundle = top.join("a b/#1/é");
        fs::create_dir_all(&bundle).unwrap();
        let from = |page: &str| address(&bundle, &top.join(page));
        assert_eq!(from("report.html").as_deref(), Some("a%20b/%231/%C3%A9/"));
        assert_eq!(from("a b/report.html").as_deref(), Some("%231/%C3%A9/"));
        for elsewhere in ["a b/#1/é/report.html", "not-there/report.html"] {
            assert_eq!(from(elsewhere), None, "{elsewhere}");
        }
        assert_eq!(address(&bundle, Path::new("report.html")), None);
        fs::remove_dir_all(top).unwrap();
    }
}
