//! Customers who press, look and press again, on several lines at once.

use crate::subject::{Customer, Line, Press};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::Duration;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// One per line.
pub struct Customers {
    running: JoinSet<()>,
    origin: watch::Sender<String>,
    leaving: watch::Sender<bool>,
}

impl Customers {
    pub fn start(customer: &Customer, lines: &[Line], seed: u64) -> Self {
        let (origin, leaving) = (watch::Sender::default(), watch::Sender::new(false));
        let mut running = JoinSet::new();
        for (number, line) in (0..).zip(lines) {
            let one = One {
                customer: customer.clone(),
                line: line.clone(),
                chance: StdRng::seed_from_u64(seed ^ (number << 32)),
                origin: origin.subscribe(),
                leaving: leaving.subscribe(),
            };
            running.spawn(one.come_and_go());
        }
        Self {
            running,
            origin,
            leaving,
        }
    }

    /// Where the product is by now.
    pub fn send_to(&self, origin: &str) {
        self.origin.send_replace(origin.to_owned());
    }

    /// Whoever has pressed gets his answer; nobody presses anew.
    pub fn finish(mut self) -> JoinHandle<()> {
        self.leaving.send_replace(true);
        tokio::spawn(async move { while self.running.join_next().await.is_some() {} })
    }
}

struct One {
    customer: Customer,
    line: Line,
    chance: StdRng,
    origin: watch::Receiver<String>,
    leaving: watch::Receiver<bool>,
}

impl One {
    async fn come_and_go(mut self) {
        for number in 0.. {
            if *self.leaving.borrow() {
                return;
            }
            if let Some(press) = self.choose(number).await {
                self.press_until_answered(&press).await;
                self.customer
                    .look_at_bill(&self.origin(), &self.line.id)
                    .await;
            } else {
                self.pause().await;
            }
        }
    }

    async fn choose(&mut self, number: u64) -> Option<Press> {
        let line = &self.line;
        let origin = self.origin();
        let choice = self
            .customer
            .choose(&origin, &line.id, &line.number)
            .await?;
        let pick = self.chance.random_range(0..choice.targets.len().max(1));
        Some(Press {
            key: format!("{}-{number}", line.id),
            line_id: line.id.clone(),
            from: choice.current,
            to: choice.targets.get(pick)?.clone(),
        })
    }

    /// The same key until there is an answer; then once more, as people do.
    async fn press_until_answered(&mut self, press: &Press) {
        loop {
            let origin = self.origin();
            match self.customer.press(&origin, press).await {
                Some(..500) => break,
                _ => self.pause().await,
            }
        }
        self.customer.press(&self.origin(), press).await;
    }

    async fn pause(&mut self) {
        let millis = self.chance.random_range(5..40);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    fn origin(&self) -> String {
        self.origin.borrow().clone()
    }
}
