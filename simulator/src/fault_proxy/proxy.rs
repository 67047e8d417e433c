//! The listening proxy, and its verbs at run time.

use super::{
    carry::carry,
    message::{MessageCut, Protocol},
    weather::{Direction, Ending, Weather},
};
use crate::chance::Chance;
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{broadcast, watch},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A proxy in front of one address. Every verb takes effect at once, on open connections too; dropping
/// the proxy closes the port and ends its connections.
#[derive(Debug)]
pub struct FaultProxy {
    addr: SocketAddr,
    sky: Arc<Sky>,
    _stop: DropGuard,
}

/// The state shared by all connections.
#[derive(Debug)]
pub(super) struct Sky {
    protocol: Protocol,
    setting: watch::Sender<Setting>,
    counted: Mutex<Counted>,
    cut_all: broadcast::Sender<Ending>,
    accepted: AtomicU64,
    cuts: AtomicU64,
}

#[derive(Clone, Copy, Debug)]
struct Setting {
    upstream: SocketAddr,
    to_upstream: Weather,
    to_client: Weather,
    refuses: bool,
}

#[derive(Debug)]
struct Counted {
    chance: Chance,
    answers_to_lose: u32,
    message_cut: Option<MessageCut>,
}

impl FaultProxy {
    /// Listens on a free loopback port and passes everything to `upstream`. `seed` determines the jitter.
    ///
    /// # Errors
    /// No port could be bound.
    pub fn start(upstream: SocketAddr, protocol: Protocol, seed: u64) -> io::Result<Self> {
        // Bound but never listening: it reserves the port while connections are refused.
        let reserved = socket(([127, 0, 0, 1], 0).into())?;
        let addr = reserved.local_addr()?;
        let listener = listen(addr)?;
        let stop = CancellationToken::new();
        let sky = Arc::new(Sky {
            protocol,
            setting: watch::Sender::new(Setting {
                upstream,
                to_upstream: Weather::default(),
                to_client: Weather::default(),
                refuses: false,
            }),
            counted: Mutex::new(Counted {
                chance: Chance::seeded(seed),
                answers_to_lose: 0,
                message_cut: None,
            }),
            cut_all: broadcast::Sender::new(8),
            accepted: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
        });
        // From here on, so that nothing is missed that is set before the task first runs.
        let setting = sky.setting.subscribe();
        let serving = serve(reserved, listener, setting, sky.clone(), stop.clone());
        tokio::spawn(stop.clone().run_until_cancelled_owned(serving));
        Ok(Self {
            addr,
            sky,
            _stop: stop.drop_guard(),
        })
    }

    /// The address to connect to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://host:port`, for HTTP clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Connections accepted so far.
    pub fn accepted(&self) -> u64 {
        self.sky.accepted.load(Ordering::Relaxed)
    }

    /// Connections cut so far.
    pub fn cuts(&self) -> u64 {
        self.sky.cuts.load(Ordering::Relaxed)
    }

    /// Sets the weather in one direction.
    pub fn set_weather(&self, direction: Direction, weather: Weather) {
        self.set(|setting| match direction {
            Direction::ToUpstream => setting.to_upstream = weather,
            Direction::ToClient => setting.to_client = weather,
        });
    }

    /// `true`: new connections are refused (`ECONNREFUSED`).
    pub fn refuse(&self, refuses: bool) {
        self.set(|setting| setting.refuses = refuses);
    }

    /// The next `count` requests are delivered and acted on; their answers are lost.
    pub fn lose_answers(&self, count: u32) {
        self.sky.counted().answers_to_lose = count;
    }

    /// Cuts a connection at a message, once.
    pub fn cut_at(&self, cut: MessageCut) {
        self.sky.counted().message_cut = Some(cut);
    }

    /// Ends every open connection.
    pub fn cut_all(&self, ending: Ending) {
        // Without connections there is no receiver.
        self.sky.cut_all.send(ending).ok();
    }

