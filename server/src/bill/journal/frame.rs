//! Frames: four bytes of length, four of CRC-32, the payload; all little-endian.

const HEADER: usize = 8;

/// The frame of that payload; `None` beyond 4 GiB.
pub fn seal(payload: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(payload.len()).ok()?;
    let mut frame = Vec::with_capacity(HEADER + payload.len());
    frame.extend(length.to_le_bytes());
    frame.extend(crc32fast::hash(payload).to_le_bytes());
    frame.extend(payload);
    Some(frame)
}

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// A whole frame; the bytes after it.
    Payload(&'a [u8], &'a [u8]),
    /// Fewer bytes than the frame says it has, or none.
    End,
    /// Bytes that no whole `write` of ours has left.
    Damaged,
}

/// Takes the first frame off.
pub fn next(bytes: &[u8]) -> Next<'_> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
        return Next::End;
    };
    let [l0, l1, l2, l3, c0, c1, c2, c3] = *header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    let Some((payload, rest)) = rest.split_at_checked(length) else {
        return Next::End;
    };
    // A frame is never empty; zeros are what a file system leaves after a power failure.
    if length == 0 || crc32fast::hash(payload) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return Next::Damaged;
    }
    Next::Payload(payload, rest)
}

#[cfg(test)]
mod tests {
    use super::{Next, next, seal};

    #[test]
    fn whole_frames_come_back_and_a_cut_one_is_the_end() {
        let bytes = [seal(b"one").unwrap(), seal(b"three").unwrap()].concat();
        let Next::Payload(b"one", rest) = next(&bytes) else {
            panic!();
        };
        assert_eq!(next(rest), Next::Payload(b"three", b""));
        for cut in 0..rest.len() {
            assert_eq!(next(&rest[..cut]), Next::End, "{cut}");
        }
    }

    #[test]
    fn an_altered_bit_is_never_a_payload() {
        let bytes = seal(b"payload").unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[at] ^= 1 << bit;
                assert!(!matches!(next(&altered), Next::Payload(..)), "{at} {bit}");
            }
        }
        assert_eq!(next(&[0; 64]), Next::Damaged);
    }
}
