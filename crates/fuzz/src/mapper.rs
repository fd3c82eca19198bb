use attribution_destination::{Dialect, Mapper, Prepared, PreviousId, ProjectId, Settings, Written, parse, prepare};
use attribution_ledger::assess;
use jiff::Timestamp;
use segment_event::MessageId;
use serde_json::Value;

const INGEST: u8 = 1;
const SCREENS: u8 = 1 << 1;
const PRESET: u8 = 1 << 2;

/// The first byte says the settings, the rest is a line. Every form of the mapper says what the specification says, and
/// what is sent of a message that Segment takes, Attribution takes.
pub(crate) fn check(input: &[u8]) {
    let [settings, line @ ..] = input else { return };
    let ingest = settings & INGEST != 0;
    let settings = chosen(*settings);
    let now = Timestamp::UNIX_EPOCH;
    let specified = match parse(line, ingest) {
        Ok(event) => prepare(&event, &settings, now),
        Err(invalid) => Prepared::Invalid(invalid),
    };
    let mut mapper = Mapper::new(settings.clone(), ingest);
    let prepared = mapper.prepare(line, now);
    let mut body = b"kept".to_vec();
    let written = mapper.map_into(line, now, &mut body);
    let body = body.strip_prefix(b"kept").expect("the body is appended");
    same(&prepared, &written, body);
    let mut silent = Mapper::new(settings.clone(), ingest)
        .without_diagnostics()
        .prepare(line, now);
    if let (Prepared::Send(silent), Prepared::Send(mapped)) = (&mut silent, &prepared) {
        assert!(silent.diagnostics.is_empty());
        silent.diagnostics.clone_from(&mapped.diagnostics);
    }
    assert_eq!(reread(silent), reread(specified.clone()), "without diagnostics");
    assert_eq!(reread(prepared), reread(specified));
    if ingest {
        arrives(line, &settings);
    }
}

fn chosen(byte: u8) -> Settings {
    let project_id = ProjectId::new("demo-project").expect("it is not blank");
    Settings {
        dialect: Dialect::ALL[usize::from(byte >> 4) % Dialect::ALL.len()],
        screens: byte & SCREENS != 0,
        previous_id: if byte & PRESET == 0 {
            PreviousId::Mapped
        } else {
            PreviousId::Preset
        },
        ..Settings::new(project_id)
    }
}

fn sent(prepared: &Prepared) -> Option<&[u8]> {
    match prepared {
        Prepared::Send(mapped) => Some(&mapped.request.body),
        Prepared::Skip(_) | Prepared::Invalid(_) => None,
    }
}

/// The request as a value and the request that was written somewhere are one.
fn same(prepared: &Prepared, written: &Written, body: &[u8]) {
    assert_eq!(sent(prepared).unwrap_or_default(), body);
    match (prepared, written) {
        (Prepared::Send(mapped), Written::Send { path, diagnostics }) => {
            assert_eq!((mapped.request.path, &mapped.diagnostics), (*path, diagnostics));
        }
        (Prepared::Skip(skip), Written::Skip(written)) => assert_eq!(skip, written),
        (Prepared::Invalid(invalid), Written::Invalid(written)) => assert_eq!(invalid, written),
        (prepared, written) => panic!("{prepared:?} but {written:?}"),
    }
}

/// A verdict in which a body that was parsed and written again stands for itself: the short way keeps the spelling of
/// escapes.
fn reread(prepared: Prepared) -> String {
    match prepared {
        Prepared::Send(mapped) => {
            let parsed: Value = json_value::from_slice(&mapped.request.body).expect("a body is JSON");
            let (path, visitor, diagnostics) = (mapped.request.path, mapped.visitor, mapped.diagnostics);
            format!("{path} {parsed} {visitor:?} {diagnostics:?}")
        }
        other => format!("{other:?}"),
    }
}

/// What a sender makes of a message breaks no rule for which a strict server refuses it.
fn arrives(line: &[u8], settings: &Settings) {
    let Ok(event) = parse(line, true) else { return };
    let id = MessageId::new("msg-1").expect("it is not empty");
    let event = event.with_message_id(id).with_timestamp(Timestamp::UNIX_EPOCH);
    if let Prepared::Send(mapped) = prepare(&event, settings, Timestamp::UNIX_EPOCH) {
        let request = mapped.request;
        assert!(settings.dialect.paths().contains(&request.path), "{}", request.path);
        let assessment = assess(request.path, &request.body);
        assert!(!assessment.is_denied(), "{:?}", assessment.violations);
    }
}
