use json_tree::Object;

use super::Subject;

/// The properties of a completed order: `Order Completed`, or `Completed Order` as it was called before, in any case and
/// with whatever separates the words. Those are the spellings that Segment's own reader of orders knows.
pub(super) fn of_order<'a>(subject: &Subject<'a>) -> Option<&'a Object<'a>> {
    let properties = subject.conversion()?;
    let event = subject.fields.get("event")?.as_str()?;
    is_order(event).then_some(properties)
}

fn is_order(event: &str) -> bool {
    let is = |name: &str| {
        let letters = event.bytes().filter(|byte| !matches!(byte, b' ' | b'_'));
        letters.map(|letter| letter.to_ascii_lowercase()).eq(name.bytes())
    };
    is("ordercompleted") || is("completedorder")
}

#[cfg(test)]
mod tests {
    use super::is_order;

    #[test]
    fn an_order_is_known_in_its_spellings() {
        for event in [
            "Order Completed",
            "completed order",
            "order_completed",
            "OrderCompleted",
        ] {
            assert!(is_order(event), "{event}");
        }
        for event in ["Order Completed Twice", "Order Updated", "Order", "", "Order refund"] {
            assert!(!is_order(event), "{event}");
        }
    }
}
