//! The packing of RTF in mails (MS-OXRTFCP): references into a ring of 4,096 bytes that begins with common RTF.

/// What the ring holds at the beginning.
const COMMON: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const RING: usize = 4096;
const PACKED: &[u8] = b"LZFu";
const STORED: &[u8] = b"MELA";
/// Bytes that are unpacked at most.
const MOST: usize = 32 << 20;

/// Unpacks; nothing for bytes of another form. What is cut short gives what is there.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = bytes.split_at_checked(16)?;
    let size = u32::from_le_bytes(head.get(4..8)?.try_into().ok()?) as usize;
    match head.get(8..12)? {
        STORED => Some(body.get(..size).unwrap_or(body).to_vec()),
        PACKED => Some(inflate(body, size.min(MOST))),
        _ => None,
    }
}

fn inflate(body: &[u8], size: usize) -> Vec<u8> {
    let mut ring = [b' '; RING];
    for (place, byte) in ring.iter_mut().zip(COMMON) {
        *place = *byte;
    }
    let (mut write, mut out) = (COMMON.len(), Vec::new());
    let mut bytes = body.iter().copied();
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            // One byte as it is, or a reference to bytes that were there before.
            let (from, length) = if control >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { break 'all };
                ring[write] = byte;
                (write, 1)
            } else {
                let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { break 'all };
                let reference = usize::from(u16::from_be_bytes([high, low]));
                // A reference to where the next byte goes ends the text.
                if reference >> 4 == write {
                    break 'all;
                }
                (reference >> 4, (reference & 0xF) + 2)
            };
            for step in 0..length {
                let byte = ring[(from + step) % RING];
                out.push(byte);
                ring[write] = byte;
                write = (write + 1) % RING;
            }
            if out.len() >= size {
                break 'all;
            }
        }
    }
    out.truncate(size);
    out
}

/// RTF as it is kept when packing does not pay.
#[cfg(test)]
pub(super) fn stored(rtf: &[u8]) -> Vec<u8> {
    let size = u32::try_from(rtf.len()).unwrap();
    [&(size + 12).to_le_bytes(), &size.to_le_bytes(), STORED, &[0; 4], rtf].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification_are_unpacked() {
        // MS-OXRTFCP 4.1.1 and 4.2.2.
        let simple = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72,
            0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62,
            0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        assert_eq!(unpack(&simple).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        let crossing = [
            0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20, 0x57,
            0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0,
        ];
        assert_eq!(unpack(&crossing).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    }

    #[test]
    fn damage_gives_what_is_there() {
        assert_eq!(unpack(b"short"), None);
        assert_eq!(unpack(&[0; 40]), None);
        let cut = [&[0_u8, 0, 0, 0, 9, 0, 0, 0][..], PACKED, &[0, 0, 0, 0, 0b10, b'{', 0xFF]].concat();
        assert_eq!(unpack(&cut).unwrap(), b"{");
    }
}