    /// Ends all faults; what was held back arrives.
    pub fn calm(&self) {
        let mut counted = self.sky.counted();
        counted.answers_to_lose = 0;
        counted.message_cut = None;
        drop(counted);
        self.set(|setting| {
            *setting = Setting {
                to_upstream: Weather::default(),
                to_client: Weather::default(),
                refuses: false,
                upstream: setting.upstream,
            };
        });
    }

    fn set(&self, change: impl FnOnce(&mut Setting)) {
        self.sky.setting.send_modify(change);
    }
}

impl Sky {
    pub(super) fn protocol(&self) -> Protocol {
        self.protocol
    }

    pub(super) fn cut_all(&self) -> broadcast::Receiver<Ending> {
        self.cut_all.subscribe()
    }

    pub(super) fn count_cut(&self) {
        self.cuts.fetch_add(1, Ordering::Relaxed);
    }

    /// The weather in a direction, once there is no hole.
    pub(super) async fn passable(&self, direction: Direction) -> Weather {
        let weather = |setting: &Setting| match direction {
            Direction::ToUpstream => setting.to_upstream,
            Direction::ToClient => setting.to_client,
        };
        let mut setting = self.setting.subscribe();
        match setting.wait_for(|setting| !weather(setting).hole).await {
            Ok(setting) => weather(&setting),
            Err(_) => Weather::default(),
        }
    }

    pub(super) fn jitter(&self, most: Duration) -> Duration {
        let most = u64::try_from(most.as_micros()).unwrap_or(u64::MAX - 1);
        Duration::from_micros(self.counted().chance.between(0, most))
    }

    /// Whether the answer that begins now is to be lost.
    pub(super) fn loses_answer(&self) -> bool {
        let mut counted = self.counted();
        let loses = counted.answers_to_lose > 0;
        counted.answers_to_lose = counted.answers_to_lose.saturating_sub(1);
        loses
    }

    /// Whether the connection is cut at this message, and if so whether the message is delivered.
    pub(super) fn cuts_at(&self, message: &[u8]) -> Option<bool> {
        let mut counted = self.counted();
        let cut = counted
            .message_cut
            .as_mut()
            .filter(|cut| cut.counts(message))?;
        cut.nth = cut.nth.saturating_sub(1);
        if cut.nth > 0 {
            return None;
        }
        counted.message_cut.take().map(|cut| cut.delivered)
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(
    _reserved: TcpSocket,
    listener: TcpListener,
    mut setting: watch::Receiver<Setting>,
    sky: Arc<Sky>,
    stop: CancellationToken,
) {
    let Ok(addr) = listener.local_addr() else {
        return;
    };
    let mut listener = Some(listener);
    loop {
        tokio::select! {
            accepted = accept(listener.as_ref()) => {
                let Ok((client, _)) = accepted else { continue };
                sky.accepted.fetch_add(1, Ordering::Relaxed);
                let carried = connect_and_carry(client, sky.clone());
                tokio::spawn(stop.clone().run_until_cancelled_owned(carried));
            }
            changed = setting.changed() => {
                if changed.is_err() {
                    return;
                }
                let refuses = setting.borrow_and_update().refuses;
                if refuses {
                    listener = None;
                } else if listener.is_none() {
                    listener = listen(addr)
                        .inspect_err(|error| tracing::error!(%error, "cannot listen again"))
                        .ok();
                }
            }
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// If upstream is away, the client's connection ends without a byte.
async fn connect_and_carry(client: TcpStream, sky: Arc<Sky>) {
    let upstream = sky.setting.borrow().upstream;
    let Ok(upstream) = TcpStream::connect(upstream).await else {
        return;
    };
    for stream in [&client, &upstream] {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
    }
    carry(client, upstream, sky).await;
}

fn socket(addr: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    socket(addr)?.listen(1024)
}
