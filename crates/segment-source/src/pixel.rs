use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use segment_event::Kind;

use crate::answer::{Answer, failure};
use crate::auth::Caller;
use crate::call::Call;
use crate::refusal::Refusal;
use crate::source::Source;
use crate::unpack::too_long;

/// The smallest gif there is: one pixel that can't be seen.
const GIF: [u8; 43] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
    0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02,
    0x02, 0x44, 0x01, 0x00, 0x3b,
];

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A call in the address of an image, for e-mails. Source: Segment, "Pixel Tracking API". The answer is an image whatever
/// becomes of the call; its status tells what it would tell of any other.
pub(crate) async fn pixel(State(source): State<Source>, Path(method): Path<String>, request: Request) -> Response {
    let Ok(kind) = method.parse::<Kind>() else {
        let methods = Kind::ALL.map(Kind::as_str).join(", ");
        let message = format!("there is no pixel of that name: there are {methods}");
        return failure(StatusCode::NOT_FOUND, "unknown_path", &message, &[]);
    };
    let caller = Caller {
        is_page: true,
        ..Caller::of(&request)
    };
    let answer = match data(&request) {
        Ok(body) if body.len() > source.config().limits.call_bytes => {
            let what = too_long(body.len(), source.config().limits.call_bytes);
            unreadable(&source, Refusal::bad_request("", what))
        }
        Ok(body) => source.take(Call::One(kind), &caller, &body),
        Err(what) => unreadable(&source, Refusal::bad_request("", what)),
    };
    let headers = [(CONTENT_TYPE, "image/gif"), (CACHE_CONTROL, "no-store")];
    (answer.status(), headers, GIF).into_response()
}

fn unreadable(source: &Source, refusal: Refusal) -> Answer {
    source.refuse(&refusal);
    Answer::Unreadable(refusal)
}

/// The JSON in the query.
fn data(request: &Request) -> Result<Vec<u8>, &'static str> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let pairs = query.map_or_else(|_| Vec::new(), |query| query.0);
    let data = pairs.into_iter().find(|(name, _)| name == "data");
    let (_, data) = data.ok_or("data is missing: send ?data=base64(JSON)")?;
    // A plus that was not escaped has become a blank.
    let data = data.replace(' ', "+");
    let decoded = STANDARD.decode(&data).or_else(|_| URL_SAFE.decode(&data));
    decoded.map_err(|_| "data is no base64: send ?data=base64(JSON)")
}
