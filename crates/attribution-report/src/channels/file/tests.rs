use proptest::prelude::*;

use super::super::preset::Preset;
use super::*;

fn mistakes(text: &str) -> String {
    Channels::parse("c.yaml", text).unwrap_err().to_string()
}

#[test]
fn a_file_has_its_channels_and_the_built_in_ones() {
    let text = "channels:\n- name: Ads\n  filters:\n  - { name: Any, params: { gclid: '*' } }\n";
    let channels = Channels::parse("c.yaml", text).unwrap();
    let names: Vec<&str> = channels.channel_names().collect();
    assert_eq!(
        names,
        ["Ads", "direct", "organic", "unsegmented", "raw", "unknown source"]
    );
    assert_eq!(channels.filters().count(), 6);
}

#[test]
fn every_mistake_has_its_place_and_what_to_write_instead() {
    let text = "\
own_domains: https://shop.example
chanels: []
channels:
  - name: Direct
    filters:
      - name: Ads
        parms: { gclid: '*' }
      - name: ads
        params: { utm_id: 5, gclid: [] }
        auto_tag: yes
  - name: Search
    filters:
      - { name: A, referrer: ['google.*', 'http://x'], path: lp }
  - filters: {}
";
    let expected = "\
c.yaml:1:14: `https://shop.example` is no domain; write `google.com` (with all below it), `google.*` (in every country) or `*` (any)
c.yaml:2:1: the file has no key `chanels`; did you mean `channels`?
c.yaml:4:11: `Direct` is the name of a channel that is always there; give it another name
c.yaml:6:9: the filter asks for nothing; write `params: { utm_source: … }`, `referrer: …` or `path: …`
c.yaml:7:9: a filter has no key `parms`; did you mean `params`?
c.yaml:8:15: the channel has a filter `ads` already; give it another name
c.yaml:9:27: the value of `utm_id` must be text, not a number; quote it: `\"5\"`
c.yaml:9:37: the value of `gclid` is an empty list; write at least one text, or leave it out
c.yaml:10:19: `auto_tag` must be true or false, not text; write `true`, without quotes
c.yaml:13:43: `http://x` is no domain; write `google.com` (with all below it), `google.*` (in every country) or `*` (any)
c.yaml:13:62: the path `lp` can't be any url's; begin it with `/`, or with `*` for any beginning
c.yaml:14:5: the channel has no `name`; write `name: …`
c.yaml:14:14: `filters` must be a list, not a mapping; write its items below it, each after `- `";
    assert_eq!(mistakes(text), expected);
}

#[test]
fn what_is_no_yaml_or_no_channels_is_told() {
    assert!(
        mistakes("channels: [").starts_with("c.yaml:"),
        "{}",
        mistakes("channels: [")
    );
    assert_eq!(
        mistakes("[]"),
        "c.yaml:1:1: the file must be a mapping, not a list; write `channels: …`"
    );
    assert!(
        mistakes("").contains("the file must be a mapping, not nothing"),
        "{}",
        mistakes("")
    );
    assert_eq!(
        mistakes("channels: []"),
        "c.yaml:1:11: `channels` is empty; write at least one item, `- name: …`"
    );
    assert_eq!(
        mistakes("own_domains: a.example"),
        "c.yaml:1:1: the file has no `channels`; write `channels:` with a list of at least one"
    );
}

#[test]
fn both_presets_are_without_a_mistake() {
    for preset in Preset::ALL {
        let channels = Channels::parse(preset.as_str(), preset.text());
        assert!(channels.is_ok(), "{}", channels.unwrap_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_makes_it_panic(text in "[a-z:\\- \n\\[\\]{}'\"*&!|>#,]{0,60}") {
        let _ = Channels::parse("c.yaml", &text);
    }

    #[test]
    fn a_broken_preset_is_told_and_never_panics(at in 0_usize..3000, with in "[\\x00-\\x7f]{0,3}") {
        let text = Preset::Analytics.text();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let _ = Channels::parse("c.yaml", &format!("{}{with}{}", &text[..at], &text[at..]));
        let _ = Channels::parse("c.yaml", &format!("{}{with}", &text[..at]));
    }
}
