//! What a seal proves.

use std::rc::Rc;

use diwan_platform_api::records::SealView;
use sha2::{Digest as _, Sha256};
use yew::prelude::*;

use crate::i18n::{self, format};
use crate::ui::{Alert, Facts, Num, Tone};

#[derive(Properties, PartialEq)]
pub(super) struct ProofProps {
    /// What the server knows of the code.
    pub(super) seal: Rc<SealView>,
}

/// What a seal proves: its state in words first, then what must agree with the paper.
#[component]
pub(super) fn Proof(props: &ProofProps) -> Html {
    let seal = &props.seal;
    let (state, tone, title, text) = if !seal.valid {
        ("broken", Tone::Danger, t!("verify-broken"), t!("verify-broken-text"))
    } else if seal.voided {
        ("voided", Tone::Warning, t!("verify-voided"), t!("verify-voided-text"))
    } else {
        ("valid", Tone::Success, t!("verify-valid"), t!("verify-valid-text"))
    };
    let recipients = seal.recipients.iter().map(i18n::name).collect::<Vec<_>>();
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("verify-number").into(), html! { <b><Num value={seal.number.clone()} /></b> }),
        (t!("verify-date").into(), html! { { format::day_name(seal.date) } }),
        (t!("verify-from").into(), html! { { i18n::name(&seal.agency) } }),
        (t!("verify-to").into(), html! { { for recipients.iter().map(|name| html! { <div>{ name }</div> }) } }),
        (t!("verify-sealed-at").into(), html! { <Num value={format::date_time(seal.sealed_at)} /> }),
        (t!("verify-code").into(), html! { <Num value={seal.verify_code.clone()} /> }),
        (t!("verify-hash").into(), code(&seal.hash)),
    ];
    if let Some(print) = fingerprint(&seal.certificate) {
        rows.push((t!("verify-fingerprint").into(), code(&print)));
    }
    html! {
        <div class="dw-form" data-testid="verify-result" data-state={state}>
            <Alert {tone} {title}><p>{ text }</p></Alert>
            <Facts {rows} />
        </div>
    }
}

fn code(text: &str) -> Html {
    html! { <bdi class="num dw-sm" style="overflow-wrap:anywhere;white-space:normal">{ text.to_owned() }</bdi> }
}

/// The SHA-256 fingerprint of a PEM certificate as certificate viewers write it, `AB:CD:…`.
fn fingerprint(pem: &str) -> Option<String> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).flat_map(str::chars).collect();
    let der = base64(body.trim())?;
    let bytes: Vec<String> = Sha256::digest(&der).iter().map(|byte| format!("{byte:02X}")).collect();
    Some(bytes.join(":"))
}

/// Decodes base64; none for text that is not.
fn base64(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = DIGITS.iter().position(|other| *other == byte)?;
        bits = bits << 6 | u32::try_from(digit).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
        bits &= 0xffff;
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_that_of_the_bytes_inside() {
        assert_eq!(base64("ZGl3YW4=").as_deref(), Some(b"diwan".as_slice()));
        assert_eq!(base64("a b"), None);
        let print = fingerprint("-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n").unwrap();
        assert!(print.starts_with("BA:78:16:BF"), "{print}");
        assert_eq!(fingerprint(""), None);
    }
}
