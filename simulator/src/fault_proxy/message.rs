//! The message boundaries of protocols, so that a connection can be cut exactly there.

/// The protocol that clients speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// Bytes; [`MessageCut`] does nothing.
    #[default]
    Opaque,
    /// PostgreSQL's frontend messages, version 3, without TLS.
    Postgres,
    /// Redis commands: RESP arrays of bulk strings.
    Redis,
}

/// Cuts the connection that carries a message, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageCut {
    /// Count only messages that contain these bytes, for example `COMMIT`; empty: all.
    pub containing: Vec<u8>,
    /// The number of the message, from 1, over all connections since the cut was set.
    pub nth: u32,
    /// `true`: the message is delivered, and its answer is lost. `false`: the message is lost.
    pub delivered: bool,
}

impl MessageCut {
    /// The next message with `containing` is delivered; its answer is lost.
    pub fn lose_answer_to(containing: &str) -> Self {
        Self {
            containing: containing.into(),
            nth: 1,
            delivered: true,
        }
    }

    /// The next message with `containing` is lost.
    pub fn lose(containing: &str) -> Self {
        Self {
            delivered: false,
            ..Self::lose_answer_to(containing)
        }
    }

    pub(super) fn counts(&self, message: &[u8]) -> bool {
        let length = self.containing.len();
        length == 0
            || message
                .windows(length)
                .any(|window| window.eq_ignore_ascii_case(&self.containing))
    }
}

/// A complete message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Its start in the piece it ended in; 0 if it began in an earlier piece.
    pub start: usize,
    /// Its end.
    pub end: usize,
    pub bytes: Vec<u8>,
}

/// Finds messages in pieces cut at any point.
#[derive(Debug)]
pub(super) struct Framer {
    protocol: Protocol,
    /// PostgreSQL's first messages have no type byte.
    started: bool,
    pending: Vec<u8>,
}

const POSTGRES_3_0: u32 = 196_608;

impl Framer {
    pub fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            started: false,
            pending: Vec::new(),
        }
    }

    /// The messages that end in `piece`.
    pub fn feed(&mut self, piece: &[u8]) -> Vec<Message> {
        if self.protocol == Protocol::Opaque {
            return Vec::new();
        }
        let held = self.pending.len();
        self.pending.extend_from_slice(piece);
        let mut messages = Vec::new();
        let mut taken = 0;
        while let Some(length) = self.length(&self.pending[taken..]) {
            let bytes = self.pending[taken..taken + length].to_vec();
            if self.protocol == Protocol::Postgres && !self.started {
                self.started = u32_at(&bytes, 4).is_some_and(|code| code == POSTGRES_3_0);
            }
            messages.push(Message {
                start: taken.saturating_sub(held),
                end: taken + length - held,
                bytes,
            });
            taken += length;
        }
        self.pending.drain(..taken);
        messages
    }

    /// The length of the message at the start of `bytes`, if it is complete.
    fn length(&self, bytes: &[u8]) -> Option<usize> {
        let length = match self.protocol {
            Protocol::Opaque => None,
            Protocol::Postgres if self.started => Some(1 + u32_at(bytes, 1)? as usize),
            Protocol::Postgres => Some(u32_at(bytes, 0)? as usize),
            Protocol::Redis => redis_command(bytes),
        }?;
        (1..=bytes.len()).contains(&length).then_some(length)
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`
fn redis_command(bytes: &[u8]) -> Option<usize> {
    let (parts, mut at) = redis_number(bytes, 0, b'*')?;
    for _ in 0..parts {
        let (length, start) = redis_number(bytes, at, b'$')?;
        at = start + length + 2;
    }
    Some(at)
}

/// The number in a line that begins with `mark`, and the start of the next line.
fn redis_number(bytes: &[u8], at: usize, mark: u8) -> Option<(usize, usize)> {
    let line = bytes.get(at..)?;
    let end = line.windows(2).position(|two| two == b"\r\n")?;
    let number = line.strip_prefix(&[mark])?.get(..end.checked_sub(1)?)?;
    let number = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some((number, at + end + 2))
}

#[cfg(test)]
mod tests {
    use super::{Framer, MessageCut, Protocol};

    fn postgres(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [kind, &length, body].concat()
    }

    /// However the stream is cut into two pieces, the same messages are found.
    fn found_in_any_pieces(protocol: Protocol, stream: &[Vec<u8>]) {
        let bytes = stream.concat();
        for cut in 0..=bytes.len() {
            let mut framer = Framer::new(protocol);
            let mut messages = framer.feed(&bytes[..cut]);
            messages.extend(framer.feed(&bytes[cut..]));
            let found: Vec<_> = messages.into_iter().map(|message| message.bytes).collect();
            assert_eq!(found, stream, "cut at {cut}");
        }
    }

    #[test]
    fn messages_are_found_whatever_pieces_they_come_in() {
        let tls = postgres(b"", &80_877_103_u32.to_be_bytes());
        let start = postgres(
            b"",
            &[&196_608_u32.to_be_bytes()[..], b"user\0me\0\0"].concat(),
        );
        let begin = postgres(b"Q", b"BEGIN\0");
        let commit = postgres(b"Q", b"COMMIT\0");
        found_in_any_pieces(Protocol::Postgres, &[tls, start, begin, commit]);

        let get = b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n".to_vec();
        let ping = b"*1\r\n$4\r\nPING\r\n".to_vec();
        found_in_any_pieces(Protocol::Redis, &[get, ping]);
    }

    #[test]
    fn a_message_knows_where_it_lies_in_its_piece() {
        let mut framer = Framer::new(Protocol::Redis);
        let piece = b"*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPI";
        let first = framer.feed(piece);
        assert_eq!((first[0].start, first[0].end), (0, 14));
        let second = framer.feed(b"NG\r\n");
        assert_eq!((second[0].start, second[0].end), (0, 4));
        assert!(Framer::new(Protocol::Opaque).feed(piece).is_empty());
    }

    #[test]
    fn a_cut_counts_what_it_names() {
        let cut = MessageCut::lose_answer_to("commit");
        assert!(cut.counts(b"Q\0\0\0\x0bCOMMIT\0"));
        assert!(!cut.counts(b"Q\0\0\0\x0aBEGIN\0"));
        assert!(MessageCut::lose("").counts(b""));
    }
}
