//! Frames: four bytes of length, four of CRC-32, the payload; all little-endian.

use std::io;

const HEADER: usize = 8;

/// The longest frame, bytes; a header with more is invalid.
pub const LONGEST: usize = 128 << 10;

/// Capacity that fits most inquiries, so that a frame seldom grows while being written.
const USUAL: usize = 2 << 10;

/// A payload with its header.
pub struct Frame(Vec<u8>);

impl Frame {
    /// Writes the payload with `write`, and adds length and checksum.
    ///
    /// # Errors
    /// Those of `write`, and a payload beyond 4 GiB.
    pub fn of(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<Self> {
        let mut bytes = Vec::with_capacity(USUAL);
        bytes.extend([0; HEADER]);
        write(&mut bytes)?;
        let (header, payload) = bytes.split_at_mut(HEADER);
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        header[..4].copy_from_slice(&length.to_le_bytes());
        header[4..].copy_from_slice(&crc32fast::hash(payload).to_le_bytes());
        Ok(Self(bytes))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn payload(&self) -> &[u8] {
        &self.0[HEADER..]
    }
}

/// The first thing in some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// A whole frame; the bytes after it.
    Payload(&'a [u8], &'a [u8]),
    /// Fewer bytes than the frame's header says, or none.
    End,
    /// Bytes that no complete `write` of ours left; the bytes from the next whole frame on.
    Damaged(&'a [u8], &'a [u8]),
}

/// Splits off the first frame.
pub fn next(bytes: &[u8]) -> Next<'_> {
    let first = first(bytes);
    if let Next::Payload(..) = first {
        return first;
    }
    // The length itself may be damaged: then other frames follow what looks cut off.
    let whole = |at: &usize| matches!(self::first(&bytes[*at..]), Next::Payload(..));
    (1..bytes.len()).find(whole).map_or(first, |at| {
        let (damaged, rest) = bytes.split_at(at);
        Next::Damaged(damaged, rest)
    })
}

/// The same, without looking behind an incomplete frame.
fn first(bytes: &[u8]) -> Next<'_> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
        return Next::End;
    };
    let [l0, l1, l2, l3, c0, c1, c2, c3] = *header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    // A frame is never empty; file systems leave zeros after a power failure.
    if length == 0 || length > LONGEST - HEADER {
        return Next::Damaged(bytes, b"");
    }
    let Some((payload, rest)) = rest.split_at_checked(length) else {
        return Next::End;
    };
    if crc32fast::hash(payload) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return Next::Damaged(bytes, b"");
    }
    Next::Payload(payload, rest)
}

#[cfg(test)]
mod tests {
    use super::{Frame, Next, next};

    fn framed(payload: &[u8]) -> Vec<u8> {
        let frame = Frame::of(|bytes| {
            bytes.extend(payload);
            Ok(())
        })
        .unwrap();
        assert_eq!(frame.payload(), payload);
        frame.bytes().to_vec()
    }

    #[test]
    fn whole_frames_come_back_and_a_cut_one_is_the_end() {
        let bytes = [framed(b"one"), framed(b"three")].concat();
        let Next::Payload(b"one", rest) = next(&bytes) else {
            panic!();
        };
        assert_eq!(next(rest), Next::Payload(b"three", b""));
        for cut in 0..rest.len() {
            assert_eq!(next(&rest[..cut]), Next::End, "{cut}");
        }
    }

    #[test]
    fn an_altered_bit_is_never_a_payload_and_takes_no_other_frame_along() {
        let (first, second) = (framed(b"payload"), framed(b"next"));
        for (at, bit) in (0..first.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut altered = first.clone();
            altered[at] ^= 1 << bit;
            assert!(!matches!(next(&altered), Next::Payload(..)), "{at} {bit}");
            let both = [altered.as_slice(), &second].concat();
            assert_eq!(next(&both), Next::Damaged(&altered, &second), "{at} {bit}");
        }
        assert_eq!(next(&[0; 64]), Next::Damaged(&[0; 64], b""));
    }
}
