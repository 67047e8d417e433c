//! Carries one connection under the weather.

use super::{
    message::Framer,
    proxy::Sky,
    weather::{Direction, Ending, Weather},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, tcp::ReadHalf, tcp::WriteHalf},
};

/// Time for upstream to act on a message whose answer is lost.
const ACT_WITHIN: Duration = Duration::from_secs(5);

/// The reason why a connection ended before both sides closed it.
enum Broken {
    /// Both sides are cut.
    Cut(Ending),
    /// The client is cut at once; upstream acts on what it received.
    AnswerLost,
    /// One side is gone.
    Gone,
}

/// Carries a connection to its end.
pub(super) async fn carry(mut client: TcpStream, mut upstream: TcpStream, sky: Arc<Sky>) {
    let asked = AtomicBool::new(false);
    let mut cut_all = sky.cut_all();
    let broken = {
        let (from_client, to_client) = client.split();
        let (from_upstream, to_upstream) = upstream.split();
        let up = requests(from_client, to_upstream, &sky, &asked);
        let down = answers(from_upstream, to_client, &sky, &asked);
        tokio::select! {
            ended = async { tokio::try_join!(up, down) } => ended.err(),
            Some(ending) = async { cut_all.recv().await.ok() } => Some(Broken::Cut(ending)),
        }
    };
    match broken {
        None => {}
        Some(Broken::Cut(Ending::Close)) => sky.count_cut(),
        Some(Broken::Cut(Ending::Reset)) => {
            sky.count_cut();
            reset(client);
            reset(upstream);
        }
        Some(Broken::AnswerLost) => {
            sky.count_cut();
            reset(client);
            let acted = tokio::time::timeout(ACT_WITHIN, upstream.read_u8()).await;
            tracing::debug!(in_time = acted.is_ok(), "an answer was lost");
        }
        Some(Broken::Gone) => {
            reset(client);
            reset(upstream);
        }
    }
}

fn reset(stream: TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "cannot reset a connection");
    }
}

async fn requests(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    sky: &Sky,
    asked: &AtomicBool,
) -> Result<(), Broken> {
    let mut way = Way::new(Direction::ToUpstream, sky);
    let mut framer = Framer::new(sky.protocol());
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let piece = read(&mut from, &mut buffer).await?;
        if piece.is_empty() {
            return to.shutdown().await.map_err(|_| Broken::Gone);
        }
        let messages = framer.feed(piece);
        let cut = messages
            .iter()
            .find_map(|message| Some((message, sky.cuts_at(&message.bytes)?)));
        asked.store(true, Ordering::Release);
        match cut {
            None => way.pass(&mut to, piece).await?,
            Some((message, true)) => {
                way.pass(&mut to, &piece[..message.end]).await?;
                return Err(Broken::AnswerLost);
            }
            Some((message, false)) => {
                way.pass(&mut to, &piece[..message.start]).await?;
                return Err(Broken::Cut(Ending::Reset));
            }
        }
    }
}

async fn answers(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    sky: &Sky,
    asked: &AtomicBool,
) -> Result<(), Broken> {
    let mut way = Way::new(Direction::ToClient, sky);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let piece = read(&mut from, &mut buffer).await?;
        if piece.is_empty() {
            return to.shutdown().await.map_err(|_| Broken::Gone);
        }
        // Decided at the first piece of an answer, for all of it.
        if asked.swap(false, Ordering::AcqRel) && sky.loses_answer() {
            return Err(Broken::Cut(Ending::Reset));
        }
        way.pass(&mut to, piece).await?;
    }
}

async fn read<'a>(from: &mut ReadHalf<'_>, buffer: &'a mut [u8]) -> Result<&'a [u8], Broken> {
    let length = from.read(buffer).await.map_err(|_| Broken::Gone)?;
    Ok(&buffer[..length])
}

/// One direction of one connection.
struct Way<'a> {
    direction: Direction,
    sky: &'a Sky,
    carried: u64,
}

impl<'a> Way<'a> {
    fn new(direction: Direction, sky: &'a Sky) -> Self {
        Self {
            direction,
            sky,
            carried: 0,
        }
    }

    /// Carries a piece, under the weather at its start.
    async fn pass(&mut self, to: &mut WriteHalf<'_>, piece: &[u8]) -> Result<(), Broken> {
        let mut rest = piece;
        while !rest.is_empty() {
            let weather = self.sky.passable(self.direction).await;
            let (slice, ending) = self.next_slice(&weather, rest);
            rest = &rest[slice.len()..];
            let delay = weather.latency
                + self.sky.jitter(weather.jitter)
                + weather.transfer_time(slice.len());
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
                // A hole opened meanwhile holds it back too.
                self.sky.passable(self.direction).await;
            }
            to.write_all(slice).await.map_err(|_| Broken::Gone)?;
            self.carried += slice.len() as u64;
            if let Some(ending) = ending {
                return Err(Broken::Cut(ending));
            }
        }
        Ok(())
    }

    /// The next bytes to carry, and the end of the connection if it follows them.
    fn next_slice<'b>(&self, weather: &Weather, rest: &'b [u8]) -> (&'b [u8], Option<Ending>) {
        let length = rest.len().min(weather.slice.unwrap_or(usize::MAX).max(1));
        match weather.cut_after {
            Some((limit, ending)) => {
                let left = limit.saturating_sub(self.carried);
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                (
                    &rest[..length.min(left)],
                    (left <= length).then_some(ending),
                )
            }
            None => (&rest[..length], None),
        }
    }
}
