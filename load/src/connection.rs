//! HTTP/1.1 on one connection, the subset that the measured servers speak: the load must cost less
//! than what it measures.

use anyhow::{Context, Result, bail, ensure};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A keep-alive connection, opened by the first request.
pub struct Connection {
    addr: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// A whole answer; a chunked `body` keeps its chunk headers.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn to(addr: SocketAddr) -> Self {
        Self {
            addr,
            stream: None,
            buffer: Vec::with_capacity(64 << 10),
        }
    }

    /// Sends the bytes of a request and reads the whole answer.
    ///
    /// # Errors
    /// The connection breaks, or the answer is not HTTP/1.1 as described above.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Reply> {
        let kept = self.stream.is_some();
        let mut reply = self.try_exchange(request).await;
        if reply.is_err() {
            self.stream = None;
            // The server may close an idle connection at this very moment.
            if kept && self.buffer.is_empty() {
                reply = self.try_exchange(request).await;
            }
        }
        if reply.is_err() {
            self.stream = None;
        }
        reply
    }

    async fn try_exchange(&mut self, request: &[u8]) -> Result<Reply> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.addr).await?;
            stream.set_nodelay(true)?;
            self.buffer.clear();
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().context("no connection")?;
        stream.write_all(request).await?;
        let head_end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            ensure!(stream.read_buf(&mut self.buffer).await? > 0, "closed early");
        };
        let head = String::from_utf8(self.buffer[..head_end].to_vec())?;
        let status = head.get(9..12).context("no status line")?.parse()?;
        let end = match header(&head, "content-length") {
            Some(length) => {
                let end = head_end + length.parse::<usize>()?;
                while self.buffer.len() < end {
                    ensure!(stream.read_buf(&mut self.buffer).await? > 0, "closed early");
                }
                end
            }
            None if header(&head, "transfer-encoding") == Some("chunked") => loop {
                if let Some(end) = chunks_end(&self.buffer, head_end) {
                    break end;
                }
                ensure!(stream.read_buf(&mut self.buffer).await? > 0, "closed early");
            },
            None if status == 204 || status == 304 => head_end,
            None => bail!("an answer without a length: {head}"),
        };
        let body = self.buffer[head_end..end].to_vec();
        self.buffer.drain(..end);
        Ok(Reply { status, head, body })
    }
}

/// The value of a header; `name` in lower case, as hyper writes it.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The index of the first occurrence of `wanted`.
pub fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// The end of the chunks that begin at `at`; `None` if some are still missing.
fn chunks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let line = find(bytes.get(at..)?, b"\r\n")?;
        let size = std::str::from_utf8(&bytes[at..at + line]).ok()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        at += line + 2 + size + 2;
        if bytes.len() < at {
            return None;
        }
        if size == 0 {
            return Some(at);
        }
    }
}
